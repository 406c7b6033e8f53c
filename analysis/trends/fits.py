"""A straight line on the logit scale for every theme at once, penalised so that it never runs away."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NEWTON_STEPS = 100
# 0.05 * 2 ** 10: by then a line is a step from 0 to 1, and no steeper one differs from it.
_DOUBLINGS = 10
_BISECTIONS = 30


@dataclasses.dataclass(frozen=True)
class Line:
    """Fitted lines, one per theme.

    Attributes
    ----------
    slope : array of n_themes
        Change of the logit per unit of `axis`.
    share : array (n_themes, n_periods)
        Fitted share, in (0, 1).
    deviance_drop : array of n_themes
        Twice the penalised log-likelihood of the line minus that of no trend; >= 0.
    axis : array of n_periods
        Time, centred on its mean over papers and divided by its standard deviation.
    unit : float
        Standard deviation of time over papers: one unit of `axis`, in units of time.
    """

    slope: Floats
    share: Floats
    deviance_drop: Floats
    axis: Floats
    unit: float


def fit_line(counts: Floats, totals: Floats, time: Floats) -> Line:
    """Fit ``logit(share) = a + b * time`` to each theme, with Firth's penalty [1]_.

    The penalty (Jeffreys' prior) keeps the slope finite where a theme is found
    in the last periods only, and takes away the first-order bias that plain
    maximum likelihood has at the counts usual here.

    Parameters
    ----------
    counts : array (n_themes, n_periods)
        Papers of the theme.
    totals : array of n_periods, > 0
        All papers of the period.
    time : array of n_periods
        Time of the period, in any unit; at least two values differ.

    References
    ----------
    .. [1] Firth (1993), Biometrika 80(1), 27-38; Heinze, Schemper (2002),
       Statistics in Medicine 21, 2409-2419.
    """
    centre = float(np.average(time, weights=totals))
    unit = float(np.sqrt(np.average((time - centre) ** 2, weights=totals)))
    axis = (time - centre) / unit
    intercept, slope = _maximise(counts, totals, axis)
    flat, _ = _profile(counts, totals, axis, np.zeros(len(counts)), _start(counts, totals))
    drop = 2 * (_penalised(counts, totals, axis, intercept, slope) - flat)
    share = expit(intercept[:, None] + slope[:, None] * axis)
    return Line(slope, share, np.maximum(drop, 0.0), axis, unit)


def find_interval(counts: Floats, totals: Floats, line: Line, limit: Floats) -> tuple[Floats, Floats]:
    """Slopes at which twice the penalised log-likelihood lies `limit` below its highest value.

    A profile interval, not a symmetric one: at the edge of separation the two
    sides differ by far, and the symmetric interval misleads.

    Returns
    -------
    low, high : arrays of n_themes
        Per unit of ``line.axis``; infinite where no slope is excluded on that side.
    """
    best, _ = _profile(counts, totals, line.axis, line.slope, _start(counts, totals))
    floor = best - limit / 2
    return _find_end(counts, totals, line, floor, -1.0), _find_end(counts, totals, line, floor, 1.0)


def _find_end(counts: Floats, totals: Floats, line: Line, floor: Floats, side: float) -> Floats:
    inside, step = line.slope.copy(), np.full(len(counts), 0.05)
    outside, intercept = inside + side * step, _start(counts, totals)
    for _ in range(_DOUBLINGS):
        value, intercept = _profile(counts, totals, line.axis, outside, intercept)
        above = value > floor
        if not above.any():
            break
        step = np.where(above, step * 2, step)
        inside, outside = np.where(above, outside, inside), np.where(above, outside + side * step, outside)
    open_end = above
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2
        value, intercept = _profile(counts, totals, line.axis, middle, intercept)
        above = value > floor
        inside, outside = np.where(above, middle, inside), np.where(above, outside, middle)
    return np.where(open_end, side * np.inf, (inside + outside) / 2)


def _profile(counts: Floats, totals: Floats, axis: Floats, slope: Floats, intercept: Floats) -> tuple[Floats, Floats]:
    """Penalised log-likelihood at its highest over the intercept, and that intercept."""
    for _ in range(_NEWTON_STEPS):
        score, (i00, _, _), _ = _score(counts, totals, axis, intercept, slope)
        step = np.clip(score.sum(axis=1) / np.maximum(i00, 1e-12), -2.0, 2.0)
        intercept = intercept + step
        if np.abs(step).max(initial=0.0) < 1e-8:
            break
    return _penalised(counts, totals, axis, intercept, slope), intercept


def _maximise(counts: Floats, totals: Floats, axis: Floats) -> tuple[Floats, Floats]:
    intercept, slope = _start(counts, totals), np.zeros(len(counts))
    for _ in range(_NEWTON_STEPS):
        score, (i00, i01, i11), determinant = _score(counts, totals, axis, intercept, slope)
        u0, u1 = score.sum(axis=1), score @ axis
        step0 = np.clip((i11 * u0 - i01 * u1) / determinant, -1.0, 1.0)
        step1 = np.clip((i00 * u1 - i01 * u0) / determinant, -1.0, 1.0)
        intercept, slope = intercept + step0, slope + step1
        if max(np.abs(step0).max(initial=0.0), np.abs(step1).max(initial=0.0)) < 1e-10:
            break
    return intercept, slope


def _score(
    counts: Floats, totals: Floats, axis: Floats, intercept: Floats, slope: Floats
) -> tuple[Floats, tuple[Floats, Floats, Floats], Floats]:
    share = expit(intercept[:, None] + slope[:, None] * axis)
    weight = totals * share * (1 - share)
    i00, i01, i11 = weight.sum(axis=1), weight @ axis, weight @ axis**2
    determinant = np.maximum(i00 * i11 - i01**2, 1e-300)
    leverage = (i11[:, None] - 2 * i01[:, None] * axis + i00[:, None] * axis**2) * weight / determinant[:, None]
    return counts - totals * share + leverage * (0.5 - share), (i00, i01, i11), determinant


def _penalised(counts: Floats, totals: Floats, axis: Floats, intercept: Floats, slope: Floats) -> Floats:
    logit = intercept[:, None] + slope[:, None] * axis
    share = expit(logit)
    weight = totals * share * (1 - share)
    determinant = weight.sum(axis=1) * (weight @ axis**2) - (weight @ axis) ** 2
    likelihood = (counts * logit - totals * np.logaddexp(0.0, logit)).sum(axis=1)
    return np.asarray(likelihood + 0.5 * np.log(np.maximum(determinant, 1e-300)))


def _start(counts: Floats, totals: Floats) -> Floats:
    papers = counts.sum(axis=1)
    return np.asarray(np.log((papers + 0.5) / (totals.sum() - papers + 0.5)))


def expit(logit: Floats) -> Floats:
    """Share of a logit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -500.0, 500.0))))
