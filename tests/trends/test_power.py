"""What would have shown, against the deviance written out and against simulated lines."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.trends import describe_visible, share_by_period
from analysis.trends.fits import expit, fit_line
from analysis.trends.power import POWER, count_tests, find_slopes, to_odds

AXIS = np.linspace(-1.5, 1.5, 10)
EVEN, GROWING = np.full(10, 60.0), np.geomspace(10, 200, 10)


def share_of(papers_per_year):
    years = np.repeat(np.arange(2010, 2010 + len(papers_per_year)), papers_per_year)
    papers = pd.DataFrame({"published": [f"{year}-05-01" for year in years], "theme": "any"})
    return share_by_period(papers, period="year", start="2000-01-01", captured="2040-01-01")


def drop_of(slope, share, totals):
    """Twice the log-likelihood ratio of the line to its own mean, of counts that lie on the line."""
    level = brentq(lambda level: expit(level + slope * AXIS) @ totals - share * totals.sum(), -60, 60)
    line = expit(level + slope * AXIS)
    return 2 * (totals * (line * np.log(line / share) + (1 - line) * np.log((1 - line) / (1 - share)))).sum()


@pytest.mark.parametrize("totals", [EVEN, GROWING])
def test_slopes_are_those_whose_deviance_drop_is_what_is_needed(totals):
    share, need = np.array([0.05, 0.2, 0.5]), np.array([2.8, 2.8, 4.0])
    for slopes, side in zip(find_slopes(share, totals, AXIS, need), (1, -1), strict=True):
        assert (np.sign(slopes) == side).all()
        for row in range(3):
            assert drop_of(slopes[row], share[row], totals) == pytest.approx(need[row] ** 2, rel=1e-4)


def test_rise_and_fall_mirror_each_other_where_papers_do_not_bunch():
    share, need = np.array([0.1]), np.array([3.0])
    rise, fall = find_slopes(share, EVEN, AXIS, need)
    assert rise == pytest.approx(-fall)
    rise, fall = find_slopes(share, GROWING, AXIS, need)
    assert abs(rise + fall) > 0.01


def test_what_no_step_would_show_is_null():
    rise, fall = find_slopes(np.array([0.1]), np.full(10, 1.0), AXIS, np.array([20.0]))
    assert np.isinf([rise, fall]).all()
    assert np.isnan(to_odds(np.array([*rise, *fall]))).all()


def test_smallest_visible_odds_ratio_shows_in_four_of_five_simulated_corpora():
    shares = share_of([80] * 10)
    visible = describe_visible(shares, overall=(0.2,), n_themes=4).table
    alpha = 0.05 / count_tests(4, 10)
    years, n_corpora = np.arange(10.0), 1500
    for factor in (visible["smallest_visible"][0], visible["smallest_fall"][0]):
        slope = np.log(factor)
        level = brentq(lambda level, slope=slope: expit(level + slope * years).mean() - 0.2, -60, 60)
        counts = np.random.default_rng(1).binomial(80, expit(level + slope * years), (n_corpora, 10)).astype(float)
        shown = np.abs(fit_line(counts, np.full(10, 80.0), years).root) > norm.isf(alpha / 2)
        # Three standard errors of the simulation, and one point for what is rounded in the formula.
        assert shown.mean() == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / n_corpora) + 0.01)


def test_power_of_four_in_five_is_what_is_asked():
    assert norm.cdf(POWER) == pytest.approx(0.8)


def test_more_papers_more_share_and_fewer_themes_show_weaker_trends():
    few, many = (describe_visible(share_of([n] * 8)).table["smallest_visible"] for n in (40, 400))
    assert (many < few).all()
    assert few.is_monotonic_decreasing
    alone, among = (describe_visible(share_of([40] * 8), n_themes=n).table["smallest_visible"] for n in (1, 10))
    assert (alone < among).all()


def test_papers_are_expected_at_the_overall_share():
    table = describe_visible(share_of([50] * 6), overall=(0.1, 0.25)).table
    assert table["papers"].tolist() == [30, 75]


def test_four_periods_show_nothing_and_five_do():
    four, five = describe_visible(share_of([500] * 4)), describe_visible(share_of([500] * 5))
    assert four.table[["smallest_visible", "smallest_fall"]].isna().all(axis=None)
    assert four.sentence == ("No trend can be called: only 4 years with dated papers, and a trend needs 5 to show.")
    assert five.table["smallest_visible"].notna().all()


def test_bends_are_tested_from_five_periods_on():
    assert [count_tests(8, n_periods) for n_periods in (4, 5, 60)] == [8, 16, 16]
