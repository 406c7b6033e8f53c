"""Named themes: how well each paper fits the phrases of a theme that the study asks for.

Weak supervision in three steps. Phrases are compared with every paper by
meaning and by words; the papers that rank highest on both train a classifier
that is applied to all; and how many papers belong is read off an absolute
similarity, so that a theme that the corpus does not hold stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.config import NamedTheme

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Mean of the cosine to the best phrase and to the description, from which on a
# paper counts towards the size of the theme. Measured with MiniLM on labelled corpora:
# it counts 159 papers where 265 bear the label, 263 for 421 and 140 for 275, and
# 0 or 1 for a theme that is not there.
SIMILAR = 0.40
_TOP, _FEWEST = 0.03, 6
_SPREAD = 0.35
_SURE = 0.4


@dataclass(frozen=True)
class NamedScores:
    """Fit of every paper to every named theme.

    Attributes
    ----------
    fit : float64 array (n_papers, n_themes)
        In [0, 1]; 0.5 is the border of membership.
    sure : bool array (n_papers, n_themes)
        The best two fifths of the members of each theme, by fit.
    """

    fit: NDArray[np.float64]
    sure: NDArray[np.bool_]


def score_named(
    themes: Sequence[NamedTheme],
    texts: Sequence[str],
    meaning: NDArray[np.float32],
    joined: NDArray[np.float32],
    encode: Callable[[list[str]], NDArray[np.float32]],
) -> NamedScores:
    """Score the papers for each named theme.

    Parameters
    ----------
    themes : sequence of n_themes NamedTheme
    texts : sequence of n_papers str
    meaning : float32 array (n_papers, n_dimensions)
        Vectors of the space that `encode` gives.
    joined : float32 array (n_papers, n_features)
        Vectors that the classifier learns from.
    encode : callable
        Phrases to vectors.

    Returns
    -------
    NamedScores
    """
    n_papers = len(texts)
    fit = np.zeros((n_papers, len(themes)))
    sure = np.zeros((n_papers, len(themes)), dtype=bool)
    if not themes:
        return NamedScores(fit, sure)
    words = _match_words(themes, texts)
    for column, theme in enumerate(themes):
        # The phrases define a theme; its name is a word with other meanings too
        # (brain alignment, sequence alignment), so it counts only where it stands among them.
        vectors = encode([*theme.phrases, theme.description or ", ".join(theme.phrases)])
        nearest = (meaning @ vectors[:-1].T).max(axis=1)
        similar = (nearest + meaning @ vectors[-1]) / 2
        other_sense = _mean_something_else(theme, meaning, nearest, encode)
        similar[other_sense] = 0.0
        seeds = _standardise(words[:, column]) + sum(
            _standardise(part) for part in _compare_centred(meaning, vectors[:-1], vectors[-1])
        )
        seeds[other_sense] = seeds.min()
        fit[:, column] = _place_border(_learn(seeds, joined), similar)
        fit[other_sense, column] = np.minimum(fit[other_sense, column], 0.25)
        members = np.flatnonzero(fit[:, column] > 0.5)
        best = members[np.argsort(-fit[members, column], kind="stable")]
        sure[best[: int(np.ceil(_SURE * len(best)))], column] = True
    return NamedScores(fit, sure)


def _mean_something_else(
    theme: NamedTheme,
    meaning: NDArray[np.float32],
    nearest: NDArray[np.float32],
    encode: Callable[[list[str]], NDArray[np.float32]],
) -> NDArray[np.bool_]:
    if not theme.unlike:
        return np.zeros(len(meaning), dtype=bool)
    return np.asarray((meaning @ encode(list(theme.unlike)).T).max(axis=1) > nearest)


def _compare_centred(
    meaning: NDArray[np.float32], phrases: NDArray[np.float32], described: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cosines to the description and to the phrases, once what all papers share is taken off."""
    centre = meaning.mean(axis=0)
    papers, wanted, whole = (_unit(part - centre) for part in (meaning, phrases, described[None]))
    return papers @ whole[0], (papers @ wanted.T).mean(axis=1)


def _match_words(themes: Sequence[NamedTheme], texts: Sequence[str]) -> NDArray[np.float64]:
    """TF-IDF similarity of each paper with the words of each theme, (n_papers, n_themes)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh = TfidfVectorizer(
        stop_words="english",
        sublinear_tf=True,
        ngram_range=(1, 2),
        max_df=0.6 if len(texts) > 2 else 1.0,
        min_df=1 if len(texts) < 500 else 3,
    )
    try:
        papers = weigh.fit_transform(texts)
    except ValueError:  # No word is left: the texts are empty, or all alike.
        return np.zeros((len(texts), len(themes)))
    wanted = weigh.transform([" ".join(theme.phrases) for theme in themes])
    return np.asarray((papers @ wanted.T).todense())


def _learn(seeds: NDArray[np.float64], joined: NDArray[np.float32]) -> NDArray[np.float64]:
    """Evidence from the seeds and from a classifier trained on the best of them.

    The classifier weighs more the more papers it has learned from.
    """
    from sklearn.linear_model import LogisticRegression

    n_papers = len(seeds)
    n_best = max(_FEWEST, int(_TOP * n_papers))
    if n_papers < 4 * _FEWEST or np.ptp(seeds) == 0:
        return _standardise(seeds)
    order = np.argsort(-seeds, kind="stable")
    taught = np.r_[order[:n_best], order[n_papers // 2 :]]
    classifier = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500)
    classifier.fit(joined[taught], np.arange(len(taught)) < n_best)
    learned = classifier.decision_function(joined)
    trust = n_best / (n_best + 20)
    return np.asarray(trust * _standardise(learned) + (1 - trust) * _standardise(seeds))


def _place_border(evidence: NDArray[np.float64], similar: NDArray[np.float32]) -> NDArray[np.float64]:
    """Turn evidence into a fit in [0, 1] whose members are as many as the similarity says."""
    n_members = int((similar >= SIMILAR).sum())
    if n_members == 0 or np.ptp(evidence) == 0:
        # Nothing here is like the phrases: no ranking within the corpus can make it so.
        near = 1 / (1 + np.exp(-(similar.astype(float) - SIMILAR) / 0.04))
        return np.minimum(near, 0.49) if n_members == 0 else near
    ranked = np.sort(evidence)[::-1]
    border = (ranked[n_members - 1] + ranked[min(n_members, len(ranked) - 1)]) / 2
    return np.asarray(1 / (1 + np.exp(-(evidence - border) / (_SPREAD * evidence.std()))))


def _standardise(values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / (values.std() + 1e-9), dtype=np.float64)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
