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
_COUNTING: dict[str, Any] = {"stop_words": "english", "sublinear_tf": True, "ngram_range": (1, 2)}


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
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    n_papers = len(texts)
    weigh = TfidfVectorizer(
        **_COUNTING,
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
        import scipy.sparse as sp
        from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

        weights = sp.csr_matrix((len(texts), len(self.terms)), dtype=np.float32)
        stems = sp.csr_matrix((len(texts), 0), dtype=np.float32)
        weigh = count = None
        if self.terms and len(texts):
            weigh = TfidfVectorizer(**_COUNTING, vocabulary=self.terms, dtype=np.float32)
            weigh.idf_ = self.idf
            weights = weigh.transform(texts)
        if self.rarity and len(texts):
            count = CountVectorizer(analyzer=list_stems, binary=True, vocabulary=list(self.rarity), dtype=np.float32)
            stems = sp.csr_matrix(count.transform(texts))
        return WordIndex(weights, stems, weigh, count, np.array(list(self.rarity.values())), self.rarest)


def keep_vocabulary(words: WordIndex, phrases: Sequence[str]) -> Vocabulary:
    """What of the words of a corpus later texts are counted by; of the stems those of `phrases`."""
    known = {} if words.count is None else words.count.vocabulary_
    stems = sorted({stem for phrase in phrases for stem in list_stems(phrase)} & known.keys())
    terms = () if words.weigh is None else tuple(str(term) for term in words.weigh.get_feature_names_out())
    idf = np.zeros(0, np.float32) if words.weigh is None else words.weigh.idf_.astype(np.float32)
    return Vocabulary(terms, idf, {stem: float(words.rarity[known[stem]]) for stem in stems}, words.rarest)


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
