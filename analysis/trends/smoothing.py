"""Smoothed shares with a band that holds for all periods at once, and intervals of the expected share."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.trends.courses import draw_line
from analysis.trends.design import Design, read_design
from analysis.trends.fits import Floats, expit, fit_line
from analysis.trends.judging import MIN_PERIODS
from analysis.trends.noise import MEMORIES, WANDERS, Noise, estimate_noise, read_residuals

COLUMNS = ("expected_low", "expected_high", "smooth", "smooth_low", "smooth_high")
# Standard deviation, on the logit scale, of what is not known of level and slope beforehand.
_VAGUE = 3.0
_PASSES = 3
_N_DRAWS = 1000
# What the data hardly support changes no band and costs time.
_LEAST_WEIGHT, _MOST_POINTS = 0.02, 12
_WIDEST_WANDER = 0.95

# Memory and wander by their places on the grid, and how far the data support the two.
Point = tuple[int, int, float]


@dataclasses.dataclass(frozen=True)
class Course:
    """Smoothed shares and intervals; arrays (n_themes, n_periods), null in periods without papers."""

    expected_low: Floats
    expected_high: Floats
    smooth: Floats
    smooth_low: Floats
    smooth_high: Floats


def smooth_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Add a smoothed share with its band, and an interval of the expected share.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`.

    Returns
    -------
    DataFrame
        `shares` with five columns more, all in [0, 1], null where nothing can be
        estimated: ``smooth``, the underlying share of the period, which endless
        papers of that period would show; ``smooth_low`` and ``smooth_high``, its
        95 % band, which holds for all periods of a theme at once; ``expected_low``
        and ``expected_high``, the 95 % interval of the expected share, about which
        the underlying share wanders from period to period.

    Notes
    -----
    A line on the logit scale with noise that wanders and lasts
    (`analysis.trends.noise`): a Gaussian process [1]_ by Laplace's
    approximation, whose memory and wander are averaged over for the line. The
    band takes the largest wander that the data allow (the 95 % quantile), for at
    the average it covers all periods in 32 to 93 % of simulated themes only; it
    is as wide as 95 % of 1,000 drawn courses need to lie inside it in every
    period. The interval of the expected share is Jeffreys', with as many papers
    as would tell as much if nothing wandered. What each covers is measured in
    ``tests/benchmarks/trends``.

    References
    ----------
    .. [1] Rasmussen, Williams (2006), Gaussian Processes for Machine Learning, section 3.4.
    """
    design = read_design(shares)
    course = smooth_counts(design.counts, design.totals, design)
    row = pd.Index(design.groups).get_indexer(pd.Index(shares[design.key]))
    column = pd.Index(design.periods["period"]).get_indexer(pd.DatetimeIndex(shares["period"]))
    dated = shares["period"].notna().to_numpy()
    added = {}
    for name in COLUMNS:
        values = np.full(len(shares), np.nan)
        values[dated] = getattr(course, name)[row[dated], column[dated]]
        added[name] = values
    return shares.assign(**added)


def smooth_counts(counts: Floats, totals: Floats, design: Design) -> Course:
    """Smooth the shares of counts, (n_themes, n_periods), on totals, over the periods of `design`."""
    course = Course(*(np.full(counts.shape, np.nan) for _ in COLUMNS))
    full = totals > 0
    papers = counts.sum(axis=1)
    tested = np.flatnonzero((papers > 0) & (papers < totals.sum()))
    if full.sum() < MIN_PERIODS or not len(tested):
        return course
    counts, totals, position = counts[np.ix_(tested, full)], totals[full], design.position[full]
    line = fit_line(counts, totals, design.time[full])
    noise = estimate_noise(read_residuals(counts, totals, line, position), draw_line(line.axis))
    lag = np.abs(position[:, None] - position[None, :])
    trend = _VAGUE**2 * (1 + line.axis[:, None] * line.axis[None, :])
    logit = np.log(line.share / (1 - line.share))
    for place, row in enumerate(tested):

        def lay(points: list[Point]) -> tuple[list[Floats], Floats]:
            kernels = [trend + WANDERS[wander] ** 2 * MEMORIES[memory] ** lag for memory, wander, _ in points]
            weights = np.array([weight for *_, weight in points])
            return kernels, weights / weights.sum()

        mean, _ = _follow(counts[place], totals, logit[place], *lay(_list_likely(noise, place)))
        low, high = _bound(counts[place], totals, logit[place], *lay(_list_widest(noise, place)))
        course.smooth[row, full] = expit(mean)
        course.smooth_low[row, full] = expit(np.minimum(low, mean))
        course.smooth_high[row, full] = expit(np.maximum(high, mean))
    wander, _ = noise.typical
    low, high = bound_expected(counts, totals, line.share, wander[:, None])
    course.expected_low[np.ix_(tested, full)], course.expected_high[np.ix_(tested, full)] = low, high
    return course


def bound_expected(counts: Floats, totals: Floats, share: Floats, wander: Floats) -> tuple[Floats, Floats]:
    """95 % interval of the expected share: Jeffreys' for the papers that would tell as much if nothing wandered."""
    from scipy.special import betaincinv

    worth = 1 / (1 / totals + share * (1 - share) * wander**2)
    count = counts * worth / totals
    low, high = (betaincinv(count + 0.5, worth - count + 0.5, tail) for tail in (0.025, 0.975))
    return np.where(counts == 0, 0.0, low), np.where(counts == totals, 1.0, high)


def _list_likely(noise: Noise, place: int) -> list[Point]:
    """The memories and wanders that count most for one theme."""
    weight = noise.weight[:, place]
    best = np.argsort(weight, axis=None)[::-1][:_MOST_POINTS]
    found = [(*divmod(int(point), weight.shape[1]), float(weight.flat[point])) for point in best]
    return [point for point in found if point[2] >= _LEAST_WEIGHT] or found[:1]


def _list_widest(noise: Noise, place: int) -> list[Point]:
    """The largest wander that the data allow one theme, with every memory that goes with it."""
    weight = noise.weight[:, place]
    upto = np.cumsum(weight.sum(axis=0))
    wander = min(int(np.searchsorted(upto, _WIDEST_WANDER)), len(WANDERS) - 1)
    given = weight[:, wander] / max(float(weight[:, wander].sum()), 1e-300)
    best = int(given.argmax())
    return [
        (memory, wander, float(share)) for memory, share in enumerate(given) if share >= _LEAST_WEIGHT or memory == best
    ]


def _follow(
    count: Floats, total: Floats, line: Floats, kernels: list[Floats], weights: Floats
) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """Most likely course on the logit scale, and mean and covariance of the normal course for each kernel."""
    course = line
    for _ in range(_PASSES):
        share = expit(course)
        precision = np.maximum(total * share * (1 - share), 1e-9)
        target = course - line + (count - total * share) / precision
        gains = [np.linalg.solve(kernel + np.diag(1 / precision), kernel).T for kernel in kernels]
        means = [np.clip(gain @ target, -20.0, 20.0) for gain in gains]
        course = line + weights @ np.array(means)
    return course, [
        (line + mean, kernel - gain @ kernel) for mean, gain, kernel in zip(means, gains, kernels, strict=True)
    ]


def _bound(count: Floats, total: Floats, line: Floats, kernels: list[Floats], weights: Floats) -> tuple[Floats, Floats]:
    """Ends of the band that holds in every period, on the logit scale; the same for the same input."""
    _, parts = _follow(count, total, line, kernels, weights)
    rng = np.random.default_rng(0)
    drawn: list[npt.NDArray[np.float64]] = []
    for (mean, covariance), weight in zip(parts, weights.tolist(), strict=True):
        values, directions = np.linalg.eigh((covariance + covariance.T) / 2)
        root = directions * np.sqrt(np.maximum(values, 0.0))
        drawn.append(mean + rng.standard_normal((max(round(weight * _N_DRAWS), 1), len(mean))) @ root.T)
    draws = np.concatenate(drawn)
    centre, spread = draws.mean(axis=0), draws.std(axis=0)
    reach = np.quantile((np.abs(draws - centre) / np.maximum(spread, 1e-9)).max(axis=1), 0.95)
    return centre - reach * spread, centre + reach * spread
