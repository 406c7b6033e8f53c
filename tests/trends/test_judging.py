"""Each gate on the way to a verdict holds back what it must, and its sentence says so."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.trends import share_by_period, trend_verdicts
from analysis.trends.judging import Rules, judge
from tests.trends.made_courses import follow, lay, tabulate

X = np.linspace(-1, 1, 24)
MANY = np.full(24, 3000.0)


def judge_counts(counts, span="2 years", **rules):
    counts = np.asarray(counts, dtype=float)
    return judge(counts, counts.sum(axis=0), lay(counts.shape[1], span), Rules(**rules))


def judge_logit(logit, totals=MANY, **rules):
    """The verdict, p and q of one theme on this course, and of the rest."""
    return judge_counts(follow(logit, totals).round(), **rules)


def first_of(counts, **rules):
    return trend_verdicts(tabulate(np.round(counts)), **rules).iloc[0]


def test_theme_whose_test_passes_is_not_called_where_the_global_test_does_not():
    counts = follow(-1 + 0.35 * np.linspace(-1, 1, 20), np.full(20, 30.0)).round()
    found = judge_counts(counts)
    assert found.q[0] < 0.05 < found.global_p
    assert not found.changed
    first = first_of(counts)
    assert first["verdict"] == "unclear"
    assert "; no theme is called, as the test that anything moves at all does not pass (p = .055);" in first["reason"]


def test_bend_that_passes_is_not_called_where_the_global_test_does_not():
    counts = follow(-1 - 0.15 * X**2, np.full(24, 600.0)).round()
    found = judge_counts(counts)
    assert found.bend_q[0] < 0.05 < found.global_p
    first = first_of(counts)
    # Inside the margin and yet not steady: that no bend shows would be untrue.
    assert 1 / 1.5 < first["low"] ** 2 < first["high"] ** 2 < 1.5
    assert first["verdict"] == "unclear"
    assert "the test that anything moves at all does not pass" in first["reason"]
    assert first["shape"] == ""


def test_weak_rise_is_not_called_however_sure_and_the_sentence_says_so():
    counts = follow(-1 + np.log(2.0) * X / 2, MANY)
    called, weak = first_of(counts), first_of(counts, min_effect=3.0)
    assert called["q"] == weak["q"] < 0.001
    assert (called["verdict"], weak["verdict"]) == ("rising", "unclear")
    # The centres of the 24 periods span 23 of them, so over all 24 it is a little more than a factor of 2.
    assert "; that is a factor of 2.06 over the whole span, and one below 3.00 is not called;" in weak["reason"]


def test_steady_comes_before_a_weak_rise_left_uncalled():
    weak = first_of(follow(-1 + np.log(1.12) * X / 2, MANY))
    assert weak["q"] < 0.05
    assert weak["verdict"] == "steady"


def test_least_effect_is_taken_over_the_whole_span_and_not_per_year():
    # Over ten years a factor of 1.5; per year of 1.04.
    counts = follow(-1 + np.log(1.5) * X / 2, MANY).round()
    assert judge_counts(counts, "10 years").verdict[0] == "rising"
    assert judge_counts(counts, "10 years").odds_ratio[0] < 1.2


def test_fall_is_the_mirror_of_a_rise():
    found = judge_logit(-1 + 0.5 * X)
    assert found.verdict.tolist() == ["rising", "falling"]
    assert found.odds_ratio[0] == pytest.approx(1 / found.odds_ratio[1], rel=1e-3)
    assert found.p[0] == pytest.approx(found.p[1], rel=1e-3)


def test_line_that_other_orders_match_is_not_called_where_periods_are_few():
    counts = np.array([[14, 120, 33, 28, 32], [21, 230, 171, 127, 247]])
    found = judge_counts(counts)
    assert found.changed
    assert (found.q < 0.05).all()
    assert (found.p_permuted > 0.05).all()
    first = first_of(counts)
    assert first["verdict"] == "unclear"
    assert "; among the orders of the periods so steep a line is no surprise (p = .067);" in first["reason"]


def test_orders_are_asked_of_small_themes_and_short_spans_alone():
    small = np.zeros(24)
    small[-8:] = 2
    counts = np.array([small, 100 + 20 * X, 200 - 20 * X - small]).round()
    found = judge_counts(counts)
    assert np.isnan(found.p_permuted).tolist() == [False, True, True]
    assert not np.isnan(judge_counts(counts[:, ::2]).p_permuted).any()


FOUR = np.array([[20.0, 60, 200, 600], [1000, 1000, 1000, 1000]])


def test_four_even_periods_are_never_called():
    even = dataclasses.replace(lay(4), time=np.arange(4) / 2)
    found = judge(FOUR, FOUR.sum(axis=0), even, Rules())
    assert found.q[0] < 0.001
    assert found.p_permuted[0] == pytest.approx(2 / 24)
    assert found.verdict[0] == "unclear"


def test_four_years_are_never_called():
    days = [f"{2010 + year}-05-01" for numbers in FOUR for year in range(4) for _ in range(int(numbers[year]))]
    papers = pd.DataFrame({"published": days, "theme": np.repeat(["up", "rest"], FOUR.sum(axis=1).astype(int))})
    shares = share_by_period(papers, period="year", start="2000-01-01", captured="2040-01-01")
    assert set(trend_verdicts(shares)["verdict"]) == {"unclear"}


def test_rest_of_two_papers_is_called_no_more_than_the_two():
    totals = np.array(
        [333.0, 281, 54, 158, 44, 209, 111, 225, 358, 124, 263, 24, 87, 229, 312, 89, 169, 26, 398, 243, 133, 228, 61,
         208]
    )  # fmt: skip
    two = np.zeros(24)
    two[-2:] = 1
    assert judge_counts([two, totals - two]).verdict.tolist() == ["unclear", "unclear"]


def test_three_periods_are_tested_but_have_no_bend():
    found = judge_counts([[10, 20, 40], [90, 80, 60]])
    assert not np.isnan(found.p).any()
    assert np.isnan(found.bend_p).all()
    assert set(found.verdict) == {"unclear"}


@pytest.mark.parametrize("over_span", [1.0, 1.1, 1.4, 2.0, 0.5])
def test_verdict_does_not_depend_on_how_long_the_periods_last(over_span):
    counts = follow(-1 + np.log(over_span) * X / 2, MANY).round()
    found = {span: judge_counts(counts, span) for span in ("half a year", "2 years", "10 years")}
    verdicts = {one.verdict[0] for one in found.values()}
    assert verdicts == {{1.4: "rising", 2.0: "rising", 0.5: "falling"}.get(over_span, "steady")}
    for name in ("odds_ratio", "low", "high"):
        # Whole days round the calendar; the numbers over the span are the same.
        over = [getattr(one, name)[0] ** lay(24, span).length for span, one in found.items()]
        assert over == pytest.approx([over[0]] * 3, rel=0.01)


def test_margin_is_taken_over_the_whole_span_and_not_per_year():
    # Inside the margin per year by far, but over ten years a factor of 2 that min_effect leaves uncalled.
    counts = follow(-1 + np.log(2) * X / 2, MANY).round()
    found = judge_counts(counts, "10 years", min_effect=5.0)
    assert found.high[0] < 1.5
    assert found.verdict[0] == "unclear"


def step_at(place):
    return first_of(follow(-2 + 1.2 * (np.arange(24) >= place), MANY))


def test_step_is_called_with_its_first_period():
    first = step_at(12)
    assert first["verdict"] in ("changing", "rising")
    assert first["shape"] == "step up"
    assert first["turn"] == lay(24).periods["period"][12]
    assert "a step up with" in first["reason"]


@pytest.mark.parametrize("place", [7, 9, 10, 11, 13, 14])
def test_step_is_seen_wherever_it_lies(place):
    assert step_at(place)["shape"] == "step up"


def test_rising_comes_before_changing_and_changing_before_steady():
    curved = judge_logit(-1 + X + X**2)
    assert curved.q[0] < 0.05
    assert curved.bend_q[0] < 0.05
    assert curved.verdict[0] == "rising"
    hump = judge_logit(-1 - 0.3 * X**2)
    length = lay(24).length
    assert 1 / 1.5 < hump.low[0] ** length < hump.high[0] ** length < 1.5
    assert hump.bend_q[0] < 0.05
    assert hump.verdict[0] == "changing"


def test_rise_that_bends_says_that_its_factor_is_an_average():
    first = first_of(follow(-1 + X + X**2, MANY))
    assert first["verdict"] == "rising"
    assert "a straight line fits poorly (q < .001), so the factor is an average and a " in first["reason"]
    assert first["shape"] != ""
    straight = first_of(follow(-1 + X, MANY))
    assert straight["shape"] == ""
    assert "fits poorly" not in straight["reason"]


def test_themes_are_corrected_as_a_family():
    counts = np.vstack([follow(-1 + 0.35 * X, np.full(24, 30.0)).round()[:1], np.full((9, 24), 40.0)])
    found = judge_counts(counts)
    assert found.q[0] == pytest.approx(min(10 * found.p[0], 1.0))
    assert found.q[0] > found.p[0]


def test_smallest_visible_rises_where_shares_wander():
    # Up and down by turns, around the same level.
    calm, wild = (
        trend_verdicts(tabulate(follow(-1 + size * (-1.0) ** np.arange(24), MANY).round()))["smallest_visible"][0]
        for size in (0.0, 0.5)
    )
    assert wild > 1.1 * calm
