"""Words of texts, counted once: what TF-IDF and the share of unknown words stand on."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

# Two letters or digits at least, as in scikit-learn's vectorizers.
_WORD = re.compile(r"\w\w+")
_AT_ONCE = 20_000


@dataclass(frozen=True)
class WordCounts:
    """How often each text has each word.

    Attributes
    ----------
    words : list of n_words str
        In the order of their characters; words of grammar are left out.
    counts : CSR float32 matrix (n_texts, n_words)
        Without repeats; within a row in the order in which the words first came.
    """

    words: list[str]
    counts: sp.csr_matrix

    @property
    def n_users(self) -> NDArray[np.int64]:
        """Texts that have each word, (n_words,)."""
        return np.bincount(self.counts.indices, minlength=len(self.words))


def count_words(texts: Sequence[str]) -> WordCounts:
    """Count the words of texts, in lower case and without those of grammar."""
    import scipy.sparse as sp

    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    # The words of grammar come first, and so leave by their number.
    grammar = _list_grammar()
    for word in grammar:
        numbers[word]
    parts = [
        _count_part(texts[start : start + _AT_ONCE], numbers, len(grammar)) for start in range(0, len(texts), _AT_ONCE)
    ]
    words = list(numbers)[len(grammar) :]
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), dtype=np.int32)
    place[order] = np.arange(len(words), dtype=np.int32)
    sizes = np.concatenate([[0], *(size for _, _, size in parts)])
    indices = place[np.concatenate([np.zeros(0, np.int32), *(column for column, _, _ in parts)])]
    data = np.concatenate([np.zeros(0, np.float32), *(count for _, count, _ in parts)])
    counts = sp.csr_matrix((data, indices, np.cumsum(sizes)), shape=(len(texts), len(words)))
    return WordCounts([words[one] for one in order], counts)


def _count_part(
    texts: Sequence[str], numbers: defaultdict[str, int], n_grammar: int
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """Columns, counts, and how many columns each text has."""
    import scipy.sparse as sp

    found, ends = array("i"), array("q", [0])
    find, number = _WORD.findall, numbers.__getitem__
    for text in texts:
        found.extend(map(number, find(text.lower())))
        ends.append(len(found))
    columns = np.frombuffer(found, dtype=np.int32)
    is_kept = columns >= n_grammar
    before = np.concatenate([[0], np.cumsum(is_kept)])
    columns = columns[is_kept] - np.int32(n_grammar)
    counted = sp.csr_matrix(
        (np.ones(len(columns), np.float32), columns, before[np.frombuffer(ends, dtype=np.int64)]),
        shape=(len(texts), max(1, len(numbers) - n_grammar)),
    )
    counted.sum_duplicates()
    return counted.indices, counted.data, np.diff(counted.indptr).astype(np.int64)


@cache
def _list_grammar() -> tuple[str, ...]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return tuple(sorted(ENGLISH_STOP_WORDS))


def count_terms(texts: Sequence[str], terms: Sequence[str]) -> sp.csr_matrix:
    """How often each text has each of some words, CSR float32 matrix (n_texts, n_terms)."""
    import scipy.sparse as sp

    numbers = _Known(zip(terms, range(len(terms)), strict=True))
    found, ends = array("i"), array("q", [0])
    find, number = _WORD.findall, numbers.__getitem__
    for text in texts:
        found.extend(map(number, find(text.lower())))
        ends.append(len(found))
    columns = np.frombuffer(found, dtype=np.int32)
    before = np.concatenate([[0], np.cumsum(columns >= 0)])
    columns = columns[columns >= 0]
    ones = np.ones(len(columns), np.float32)
    places = before[np.frombuffer(ends, dtype=np.int64)]
    counted = sp.csr_matrix((ones, columns, places), shape=(len(texts), len(terms)))
    counted.sum_duplicates()
    return counted


class _Known(dict[str, int]):
    """Numbers of words; -1 for all others, which are not remembered."""

    def __missing__(self, word: str) -> int:
        return -1
