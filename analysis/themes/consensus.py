"""Groups on which many clusterings agree.

One clustering of a neighbour graph is one of many nearly as good: another
seed, a fifth of the papers less or a slightly other resolution moves borders
and splits groups. Here the graph is clustered again and again under all
three; an edge counts by how often its ends stay together, and the groups are
those of the graph so weighed [1]_ [2]_. Then every paper goes to the group
that it and its neighbours are nearest to.

References
----------
.. [1] Lancichinetti, Fortunato (2012), Scientific Reports 2, 336.
.. [2] Poulin, Theberge (2019), Applied Network Science 4, 51.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.threads import map_side_by_side

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

# More runs make the groups of two seeds more alike: from 20 to 50 runs .85 -> .95 on 4,302 papers, .72 -> .90 on 2,697.
_MOST_RUNS, _FEWEST_RUNS, _FEWEST_AGAIN = 50, 20, 12
# Papers times runs that are worth their time.
_WORTH, _WORTH_AGAIN = 250_000, 80_000
_DRAWN = 0.8
# Resolution of the runs, as factors of the one asked for.
_LOWEST, _HIGHEST = 0.72, 2.05
# An edge that no run keeps still counts a little; one that half of them keep counts by a third.
_LEAST, _SHARPNESS = 0.02, 1.5
_N_STEPS, _N_MOVES = 2, 3
_N_TRIALS, _N_ROUNDS = 5, 2
_SHRINKAGE = 0.1


def count_runs(n_papers: int, *, again: bool = False) -> int:
    """How many runs a fit of so many papers takes, or each of the refits that measure how stable it is.

    Examples
    --------
    >>> count_runs(4_000), count_runs(17_000), count_runs(17_000, again=True)
    (50, 20, 12)
    """
    worth, fewest = (_WORTH_AGAIN, _FEWEST_AGAIN) if again else (_WORTH, _FEWEST_RUNS)
    return max(fewest, min(_MOST_RUNS, worth // max(n_papers, 1)))


def find_groups(
    weights: sp.csr_matrix, vectors: NDArray[np.float32], resolution: float, *, seed: int, n_runs: int
) -> NDArray[np.int64]:
    """Cluster a neighbour graph by the consensus of many runs.

    Parameters
    ----------
    weights : CSR matrix (n_papers, n_papers), symmetric
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    resolution : float
        Above 0; higher gives more groups.
    seed : int
    n_runs : int
        Of `count_runs`.

    Returns
    -------
    int64 array (n_papers,)
        Group of every paper, from 0.
    """
    together = _measure_togetherness(weights, resolution, seed, n_runs)
    groups = find_communities(together, resolution, seed, n_trials=_N_TRIALS)
    return _settle(groups, weights, vectors)


def find_communities(
    weights: sp.csr_matrix, resolution: float, seed: int, *, n_trials: int = 1, n_rounds: int = _N_ROUNDS
) -> NDArray[np.int64]:
    """Leiden on a graph: the community of every node, from 0; the best of `n_trials`.

    A node without any edge is a community of its own; an edge of weight 0 is none.
    """
    from analysis.themes.leiden import run_leiden

    if not (weights.data > 0).all():
        weights = weights.copy()
        weights.data = np.maximum(weights.data, 0)
        weights.eliminate_zeros()
    graph = (weights.indptr.astype(np.int64), weights.indices.astype(np.int32), weights.data.astype(np.float64))
    seeds = np.random.SeedSequence(seed).generate_state(n_trials)
    found = map_side_by_side(lambda one: run_leiden(*graph, resolution, one, n_rounds), seeds)
    return np.asarray(max(found, key=lambda one: one[1])[0], dtype=np.int64)


def _measure_togetherness(weights: sp.csr_matrix, resolution: float, seed: int, n_runs: int) -> sp.csr_matrix:
    """The graph, each edge weighed by how often its ends share a community among the runs that drew both."""
    import scipy.sparse as sp

    n_papers = weights.shape[0]
    draw = np.random.default_rng(seed)
    edges = weights.tocoo()

    def run(drawn: tuple[NDArray[np.int64], float, int]) -> NDArray[np.int64]:
        rows, factor, run_seed = drawn
        community = np.full(n_papers, -1)
        part = weights[rows][:, rows].tocsr()
        community[rows] = find_communities(part, resolution * factor, run_seed)
        return community

    def draw_run() -> tuple[NDArray[np.int64], float, int]:
        rows = np.sort(draw.choice(n_papers, round(_DRAWN * n_papers), replace=False))
        return rows, float(np.exp(draw.uniform(np.log(_LOWEST), np.log(_HIGHEST)))), int(draw.integers(2**31))

    drawn, kept = np.zeros(edges.nnz, np.float32), np.zeros(edges.nnz, np.float32)
    for community in map_side_by_side(run, [draw_run() for _ in range(n_runs)]):
        one, other = community[edges.row], community[edges.col]
        both = (one >= 0) & (other >= 0)
        drawn += both
        kept += both & (one == other)
    share = kept / np.maximum(drawn, 1)
    return sp.csr_matrix((edges.data * (_LEAST + share**_SHARPNESS), (edges.row, edges.col)), shape=weights.shape)


def _settle(groups: NDArray[np.int64], weights: sp.csr_matrix, vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Move papers at the borders: to the nearest centre, then to the group that a classifier gives.

    Both look at what a paper says together with what its neighbours say.
    """
    import scipy.sparse as sp
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    totals = np.maximum(np.asarray(weights.sum(axis=1)).ravel(), 1e-9)
    spread = sp.csr_matrix(sp.diags(1 / totals) @ weights).astype(np.float32)
    for _ in range(_N_STEPS):
        vectors = _unit(vectors + spread @ vectors)
    for _ in range(_N_MOVES):
        groups = np.unique(groups, return_inverse=True)[1]
        centres = _unit(np.array([vectors[groups == one].mean(axis=0) for one in range(groups.max() + 1)]))
        groups = np.round(vectors @ centres.T, 6).argmax(axis=1)
    groups = np.unique(groups, return_inverse=True)[1]
    if groups.max() == 0:
        return groups
    # One solution of linear equations: as good as logistic regression on the labelled corpora, and quick.
    learned = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=_SHRINKAGE).fit(vectors, groups).predict(vectors)
    return np.asarray(np.unique(learned, return_inverse=True)[1], dtype=np.int64)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
