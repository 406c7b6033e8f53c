"""The words of a corpus, counted once: how well a paper's words match those of a phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.grammar import make_key
from analysis.themes.tokens import Reader, Splitter
from analysis.themes.weighing import Weigher, count_terms, find_idf, make_split, split_terms, sum_pairs

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_STEMMED = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class WordIndex:
    """Words of every paper.

    Attributes
    ----------
    weights : CSR matrix (n_papers, n_terms)
        TF-IDF of words and pairs of words, rows of length 1.
    stems : CSR matrix (n_papers, n_stems)
        1 where a paper has a word of that stem.
    weigh : Weigher or None
        What gave the weights; None where no text holds a word.
    columns : dict of str to int
        Column of each stem.
    rarity : float64 array (n_stems,)
        Logarithm of all papers over those that have the stem.
    rarest : float
        Rarity of a stem that no paper has.
    """

    weights: sp.csr_matrix
    stems: sp.csr_matrix
    weigh: Weigher | None
    columns: dict[str, int]
    rarity: NDArray[np.float64]
    rarest: float

    def take(self, rows: NDArray[np.int64]) -> WordIndex:
        """The same for some of the papers; rarity stays that of the whole corpus."""
        return WordIndex(self.weights[rows], self.stems[rows], self.weigh, self.columns, self.rarity, self.rarest)

    def match(self, text: str) -> NDArray[np.float64]:
        """TF-IDF cosine of every paper with a text, (n_papers,) in [0, 1]."""
        if self.weigh is None:
            return np.zeros(self.weights.shape[0])
        return np.asarray((self.weights @ self.weigh.weigh([text]).T).todense(), dtype=np.float64).ravel()

    def cover(self, phrases: Sequence[str]) -> NDArray[np.float64]:
        """Share of each phrase's words that a paper has, the rarer counting more, (n_papers, n_phrases) in [0, 1]."""
        covered = np.zeros((self.stems.shape[0], len(phrases)))
        known = self.columns
        for column, phrase in enumerate(phrases):
            wanted = list(dict.fromkeys(list_stems(phrase)))
            weight = {stem: self.rarity[known[stem]] if stem in known else self.rarest for stem in wanted}
            here = [known[stem] for stem in wanted if stem in known]
            total = sum(weight.values())
            if here and total > 0:
                covered[:, column] = self.stems[:, here] @ self.rarity[here] / total
        return np.clip(covered, 0.0, 1.0)

    def contrast(self, best: NDArray[np.int64], rest: NDArray[np.int64]) -> NDArray[np.floating]:
        """How much more each word is one of the papers `best` than of `rest` [1]_, (n_terms,).

        References
        ----------
        .. [1] Rocchio (1971), Relevance feedback in information retrieval.
        """
        return np.asarray(self.weights[best].mean(axis=0) - self.weights[rest].mean(axis=0)).ravel()

    def weigh_words(self, telling: NDArray[np.floating]) -> NDArray[np.float64]:
        """Sum over the words of each paper, each counting as `telling` says (see `contrast`), (n_papers,)."""
        return np.asarray(self.weights @ telling, dtype=np.float64)


def index_words(texts: Sequence[str]) -> WordIndex:
    """Count the words of a corpus.

    Parameters
    ----------
    texts : sequence of n_papers str

    Returns
    -------
    WordIndex
    """
    n_papers = len(texts)
    of_terms, of_stems = Splitter(split_terms, list_stems).read(texts)
    counts, terms = count_terms(of_terms, pairs=True, at_least=1 if n_papers < 500 else 3, at_most=0.6)
    stems, known = count_terms(of_stems)
    stems.data[:] = 1
    n_with = np.asarray(stems.sum(axis=0), dtype=np.float64).ravel()
    weigh = Weigher(terms, find_idf(counts)) if terms else None
    return WordIndex(
        weights=counts if weigh is None else weigh.weigh_counts(counts),
        stems=stems,
        weigh=weigh,
        columns={stem: column for column, stem in enumerate(known)},
        # Of one paper every word would be in all papers and weigh nothing.
        rarity=np.log((n_papers + 1) / n_with),
        rarest=float(np.log(n_papers + 1)),
    )


@dataclass(frozen=True)
class Vocabulary:
    """What is needed to count the words of other texts as those of a corpus were counted.

    Attributes
    ----------
    terms : tuple of n_terms str
        Words and pairs of words, by their column; none where no text held a word.
    idf : float32 array (n_terms,)
    rarity : dict of str to float
        Of the stems of the phrases that are looked for.
    rarest : float
        Of a stem that no paper has.
    """

    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    rarity: dict[str, float]
    rarest: float

    def index(self, texts: Sequence[str]) -> WordIndex:
        """Count the words of texts that had no part in the corpus."""
        of_terms, found = _make_reader(self.terms, tuple(self.rarity)).read(texts)
        weigh = Weigher(self.terms, self.idf)
        columns = {stem: column for column, stem in enumerate(self.rarity)}
        column = np.array([columns.get(name, -1) for name in found.names])[found.numbers]
        stems = sum_pairs(found.list_rows()[column >= 0], column[column >= 0], (len(texts), len(columns)))
        stems.data[:] = 1
        rarity = np.array(list(self.rarity.values()), dtype=np.float64)
        return WordIndex(weigh.weigh_tokens(of_terms), stems, weigh, columns, rarity, self.rarest)


@lru_cache(maxsize=2)
def _make_reader(terms: tuple[str, ...], stems: tuple[str, ...]) -> Reader:
    """What splits texts into known terms and stems, kept for the batches to come."""
    known = frozenset(stems)
    return Reader(make_split(terms), lambda piece: [stem for stem in list_stems(piece) if stem in known])


def keep_vocabulary(words: WordIndex, phrases: Sequence[str]) -> Vocabulary:
    """What of the words of a corpus later texts are counted by; of the stems those of `phrases`."""
    stems = sorted({stem for phrase in phrases for stem in list_stems(phrase)} & words.columns.keys())
    terms = () if words.weigh is None else tuple(words.weigh.terms)
    idf = np.zeros(0, np.float32) if words.weigh is None else words.weigh.idf
    return Vocabulary(terms, idf, {stem: float(words.rarity[words.columns[stem]]) for stem in stems}, words.rarest)


def list_stems(text: str) -> list[str]:
    """Beginnings of the words of a text, stop words left out.

    Examples
    --------
    >>> list_stems("Robotic grasping of the robots"), list_stems("3D")
    (['robot', 'graspi', 'robot'], ['3d'])
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    words = [word for word in _STEMMED.findall(text.lower()) if word not in ENGLISH_STOP_WORDS]
    return [_shorten(make_key(word)) for word in words if len(word) > 1]


def _shorten(word: str) -> str:
    return word[: 6 if len(word) > 7 else 5]
