"""What the report says of a move that most of the alternative runs do not give."""

import dataclasses

import pytest

from analysis.config import Config
from analysis.reports.content import write_content
from analysis.reports.verdicts import describe_frail
from tests.made_study import make_tables


def with_verdict(tables, *, verdict, survives):
    trends = tables.trends.copy()
    trends.loc[0, ["verdict", "survives"]] = [verdict, survives]
    return dataclasses.replace(tables, trends=trends)


@pytest.mark.parametrize(("verdict", "survives", "told"), [
    ("falling", 0.0, True), ("rising", 0.4, True), ("changing", 0.49, True),
    ("falling", 0.5, False), ("rising", None, False), ("steady", 0.1, False), ("unclear", 0.0, False),
])  # fmt: skip
def test_the_first_lines_name_a_move_that_few_runs_give_and_no_other(verdict, survives, told):
    tables = with_verdict(make_tables(), verdict=verdict, survives=survives)
    label = tables.themes.set_index("theme")["label"][tables.trends["theme"][0]]
    lines = [line for line in write_content(tables, Config()).short if "alternative runs agree" in line]
    expected = f"Fewer than half of the alternative runs agree: “{label}” ({verdict} in {survives or 0:.0%})."
    assert [line.replace(" %", "%") for line in lines] == ([expected] if told else [])


def test_themes_without_a_name_are_passed_over():
    tables = with_verdict(make_tables(), verdict="rising", survives=0.1)
    assert describe_frail(tables.trends, {}) == ""
