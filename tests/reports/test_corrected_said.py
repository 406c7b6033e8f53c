"""What reports say of corrections by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.reports.corrected import (
    list_corrections,
    list_failed_corrections,
    mark_corrected,
    number_corrections,
    summarise_corrections,
)
from tests.made_study import make_tables

APPLIED = [
    {"number": 1, "do": "rename", "what": "Renamed “A” to “B”.", "themes": ["robotics"], "n_lost": 0, "missing": ""},
    {"number": 3, "do": "move", "what": "Moved 1 paper.", "themes": ["alignment"], "n_lost": 1, "missing": ""},
    {"number": 4, "do": "merge", "what": "Merged.", "themes": [], "n_lost": 0, "missing": "there is no theme “C”"},
]
FAILED = [{"number": 2, "do": "merge", "what": "there is no theme “gone”", "themes": []}]


@pytest.fixture
def tables():
    tables = make_tables()
    themes = tables.themes.assign(edited=tables.themes["theme"].eq("robotics"))
    return replace(tables, themes=themes, run={**tables.run, "corrections": {"applied": APPLIED, "failed": FAILED}})


def test_the_summary_tells_what_was_touched_and_how_much_was_not_done(tables):
    assert summarise_corrections(tables) == [
        "Corrected by hand: “Robotics”.",
        "3 corrections by hand were not done, or not in full; which stands under “Not counted or not tested”.",
    ]
    assert summarise_corrections(make_tables()) == []


def test_corrections_bear_their_numbers_in_the_file(tables):
    assert number_corrections(tables) == [
        "By hand, 1: Renamed “A” to “B”.",
        "By hand, 3: Moved 1 paper.",
        "By hand, 4: Merged.",
    ]
    assert list_failed_corrections(tables) == [
        "Correction 2 (merge) was not done: there is no theme “gone”.",
        "Correction 4 (merge) was done in part: there is no theme “C”.",
        "Correction 3 (move) names 1 paper that is not here.",
    ]
    assert list_corrections(tables, "alignment") == ["Moved 1 paper."]


def test_a_touched_theme_is_marked_in_tables(tables):
    marks = [mark_corrected(str(theme["label"]), theme) for _, theme in tables.themes.iterrows()]
    assert [mark for mark in marks if mark.endswith(" (by hand)")] == ["Robotics (by hand)"]
    assert mark_corrected("Robotics", pd.Series({"edited": None})) == "Robotics"
