"""Lines so steep that nearly every share is 0 or 1, and ends of intervals that are only held against a margin."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.trends import fits
from analysis.trends.fits import find_slope, fit_line, reaches_inside
from analysis.trends.judging import Rules, judge
from analysis.trends.survival import find_rows
from tests.trends.made_courses import lay

# Nearly all papers are of the last year.
TOTALS = np.array([1.0, 2, 5, 4, 17133])
COUNTS = np.array([[0.0, 0, 0, 0, 1077], [1, 0, 0, 1, 52], [0, 2, 3, 1, 1500], [0, 0, 1, 0, 4000]])
TIME = np.array([0.5, 1.5, 2.5, 3.5, 4.3])


@pytest.mark.parametrize("root", [-2.5, -1.5, 1.5, 2.5])
def test_profile_of_a_steep_line_settles_at_its_highest_point(root, monkeypatch):
    line = fit_line(COUNTS, TOTALS, TIME)
    steps = []
    score = fits._score
    monkeypatch.setattr(fits, "_score", lambda *given: steps.append(1) or score(*given))
    slope = find_slope(COUNTS, TOTALS, line, np.full(4, root))
    # A hundred steps at each of some forty slopes before steps that overshoot were halved.
    assert len(steps) < 2500
    ends = np.where(np.isfinite(slope), slope, line.slope)
    _, intercept = fits._profile(COUNTS, TOTALS, line.axis, ends, fits._start(COUNTS, TOTALS))
    off = score(COUNTS, TOTALS, line.axis, intercept, ends)[0].sum(axis=1)
    assert np.abs(off).max() < 1e-4


@pytest.mark.parametrize("border", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("root", [-2.0, -0.7, 0.7, 2.0])
def test_an_end_lies_inside_the_border_just_when_the_slope_found_does(root, border):
    rng = np.random.default_rng(4)
    totals = rng.integers(20, 200, 9).astype(float)
    counts = rng.binomial(totals.astype(int), rng.uniform(0.02, 0.5, (30, 1)) * np.ones(9)).astype(float)
    line = fit_line(counts, totals, np.arange(9.0))
    roots = np.full(30, root)
    slope = find_slope(counts, totals, line, roots)
    inside = slope > -border if root < 0 else slope < border
    assert inside.any() or border < 1
    np.testing.assert_array_equal(reaches_inside(counts, totals, line, roots, border), inside)


@pytest.mark.parametrize("seed", range(6))
def test_verdicts_are_the_same_whether_the_ends_are_worked_out_or_not(seed):
    rng = np.random.default_rng(seed)
    totals = rng.integers(50, 4000, 20).astype(float)
    drift = rng.normal(0, 0.8, (25, 1)) * np.linspace(-1, 1, 20)
    share = 1 / (1 + np.exp(3 - drift))
    counts = rng.binomial(totals.astype(int), share).astype(float)
    whole, short = (judge(counts, totals, lay(20, "2 years"), Rules(), ends=ends) for ends in (True, False))
    assert (whole.verdict == short.verdict).all()
    assert "steady" in whole.verdict
    for name in ("p", "q", "bend_q", "odds_ratio"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(short, name))
    assert np.isnan(dataclasses.asdict(short)["low"]).all()


def test_rows_are_found_and_what_is_not_known_has_none():
    known = pd.Index(["b", "a", "c"])
    assert find_rows(pd.Series(["a", "c", "x", "a", None]), known).tolist() == [1, 2, -1, 1, -1]
