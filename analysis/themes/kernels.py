"""Loops compiled on first use and kept on disk; they run without the interpreter's lock."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64

# Above every cosine: a paper itself comes first, even among equal texts.
ITSELF = np.float32(2.0)


@njit(cache=True, nogil=True)
def scramble(state: Any) -> Any:
    """The next of a row of 64 random bits (splitmix64 [1]_); each is the state of the next.

    References
    ----------
    .. [1] Steele, Lea, Flood (2014), OOPSLA, 453-472.
    """
    state = uint64(state) + uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> uint64(27))) * uint64(0x94D049BB133111EB)
    return state ^ (state >> uint64(31))


@njit(cache=True, nogil=True)
def keep_nearest(found: Any, first_row: int, first_column: int, indices: Any, cosines: Any) -> None:
    """Let each row keep its best columns; `first_row` below 0: rows are not papers of the same numbering.

    Rounding puts equal texts in an order of their own; 6 digits keep the row order.
    """
    digits = np.float32(1e6)
    k = indices.shape[1]
    shift = max(first_row, 0)
    for row in range(found.shape[0]):
        kept, near = indices[row + shift], cosines[row + shift]
        least = near[k - 1] - np.float32(2e-6)
        for column in range(found.shape[1]):
            raw = found[row, column]
            paper = first_column + column
            if first_row >= 0 and paper == first_row + row:
                raw = ITSELF
            if raw < least:
                continue
            cosine = np.rint(raw * digits) / digits
            place = k - 1
            if cosine < near[place] or (cosine == near[place] and paper > kept[place]):
                continue
            while place > 0 and (cosine > near[place - 1] or (cosine == near[place - 1] and paper < kept[place - 1])):
                near[place], kept[place] = near[place - 1], kept[place - 1]
                place -= 1
            near[place], kept[place] = cosine, paper
            least = near[k - 1] - np.float32(2e-6)
