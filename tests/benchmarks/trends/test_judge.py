"""What must hold is judged by the numbers: each requirement is missed when its number is."""

import pytest

from tests.benchmarks.trends.judge import PEER_RULES, judge_all
from tests.benchmarks.trends.made_tables import make_tables

ASKED = (
    "any theme called",
    "share of the papers sampled",
    "expected share",
    "band",
    "at the margin",
    "oracle",
    "peers",
    "planted turns",
)


def judge_made(part=None, column=None, value=None, *, rows=slice(0, 1)):
    """Whether each requirement holds, by a word of it, with some rows of one column changed."""
    tables = make_tables()
    if part is not None:
        tables[part].loc[tables[part].index[rows], column] = value
    held = judge_all(tables)
    assert len(held) == len(ASKED)
    return {word: next(one for one in held if word in one.asked) for word in ASKED}


def missed(*change, **rows):
    return [word for word, one in judge_made(*change, **rows).items() if not one.holds]


def test_all_hold_where_all_numbers_are_good():
    assert missed() == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("level", "any_call", 0.07), "any theme called"),
        (("cover", "band", 0.92), "band"),
        (("margins", "planted_steady", 0.09), "at the margin"),
        (("lines", "planted", 0.5), "oracle"),
        (("lines", "oracle_planted", 0.7), "oracle"),
    ],
)
def test_one_bad_case_misses_its_own_requirement(change, word):
    assert missed(*change) == [word]


@pytest.mark.parametrize("rate", [0.92, 0.98])
@pytest.mark.parametrize(
    ("name", "word"), [("underlying", "share of the papers sampled"), ("expected", "expected share")]
)
def test_coverage_is_missed_on_either_side(name, word, rate):
    assert missed("cover", name, rate, rows=slice(None)) == [word]


def test_turns_at_wrong_places_miss_theirs_and_turns_never_found_hold_nothing():
    assert missed("turns", "near", 0.5, rows=slice(None)) == ["planted turns"]
    assert missed("turns", "n_found", 0, rows=slice(None)) == ["planted turns"]


def test_coverage_is_weighed_by_the_periods_behind_it_and_counts_cases_outside():
    tables = make_tables()
    tables["cover"].loc[0, ["expected", "n_expected"]] = [0.5, 1]
    held = {one.asked: one for one in judge_all(tables)}
    one = next(held for asked, held in held.items() if "expected share" in asked)
    assert one.holds
    assert "by case 50.0% to 95.0%, 1 of 28 outside" in one.measured
    tables["cover"].loc[0, "n_expected"] = 1e6
    assert [one.holds for one in judge_all(tables) if "expected share" in one.asked] == [False]


@pytest.mark.parametrize(("rate", "holds"), [(0.0637, True), (0.0639, False)])
def test_border_of_false_calls_is_two_standard_errors_of_the_corpora(rate, holds):
    # .05 + 2 * sqrt(.05 * .95 / 1000) = .06378
    assert judge_made("level", "any_call", rate)["any theme called"].holds is holds


def test_worst_case_is_named():
    measured = judge_made("level", "any_call", 0.2)["any theme called"].measured
    assert "at most 20.0% (78 papers, 8 periods, half a year, memory 0); 1 cases above" in measured
    measured = judge_made("lines", "planted", 0.1)["oracle"].measured
    assert "161 of 162 cases within" in measured
    assert "largest 0.52 (78 papers, 8 periods, 2 years, memory 0, odds ratio 1.2)" in measured


def test_border_of_power_is_seven_points():
    assert judge_made("lines", "planted", 0.5501)["oracle"].holds
    assert not judge_made("lines", "planted", 0.5499)["oracle"].holds


@pytest.mark.parametrize("rule", PEER_RULES)
def test_one_better_rule_of_the_peers_misses_the_comparison(rule):
    found = judge_made("peers", rule, 0.01, rows=slice(None))
    assert [word for word, one in found.items() if not one.holds] == ["peers"]
    assert rule in found["peers"].measured


@pytest.mark.parametrize(
    ("part", "column", "word"),
    [
        ("level", "any_call", "any theme called"),
        ("cover", "band", "band"),
        ("margins", "planted_steady", "at the margin"),
        ("lines", "planted", "oracle"),
    ],
)
def test_case_that_was_not_measured_does_not_hold(part, column, word):
    assert missed(part, column, None) == [word]
