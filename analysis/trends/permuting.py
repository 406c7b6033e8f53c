"""How surprising a trend is among all orders of its periods: a test that needs no model of the counts."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from analysis.trends.fits import Floats

# Where the model has least to go by, a trend must pass this test as well.
FEW_PERIODS = 12
FEW_PAPERS = 30
N_ORDERS = 1999
# Up to this many periods (5,040 orders) all orders are counted.
ALL_ORDERS = 7
_SEED = 0
_TIE = 1e-9


def is_few(counts: Floats, totals: Floats) -> npt.NDArray[np.bool_]:
    """Themes of too few papers, or all where there are too few periods, for the model to be trusted alone."""
    papers = counts.sum(axis=1)
    # All papers but two tell as little as the two do.
    rarer = np.minimum(papers, totals.sum() - papers)
    return np.asarray((rarer < FEW_PAPERS) | (len(totals) <= FEW_PERIODS))


def permute_p(counts: Floats, totals: Floats, axis: Floats) -> Floats:
    """Share of the orders of the periods that give each theme at least so steep a line, either way.

    Parameters
    ----------
    counts : array (n_themes, n_periods)
    totals, axis : arrays of n_periods
        Papers, > 0, and time.

    Returns
    -------
    array of n_themes
        With periods of one length, not below 2 divided by the number of orders: 0.083 with 4 periods.

    Notes
    -----
    Count and total of a period move together, and periods in blocks of an
    eighth of them (rounded down, at least 1): single papers dealt out anew would
    hide that shares wander, single periods that the wandering lasts [1]_. All orders up to 7 periods,
    else 1,999 drawn with a fixed seed. The statistic is the score of a logistic
    line, standardised for the order's own spread of papers in time.

    References
    ----------
    .. [1] Winkler et al. (2014), NeuroImage 92, 381-397, on exchangeability blocks.
    """
    orders = list_orders(len(totals))
    share = counts.sum(axis=1, keepdims=True) / totals.sum()
    excess = counts - totals * share
    # Time of each period, not period of each time: the same set of orders, and no copies of the counts.
    times = axis[orders]
    centred = times - (times @ totals)[:, None] / totals.sum()
    spread = np.sqrt(np.maximum((centred**2) @ totals, 1e-300))
    score = np.abs(excess @ centred.T) / spread
    actual = np.abs(excess @ (axis - axis @ totals / totals.sum()))
    actual = actual / np.sqrt(((axis - axis @ totals / totals.sum()) ** 2) @ totals)
    return np.asarray((score >= actual[:, None] - _TIE).mean(axis=1))


def list_orders(n_periods: int) -> npt.NDArray[np.int64]:
    """Orders of the periods, the one that they are in first; (n_orders, n_periods)."""
    if n_periods <= ALL_ORDERS:
        return np.array(list(itertools.permutations(range(n_periods))), dtype=np.int64)
    block = max(1, n_periods // 8)
    own = np.arange(n_periods)
    drawn = draw_orders(n_periods, block, N_ORDERS, _SEED)
    return np.concatenate([own[None, :], drawn])


def draw_orders(n_periods: int, block: int, n_orders: int, seed: int) -> npt.NDArray[np.int64]:
    """Orders of the periods in which blocks keep together, (n_orders, n_periods); blocks begin anywhere."""
    rng = np.random.default_rng(seed)
    place = np.arange(n_periods)
    key = rng.random((n_orders, -(-n_periods // block)))[:, place // block]
    start = rng.integers(n_periods, size=(n_orders, 1))
    return np.asarray((np.argsort(key, axis=1, kind="stable") + start) % n_periods)
