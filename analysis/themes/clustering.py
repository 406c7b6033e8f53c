"""Topics and the groups that they nest in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.config import ClusteringSection
from analysis.themes.consensus import count_runs, find_communities, find_groups
from analysis.themes.neighbours import SMALLEST, NeighbourGraph
from analysis.themes.threads import map_side_by_side, steer_numba

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_SAME = 1e-6
# Cosine distance below which two texts are one: distinct papers of the labelled corpora lie .11 apart or more.
_REPEAT = 0.05
# Below 300 papers a finer resolution: on draws of 30 to 200 labelled papers it does as well,
# and the groups of a small corpus stay narrow enough to be named.
_FINE_BELOW, _FINE, _COARSE = 300, 1.3, 0.7


@dataclass(frozen=True)
class Clustering:
    """A topic and a group for every paper; topics nest in groups.

    Attributes
    ----------
    topic, group : int64 array (n_papers,)
        Ids from 0, the largest first. No paper is left out.
    strength : float64 array (n_papers,)
        Weighted share of the paper's neighbours in its own topic, in [0, 1].
    rung : str
        Which way was taken, as a sentence.
    """

    topic: NDArray[np.int64]
    group: NDArray[np.int64]
    strength: NDArray[np.float64]
    rung: str


def cluster(
    graph: NeighbourGraph,
    vectors: NDArray[np.float32],
    settings: ClusteringSection,
    *,
    seed: int = 42,
    n_runs: int | None = None,
) -> Clustering:
    """Find topics, and groups of topics.

    Parameters
    ----------
    graph : NeighbourGraph
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    settings : ClusteringSection
        ``leiden`` finds communities in the graph [1]_ - from 300 papers on the
        consensus of many runs - then communities inside each. ``hdbscan`` is
        density clustering on a 5-dimensional UMAP; papers that it calls noise
        go to the nearest topic, with their low strength.
    seed : int
    n_runs : int, optional
        Runs that agree on the groups of a large corpus; default `analysis.themes.consensus.count_runs`.

    Returns
    -------
    Clustering

    References
    ----------
    .. [1] Traag, Waltman, van Eck (2019), Scientific Reports 9, 5233.
    """
    n_papers = len(vectors)
    if n_papers < SMALLEST or np.ptp(vectors, axis=0).max() < _SAME:
        one = np.zeros(n_papers, dtype=np.int64)
        why = f"{n_papers} papers are too few to tell topics apart" if n_papers < SMALLEST else "all texts are alike"
        return Clustering(one, one, np.ones(n_papers), f"Topics: one, because {why}.")
    # A text that comes again and again (a notice, a second version) is one text: it makes no topic of its own.
    first, text_of = _find_repeats(graph)
    weights, texts = graph.weights[first][:, first].tocsr(), vectors[first]
    if settings.method == "hdbscan":
        topic, how = _cluster_by_density(texts, settings, graph.indices.shape[1], seed)
        group = topic
    else:
        group, how = _find_groups(weights, texts, settings, seed, n_runs or count_runs(len(texts)))
        topic = _split(group, weights, texts, settings, seed)
    topic, group = _by_size(topic[text_of]), _by_size(group[text_of])
    members = (topic[:, None] == np.arange(topic.max() + 1)).astype(float)
    strength = graph.shares(members)[np.arange(n_papers), topic]
    n_again = n_papers - len(first)
    how += f" ({n_again} near-repeats of other texts follow those)" if n_again else ""
    return Clustering(topic, group, strength, f"Topics: {how}; {topic.max() + 1} topics in {group.max() + 1} groups.")


def _find_repeats(graph: NeighbourGraph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First row of each distinct text, and for every paper which of these it repeats."""
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    near = graph.distances < _REPEAT
    rows = np.repeat(np.arange(graph.n_papers), near.sum(axis=1))
    links = sp.csr_matrix((np.ones(len(rows)), (rows, graph.indices[near])), shape=(graph.n_papers,) * 2)
    _, found = connected_components(links, directed=False)
    _, first, text_of = np.unique(found, return_index=True, return_inverse=True)
    return first, text_of


def _find_groups(
    weights: sp.csr_matrix, vectors: NDArray[np.float32], settings: ClusteringSection, seed: int, n_runs: int
) -> tuple[NDArray[np.int64], str]:
    n_texts = len(vectors)
    resolution = settings.resolution or (_FINE if n_texts < _FINE_BELOW else _COARSE)
    if n_texts < _FINE_BELOW:
        found, how = _find_few(weights, resolution, seed), "Leiden on the neighbour graph"
    else:
        found = find_groups(weights, vectors, resolution, seed=seed, n_runs=n_runs)
        how = f"consensus of {n_runs} Leiden runs on the neighbour graph"
    how += f", resolution {resolution:g}, then Leiden inside each group"
    return _absorb_small(found, vectors, settings.min_topic_size), how


def _find_few(weights: sp.csr_matrix, resolution: float, seed: int) -> NDArray[np.int64]:
    """Communities of a small graph by a library's Leiden: there is nothing to gain from our own, which compiles."""
    from graspologic_native import leiden_csr

    n_nodes = weights.shape[0]
    if weights.nnz == 0:
        return np.arange(n_nodes)
    _, found = leiden_csr(
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int32),
        weights.data.astype(np.float64),
        n_nodes,
        resolution=resolution,
        seed=seed,
        iterations=2,
        # Small graphs have many optima of nearly one quality: with enough trials every seed finds the best.
        trials=100,
    )
    # A paper without any edge is in no community; it starts one of its own.
    spare = max(found.values(), default=-1) + 1
    return np.array([found.get(node, spare + node) for node in range(n_nodes)], dtype=np.int64)


def _split(
    group: NDArray[np.int64],
    weights: sp.csr_matrix,
    vectors: NDArray[np.float32],
    settings: ClusteringSection,
    seed: int,
) -> NDArray[np.int64]:
    """Topics inside each group, numbered through."""
    groups = [np.flatnonzero(group == one) for one in range(group.max() + 1)]

    def split(inside: NDArray[np.int64]) -> NDArray[np.int64]:
        if len(inside) < 2 * settings.min_topic_size:
            return np.zeros(len(inside), dtype=np.int64)
        part = weights[inside][:, inside].tocsr()
        if len(group) < _FINE_BELOW:
            found = _find_few(part, 1.0, seed)
        else:
            found = find_communities(part, 1.0, seed, n_trials=_count_trials(len(inside)))
        return _absorb_small(found, vectors[inside], settings.min_topic_size)

    topic = np.zeros_like(group)
    n_topics = 0
    for inside, found in zip(groups, map_side_by_side(split, groups), strict=True):
        topic[inside] = found + n_topics
        n_topics += found.max() + 1
    return topic


def _count_trials(n_nodes: int) -> int:
    # The smaller a graph, the more of its optima are of nearly one quality.
    return 40 if n_nodes < 300 else 12 if n_nodes < 1_000 else 3


def _absorb_small(found: NDArray[np.int64], vectors: NDArray[np.float32], smallest: int) -> NDArray[np.int64]:
    """Give the papers of clusters below the smallest size to the nearest larger one."""
    _, labels, sizes = np.unique(found, return_inverse=True, return_counts=True)
    large = np.flatnonzero(sizes >= smallest)
    if len(large) == 0:
        return np.zeros_like(found)
    centres = np.array([vectors[labels == one].mean(axis=0) for one in large])
    kept = np.searchsorted(large, labels).clip(0, len(large) - 1)
    small = ~np.isin(labels, large)
    kept[small] = (vectors[small] @ centres.T).argmax(axis=1)
    return kept.astype(np.int64)


def _cluster_by_density(
    vectors: NDArray[np.float32], settings: ClusteringSection, n_neighbours: int, seed: int
) -> tuple[NDArray[np.int64], str]:
    from hdbscan import HDBSCAN
    from umap import UMAP

    steer_numba()
    n_papers = len(vectors)
    low = vectors
    if n_papers > 15:
        low = UMAP(
            n_components=5,
            n_neighbors=min(n_neighbours, n_papers - 1),
            min_dist=0.0,
            metric="cosine",
            random_state=seed,
            n_jobs=1,
            init="pca",
        ).fit_transform(vectors)
    found = HDBSCAN(min_cluster_size=max(2, settings.min_topic_size), core_dist_n_jobs=1).fit_predict(low)
    n_noise = int((found < 0).sum())
    # Noise counts as clusters of one, which are below every smallest size.
    found = np.where(found < 0, found.max() + 1 + np.arange(n_papers), found)
    how = f"HDBSCAN on a 5-dimensional UMAP, {n_noise} papers of noise given to the nearest topic"
    return _absorb_small(found, vectors, settings.min_topic_size), how


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbered by size, the largest first, ties by first paper."""
    ids, first, inverse, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(ids))
    return rank[inverse]
