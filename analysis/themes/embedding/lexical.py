"""The words of a corpus as a space of their own: TF-IDF, then SVD [1]_.

References
----------
.. [1] Deerwester et al. (1990), Journal of the American Society for Information Science 41(6), 391-407.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import EmbeddingSection
from analysis.themes.embedding.counting import WordCounts, count_terms, count_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_COMMON = 0.3
# Directions that hold for so many papers hold for more of their kind: the rest of a larger corpus is only mapped.
_MOST_FITTED = 20_000
_AT_ONCE = 20_000


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
        return _map(_weigh(count_terms(texts, self.terms), self.idf), self.components)

    def find_unknown(self, texts: Sequence[str]) -> float:
        """Share of the words of some texts that fewer than `n_least` papers of this space use; NaN without a word."""
        counted = count_words(texts)
        known = {*self.terms, *self.common}
        n_users = counted.n_users
        unknown = sum(int(n) for word, n in zip(counted.words, n_users, strict=True) if word not in known)
        return unknown / int(n_users.sum()) if n_users.sum() else float("nan")


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
    counted = count_words(texts)
    is_term = (counted.n_users >= least) & (counted.n_users <= _MOST_COMMON * n_papers)
    n_dimensions = min(settings.lexical_dimensions, int(0.75 * n_papers), int(is_term.sum()) - 1)
    if n_dimensions < 2:  # All texts are alike, or hardly one shares a word with another.
        return None
    counts = counted.counts[:, np.flatnonzero(is_term)]
    idf = _find_idf(counts)
    svd = TruncatedSVD(n_dimensions, random_state=seed)
    if n_papers <= _MOST_FITTED:
        vectors = make_unit(svd.fit_transform(_weigh(counts, idf)).astype(np.float32))
    else:
        drawn = np.sort(np.random.default_rng(seed).choice(n_papers, _MOST_FITTED, replace=False))
        svd.fit(_weigh(counts[drawn], idf))
        vectors = np.vstack(
            [
                _map(_weigh(counts[start : start + _AT_ONCE], idf), svd.components_.astype(np.float32))
                for start in range(0, n_papers, _AT_ONCE)
            ]
        )
    terms = tuple(word for word, kept in zip(counted.words, is_term.tolist(), strict=True) if kept)
    return vectors, LexicalSpace(terms, idf, svd.components_.astype(np.float32), *_describe(counted, is_term, least))


def make_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _find_idf(counts: Any) -> NDArray[np.float32]:
    from sklearn.feature_extraction.text import TfidfTransformer

    return np.asarray(TfidfTransformer().fit(counts).idf_, dtype=np.float32)


def _weigh(counts: Any, idf: NDArray[np.float32]) -> Any:
    """TF-IDF of counts: CSR float32 matrix with rows of length 1."""
    from sklearn.feature_extraction.text import TfidfTransformer

    weigh = TfidfTransformer(sublinear_tf=True)
    weigh.idf_ = idf
    return weigh.transform(counts, copy=True)


def _map(words: Any, components: NDArray[np.float32]) -> NDArray[np.float32]:
    return make_unit(np.asarray(words @ np.ascontiguousarray(components.T), dtype=np.float32))


def _describe(counted: WordCounts, is_term: NDArray[np.bool_], least: int) -> tuple[tuple[str, ...], int, float]:
    """Words too common for a term, `least`, and the share of each text's words that fewer than that many others use."""
    n_users = counted.n_users
    is_common = (n_users >= least) & ~is_term
    common = tuple(word for word, kept in zip(counted.words, is_common.tolist(), strict=True) if kept)
    total = int(n_users.sum())
    # Without the paper itself a word has one user fewer.
    unknown = int(n_users[n_users - 1 < least].sum()) / total if total else 0.0
    return common, least, unknown
