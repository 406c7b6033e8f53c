"""The map: papers on a plane, near ones near."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.neighbours import NeighbourGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

UMAP_FROM = 10
# From so many papers on all cores take part, by steps of our own.
SHARED_FROM = 2_000
_WIDTH = 10


def project(
    vectors: NDArray[np.float32], graph: NeighbourGraph, *, min_dist: float = 0.1, seed: int = 42
) -> tuple[NDArray[np.float64], str]:
    """Lay the papers out in two dimensions.

    Parameters
    ----------
    vectors : float32 array (n_papers, n_dimensions)
    graph : NeighbourGraph
        Its weights are laid out by UMAP; nothing is searched again.
    min_dist : float in [0, 1]
        How close UMAP packs near papers.
    seed : int

    Returns
    -------
    places : float64 array (n_papers, 2)
        No unit; only nearness means something, and of far distances little.
    rung : str
        Which way was taken, as a sentence.
    """
    n_papers = len(vectors)
    if n_papers < UMAP_FROM or np.ptp(vectors, axis=0).max() < 1e-6:
        why = f"{n_papers} papers are too few or too alike for UMAP"
        return _lay_out_few(vectors), f"Map: principal components ({why})."
    if n_papers >= SHARED_FROM:
        places = _lay_out_many(vectors, graph, min_dist, seed)
        return places.astype(np.float64), "Map: the layout of UMAP on the shared neighbour graph, all cores, seeded."
    places = _lay_out_by_umap(vectors, graph, min_dist, seed)
    return places.astype(np.float64), "Map: UMAP on the shared neighbour graph, one thread, seeded."


def _lay_out_many(
    vectors: NDArray[np.float32], graph: NeighbourGraph, min_dist: float, seed: int
) -> NDArray[np.float32]:
    from sklearn.decomposition import PCA
    from umap.umap_ import find_ab_params

    from analysis.themes.layout import lay_out

    a, b = find_ab_params(1.0, min_dist)
    start = PCA(2, random_state=seed).fit_transform(vectors)
    start = _WIDTH * (start - start.min(axis=0)) / np.maximum(np.ptp(start, axis=0), 1e-12)
    # Papers in one place would stay there: nothing pushes them apart.
    start += np.random.default_rng(seed).normal(scale=1e-4, size=start.shape)
    # Measured: recall of neighbours, trustworthiness and labels as after 500 and 200 epochs of UMAP.
    n_epochs = 300 if len(vectors) <= 10_000 else 150
    return lay_out(graph.weights, start.astype(np.float32), a=a, b=b, n_epochs=n_epochs, seed=seed)


def _lay_out_by_umap(
    vectors: NDArray[np.float32], graph: NeighbourGraph, min_dist: float, seed: int
) -> NDArray[np.float32]:
    from umap import layouts
    from umap.umap_ import find_ab_params, simplicial_set_embedding

    # Compiling it takes a second, in every process anew unless numba keeps the result.
    with contextlib.suppress(RuntimeError, AttributeError):
        layouts._nb_optimize_layout_euclidean_single_epoch.enable_caching()
    a, b = find_ab_params(1.0, min_dist)
    places, _ = simplicial_set_embedding(
        data=vectors,
        graph=graph.weights.tocoo(),
        n_components=2,
        initial_alpha=1.0,
        a=a,
        b=b,
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=500,
        init="pca",
        random_state=np.random.RandomState(seed),
        metric="cosine",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=False,
    )
    return np.asarray(places, dtype=np.float32)


def _lay_out_few(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    left, scale, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(vectors), 2))
    n_axes = min(2, len(scale))
    places[:, :n_axes] = left[:, :n_axes] * scale[:n_axes]
    # The sign of a component is arbitrary: fix it, so that every machine draws the same map.
    for axis in range(n_axes):
        if places[np.abs(places[:, axis]).argmax(), axis] < 0:
            places[:, axis] *= -1
    return places.round(9) + 0.0
