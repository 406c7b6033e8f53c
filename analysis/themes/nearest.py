"""The nearest papers of each paper by cosine: every pair is compared once, on all cores."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.threads import map_side_by_side, steer_numba

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_UP_TO = 60_000
# Papers compared with papers at a time: 16 MB of cosines in each thread.
_BLOCK = 2_000


@dataclass(frozen=True)
class Nearest:
    """The nearest papers of each paper, the nearest first.

    Attributes
    ----------
    indices : int32 array (n_papers, k)
        The paper itself first; of papers equally near the one of the lower row.
    distances : float32 array (n_papers, k)
        1 - cosine, in [0, 2].
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]

    def take(self, k: int) -> Nearest:
        """The first `k` alone."""
        return Nearest(np.ascontiguousarray(self.indices[:, :k]), np.ascontiguousarray(self.distances[:, :k]))


def find_nearest(vectors: NDArray[np.float32], k: int, *, seed: int = 42) -> Nearest:
    """Search the `k` nearest papers of each paper, itself counted.

    Parameters
    ----------
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    k : int
        In [1, n_papers].
    seed : int
        For the approximate search above `EXACT_UP_TO` papers.

    Returns
    -------
    Nearest
        The same whatever the number of threads.
    """
    n_papers = len(vectors)
    if n_papers > EXACT_UP_TO:
        steer_numba()
        from pynndescent import NNDescent

        found, far = NNDescent(
            vectors, metric="cosine", n_neighbors=k, random_state=seed, compressed=False
        ).neighbor_graph
        return Nearest(found.astype(np.int32), far.astype(np.float32))
    from analysis.themes.kernels import keep_nearest

    indices = np.full((n_papers, k), n_papers, dtype=np.int32)
    cosines = np.full((n_papers, k), -4.0, dtype=np.float32)
    blocks = [slice(start, min(start + _BLOCK, n_papers)) for start in range(0, n_papers, _BLOCK)]
    locks = [threading.Lock() for _ in blocks]

    def compare(pair: tuple[int, int]) -> None:
        one, other = (blocks[place] for place in pair)
        found = vectors[one] @ vectors[other].T
        # Which comes first does not matter: the order of the neighbours is complete, equal ones by their row.
        with locks[pair[0]]:
            keep_nearest(found, one.start, other.start, indices, cosines)
        if pair[0] != pair[1]:
            with locks[pair[1]]:
                keep_nearest(found.T, other.start, one.start, indices, cosines)

    map_side_by_side(compare, [(one, other) for one in range(len(blocks)) for other in range(one, len(blocks))])
    return Nearest(indices, _measure(cosines))


def draw_nearest(nearest: Nearest, vectors: NDArray[np.float32], rows: NDArray[np.int64], k: int) -> Nearest:
    """The `k` nearest papers of some papers among themselves, read off what is known of all.

    Parameters
    ----------
    nearest : Nearest
        Of all papers, and wider than `k`, so that enough of them are drawn.
    vectors : float32 array (n_papers, n_dimensions), rows of length 1
    rows : int64 array (n_drawn,), rising
    k : int
        In [1, n_drawn].

    Returns
    -------
    Nearest
        As `find_nearest` gives for the drawn papers: where too few of a
        paper's nearest are drawn, its own are searched.
    """
    place = np.full(len(vectors), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    found = place[nearest.indices[rows]]
    first = np.argsort(found < 0, axis=1, kind="stable")[:, :k]
    indices = np.take_along_axis(found, first, 1)
    distances = np.take_along_axis(nearest.distances[rows], first, 1)
    short = np.flatnonzero(indices[:, -1] < 0) if first.shape[1] == k else np.arange(len(rows))
    if not len(short):
        return Nearest(indices, distances)
    if first.shape[1] < k:
        indices, distances = np.zeros((len(rows), k), np.int32), np.zeros((len(rows), k), np.float32)
    from analysis.themes.kernels import ITSELF, keep_nearest

    drawn = vectors[rows]
    for part in np.array_split(short, -(-len(short) // _BLOCK)):
        own = np.full((len(part), k), len(rows), dtype=np.int32)
        cosines = np.full((len(part), k), -4.0, dtype=np.float32)
        compared = drawn[part] @ drawn.T
        compared[np.arange(len(part)), part] = ITSELF
        keep_nearest(compared, -1, 0, own, cosines)
        indices[part], distances[part] = own, _measure(cosines)
    return Nearest(indices, distances)


def _measure(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.clip(1 - cosines, 0, 2), dtype=np.float32)
