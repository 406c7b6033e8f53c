"""What "not about it" looks like: how close the papers come to subjects that the corpus hardly holds.

A cosine means nothing by itself: .40 is far for one encoder and near for
another. So every similarity is measured in steps of the spread of the
corpus's similarities to a list of decoys, subjects from all over human
knowledge of which any one corpus holds few, as proteomics judges a match
by matches to decoy sequences [1]_.

References
----------
.. [1] Elias, Gygi (2007), Nature Methods 4, 207-214.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Unrelated:
    """Similarity of papers and subjects that have nothing to do with each other.

    Attributes
    ----------
    centre : float
        Median.
    spread : float
        Median absolute deviation, times 1.4826: the standard deviation if it were normal.
    """

    centre: float
    spread: float

    def count_steps(self, similarity: NDArray[np.floating]) -> NDArray[np.float64]:
        """Similarity in spreads above what is unrelated, the shape of the argument."""
        return np.asarray((similarity - self.centre) / self.spread, dtype=np.float64)


def judge_similarity(
    meaning: NDArray[np.float32], phrases: NDArray[np.float32], described: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Mean of the cosines to the best phrase and to the description, (n_papers,)."""
    return np.asarray(((meaning @ phrases.T).max(axis=1) + meaning @ described) / 2)


def measure_unrelated(meaning: NDArray[np.float32], encode: Callable[[list[str]], NDArray[np.float32]]) -> Unrelated:
    """Measure how close the papers come to the decoys.

    Median and median deviation: the few decoys that a corpus does hold, and
    the papers that mention one in passing, do not move them.

    Parameters
    ----------
    meaning : float32 array (n_papers, n_dimensions), rows of length 1
    encode : callable
        Phrases to vectors of the same space.

    Returns
    -------
    Unrelated
    """
    subjects = read_decoys()
    vectors = iter(encode([text for phrases in subjects for text in (*phrases, ", ".join(phrases))]))
    found = []
    for phrases in subjects:
        own = np.array([next(vectors) for _ in phrases])
        found.append(judge_similarity(meaning, own, next(vectors)))
    return _summarise(np.array(found))


def measure_pairs(meaning: NDArray[np.float32], examples: NDArray[np.int64]) -> Unrelated:
    """Measure how close the papers come to the examples of a theme; most papers have nothing to do with it."""
    return _summarise(meaning @ meaning[examples].T)


@cache
def read_decoys() -> tuple[tuple[str, ...], ...]:
    """Phrases of each decoy subject, from ``words/decoys.txt``."""
    text = (resources.files("analysis.themes") / "words" / "decoys.txt").read_text(encoding="utf-8")
    lines = [line.partition(":")[2] for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(phrase.strip() for phrase in line.split(";")) for line in lines)


def _summarise(similarity: NDArray[np.floating]) -> Unrelated:
    centre = float(np.median(similarity))
    spread = 1.4826 * float(np.median(np.abs(similarity - centre)))
    return Unrelated(centre, max(spread, _LEAST_SPREAD))
