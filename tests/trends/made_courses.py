"""Counts that lie on a course without any noise, and the periods that they lie in."""

import numpy as np

from analysis.trends.courses import draw_line
from analysis.trends.fits import expit, fit_line
from analysis.trends.noise import estimate_noise, read_residuals
from tests.benchmarks.trends.simulate import Case, Drawn, lay_periods
from tests.benchmarks.trends.tabulate import as_shares


def lay(n_periods, span="2 years"):
    """Whole periods of equal length."""
    return lay_periods(Case(0, n_periods, span, 0.0, uneven=False))


def follow(logit, totals):
    """Expected counts of one theme and of the others, (2, n_periods)."""
    share = expit(np.asarray(logit, dtype=float))
    return np.array([totals * share, totals * (1 - share)])


def tabulate(counts, span="2 years"):
    """Counts as the table that `share_by_period` gives, for themes "t0", "t1" and so on."""
    counts = np.asarray(counts, dtype=float)
    totals = counts.sum(axis=0)
    return as_shares(Drawn(counts, totals, totals, totals, totals), lay(counts.shape[1], span))


def fit_noise(counts, totals, time, position):
    """The line, the residuals around it and the noise around a line."""
    line = fit_line(counts, totals, time)
    residuals = read_residuals(counts, totals, line, position)
    return line, residuals, estimate_noise(residuals, draw_line(line.axis))
