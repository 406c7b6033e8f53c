"""The neighbour graph: computed once, read by the map and by the clusters."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.nearest import EXACT_UP_TO, Nearest, draw_nearest, find_nearest
from analysis.themes.threads import steer_numba

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

SMALLEST = 4
# So many more than a graph needs are kept that, of four papers in five, nearly all find theirs among them.
_WIDER = 1.6
# The compiled loops of UMAP use all cores themselves and must not be entered twice.
_ONE_AT_A_TIME = threading.Lock()


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
    wider : Nearest or None
        More neighbours of each paper, from which `draw_graph` makes the graph of some of the papers.

    References
    ----------
    .. [1] McInnes, Healy, Melville (2018), arXiv:1802.03426.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    weights: sp.csr_matrix
    rung: str
    wider: Nearest | None = None

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
        For the approximate search above 60,000 papers.

    Returns
    -------
    NeighbourGraph
    """
    n_papers = len(vectors)
    if n_papers < SMALLEST:
        return _tie_none(n_papers)
    k = _count_neighbours(n_papers, n_neighbours)
    wider = find_nearest(vectors, min(round(_WIDER * k), n_papers), seed=seed)
    return _tie(wider.take(k), "exact" if n_papers <= EXACT_UP_TO else "approximate (pynndescent)", wider)


def draw_graph(
    graph: NeighbourGraph, vectors: NDArray[np.float32], rows: NDArray[np.int64], *, n_neighbours: int = 40
) -> NeighbourGraph:
    """The graph of some of the papers, as `build_graph` makes it, without searching anew.

    Parameters
    ----------
    graph : NeighbourGraph
        Of all papers, by `build_graph`.
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    rows : int64 array (n_drawn,), rising
    n_neighbours : int, default 40

    Returns
    -------
    NeighbourGraph
        Of the drawn papers alone, in their order.
    """
    if len(rows) < SMALLEST or graph.wider is None:
        return _tie_none(len(rows)) if len(rows) < SMALLEST else build_graph(vectors[rows], n_neighbours=n_neighbours)
    k = _count_neighbours(len(rows), n_neighbours)
    return _tie(draw_nearest(graph.wider, vectors, rows, k), "from those of all papers,")


def _count_neighbours(n_papers: int, most: int) -> int:
    # With 1.7 sqrt(n) neighbours small corpora keep more than one community:
    # measured on draws of 30 to 500 papers from labelled corpora.
    return int(min(most, max(5, round(1.7 * n_papers**0.5)), n_papers))


def _tie(nearest: Nearest, how: str, wider: Nearest | None = None) -> NeighbourGraph:
    weights = _weigh(nearest.indices, nearest.distances)
    rung = f"Neighbours: {nearest.indices.shape[1]} per paper, {how} cosine."
    return NeighbourGraph(nearest.indices, nearest.distances, weights, rung, wider)


def _tie_none(n_papers: int) -> NeighbourGraph:
    import scipy.sparse as sp

    indices = np.arange(n_papers, dtype=np.int32)[:, None]
    rung = f"Neighbours: none, {n_papers} {'paper is' if n_papers == 1 else 'papers are'} too few for a graph."
    return NeighbourGraph(indices, np.zeros((n_papers, 1), np.float32), sp.csr_matrix((n_papers, n_papers)), rung)


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


def _smooth(distances: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    steer_numba()
    from umap.umap_ import smooth_knn_dist

    _keep_compiled()
    with _ONE_AT_A_TIME:
        spread, nearest = smooth_knn_dist(distances.astype(np.float32), float(distances.shape[1]))
    return np.maximum(spread, 1e-6), nearest


def _weigh(indices: NDArray[np.int32], distances: NDArray[np.float32]) -> sp.csr_matrix:
    steer_numba()
    from umap.umap_ import fuzzy_simplicial_set

    _keep_compiled()
    n_papers, k = indices.shape
    with _ONE_AT_A_TIME:
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
