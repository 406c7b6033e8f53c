"""Words and pairs of words, counted and weighed over whole arrays: TF-IDF [1]_ as scikit-learn defines it.

References
----------
.. [1] Manning, Raghavan, Schuetze (2008), Introduction to Information Retrieval, chapter 6.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.themes.tokens import END, Numbers, Split, Splitter, Tokens

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_TERM = re.compile(r"\b\w\w+\b")
# Stands for all words that are in no term; no term holds it.
_OTHER = "?"


def split_terms(text: str) -> list[str]:
    """Words of two letters or more in lower case, stop words left out.

    Examples
    --------
    >>> split_terms("The GPT-4 of a robot")
    ['gpt', 'robot']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return [word for word in _TERM.findall(text.lower()) if word not in ENGLISH_STOP_WORDS]


def count_terms(
    tokens: Tokens, *, pairs: bool = False, at_least: int = 1, at_most: float = 1.0
) -> tuple[sp.csr_matrix, tuple[str, ...]]:
    """How often each text holds each word, or pair of words that follow each other, and what these are, sorted.

    Rows keep the order in which the corpus brings its words: sums over a row
    come out the same to the last bit as those of scikit-learn's vectorizers.
    """
    import pandas as pd
    import scipy.sparse as sp

    n_papers = len(tokens.ends)
    codes, sizes = _list_codes(tokens, pairs=pairs)
    column, distinct = pd.factorize(codes)
    ends = np.r_[0, np.cumsum(sizes)]
    shape = (n_papers, len(distinct))
    counts = sp.csr_matrix((np.ones(len(column), dtype=np.float32), column.astype(np.int32), ends), shape=shape)
    counts.sum_duplicates()
    n_with = np.bincount(counts.indices, minlength=len(distinct))
    kept = np.flatnonzero((n_with >= at_least) & (n_with <= (at_most if n_papers > 2 else 1.0) * n_papers))
    counts, distinct = counts[:, kept], distinct[kept]
    first, second = np.divmod(distinct, len(tokens.names))
    # Sorted as strings: a blank comes before all that a word holds, and a single word before its pairs.
    rank = np.empty(len(tokens.names), dtype=np.int64)
    rank[sorted(range(len(rank)), key=tokens.names.__getitem__)] = np.arange(len(rank))
    order = np.lexsort((rank[second], rank[first]))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    counts = sp.csr_matrix((counts.data, place[counts.indices], counts.indptr), shape=counts.shape)
    names = tokens.names
    ordered = zip(first[order].tolist(), second[order].tolist(), strict=True)
    return counts, tuple(f"{names[one]} {names[other]}" if other else names[one] for one, other in ordered)


def _list_codes(tokens: Tokens, *, pairs: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words of each text, then its pairs of words, as numbers; and how many each text has of both.

    A code is the number of the first word times that of all names, plus the number of the second word, 0 for none.
    """
    n_names, rows = len(tokens.names), tokens.list_rows()
    at = np.flatnonzero(tokens.numbers)
    single = tokens.numbers[at].astype(np.int64) * n_names
    if not pairs:
        return single, np.bincount(rows[at], minlength=len(tokens.ends))
    # Each text ends with 0, so no pair reaches over its end.
    follows = tokens.numbers[at + 1] > 0
    paired = single[follows] + tokens.numbers[at[follows] + 1]
    n_single, n_paired = (np.bincount(some, minlength=len(tokens.ends)) for some in (rows[at], rows[at[follows]]))
    sizes = n_single + n_paired
    codes = np.empty(len(single) + len(paired), dtype=np.int64)
    is_single = np.repeat(np.tile([True, False], len(sizes)), np.c_[n_single, n_paired].ravel())
    codes[is_single], codes[~is_single] = single, paired
    return codes, sizes


def find_idf(counts: sp.csr_matrix) -> NDArray[np.float32]:
    """How rare each term is: logarithm of all texts over those that hold it, each and one more, plus 1."""
    n_with = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float32)
    return np.asarray(np.log(np.float32(counts.shape[0] + 1) / (n_with + 1)) + 1, dtype=np.float32)


@dataclass(frozen=True)
class Weigher:
    """TF-IDF of words and pairs of words, rows of length 1; how often a text holds a word counts by its logarithm.

    Attributes
    ----------
    terms : tuple of n_terms str, sorted
    idf : float32 array (n_terms,)
    """

    terms: tuple[str, ...]
    idf: NDArray[np.float32]

    def weigh(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Weights of the terms in some texts, CSR (n_texts, n_terms) of float32."""
        return self.weigh_tokens(Splitter(make_split(self.terms)).read(texts)[0])

    def weigh_tokens(self, found: Tokens) -> sp.csr_matrix:
        """As `weigh`, of texts that are split already."""
        words, known, columns = encode_terms(self.terms)
        number = np.array([words.get(name, len(words) - 1) for name in found.names], dtype=np.int32)
        codes, sizes = _list_codes(Tokens(number[found.numbers], found.ends, list(words)), pairs=True)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        place = np.searchsorted(known, codes)
        hit = known[place] == codes
        return self.weigh_counts(sum_pairs(rows[hit], columns[place[hit]], (len(sizes), len(self.terms))))

    def weigh_counts(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Weights of the terms, given how often each text holds them."""
        import scipy.sparse as sp
        from sklearn.preprocessing import normalize

        if not counts.nnz:
            return counts
        weights = (np.log(counts.data) + 1) * self.idf[counts.indices]
        return sp.csr_matrix(normalize(sp.csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape)))


def make_split(terms: tuple[str, ...]) -> Split:
    """What splits a text into words, those in no term all by one name."""
    words = encode_terms(terms).words
    return lambda text: [word if word in words else _OTHER for word in split_terms(text)]


class TermCodes(NamedTuple):
    """Terms by number: of the words (0 is none, the last all that are in no term), and codes, sorted, with columns."""

    words: Numbers
    codes: NDArray[np.int64]
    columns: NDArray[np.int64]


@lru_cache(maxsize=2)
def encode_terms(terms: tuple[str, ...]) -> TermCodes:
    """Number the words of terms, kept for the batches of texts to come."""
    words = Numbers({END: 0})
    split = [[words[word] for word in term.split(" ")] for term in terms]
    words[_OTHER]  # numbered last
    codes = np.array([part[0] * len(words) + (part[1] if len(part) > 1 else 0) for part in split], dtype=np.int64)
    order = np.argsort(codes)
    # A code that no text gives stands at the end, so that every search ends at one.
    return TermCodes(words, np.r_[codes[order], 2**62], np.r_[order, -1])


def sum_pairs(rows: NDArray[np.integer], columns: NDArray[np.integer], shape: tuple[int, int]) -> sp.csr_matrix:
    """How often each pair of a row and a column stands there, CSR of float32."""
    import scipy.sparse as sp

    counts = sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    return counts
