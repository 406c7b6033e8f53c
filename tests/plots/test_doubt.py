"""Doubtful themes and topics bear a dagger in every figure, and nothing else does."""

import dataclasses
import json

import pytest

from analysis.plots import FIGURES
from analysis.plots.doubt import DAGGER
from tests.made_study import make_many, make_tables, with_hostile_text

BY_THEME = [
    "paper-map", "theme-sizes", "theme-shares", "theme-lines", "theme-stream", "theme-heatmap", "trend-forest",
    "trend-table", "topic-tree", "burst-timeline", "phrase-drift", "theme-drivers", "theme-rates",
]  # fmt: skip
BY_TOPIC = ["topic-keyphrases", "topic-tree", "topic-forest"]
MEANS = "comes back only in part when a fifth of the papers is left out (stability below 0.60)."


def with_stability(tables, *, themes=0.9, topics=0.9, doubtful=()):
    """Tables in which all is stable but the themes that are named."""
    changed = tables.themes.assign(stability=themes)
    changed.loc[changed["theme"].isin(doubtful), "stability"] = 0.59
    return dataclasses.replace(tables, themes=changed, topics=tables.topics.assign(stability=topics))


def draw(name, tables):
    """All that a figure shows as text, in one string."""
    return json.dumps(json.loads(FIGURES[name](tables, "").to_json()), ensure_ascii=False)


@pytest.mark.parametrize("name", BY_THEME)
def test_a_doubtful_theme_bears_a_dagger_and_the_figure_says_what_it_means(name):
    text = draw(name, with_stability(make_tables(), doubtful=["robotics"]))
    assert f"Robotics\u00a0{DAGGER}" in text
    assert f"Alignment\u00a0{DAGGER}" not in text
    assert MEANS in text


@pytest.mark.parametrize("name", BY_TOPIC)
def test_a_doubtful_topic_bears_a_dagger(name):
    tables = with_stability(make_tables(), topics=0.3)
    assert draw(name, tables).count(f"\u00a0{DAGGER}") >= len(tables.topics)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("stability", [0.6, 1.0, float("nan")])
def test_what_is_stable_or_was_not_measured_bears_none(name, stability):
    assert DAGGER not in draw(name, with_stability(make_tables(), themes=stability, topics=stability))


@pytest.mark.parametrize("name", BY_THEME)
def test_tables_without_stability_still_give_every_figure(name):
    tables = make_tables()
    bare = dataclasses.replace(tables, themes=tables.themes.drop(columns="stability"))
    assert DAGGER not in draw(name, bare)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("make", [make_many, lambda: with_hostile_text(make_tables())], ids=["many", "hostile"])
def test_a_label_that_is_cut_keeps_its_dagger(name, make):
    tables = with_stability(make(), themes=0.1, topics=0.1)
    about = set(BY_THEME) | set(BY_TOPIC)
    assert (DAGGER in draw(name, tables)) == (name in about)


def test_a_theme_that_has_no_panel_needs_no_line_about_daggers():
    tables = with_stability(make_tables(), doubtful=["robotics"])
    shown = tables.shares[tables.shares["theme"] != "robotics"]
    assert DAGGER not in draw("theme-shares", dataclasses.replace(tables, shares=shown))


def test_a_reader_who_hears_the_figure_is_told():
    tables = with_stability(make_tables(), doubtful=["robotics"])
    for name in set(BY_THEME) - {"theme-heatmap"}:
        assert "Robotics (doubtful)" in FIGURES[name](tables, "").layout.meta["alt"]
