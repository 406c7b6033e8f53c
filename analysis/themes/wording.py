"""The words of a corpus, counted once: how well a paper's words match those of a phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.phrases import make_key

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class WordIndex:
    """Words of every paper.

    Attributes
    ----------
    weights : CSR matrix (n_papers, n_terms)
        TF-IDF of words and pairs of words, rows of length 1.
    stems : CSR matrix (n_papers, n_stems)
        1 where a paper has a word of that stem.
    weigh, count : vectorizers behind the two; None where no text holds a word
    rarity : float64 array (n_stems,)
        Logarithm of all papers over those that have the stem.
    rarest : float
        Rarity of a stem that no paper has.
    """

    weights: sp.csr_matrix
    stems: sp.csr_matrix
    weigh: Any
    count: Any
    rarity: NDArray[np.float64]
    rarest: float

    def take(self, rows: NDArray[np.int64]) -> WordIndex:
        """The same for some of the papers; rarity stays that of the whole corpus."""
        return WordIndex(self.weights[rows], self.stems[rows], self.weigh, self.count, self.rarity, self.rarest)

    def match(self, text: str) -> NDArray[np.float64]:
        """TF-IDF cosine of every paper with a text, (n_papers,) in [0, 1]."""
        if self.weigh is None:
            return np.zeros(self.weights.shape[0])
        return np.asarray((self.weights @ self.weigh.transform([text]).T).todense(), dtype=np.float64).ravel()

    def cover(self, phrases: Sequence[str]) -> NDArray[np.float64]:
        """Share of each phrase's words that a paper has, the rarer counting more, (n_papers, n_phrases) in [0, 1]."""
        covered = np.zeros((self.stems.shape[0], len(phrases)))
        known = {} if self.count is None else self.count.vocabulary_
        for column, phrase in enumerate(phrases):
            wanted = list(dict.fromkeys(list_stems(phrase)))
            weight = {stem: self.rarity[known[stem]] if stem in known else self.rarest for stem in wanted}
            here = [known[stem] for stem in wanted if stem in known]
            total = sum(weight.values())
            if here and total > 0:
                covered[:, column] = self.stems[:, here] @ self.rarity[here] / total
        return np.clip(covered, 0.0, 1.0)

    def contrast(self, best: NDArray[np.int64], rest: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much more the words of each paper are those of the papers `best` than of `rest` [1]_, (n_papers,).

        References
        ----------
        .. [1] Rocchio (1971), Relevance feedback in information retrieval.
        """
        telling = np.asarray(self.weights[best].mean(axis=0) - self.weights[rest].mean(axis=0)).ravel()
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
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    n_papers = len(texts)
    weigh = TfidfVectorizer(
        stop_words="english",
        sublinear_tf=True,
        ngram_range=(1, 2),
        max_df=0.6 if n_papers > 2 else 1.0,
        min_df=1 if n_papers < 500 else 3,
        dtype=np.float32,
    )
    count = CountVectorizer(analyzer=list_stems, binary=True, dtype=np.float32)
    rarest = float(np.log(n_papers + 1))
    none = sp.csr_matrix((n_papers, 0), dtype=np.float32)
    try:
        weights = weigh.fit_transform(texts)
    except ValueError:  # No word is left: the texts are empty, or all alike.
        weights, weigh = none, None
    try:
        stems = sp.csr_matrix(count.fit_transform(texts))
    except ValueError:
        return WordIndex(weights, none, weigh, None, np.zeros(0), rarest)
    n_with = np.asarray(stems.sum(axis=0), dtype=np.float64).ravel()
    # Of one paper every word would be in all papers and weigh nothing.
    return WordIndex(weights, stems, weigh, count, np.log((n_papers + 1) / n_with), rarest)


def list_stems(text: str) -> list[str]:
    """Beginnings of the words of a text, stop words left out.

    Examples
    --------
    >>> list_stems("Robotic grasping of the robots"), list_stems("3D")
    (['robot', 'graspi', 'robot'], ['3d'])
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    words = [word for word in _WORD.findall(text.lower()) if word not in ENGLISH_STOP_WORDS]
    return [_shorten(make_key(word)) for word in words if len(word) > 1]


def _shorten(word: str) -> str:
    return word[: 6 if len(word) > 7 else 5]
