"""The methods paragraph says what the run did, in the run's own numbers."""

import dataclasses

from analysis.reports import describe_methods
from tests.made_study import make_tables


def test_the_paragraph_has_the_numbers_of_the_run():
    tables = make_tables()
    text = describe_methods(tables)
    assert f"{len(tables.papers)} papers" in text
    assert tables.run["global_change"] in text
    assert tables.run["period"]["reason"] in text
    for verdict, count in tables.trends["verdict"].value_counts().items():
        assert f"{count} {verdict}" in text


def test_the_sources_of_the_methods_stand_last():
    *_, last = describe_methods(make_tables()).split("\n\n")
    head, *references = last.splitlines()
    assert head == "References:"
    assert all("doi:10." in reference for reference in references)


def test_themes_corrected_by_hand_are_told():
    tables = make_tables()
    assert "by hand" not in describe_methods(tables)
    edited = tables.themes.assign(edited=[True, *[False] * (len(tables.themes) - 1)])
    assert "1 theme was then corrected by hand." in describe_methods(dataclasses.replace(tables, themes=edited))


def test_papers_counted_in_parts_are_told():
    tables = make_tables()
    run = {**tables.run, "config": {"trends": {"counting": "fractional", "alpha": 0.01}}}
    text = describe_methods(dataclasses.replace(tables, run=run))
    assert "counts in parts" in text
    assert "alpha 0.01" in text


def test_a_record_that_says_little_gives_a_paragraph_all_the_same():
    text = describe_methods(dataclasses.replace(make_tables(), run={}))
    assert "Computed with Themeline." in text
    assert "None" not in text
    assert "nan" not in text


def test_a_caution_cannot_hide_control_characters_in_the_paragraph():
    tables = make_tables()
    text = describe_methods(dataclasses.replace(tables, run={**tables.run, "caution": "safe\u202e\x1b[31mred"}))
    assert "\x1b" not in text
    assert "\u202e" not in text
