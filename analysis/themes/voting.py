"""What the neighbours of a paper say of it: its topic, and where it lies on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_STEPS = 30


def vote(weights: sp.csr_matrix, labels: NDArray[np.int64], n_labels: int) -> NDArray[np.float64]:
    """Share of each paper's neighbours that bear each label, (n_papers, n_labels); a label below 0 counts for none."""
    n_papers = weights.shape[0]
    row = np.repeat(np.arange(n_papers), np.diff(weights.indptr))
    borne = labels[weights.indices]
    own = weights.data.astype(np.float64)
    totals = np.bincount(row, weights=own, minlength=n_papers)
    known = borne >= 0
    shares = np.bincount(row[known] * n_labels + borne[known], weights=own[known], minlength=n_papers * n_labels)
    return shares.reshape(n_papers, n_labels) / np.maximum(totals, 1e-12)[:, None]


def find_topics(
    weights: sp.csr_matrix, topics: NDArray[np.int64], n_topics: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Topic of each paper, the one that most of the weight of its neighbours lies in, and that share, in [0, 1]."""
    shares = vote(weights, topics, n_topics)
    # Rounded: equal shares go to the larger topic, whatever the last bits are.
    topic = shares.round(9).argmax(axis=1)
    return topic, np.clip(shares[np.arange(len(topic)), topic], 0.0, 1.0)


def find_places(weights: sp.csr_matrix, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted geometric median of the places of each paper's neighbours [1]_.

    A mean would put a paper between two groups where none is.

    References
    ----------
    .. [1] Weiszfeld (1937), Tohoku Mathematical Journal 43, 355-386.
    """
    n_papers = weights.shape[0]
    if n_papers == 0:
        return np.zeros((0, 2))
    # Every paper has a neighbour: the nearest one weighs 1.
    starts, row = weights.indptr[:-1], np.repeat(np.arange(n_papers), np.diff(weights.indptr))
    x, y = places[weights.indices].T.copy()
    own = weights.data.astype(np.float64)
    middle = _average(x, y, own, starts)
    for _ in range(_STEPS):
        away = np.sqrt((x - middle[0][row]) ** 2 + (y - middle[1][row]) ** 2)
        middle = _average(x, y, own / np.maximum(away, 1e-3), starts)
    return np.column_stack(middle)


def _average(
    x: NDArray[np.float64], y: NDArray[np.float64], pull: NDArray[np.float64], starts: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    total = np.maximum(np.add.reduceat(pull, starts), 1e-12)
    return np.add.reduceat(pull * x, starts) / total, np.add.reduceat(pull * y, starts) / total
