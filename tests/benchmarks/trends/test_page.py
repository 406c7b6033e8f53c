"""The page tells what the tables hold, and a broken promise in bold."""

import re

import pytest

from tests.benchmarks.trends.figure import draw_figure
from tests.benchmarks.trends.judge import PEER_RULES, judge_all
from tests.benchmarks.trends.made_tables import make_tables
from tests.benchmarks.trends.page import render_page


def render(tables):
    return render_page(tables, judge_all(tables))


@pytest.fixture(scope="module")
def page():
    return render(make_tables())


def test_kept_promises_hold_and_none_is_missed(page):
    held = page.split("## What must hold")[1].split("##")[0]
    assert held.count("| holds |") == 8
    assert "missed" not in page


def test_a_broken_promise_reads_missed_in_its_own_line():
    tables = make_tables()
    tables["level"].loc[4, "any_call"] = 0.11
    lines = [line for line in render(tables).splitlines() if "**missed**" in line]
    assert len(lines) == 1
    assert "any theme called in at most 5 %" in lines[0]
    assert "11.0%" in lines[0]


def test_every_table_is_whole(page):
    heads = [line for line in page.splitlines() if re.fullmatch(r"\|( --- \|)+", line)]
    assert len(heads) == 9
    for block in page.split("\n\n"):
        rows = [line.count("|") for line in block.splitlines() if line.startswith("|")]
        assert len(set(rows)) <= 1
    assert "nan" not in page.lower()


def test_every_part_has_its_section(page):
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [
        "What must hold",
        "No trend at all",
        "The same corpora, by the rules of others",
        "Noise of other kinds",
        "Intervals and bands",
        "Planted lines",
        "Steady at the margin",
        "Turns and bursts",
    ]


def test_cells_are_the_mean_of_the_spans_and_the_worst_of_them():
    tables = make_tables()
    level = tables["level"]
    same = (level["n_papers"] == 500) & (level["n_periods"] == 24) & (level["memory"] == 0.7)
    level.loc[same, "any_call"] = [0.01, 0.02, 0.06]
    assert "| 500 | 24 | 4.0 % (4.0 %) | 4.0 % (4.0 %) | 3.0 % (6.0 %) |" in render(tables)


def test_power_stands_beside_that_of_the_oracle_in_the_column_of_its_case():
    tables = make_tables()
    lines = tables["lines"]
    one = (lines["n_papers"] == 5000) & (lines["n_periods"] == 60) & (lines["span"] == "10 years")
    lines.loc[one & (lines["odds_ratio"] == 2.0) & (lines["memory"] == 0.4), ["planted", "oracle_planted"]] = [
        0.83,
        0.87,
    ]
    page = render(tables)
    head = next(line for line in page.splitlines() if line.startswith("| span |")).split(" | ")
    row = next(line for line in page.splitlines() if line.startswith("| 10 years | 5,000 | 60 |")).split(" | ")
    assert len(row) == len(head) == 12
    assert row[head.index("2, memory 0.4")] == "83 / 87"
    assert sum("60 / 62" in cell for cell in row) == 8


def test_rules_of_the_peers_and_the_oracle_are_listed(page):
    for rule in ("Themeline", "oracle", *PEER_RULES):
        assert re.search(rf"^\| {re.escape(rule)} \| \d", page, re.MULTILINE)


def test_what_was_not_measured_is_a_dash(page):
    covered = page.split("## Intervals and bands")[1].split("##")[0]
    assert "95.0 % (–)" in covered  # noqa: RUF001


def test_figure_has_a_row_for_every_rule_and_a_point_for_every_case():
    tables = make_tables()
    figure = draw_figure(tables)
    rules = ["Themeline", "oracle, told the noise", *PEER_RULES]
    assert list(figure.layout.yaxis.ticktext) == rules
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    rings, dots = marks[0 : 2 * len(rules) : 2], marks[1 : 2 * len(rules) : 2]
    assert [len(trace.x) for trace in rings] == [27] * len(rules)
    assert [round(trace.x[0], 3) for trace in dots] == [0.04, 0.04] + [0.3] * len(PEER_RULES)
    assert sum(len(trace.x) for trace in marks[2 * len(rules) :]) == len(tables["lines"])
