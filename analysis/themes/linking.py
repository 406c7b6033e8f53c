"""Ties from papers that come later to those of a fit, by the rule of the fit's own graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.neighbours import SMALLEST, NeighbourGraph, Reach

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

# Always that many rows at a time, the last ones filled up: a product of another shape may be summed in another order.
_ROWS = 128
# The sixth digit of a cosine counts, so whatever may round to it is looked at.
_SLACK = np.float32(2e-6)
_STRIDE = 32
_N_HALVINGS = 40


def link_papers(
    vectors: NDArray[np.float32], fitted: NDArray[np.float32], reach: Reach, *, n_neighbours: int
) -> NeighbourGraph:
    """Tie new papers to those of a fit, as the graph of the fit ties its own.

    A new paper and one of the fit are neighbours if either is among the
    nearest of the other; the weights are those of
    `analysis.themes.neighbours.build_graph`. The ties of a paper are the same
    to the last bit whatever other papers are given with it.

    Parameters
    ----------
    vectors : float32 array (n_new, n_dimensions), rows of length 1
    fitted : float32 array (n_papers, n_dimensions), rows of length 1
    reach : Reach
        Of the fitted papers.
    n_neighbours : int
        Neighbours of a paper in the fit, itself counted.

    Returns
    -------
    NeighbourGraph
        ``weights`` is (n_new, n_papers); ``indices`` and ``distances`` name
        the nearest of the fitted papers, the paper itself not counted.
    """
    import scipy.sparse as sp

    n_fitted = len(fitted)
    k = max(1, min(n_neighbours - 1, n_fitted)) if n_fitted >= SMALLEST else n_fitted
    parts = [sp.csr_matrix((0, n_fitted), dtype=np.float32)]
    indices, distances = [np.zeros((0, k), np.int32)], [np.zeros((0, k), np.float32)]
    lowest = (1 - reach.farthest) - _SLACK
    block = np.zeros((_ROWS, fitted.shape[1]), dtype=np.float32)
    for start in range(0, len(vectors), _ROWS):
        own = vectors[start : start + _ROWS]
        block[: len(own)], block[len(own) :] = own, 0
        cosine = (block @ fitted.T)[: len(own)]
        weights, nearest, near = _tie(cosine, lowest, reach, k)
        parts.append(weights)
        indices.append(nearest)
        distances.append(near)
    rung = f"Placed: each new paper is tied to its {k} nearest papers of the fit, and to those that it is nearest to."
    return NeighbourGraph(np.vstack(indices), np.vstack(distances), sp.vstack(parts).tocsr(), rung)


def _tie(
    cosine: NDArray[np.float32], lowest: NDArray[np.float32], reach: Reach, k: int
) -> tuple[sp.csr_matrix, NDArray[np.int32], NDArray[np.float32]]:
    """Weights to the fitted papers that are near in either direction, and the `k` nearest of them."""
    import scipy.sparse as sp

    n_rows, n_fitted = cosine.shape
    # At least k cosines reach the k-th largest of these: whatever is lower is not among the nearest.
    is_long = n_fitted > 2 * k * _STRIDE
    peaks = np.maximum.reduceat(cosine, np.arange(0, n_fitted, _STRIDE), axis=1) if is_long else cosine
    last = np.partition(peaks, -k, axis=1)[:, -k] - _SLACK
    flat = np.flatnonzero((cosine >= lowest) | (cosine >= last[:, None]))
    row, column = np.divmod(flat, n_fitted)
    far = np.clip(1 - np.round(cosine.ravel()[flat], 6), 0, 2)
    starts = np.searchsorted(row, np.arange(n_rows + 1))
    order = np.lexsort((far, row))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - starts[row]
    first = order[(starts[:-1, None] + np.arange(k)).ravel()]
    nearest, near = column[first].reshape(n_rows, k), far[first].reshape(n_rows, k)
    spread, closest = _smooth(near)
    mine = np.exp(-np.maximum(far - closest[row], 0) / spread[row]) * (rank < k)
    theirs = np.exp(-np.maximum(far - reach.nearest[column], 0) / reach.spread[column])
    theirs *= far <= reach.farthest[column]
    weight = (mine + theirs - mine * theirs).astype(np.float32)
    weights = sp.csr_matrix((weight, column.astype(np.int32), starts.astype(np.int32)), shape=cosine.shape)
    weights.eliminate_zeros()
    return weights, nearest.astype(np.int32), near


def _smooth(near: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Spread of the weights of each new paper and distance of the nearest other one, as UMAP [1]_ finds them.

    The paper counts as its own first neighbour. Some 30 lines of UMAP are
    written out here, for importing it takes longer than placing a thousand papers.

    References
    ----------
    .. [1] McInnes, Healy, Melville (2018), arXiv:1802.03426, algorithm 3.
    """
    n_rows, k = near.shape
    closest = np.where(near > 0, near, np.float32(np.inf)).min(axis=1, initial=np.float32(np.inf))
    closest = np.where(np.isfinite(closest), closest, 0).astype(np.float32)
    beyond = np.maximum(near - closest[:, None], 0).astype(np.float64)
    wanted = np.log2(k + 1)
    low, high = np.zeros(n_rows), np.full(n_rows, np.inf)
    middle = np.ones(n_rows)
    for _ in range(_N_HALVINGS):
        total = np.exp(-beyond / middle[:, None]).sum(axis=1)
        above = total > wanted
        high, low = np.where(above, middle, high), np.where(above, low, middle)
        middle = np.where(np.isinf(high), middle * 2, (low + high) / 2)
    # As there: never narrower than a thousandth of the mean distance.
    least = 1e-3 * near.sum(axis=1, dtype=np.float64) / (k + 1)
    return np.maximum(np.maximum(middle, least), 1e-6).astype(np.float32), closest
