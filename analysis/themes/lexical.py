"""The words of a corpus as a space of their own: TF-IDF, then SVD [1]_.

References
----------
.. [1] Deerwester et al. (1990), Journal of the American Society for Information Science 41(6), 391-407.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import EmbeddingSection

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_COMMON = 0.3


@dataclass(frozen=True)
class LexicalSpace:
    """What is needed to place a text among those that the space was made from.

    Attributes
    ----------
    terms : tuple of n_terms str
    idf : float32 array (n_terms,)
    components : float32 array (n_lexical, n_terms)
    common : tuple of str
        Words of more than three papers in ten: known, but no terms.
    n_least : int
        Papers that a word needs to be known.
    unknown : float
        Share of the words of these texts that the others do not know: what to
        expect of a text of the same kind.
    """

    terms: tuple[str, ...]
    idf: NDArray[np.float32]
    components: NDArray[np.float32]
    common: tuple[str, ...]
    n_least: int
    unknown: float

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts, (n_texts, n_lexical); zeros for a text without a known word."""
        if not len(texts):
            return np.zeros((0, len(self.components)), dtype=np.float32)
        weigh = _make_vectorizer(1, self.terms)
        weigh.idf_ = self.idf
        return make_unit(np.asarray(weigh.transform(texts) @ self.components.T, dtype=np.float32))

    def find_unknown(self, texts: Sequence[str]) -> float:
        """Share of the words of some texts that fewer than `n_least` papers of this space use; NaN without a word."""
        known = {*self.terms, *self.common}
        words = [word for found in _list_words(texts) for word in found]
        return sum(word not in known for word in words) / len(words) if words else float("nan")


def embed_words(
    texts: Sequence[str], settings: EmbeddingSection, seed: int
) -> tuple[NDArray[np.float32], LexicalSpace] | None:
    """TF-IDF + SVD of the words of a corpus.

    Parameters
    ----------
    texts : sequence of n_papers str
    settings : EmbeddingSection
    seed : int
        For the randomized SVD.

    Returns
    -------
    vectors : float32 array (n_papers, n_lexical), rows of length 1
    space : LexicalSpace
        None in the place of both where the texts share too few words.
    """
    from sklearn.decomposition import TruncatedSVD

    n_papers = len(texts)
    least = 2 if n_papers < 500 else 3
    weigh = _make_vectorizer(least)
    try:
        words = weigh.fit_transform(texts)
    except ValueError:  # No word left: all texts are alike, or none shares a word with another.
        return None
    n_dimensions = min(settings.lexical_dimensions, int(0.75 * n_papers), words.shape[1] - 1)
    if n_dimensions < 2:
        return None
    svd = TruncatedSVD(n_dimensions, random_state=seed)
    vectors = make_unit(svd.fit_transform(words).astype(np.float32))
    terms = tuple(str(term) for term in weigh.get_feature_names_out())
    common, unknown = _count_words(texts, terms, least)
    return vectors, LexicalSpace(
        terms, weigh.idf_.astype(np.float32), svd.components_.astype(np.float32), common, least, unknown
    )


def make_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _make_vectorizer(least: int, terms: Sequence[str] | None = None) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        stop_words="english",
        sublinear_tf=True,
        min_df=least,
        max_df=_MOST_COMMON if terms is None else 1.0,
        vocabulary=terms,
        dtype=np.float32,
    )


def _list_words(texts: Sequence[str]) -> list[set[str]]:
    analyze = _make_vectorizer(1).build_analyzer()
    return [set(analyze(text)) for text in texts]


def _count_words(texts: Sequence[str], terms: Sequence[str], least: int) -> tuple[tuple[str, ...], float]:
    """Words too common for a term, and the share of each text's words that fewer than `least` others use."""
    found = _list_words(texts)
    users = Counter(word for words in found for word in words)
    known = set(terms)
    common = tuple(sorted(word for word, count in users.items() if count >= least and word not in known))
    total = sum(users.values())
    # Without the paper itself a word has one user fewer.
    unknown = sum(count for count in users.values() if count - 1 < least) / total if total else 0.0
    return common, unknown
