"""The layout of UMAP [1]_ in steps that all cores take together, with one result however many they are.

UMAP moves both ends of one edge after the other, so under a seed it runs on
one thread. Here every paper moves by itself in each epoch, among the places
that the others had at its beginning: the same pulls along the edges, as often
as their weights ask for, and the same pushes from papers drawn at random,
whose draw depends on seed, epoch and paper alone.

References
----------
.. [1] McInnes, Healy, Melville (2018), arXiv:1802.03426.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from analysis.themes.kernels import scramble
from analysis.themes.threads import count_cores

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

# Papers that push for every edge that pulls, as in UMAP.
_N_PUSHES = 5
# Steps in an epoch. In each step a paper answers to few others, so that together they do not overshoot.
_N_STEPS = 4


def lay_out(
    weights: sp.csr_matrix, start: NDArray[np.float32], *, a: float, b: float, n_epochs: int, seed: int
) -> NDArray[np.float32]:
    """Lay a weighted graph out on a plane.

    Parameters
    ----------
    weights : CSR matrix (n_papers, n_papers), symmetric, in (0, 1]
    start : float32 array (n_papers, 2)
        Places to start from, about 10 wide.
    a, b : float
        Near papers attract by the curve 1 / (1 + a d**(2 b)).
    n_epochs : int
        An edge of the greatest weight pulls once in each of them.
    seed : int

    Returns
    -------
    float32 array (n_papers, 2)
    """
    n_papers, n_steps = len(start), n_epochs * _N_STEPS
    starts, ends = weights.indptr.astype(np.int64), weights.indices.astype(np.int32)
    rates = (weights.data / (weights.data.max() * _N_STEPS)).astype(np.float32)
    turns = _draw_turns(starts, ends, np.uint64(seed))
    n_parts = min(count_cores(), n_papers)
    borders = np.searchsorted(starts, np.linspace(0, starts[-1], n_parts + 1))
    borders[0], borders[-1] = 0, n_papers
    places, moved = start.astype(np.float32), np.empty_like(start, dtype=np.float32)
    curve = (np.float32(a), np.float32(b))
    with ThreadPoolExecutor(n_parts) as pool:
        for step in range(n_steps):
            reach = np.float32(1 - step / n_steps)
            fixed: tuple[Any, ...] = (starts, ends, rates, turns, places, moved, step, reach, *curve, seed)
            for part in [pool.submit(_move, *fixed, *borders[one : one + 2]) for one in range(n_parts)]:
                part.result()
            places, moved = moved, places
    return places


@njit(cache=True, nogil=True)
def _draw_turns(starts: Any, ends: Any, seed: Any) -> Any:
    """When an edge comes first, in [0, 1); the same from both of its ends."""
    turns = np.empty(len(ends), np.float32)
    for paper in range(len(starts) - 1):
        for edge in range(starts[paper], starts[paper + 1]):
            one, other = min(paper, ends[edge]), max(paper, ends[edge])
            drawn = scramble(seed ^ (np.uint64(one) << np.uint64(32)) ^ np.uint64(other))
            turns[edge] = np.float32(drawn >> np.uint64(40)) * np.float32(2.0**-24)
    return turns


@njit(cache=True, nogil=True, fastmath=True)
def _move(
    starts: Any,
    ends: Any,
    rates: Any,
    turns: Any,
    places: Any,
    moved: Any,
    step: int,
    reach: float,
    a: float,
    b: float,
    seed: int,
    first: int,
    last: int,
) -> None:
    n_papers, one, four = np.uint64(len(places)), np.float32(1), np.float32(4)
    for paper in range(first, last):
        x, y = places[paper, 0], places[paper, 1]
        to_x, to_y = np.float32(0), np.float32(0)
        state = scramble(np.uint64(seed) ^ (np.uint64(step) << np.uint64(32)) ^ np.uint64(paper))
        for edge in range(starts[paper], starts[paper + 1]):
            if int((step + 1) * rates[edge] + turns[edge]) == int(step * rates[edge] + turns[edge]):
                continue
            other = ends[edge]
            across, up = x - places[other, 0], y - places[other, 1]
            far = across * across + up * up
            if far > 0:
                near = far**b
                # UMAP comes to an edge from either end and moves both: twice in all.
                pull = np.float32(-2) * a * b * near / (far * (a * near + one))
                to_x += np.float32(2) * min(max(pull * across, -four), four)
                to_y += np.float32(2) * min(max(pull * up, -four), four)
            for _ in range(_N_PUSHES):
                state = scramble(state)
                other = ((state >> np.uint64(32)) * n_papers) >> np.uint64(32)
                across, up = x - places[other, 0], y - places[other, 1]
                far = across * across + up * up
                if far > 0:
                    push = np.float32(2) * b / ((np.float32(0.001) + far) * (a * far**b + one))
                    to_x += min(max(push * across, -four), four)
                    to_y += min(max(push * up, -four), four)
        moved[paper, 0], moved[paper, 1] = x + reach * to_x, y + reach * to_y
