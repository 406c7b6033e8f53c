"""The line and its profile, against a maximiser that knows nothing of how they are found."""

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar

from analysis.trends.fits import find_slope, fit_line

TOTALS = np.array([40.0, 55, 10, 70, 90, 120])
TIME = np.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.2])
# The last of them is found in the last period alone: no slope is too steep for its likelihood.
COUNTS = np.array([[4.0, 5, 2, 12, 20, 31], [20, 21, 3, 20, 12, 10], [0, 0, 0, 0, 1, 3], [0, 0, 0, 0, 0, 4]])


def penalised(counts, intercept, slope, axis):
    """Binomial log-likelihood plus half the log-determinant of its information (Firth)."""
    logit = intercept + slope * axis
    share = 1 / (1 + np.exp(-logit))
    design = np.column_stack([np.ones_like(axis), axis])
    information = (design * (TOTALS * share * (1 - share))[:, None]).T @ design
    return (counts * logit - TOTALS * np.logaddexp(0, logit)).sum() + np.linalg.slogdet(information)[1] / 2


def profile(counts, slope, axis):
    found = minimize_scalar(lambda level: -penalised(counts, level, slope, axis), bounds=(-120, 60), method="bounded")
    return -found.fun


def test_line_is_the_highest_point_of_the_penalised_likelihood():
    line = fit_line(COUNTS, TOTALS, TIME)
    for row, counts in enumerate(COUNTS):
        best = minimize(lambda both, counts=counts: -penalised(counts, *both, line.axis), [0.0, 0.0], tol=1e-10)
        assert line.slope[row] == pytest.approx(best.x[1], abs=1e-4)
        drop = 2 * (-best.fun - profile(counts, 0.0, line.axis))
        assert line.root[row] == pytest.approx(np.sign(best.x[1]) * np.sqrt(drop), abs=1e-4)


@pytest.mark.parametrize("root", [-3.0, -1.0, 0.5, 2.0, 5.0])
def test_slope_lies_as_far_below_the_best_one_as_asked(root):
    line = fit_line(COUNTS, TOTALS, TIME)
    slope = find_slope(COUNTS, TOTALS, line, np.full(len(COUNTS), root))
    for row, counts in enumerate(COUNTS):
        drop = 2 * (profile(counts, line.slope[row], line.axis) - profile(counts, slope[row], line.axis))
        assert np.sign(slope[row] - line.slope[row]) * np.sqrt(drop) == pytest.approx(root, abs=1e-3)


def test_ends_of_an_asymmetric_theme_are_not_symmetric():
    line = fit_line(COUNTS, TOTALS, TIME)
    low, high = (find_slope(COUNTS, TOTALS, line, np.full(len(COUNTS), root)) for root in (-2.0, 2.0))
    # Papers at the very end alone bound a rise from below far better than from above, but both ends are finite.
    for row in (2, 3):
        assert 1.5 * (line.slope[row] - low[row]) < high[row] - line.slope[row] < np.inf
