"""The report says which phrase brought which papers, and which brought none."""

import dataclasses

from analysis.config import Config
from analysis.reports.asked import describe_named
from analysis.reports.content import write_content
from analysis.reports.html import render_html
from analysis.reports.markdown import render_markdown
from tests.made_study import make_tables, with_hostile_text


def test_a_phrase_without_papers_is_said():
    section = describe_named(make_tables())
    assert any("“eye movements” brought no paper" in sentence for sentence in section.sentences)
    idle = [row for row in section.phrases if row["phrase"] == "eye movements"]
    assert {row["closest"] for row in idle} == {"brought no paper"}
    assert any(row["phrase"].startswith("example: Learning") for row in section.phrases)


def test_a_theme_without_papers_is_said():
    tables = make_tables()
    phrases = tables.theme_phrases.assign(n_papers=0, share=float("nan"), paper_ids=[[]] * len(tables.theme_phrases))
    sentences = describe_named(dataclasses.replace(tables, theme_phrases=phrases)).sentences
    assert len(sentences) == 3
    assert all("no paper bears this theme" in sentence for sentence in sentences)


def test_overlaps_are_shown_and_pairs_without_any_are_counted():
    tables = make_tables()
    overlaps = tables.theme_overlaps.assign(n_both=[3, 0, 0])
    section = describe_named(dataclasses.replace(tables, theme_overlaps=overlaps))
    assert [row["n_both"] for row in section.overlaps] == [3]
    assert section.apart == "2 other pairs of named themes share no paper."
    none = describe_named(dataclasses.replace(tables, theme_overlaps=overlaps.assign(n_both=0)))
    assert none.overlaps == []
    assert none.apart == "No paper fits two of the named themes."


def test_a_study_without_named_themes_has_no_such_section():
    tables = make_tables()
    bare = dataclasses.replace(tables, theme_phrases=tables.theme_phrases.iloc[:0])
    assert "Named themes" not in render_html(bare, {}, Config())
    assert "Named themes" not in render_markdown(bare, {}, Config())
    assert "Named themes: what each phrase brought" in render_html(tables, {}, Config())


def test_phrases_from_a_study_are_escaped():
    tables = with_hostile_text(make_tables())
    hostile = tables.theme_phrases.assign(phrase="<script>alert(1)</script> | [x](javascript:alert(1))")
    tables = dataclasses.replace(tables, theme_phrases=hostile)
    html, text = (render(tables, {}, Config()) for render in (render_html, render_markdown))
    assert "<script>alert" not in html
    assert "<script>alert" not in text
    assert "](javascript:" not in text
    assert write_content(tables, Config()).named.phrases
