"""The neighbour graph: computed once, read by the map and by the clusters."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

EXACT_UP_TO = 30_000
SMALLEST = 4
_CHUNK = 2_000
# Cosines in memory at a time: 160 MB.
_LARGEST_BLOCK = 40_000_000


@dataclass(frozen=True)
class NeighbourGraph:
    """Who is near whom.

    Attributes
    ----------
    indices : int32 array (n_papers, k)
        Nearest papers by cosine, the paper itself first.
    distances : float32 array (n_papers, k)
        1 - cosine, in [0, 2].
    weights : CSR matrix (n_papers, n_papers)
        Symmetric fuzzy graph of UMAP [1]_, weights in (0, 1].
    rung : str
        Which way was taken, as a sentence.

    References
    ----------
    .. [1] McInnes, Healy, Melville (2018), arXiv:1802.03426.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    weights: sp.csr_matrix
    rung: str

    @property
    def n_papers(self) -> int:
        """Number of nodes."""
        return len(self.indices)

    def shares(self, members: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weighted share of each paper's neighbours in each group.

        Parameters
        ----------
        members : array (n_papers, n_groups) of 0 and 1

        Returns
        -------
        float64 array (n_papers, n_groups) in [0, 1]
        """
        totals = np.asarray(self.weights.sum(axis=1)).ravel()
        # float32 sums may pass 1 by a rounding error.
        shares = np.asarray(self.weights @ members) / np.maximum(totals, 1e-12)[:, None]
        return np.asarray(np.clip(shares, 0.0, 1.0))


def build_graph(vectors: NDArray[np.float32], *, n_neighbours: int = 40, seed: int = 42) -> NeighbourGraph:
    """Find the nearest papers and weigh them.

    Parameters
    ----------
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    n_neighbours : int, default 40
        The most neighbours of a paper, itself counted; fewer in a corpus under 550 papers.
    seed : int
        For the approximate search above 30,000 papers.

    Returns
    -------
    NeighbourGraph
    """
    import scipy.sparse as sp

    n_papers = len(vectors)
    if n_papers < SMALLEST:
        indices = np.arange(n_papers, dtype=np.int32)[:, None]
        rung = f"Neighbours: none, {n_papers} {'paper is' if n_papers == 1 else 'papers are'} too few for a graph."
        return NeighbourGraph(indices, np.zeros((n_papers, 1), np.float32), sp.csr_matrix((n_papers, n_papers)), rung)
    # With 1.7 sqrt(n) neighbours small corpora keep more than one community:
    # measured on draws of 30 to 500 papers from labelled corpora.
    k = min(n_neighbours, max(5, round(1.7 * n_papers**0.5)), n_papers)
    indices, distances = _search(vectors, k, seed)
    how = "exact" if n_papers <= EXACT_UP_TO else "approximate (pynndescent)"
    return NeighbourGraph(indices, distances, _weigh(indices, distances), f"Neighbours: {k} per paper, {how} cosine.")


@dataclass(frozen=True)
class Reach:
    """How far each paper of a graph reaches, so that papers that come later can be tied to it.

    Attributes
    ----------
    nearest : float32 array (n_papers,)
        Distance of the nearest other paper.
    spread : float32 array (n_papers,)
        Distance over which the weights of UMAP fall by e.
    farthest : float32 array (n_papers,)
        Distance of the last neighbour.
    """

    nearest: NDArray[np.float32]
    spread: NDArray[np.float32]
    farthest: NDArray[np.float32]


def measure_reach(graph: NeighbourGraph) -> Reach:
    """The reach of every paper of a graph."""
    if graph.n_papers < SMALLEST:
        return Reach(*(np.full(graph.n_papers, value, np.float32) for value in (0, 1, 2)))
    spread, nearest = _smooth(graph.distances)
    return Reach(nearest, spread, graph.distances[:, -1])


def link_papers(
    vectors: NDArray[np.float32], fitted: NDArray[np.float32], reach: Reach, *, n_neighbours: int
) -> NeighbourGraph:
    """Tie new papers to those of a fit, as the graph of the fit ties its own.

    A new paper and one of the fit are neighbours if either is among the
    nearest of the other; the weights are those of `build_graph`.

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
    step = max(1, _LARGEST_BLOCK // n_fitted)
    parts = [sp.csr_matrix((0, n_fitted), dtype=np.float32)]
    indices, distances = [np.zeros((0, k), np.int32)], [np.zeros((0, k), np.float32)]
    for start in range(0, len(vectors), step):
        far = np.clip(1 - np.round(vectors[start : start + step] @ fitted.T, 6), 0, 2)
        nearest = np.argsort(far, axis=1, kind="stable")[:, :k]
        near = np.take_along_axis(far, nearest, 1)
        own = np.zeros_like(far)
        np.put_along_axis(own, nearest, _weigh_nearest(near), 1)
        theirs = np.exp(-np.maximum(far - reach.nearest, 0) / reach.spread) * (far <= reach.farthest)
        parts.append(sp.csr_matrix(own + theirs - own * theirs))
        indices.append(nearest.astype(np.int32))
        distances.append(near)
    rung = f"Placed: each new paper is tied to its {k} nearest papers of the fit, and to those that it is nearest to."
    return NeighbourGraph(np.vstack(indices), np.vstack(distances), sp.vstack(parts).tocsr(), rung)


def _weigh_nearest(near: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights of the nearest fitted papers of each new one; it counts as its own first neighbour."""
    spread, nearest = _smooth(np.hstack([np.zeros((len(near), 1), np.float32), near]))
    return np.asarray(np.exp(-np.maximum(near - nearest[:, None], 0) / spread[:, None]), dtype=np.float32)


def _smooth(distances: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from umap.umap_ import smooth_knn_dist

    _keep_compiled()
    spread, nearest = smooth_knn_dist(distances.astype(np.float32), float(distances.shape[1]))
    return np.maximum(spread, 1e-6), nearest


def _search(vectors: NDArray[np.float32], k: int, seed: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    n_papers = len(vectors)
    if n_papers > EXACT_UP_TO:
        from pynndescent import NNDescent

        indices, distances = NNDescent(
            vectors, metric="cosine", n_neighbors=k, random_state=seed, compressed=False
        ).neighbor_graph
        return indices.astype(np.int32), distances.astype(np.float32)
    indices = np.zeros((n_papers, k), dtype=np.int32)
    distances = np.zeros((n_papers, k), dtype=np.float32)
    for start in range(0, n_papers, _CHUNK):
        rows = slice(start, min(start + _CHUNK, n_papers))
        # Rounding puts equal texts in an order of their own; 6 digits keep the row order.
        cosine = np.round(vectors[rows] @ vectors.T, 6)
        own = np.arange(rows.start, rows.stop)
        cosine[own - rows.start, own] = 2.0  # The paper itself comes first, even among equal texts.
        nearest = np.argpartition(-cosine, k - 1, axis=1)[:, :k]
        nearest.sort(axis=1)
        order = np.argsort(-np.take_along_axis(cosine, nearest, 1), axis=1, kind="stable")
        nearest = np.take_along_axis(nearest, order, 1)
        indices[rows] = nearest
        distances[rows] = np.clip(1 - np.take_along_axis(cosine, nearest, 1), 0, 2)
    return indices, distances


def _weigh(indices: NDArray[np.int32], distances: NDArray[np.float32]) -> sp.csr_matrix:
    from umap.umap_ import fuzzy_simplicial_set

    _keep_compiled()
    n_papers, k = indices.shape
    weights, _, _ = fuzzy_simplicial_set(
        np.zeros((n_papers, 1), np.float32),
        k,
        np.random.RandomState(0),
        "precomputed",
        knn_indices=indices,
        knn_dists=distances,
    )
    return weights.tocsr()


def _keep_compiled() -> None:
    from umap.umap_ import compute_membership_strengths, smooth_knn_dist

    for compiled in (smooth_knn_dist, compute_membership_strengths):
        # Compiling them takes 4 s, in every process anew unless numba keeps the result.
        with contextlib.suppress(RuntimeError):
            compiled.enable_caching()
