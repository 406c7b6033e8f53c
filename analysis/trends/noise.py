"""How far shares wander from period to period beyond chance, and for how long.

The model: the logit of a theme's share is a course, such as a line, plus noise of
standard deviation `wander`, whose memory from one calendar period to the next is
`memory` (an AR(1)). Both are uncertain at 5 to 60 periods, and a test that takes
its best guess of them for the truth calls too many trends. So estimates, tests
and intervals here average over both, weighted by what the data say of them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from analysis.trends.fits import Floats, Line

# A memory beyond this cannot be told from a trend.
MEMORIES = np.linspace(0.0, 0.8, 7)
WANDERS = np.concatenate([[0.0], np.geomspace(0.03, 2.0, 15)])
# What a theme of a study typically wanders by, each as likely as the others before the data speak; 0.25 turns 20 %
# into 24 %. A theme's own wander lies near the typical one of its study, or with 10 % anywhere (half-Cauchy).
TYPICAL_WANDERS = np.array([0.02, 0.05, 0.1, 0.2, 0.4, 0.8])
_SPREAD_OF_WANDERS = 0.5
_ODD_ONES = 0.1
_BISECTIONS = 34


@dataclasses.dataclass(frozen=True)
class Noise:
    """What the noise does to the last coefficient of a course, for each memory and wander.

    Attributes
    ----------
    plain : array of n_themes
        Estimate from the residuals without noise, in its standard errors.
    shift : array (n_memories, n_themes, n_wanders)
        By how much the estimate moves from that without noise, in standard
        errors without noise: where shares wander, large periods tell less.
    error : array of the same shape, >= 1 but for rounding
        Standard error, in the same unit.
    weight : array of the same shape
        How far the data support each; sums to 1 for each theme.
    """

    plain: Floats
    shift: Floats
    error: Floats
    weight: Floats

    @property
    def inflation(self) -> Floats:
        """Mean factor by which the noise inflates the variance, per theme."""
        return np.asarray((self.weight * self.error**2).sum(axis=(0, 2)))

    @property
    def typical(self) -> tuple[Floats, float]:
        """Root mean square wander of each theme, and the mean memory of all."""
        wander = np.sqrt((self.weight * WANDERS**2).sum(axis=(0, 2)))
        memory = float((self.weight.sum(axis=2).mean(axis=1) * MEMORIES).sum())
        return wander, memory


@dataclasses.dataclass(frozen=True)
class Residuals:
    """Pearson residuals around a line, and where in the calendar they lie.

    Attributes
    ----------
    value : array (n_themes, n_periods)
        Of variance 1 where nothing wanders.
    spread : array of n_themes
        Mean binomial variance of one paper: turns wander on the logit scale
        into variance of the residuals.
    axis, root : arrays of n_periods
        Standardised time; square root of the papers.
    turned : list of n_memories pairs
        Eigenvalues and eigenvectors of the noise of wander 1 and spread 1.
    """

    value: Floats
    spread: Floats
    axis: Floats
    root: Floats
    turned: list[tuple[Floats, Floats]]


def read_residuals(counts: Floats, totals: Floats, line: Line, position: npt.NDArray[np.int64]) -> Residuals:
    """Residuals of `counts` around `line`.

    Parameters
    ----------
    counts, totals, line
        As for `analysis.trends.fits.fit_line`, and what it returned.
    position : array of n_periods
        Place of each period in the calendar; empty periods leave gaps in it.
    """
    variance = totals * line.share * (1 - line.share)
    root = np.sqrt(totals)
    lag = np.abs(position[:, None] - position[None, :])
    turned = [np.linalg.eigh(root[:, None] * memory**lag * root[None, :]) for memory in MEMORIES]
    return Residuals(
        value=(counts - totals * line.share) / np.sqrt(np.maximum(variance, 1e-12)),
        spread=variance.sum(axis=1) / totals.sum(),
        axis=line.axis,
        root=root,
        turned=[(np.maximum(values, 0.0), directions) for values, directions in turned],
    )


def estimate_noise(residuals: Residuals, columns: Floats) -> Noise:
    """Noise around a course, for the last of its coefficients.

    Parameters
    ----------
    residuals : Residuals
    columns : array (n_periods, n_columns)
        The course on the logit scale: a column of ones, then what it is made of;
        independent of each other.
    """
    return estimate_beside(residuals, columns[:, :-1], columns[:, -1:])[0]


def estimate_beside(residuals: Residuals, base: Floats, added: Floats) -> list[Noise]:
    """Noise around a course with one thing more beside it, for the coefficient of that; one after the other.

    Parameters
    ----------
    residuals : Residuals
    base : array (n_periods, n_columns)
        What all these courses have.
    added : array (n_periods, n_added)
        What each has besides, independent of `base`.

    Notes
    -----
    Generalised least squares and the restricted likelihood on a grid of
    memories and wanders. The memory and the typical wander are one for all
    themes of a study, as single themes hold too few periods to tell; the wander
    is each theme's own. In the basis of the eigenvectors all themes and wanders
    are diagonal at once, and the last coefficient follows from the others
    without fitting them again.
    """
    base, added = residuals.root[:, None] * base, residuals.root[:, None] * added
    extra = WANDERS**2 * residuals.spread[:, None]
    n_base, n_added = base.shape[1], added.shape[1]
    shape = (n_added, len(MEMORIES), *extra.shape)
    support, estimate, information = np.empty(shape), np.empty(shape), np.empty(shape)
    for row, (values, directions) in enumerate(residuals.turned):
        old, new, rotated = directions.T @ base, directions.T @ added, residuals.value @ directions
        precision = 1 / (1 + extra[:, :, None] * values)
        weighted = precision * rotated[:, None, :]
        products = (old[:, :, None] * old[:, None, :]).reshape(len(old), -1)
        inner = (precision @ products).reshape(*extra.shape, n_base, n_base)
        mixed = (precision @ (old[:, :, None] * new[:, None, :]).reshape(len(old), -1)).reshape(
            *extra.shape, n_base, n_added
        )
        inverse = np.linalg.inv(inner)
        score = weighted @ old
        solution = (inverse @ score[..., None])[..., 0]
        misfit = (precision @ (rotated**2)[:, :, None])[..., 0] - (solution * score).sum(axis=-1)
        # What is left of each addition when the base has taken its part.
        own = precision @ new**2 - ((inverse @ mixed) * mixed).sum(axis=-2)
        left = weighted @ new - (solution[..., None] * mixed).sum(axis=-2)
        common = np.log(precision).sum(axis=-1) - np.linalg.slogdet(inner)[1] - misfit
        for place in range(n_added):
            information[place, row] = np.maximum(own[..., place], 1e-300)
            estimate[place, row] = left[..., place] / information[place, row]
            gain = estimate[place, row] * left[..., place]
            support[place, row] = 0.5 * (common - np.log(information[place, row]) + gain)
    return [_standardise(*found) for found in zip(support, estimate, information, strict=True)]


def _standardise(support: Floats, estimate: Floats, information: Floats) -> Noise:
    """In standard errors without noise."""
    error = np.sqrt(information[:1, :, :1])
    plain = estimate[0, :, 0] * error[0, :, 0]
    return Noise(plain, estimate * error - plain[:, None], error / np.sqrt(information), _weigh(support))


def p_of_root(root: Floats, noise: Noise) -> Floats:
    """p-value of no effect, averaged over the noise.

    Parameters
    ----------
    root : array of n_themes
        Signed root of the deviance drop, or estimate in standard errors, both without noise.
    noise : Noise
    """
    from scipy.special import erfc

    tail = erfc(np.abs(root[None, :, None] + noise.shift) / noise.error / np.sqrt(2))
    # Weights sum to one but for rounding, and a p-value above one is none.
    return np.asarray(np.minimum((noise.weight * tail).sum(axis=(0, 2)), 1.0))


def find_root(noise: Noise, alpha: float) -> Floats:
    """Root that has the p-value `alpha` in the mean, where the noise moves no estimate; per theme."""
    still = dataclasses.replace(noise, shift=np.zeros_like(noise.shift))
    low, high = np.zeros(noise.weight.shape[1]), 10.0 * noise.error.max(axis=(0, 2))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = p_of_root(middle, still) > alpha
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)


def find_reach(noise: Noise, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """Ends of the interval around an estimate, in standard errors without noise; per theme."""
    centre = (noise.weight * noise.shift).sum(axis=(0, 2))
    ends = []
    for side in (-1.0, 1.0):
        inside, outside = centre.copy(), centre + side * 10.0 * noise.error.max(axis=(0, 2))
        for _ in range(_BISECTIONS):
            middle = (inside + outside) / 2
            within = p_of_root(-middle, noise) > alpha
            inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
        ends.append((inside + outside) / 2)
    return ends[0], ends[1]


def adjust_p(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values; null p-values stay null and do not count as tests."""
    from scipy.stats import false_discovery_control

    q = np.full(len(p), np.nan)
    known = ~np.isnan(p)
    if known.any():
        q[known] = false_discovery_control(p[known])
    return q


def combine_p(p: Floats) -> float:
    """Simes' p-value that none of the hypotheses is false; null without any.

    References
    ----------
    Simes (1986), Biometrika 73(3), 751-754.
    """
    known = np.sort(p[~np.isnan(p)])
    if not len(known):
        return float("nan")
    return float(min(1.0, (known * len(known) / np.arange(1, len(known) + 1)).min()))


def _weigh(support: Floats) -> Floats:
    prior = _prior_of_wanders()
    likelihood = np.exp(support - support.max(axis=(0, 2))[None, :, None])
    # (n_memories, n_themes, n_typical): how well each memory and typical wander fits each theme.
    fit = np.maximum(likelihood @ prior.T, 1e-300)
    pooled = np.log(fit).sum(axis=1)
    shared = np.exp(pooled - pooled.max())
    shared = shared / shared.sum()
    return np.asarray(likelihood * ((shared[:, None, :] / fit) @ prior))


def _prior_of_wanders() -> Floats:
    """Of each wander on the grid, given the typical one; (n_typical, n_wanders)."""
    # A wander of none lies where the least typical one does.
    logs = np.log(np.maximum(WANDERS, TYPICAL_WANDERS[0]))
    near = np.exp(-0.5 * ((logs - np.log(TYPICAL_WANDERS)[:, None]) / _SPREAD_OF_WANDERS) ** 2)
    anywhere = np.gradient(WANDERS) / (1 + (WANDERS / TYPICAL_WANDERS[:, None]) ** 2)
    near, anywhere = (part / part.sum(axis=1, keepdims=True) for part in (near, anywhere))
    return np.asarray((1 - _ODD_ONES) * near + _ODD_ONES * anywhere)
