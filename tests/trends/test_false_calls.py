"""The promises behind every verdict, on a few of the benchmark's corpora; `make benchmark-trends` measures all.

Every bound is the promise plus what chance does to it: the 0.1 % quantile of a
binomial around the promised rate. Themes and periods of one corpus depend on
each other, so a corpus counts as one draw whatever it holds: a mean of rates
within it varies no more than a single yes or no. None is set by what was seen.
"""

import numpy as np
import pytest
from scipy.stats import binom

from analysis.trends.shares import jeffreys_interval
from tests.benchmarks.trends.judge import COVER, LEAST_BAND, MOST_FALSE, POWER_GAP
from tests.benchmarks.trends.measure import MANY_PAPERS, measure_calls, measure_cover, measure_places
from tests.benchmarks.trends.simulate import Case, draw, lay_periods

CELLS = [(8, 0.7), (24, 0.0), (24, 0.7)]
REMEMBERING = [cell for cell in CELLS if cell[1]]
N_CORPORA = 100
# By chance alone a bound is crossed once in a thousand.
RARE = 0.001
QUASI = "quasi-binomial, q < .05"


def most(rate, n=N_CORPORA):
    """The highest rate that chance makes of the promised one."""
    return binom.isf(RARE, n, rate) / n


def least(rate, n=N_CORPORA):
    """The lowest."""
    return binom.ppf(RARE, n, rate) / n


def case_of(cell):
    n_periods, memory = cell
    return Case(5000, n_periods, "2 years", memory)


@pytest.fixture(scope="module")
def calls():
    return {cell: measure_calls(case_of(cell), N_CORPORA, others=True) for cell in CELLS}


@pytest.fixture(scope="module")
def cover():
    return {cell: measure_cover(case_of(cell), N_CORPORA) for cell in CELLS}


@pytest.mark.parametrize("cell", CELLS)
def test_corpora_without_a_trend_are_seldom_called(calls, cell):
    assert calls[cell]["any_call"] <= most(MOST_FALSE)


def test_corpora_without_a_trend_are_seldom_called_taken_together(calls):
    assert np.mean([one["any_call"] for one in calls.values()]) <= most(MOST_FALSE, N_CORPORA * len(CELLS))


def test_single_p_values_are_below_five_per_cent_in_five_per_cent_taken_together(calls):
    # One by one they are not: 8 periods are too few to tell a memory of .7 from none, and the benchmark says so.
    assert np.mean([one["single_p"] for one in calls.values()]) <= most(0.05, N_CORPORA * len(CELLS))


@pytest.mark.parametrize("cell", REMEMBERING)
def test_rule_that_forgets_the_memory_fails_on_the_same_corpora(calls, cell):
    # Or the corpora above would show nothing.
    assert calls[cell][QUASI] > most(MOST_FALSE)


def weighted(cover, name):
    """Mean over all periods of all cells."""
    rates, numbers = zip(*((one[name], one[f"n_{name}"]) for one in cover.values()), strict=True)
    return np.average(rates, weights=numbers)


@pytest.mark.parametrize("name", ["underlying", "expected"])
def test_intervals_cover_what_they_name(cover, name):
    n_corpora = N_CORPORA * len(CELLS)
    assert least(COVER[0], n_corpora) <= weighted(cover, name) <= most(COVER[1], n_corpora)


@pytest.mark.parametrize("cell", CELLS)
def test_band_holds_in_all_periods_at_once(cover, cell):
    assert cover[cell]["band"] >= least(LEAST_BAND)


def test_band_holds_in_all_periods_at_once_taken_together(cover):
    assert np.mean([one["band"] for one in cover.values()]) >= least(LEAST_BAND, N_CORPORA * len(CELLS))


def test_interval_of_the_sampled_papers_fails_as_expected_share_and_as_band():
    case = case_of((24, 0.7))
    rng, design = np.random.default_rng(0), lay_periods(case)
    expected, together = [], []
    for _ in range(N_CORPORA):
        drawn = draw(rng, case, design)
        low, high = jeffreys_interval(drawn.counts, drawn.totals)
        expected.append(((low <= drawn.expected) & (drawn.expected <= high))[:, drawn.totals >= MANY_PAPERS].mean())
        together.append(((low <= drawn.underlying) & (drawn.underlying <= high)).all(axis=1).mean())
    assert np.mean(expected) < least(COVER[0])
    assert np.mean(together) < least(LEAST_BAND)


def test_planted_line_is_called_about_as_often_as_by_an_oracle():
    found = measure_calls(Case(5000, 24, "2 years", 0.0, course="line", odds_ratio=2.0), N_CORPORA, others=True)
    # An oracle that sees nothing either would be no one to stay near to.
    assert found["oracle_planted"] >= least(0.8)
    assert found["oracle_planted"] - found["planted"] <= most(POWER_GAP)


@pytest.mark.parametrize(("course", "place"), [("peak", 12), ("step", 8)])
def test_planted_turn_is_found_in_its_period_or_the_next(course, place):
    n_corpora = 60
    case = Case(20000, 24, "2 years", 0.0, uneven=False, course=course, odds_ratio=8.0, place=place)
    found = measure_places(case, n_corpora)
    # No rate is promised: four of five is what "shows" means throughout.
    assert found["found"] >= least(0.8, n_corpora)
    assert found["near"] >= least(0.8, found["n_found"])


def test_planted_step_is_found_wherever_it_lies():
    n_corpora = 30
    case = Case(20000, 24, "2 years", 0.0, uneven=False, course="step", odds_ratio=8.0, place=10)
    assert measure_places(case, n_corpora)["found"] >= least(0.8, n_corpora)
