"""How far shares wander from period to period beyond chance, and for how long.

The model: the logit of a theme's share is a line in time plus noise of standard
deviation `wander`, whose memory from one calendar period to the next is `memory`
(an AR(1)). Both are uncertain at 5 to 30 periods, and a test that takes its best
guess of them for the truth calls up to twice too many trends (measured; see
tests/trends/test_false_calls.py). So the tests here average over both, weighted
by what the data say of them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from analysis.trends.fits import Floats, Line

MEMORIES = np.linspace(0.0, 0.9, 10)
WANDERS = np.concatenate([[0.0], np.geomspace(0.05, 2.0, 15)])
# Scales of the half-Cauchy distribution of wander over themes, each as likely as the others before the data speak.
# A wander of 0.25 turns 20 % into 24 %. They decide where the data are too few to say, and only there.
TYPICAL_WANDERS = (0.05, 0.1, 0.25, 0.5, 1.0)


@dataclasses.dataclass(frozen=True)
class Noise:
    """By how much wandering inflates the variance of one contrast of each theme.

    Attributes
    ----------
    inflation : array (n_memories, n_themes, n_wanders), >= 1
        Variance divided by what independent papers would give.
    weight : array of the same shape
        How far the data support each; sums to 1 for each theme.
    """

    inflation: Floats
    weight: Floats


def estimate_noise(
    counts: Floats, totals: Floats, line: Line, position: npt.NDArray[np.int64], *, degree: int
) -> Noise:
    """Noise around a line (degree 1) or a bend (degree 2), for the contrast of that degree.

    Parameters
    ----------
    counts, totals, line
        As for `analysis.trends.fits.fit_line`, and what it returned.
    position : array of n_periods
        Place of each period in the calendar; empty periods leave gaps in it.
    degree : {1, 2}
        Degree of the polynomial that the noise is measured around.

    Notes
    -----
    Restricted likelihood of the Pearson residuals, on a grid. The memory
    and the typical wander are one for all themes of a study, as single themes
    hold too few periods to tell; the wander is each theme's own.
    """
    variance = totals * line.share * (1 - line.share)
    residual = (counts - totals * line.share) / np.sqrt(np.maximum(variance, 1e-12))
    # Mean binomial variance of one paper: turns wander on the logit scale into residual variance.
    spread = (variance.sum(axis=1) / totals.sum())[:, None]
    root = np.sqrt(totals)
    basis, _ = np.linalg.qr(root[:, None] * np.vander(line.axis, degree + 1, increasing=True), mode="complete")
    rest, contrast = basis[:, degree + 1 :], basis[:, degree]
    lag = np.abs(position[:, None] - position[None, :])
    inflation = np.empty((len(MEMORIES), len(counts), len(WANDERS)))
    support = np.empty_like(inflation)
    for row, memory in enumerate(MEMORIES):
        shared = root[:, None] * memory**lag * root[None, :]
        eigenvalues, directions = np.linalg.eigh(rest.T @ shared @ rest)
        power = (residual @ rest @ directions) ** 2
        extra = WANDERS**2 * spread
        for column in range(len(WANDERS)):
            total = 1 + extra[:, column, None] * np.maximum(eigenvalues, 0.0)
            support[row, :, column] = -0.5 * (np.log(total) + power / total).sum(axis=1)
        inflation[row] = 1 + extra * (contrast @ shared @ contrast)
    return Noise(inflation, _weigh(support))


def p_of_drop(drop: Floats, noise: Noise) -> Floats:
    """p-value of a drop in deviance (one degree of freedom), averaged over the noise."""
    from scipy.special import erfc

    tail = erfc(np.sqrt(drop[None, :, None] / noise.inflation / 2))
    # Weights sum to one but for rounding, and a p-value above one is none.
    return np.asarray(np.minimum((noise.weight * tail).sum(axis=(0, 2)), 1.0))


def find_limit(noise: Noise, alpha: float) -> Floats:
    """Drop in deviance whose p-value is `alpha`, per theme."""
    low, high = np.zeros(noise.weight.shape[1]), np.full(noise.weight.shape[1], 100.0)
    high = high * noise.inflation.max(axis=(0, 2))
    for _ in range(60):
        middle = (low + high) / 2
        above = p_of_drop(middle, noise) > alpha
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)


def adjust_p(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values; null p-values stay null and do not count as tests."""
    from scipy.stats import false_discovery_control

    q = np.full(len(p), np.nan)
    known = ~np.isnan(p)
    if known.any():
        q[known] = false_discovery_control(p[known])
    return q


def _weigh(support: Floats) -> Floats:
    scales = np.array(TYPICAL_WANDERS)[:, None]
    prior = np.gradient(WANDERS) / (1 + (WANDERS / scales) ** 2)
    prior = prior / prior.sum(axis=1, keepdims=True)
    likelihood = np.exp(support - support.max(axis=(0, 2))[None, :, None])
    # (n_memories, n_themes, n_scales): how well each memory and typical wander fits each theme.
    fit = np.maximum(likelihood @ prior.T, 1e-300)
    pooled = np.log(fit).sum(axis=1)
    shared = np.exp(pooled - pooled.max())
    shared = shared / shared.sum()
    return np.asarray(likelihood * ((shared[:, None, :] / fit) @ prior))
