"""A straight line on the logit scale for every theme at once, penalised so that it never runs away."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_NEWTON_STEPS = 100
# Over 1,000 standard errors: by then a line is a step from 0 to 1, and no steeper one differs from it.
_DOUBLINGS = 10
_SECANTS = 30


@dataclasses.dataclass(frozen=True)
class Line:
    """Fitted lines, one per theme.

    Attributes
    ----------
    slope : array of n_themes
        Change of the logit per unit of `axis`.
    share : array (n_themes, n_periods)
        Fitted share, in (0, 1).
    root : array of n_themes
        Signed root of twice the penalised log-likelihood of the line minus that of no trend; its sign is the slope's.
    axis : array of n_periods
        Time, centred on its mean over papers and divided by its standard deviation.
    unit : float
        Standard deviation of time over papers: one unit of `axis`, in units of time.
    """

    slope: Floats
    share: Floats
    root: Floats
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
    return Line(slope, share, np.sign(slope) * np.sqrt(np.maximum(drop, 0.0)), axis, unit)


def find_slope(counts: Floats, totals: Floats, line: Line, root: Floats) -> Floats:
    """Slope at which the signed root of the deviance drop from the best slope is `root`.

    A profile, not a symmetric interval: at the edge of separation the two sides
    differ by far, and the symmetric interval misleads.

    Parameters
    ----------
    counts, totals, line
        As for `fit_line`, and what it returned.
    root : array of n_themes
        Negative below the best slope.

    Returns
    -------
    array of n_themes
        Per unit of ``line.axis``; infinite where no slope on that side lies so far off.
    """
    side = np.where(root < 0, -1.0, 1.0)
    best, _ = _profile(counts, totals, line.axis, line.slope, _start(counts, totals))
    intercept = _start(counts, totals)

    def miss(slope: Floats) -> Floats:
        """How much further off than wanted; the root of the drop is nearly linear in the slope."""
        nonlocal intercept
        value, intercept = _profile(counts, totals, line.axis, slope, intercept)
        return np.asarray(np.sqrt(np.maximum(2 * (best - value), 0.0)) - np.abs(root))

    inside, inner = line.slope.copy(), -np.abs(root)
    step = np.maximum(np.abs(root) / np.sqrt((totals * line.share * (1 - line.share)) @ line.axis**2), 1e-6)
    outside = inside + side * step
    outer = miss(outside)
    for _ in range(_DOUBLINGS):
        short = outer < 0
        if not short.any():
            break
        inside, inner = np.where(short, outside, inside), np.where(short, outer, inner)
        step = np.where(short, step * 2, step)
        outside = np.where(short, outside + side * step, outside)
        outer = np.where(short, miss(outside), outer)
    open_end = outer < 0
    again = np.zeros(len(root))
    for _ in range(_SECANTS):
        middle = inside - inner * (outside - inside) / np.where(outer == inner, 1.0, outer - inner)
        # Where there is no end, none is looked for.
        middle = np.where(open_end, line.slope, middle)
        off = miss(middle)
        if np.abs(np.where(open_end, 0.0, off)).max(initial=0.0) < 1e-6:
            break
        below = off < 0
        # An end that stays a second time counts half, or it would stay for ever (Illinois).
        inside, outer = np.where(below, middle, inside), np.where(below, np.where(again > 0, outer / 2, outer), off)
        outside, inner = np.where(below, outside, middle), np.where(below, off, np.where(again < 0, inner / 2, inner))
        again = np.where(below, 1.0, -1.0)
    return np.where(open_end, side * np.inf, middle)


def reaches_inside(counts: Floats, totals: Floats, line: Line, root: Floats, border: float) -> npt.NDArray[np.bool_]:
    """Whether the slope that `find_slope` finds at `root` lies inside `border`, without finding it.

    Parameters
    ----------
    counts, totals, line, root
        As for `find_slope`.
    border : float >= 0
        Per unit of ``line.axis``; it is the lower border, ``-border``, where `root` is negative.
    """
    side = np.where(root < 0, -1.0, 1.0)
    start = _start(counts, totals)
    best, intercept = _profile(counts, totals, line.axis, line.slope, start)
    at_border, _ = _profile(counts, totals, line.axis, side * border, intercept)
    drop = np.sqrt(np.maximum(2 * (best - at_border), 0.0))
    return np.asarray((side * line.slope < border) & (drop > np.abs(root)))


def _profile(counts: Floats, totals: Floats, axis: Floats, slope: Floats, intercept: Floats) -> tuple[Floats, Floats]:
    """Penalised log-likelihood at its highest over the intercept, and that intercept."""
    above, below = np.full(len(slope), -np.inf), np.full(len(slope), np.inf)
    for _ in range(_NEWTON_STEPS):
        score, (i00, _, _), _ = _score(counts, totals, axis, intercept, slope)
        uphill = score.sum(axis=1)
        above, below = np.where(uphill > 0, intercept, above), np.where(uphill < 0, intercept, below)
        step = np.clip(uphill / np.maximum(i00, 1e-12), -2.0, 2.0)
        # On a steep line nearly all shares are 0 or 1: a step overshoots, and the step back would too, for ever.
        over = (intercept + step > below) | (intercept + step < above)
        step[over] = (above[over] + below[over]) / 2 - intercept[over]
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
