"""Small vectors for "more like this": the meaning of each paper in a few bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_N_BYTES, _FEWEST = 6_400_000, 64
_LARGEST = 127


def compact_vectors(vectors: npt.NDArray[np.float32], *, n_bytes: int = _N_BYTES) -> npt.NDArray[np.int8]:
    """Vectors whose inner products are nearly those of the given ones, in at most about `n_bytes`.

    Parameters
    ----------
    vectors : float32 array (n_papers, n_dimensions)
        Rows of length 1.
    n_bytes : int
        As many dimensions are kept as fit, but never fewer than 64.

    Returns
    -------
    int8 array (n_papers, n_kept)
        On one scale, which does not matter to the order of neighbours.

    Notes
    -----
    The directions are those of the singular value decomposition of the
    vectors, not centred: they keep inner products best (Eckart and Young, 1936).
    """
    n_papers, n_dimensions = vectors.shape
    n_kept = min(n_dimensions, max(_FEWEST, n_bytes // max(1, n_papers)))
    wide = vectors.astype(np.float64)
    _, directions = np.linalg.eigh(wide.T @ wide)
    kept = directions[:, ::-1][:, :n_kept]
    # The sign of a direction is of no account; one sign makes the bytes the same.
    kept = kept * np.where(kept[np.abs(kept).argmax(axis=0), np.arange(n_kept)] < 0, -1.0, 1.0)
    turned: npt.NDArray[Any] = wide @ kept
    scale = float(np.abs(turned).max()) if turned.size else 0.0
    return np.round(turned * (_LARGEST / scale if scale else 0.0)).astype(np.int8)
