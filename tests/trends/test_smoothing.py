"""Smoothed shares: the line inside its band, bands that tell more papers from fewer, and nothing where nothing is."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from analysis.trends import smooth_shares
from analysis.trends.fits import expit, fit_line
from analysis.trends.shares import jeffreys_interval
from analysis.trends.smoothing import _follow, bound_expected, smooth_counts
from tests.benchmarks.trends.simulate import Case, draw, lay_periods
from tests.benchmarks.trends.tabulate import as_shares
from tests.trends.made_courses import follow, lay


@pytest.fixture(scope="module")
def smoothed():
    case = Case(3000, 24, "2 years", 0.4, uneven=False)
    design = lay_periods(case)
    drawn = draw(np.random.default_rng(2), case, design)
    return drawn, design, smooth_counts(drawn.counts, drawn.totals, design)


def test_line_lies_inside_its_band_and_both_are_shares(smoothed):
    _, _, course = smoothed
    for low, middle, high in (
        (course.smooth_low, course.smooth, course.smooth_high),
        (course.expected_low, course.expected_low, course.expected_high),
    ):
        assert ((low >= 0) & (low <= middle) & (middle <= high) & (high <= 1)).all()


def test_line_follows_the_counts_half_way(smoothed):
    drawn, design, course = smoothed
    share = drawn.counts / drawn.totals
    straight = fit_line(drawn.counts, drawn.totals, design.time).share
    # Closer to the underlying share than what it is made of: the share of each period, and the line.
    misses = [np.sqrt(((guess - drawn.underlying) ** 2).mean()) for guess in (course.smooth, share, straight)]
    assert misses[0] < min(misses[1:])


def test_same_input_gives_the_same_course(smoothed):
    drawn, design, course = smoothed
    again = smooth_counts(drawn.counts, drawn.totals, design)
    for name in ("smooth", "smooth_low", "smooth_high", "expected_low", "expected_high"):
        assert (getattr(again, name) == getattr(course, name)).all()


def test_table_holds_the_course_in_its_own_order(smoothed):
    drawn, design, course = smoothed
    shares = as_shares(drawn, design).sample(frac=1, random_state=5)
    table = smooth_shares(shares)
    assert list(table.index) == list(shares.index)
    for row in table.iloc[:20].itertuples():
        theme = int(row.theme.removeprefix("t"))
        place = design.periods["period"].searchsorted(row.period)
        assert row.smooth == pytest.approx(course.smooth[theme, place], abs=1e-6)


def test_silent_periods_are_null_and_the_rest_is_not():
    totals = np.full(12, 80.0)
    totals[[4, 9]] = 0
    course = smooth_counts(follow(np.linspace(-2, -1, 12), totals), totals, lay(12))
    for name in ("smooth", "smooth_low", "smooth_high", "expected_low", "expected_high"):
        assert (np.isnan(getattr(course, name)) == (totals == 0)).all()


def test_silent_periods_of_a_table_are_null_as_are_undated_papers():
    case = Case(300, 12, "2 years", 0.0)
    design = lay_periods(case)
    shares = as_shares(draw(np.random.default_rng(3), case, design), design)
    shares.loc[shares["period"] == design.periods["period"][3], ["count", "total"]] = 0
    undated = shares.drop_duplicates("theme").assign(period=pd.NaT, period_end=pd.NaT, count=2, total=16)
    table = smooth_shares(pd.concat([shares, undated], ignore_index=True))
    null = table["period"].isna() | (table["total"] == 0)
    assert null.sum() == 16
    assert (table["smooth"].isna() == null).all()


def test_theme_of_all_papers_or_of_none_has_no_course():
    totals = np.full(10, 50.0)
    counts = np.array([totals, 0 * totals])
    course = smooth_counts(counts, totals, lay(10))
    assert np.isnan(course.smooth).all()
    assert np.isnan(course.expected_high).all()


def test_two_periods_have_no_course():
    totals = np.array([50.0, 60])
    assert np.isnan(smooth_counts(follow([-1, -1], totals), totals, lay(2)).smooth).all()


def test_more_papers_narrow_the_band():
    widths = []
    for papers in (20, 200, 2000):
        totals = np.full(16, float(papers))
        course = smooth_counts(follow(np.linspace(-2, -1, 16), totals), totals, lay(16))
        widths.append((course.smooth_high - course.smooth_low).mean())
    assert widths[0] > 1.5 * widths[1] > 1.5**2 * widths[2]


def test_period_of_few_papers_has_the_wider_band():
    totals = np.full(16, 400.0)
    totals[8] = 10
    # Up and down by turns: what the neighbours hold says little of this one.
    course = smooth_counts(follow(-1.5 + 0.4 * (-1.0) ** np.arange(16), totals), totals, lay(16))
    width = (course.smooth_high - course.smooth_low)[0]
    assert width[8] > 1.2 * width[np.arange(16) != 8].max()


def test_course_without_noise_is_the_logistic_line():
    logit = np.linspace(-2.5, -0.5, 20)
    totals = np.full(20, 1000.0)
    course = smooth_counts(follow(logit, totals), totals, lay(20))
    np.testing.assert_allclose(course.smooth[0], expit(logit), atol=0.002)


def test_course_of_no_wander_is_the_logistic_line_of_any_counts():
    rng = np.random.default_rng(8)
    totals, axis = rng.integers(20, 200, 15).astype(float), np.linspace(-1.6, 1.6, 15)
    count = rng.binomial(totals.astype(int), expit(-1 + 0.5 * axis)).astype(float)

    def miss(line):
        logit = line[0] + line[1] * axis
        return (totals * np.logaddexp(0, logit) - count * logit).sum()

    best = minimize(miss, [0.0, 0.0], tol=1e-10).x
    # Nearly nothing is known beforehand of level and slope, and nothing may wander.
    vague = 1e4 * (1 + axis[:, None] * axis[None, :])
    course, _ = _follow(count, totals, np.full(15, -1.0), [vague], np.ones(1))
    np.testing.assert_allclose(course, best[0] + best[1] * axis, atol=0.002)


def test_interval_of_the_expected_share_is_jeffreys_without_wander_and_wider_with_it():
    counts, totals = np.array([0.0, 4, 20, 50]), np.full(4, 50.0)
    share = np.full(4, 0.3)
    np.testing.assert_allclose(bound_expected(counts, totals, share, 0.0), jeffreys_interval(counts, totals))
    low, high = bound_expected(counts, totals, share, 0.5)
    plain = jeffreys_interval(counts, totals)
    assert (low[1:3] < plain[0][1:3]).all()
    assert (high[1:3] > plain[1][1:3]).all()
    assert low[0] == 0
    assert high[3] == 1
    # Without end the papers would still tell of this period's share alone: of the expected one as much as 1 / (share *
    # (1 - share) * wander squared) papers do, which is 19.
    endless = bound_expected(np.array([3e8]), np.array([1e9]), share[:1], 0.5)
    few = jeffreys_interval(np.array([0.3 / 0.0525]), np.array([1 / 0.0525]))
    np.testing.assert_allclose(np.ravel(endless), np.ravel(few), rtol=1e-3)
