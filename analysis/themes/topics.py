"""What a topic or theme is about: keyphrases and labels, by BERTopic in manual mode.

BERTopic is given clusters that are already made and describes them with its
class-based TF-IDF [1]_. Only this module imports it.

References
----------
.. [1] Grootendorst (2022), arXiv:2203.05794.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.phrases import PhraseBook, list_keys, overlap, says_little

if TYPE_CHECKING:
    from collections.abc import Iterator

    import scipy.sparse as sp
    from bertopic import BERTopic
    from numpy.typing import NDArray

N_KEYPHRASES = 10
_N_CANDIDATES = 40

Keyphrases = list[dict[str, Any]]


@dataclass(frozen=True)
class PhraseCounts:
    """How often each paper uses each phrase of the book.

    Attributes
    ----------
    counts : CSR matrix (n_papers, n_phrases)
    keys : array (n_phrases,) of str
    book : PhraseBook
    """

    counts: sp.csr_matrix
    keys: NDArray[np.str_]
    book: PhraseBook


def count_phrases(texts: Sequence[str], book: PhraseBook) -> PhraseCounts:
    """Count the phrases of the book in every text."""
    from sklearn.feature_extraction.text import CountVectorizer

    keys = sorted(book.n_papers_with)
    # With fewer than two phrases BERTopic's weighting fails; these are in no text.
    keys += ["\uffff", "\uffff\uffff"][len(keys) :]
    counter = CountVectorizer(analyzer=list_keys, vocabulary=keys)
    return PhraseCounts(counter.fit_transform(texts).tocsr(), np.array(keys), book)


def describe(
    labels: NDArray[np.int64],
    phrases: PhraseCounts,
    vectors: NDArray[np.float32],
    encode: Callable[[list[str]], NDArray[np.float32]],
) -> list[Keyphrases]:
    """Keyphrases of each class, best first.

    Class-based TF-IDF picks the candidates; they are ranked by how well their
    use tells the class from the rest, times their closeness in meaning to it.
    Near-repeats of a better phrase are left out, so are words that are too
    general to tell anything.

    Parameters
    ----------
    labels : int array (n_papers,)
        Class of each paper, 0 to n_classes - 1; -1 is no class.
    phrases : PhraseCounts
    vectors : float32 array (n_papers, n_dimensions)
        Meaning of the papers, rows of length 1.
    encode : callable
        Phrases to vectors of the same space.

    Returns
    -------
    list of n_classes lists of {"phrase": str, "weight": float in [0, 1]}
    """
    n_classes = int(labels.max()) + 1
    weights = _weigh(labels, phrases, n_classes)
    candidates = [_candidates(weights[one], labels == one, phrases) for one in range(n_classes)]
    wanted = sorted({phrases.book.write(key) for some in candidates for key, _ in some})
    place = {phrase: row for row, phrase in enumerate(wanted)}
    meanings = encode(wanted) if wanted else np.zeros((0, vectors.shape[1]), np.float32)
    described = []
    for one, some in enumerate(candidates):
        centre = vectors[labels == one].mean(axis=0) if (labels == one).any() else vectors.mean(axis=0)
        scored = []
        for key, weight in some:
            close = float(meanings[place[phrases.book.write(key)]] @ centre)
            # A bare compound is a modifier ("multi-agent"), unless it is a name ("GPT-4").
            whole = 0.75 if " " not in key and "-" in key and phrases.book.write(key).islower() else 1.0
            scored.append((weight * max(close, 0.01) * whole, key))
        described.append(_choose(sorted(scored, key=lambda pair: (-pair[0], pair[1])), phrases.book))
    return described


def _weigh(labels: NDArray[np.int64], phrases: PhraseCounts, n_classes: int) -> NDArray[np.float64]:
    """Class-based TF-IDF, (n_classes, n_phrases)."""
    import scipy.sparse as sp

    with _quiet():
        from bertopic.vectorizers import ClassTfidfTransformer

    inside = labels >= 0
    members = sp.csr_matrix(
        (np.ones(inside.sum()), (labels[inside], np.flatnonzero(inside))), shape=(n_classes, len(labels))
    )
    # Presence, not frequency: one paper that repeats a word does not make the theme.
    by_class = sp.csr_matrix(members @ phrases.counts.minimum(2))
    weigh = ClassTfidfTransformer(reduce_frequent_words=True, bm25_weighting=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.asarray(weigh.fit_transform(by_class).todense())
    return np.asarray(np.nan_to_num(found))


def _candidates(
    weights: NDArray[np.float64], inside: NDArray[np.bool_], phrases: PhraseCounts
) -> list[tuple[str, float]]:
    """The heaviest phrases of a class that several of its papers use, and no fragments of longer ones."""
    n_inside = int(inside.sum())
    users = np.asarray((phrases.counts[inside] > 0).sum(axis=0)).ravel()
    least = 1 if n_inside < 3 else max(2, int(np.ceil(0.04 * n_inside)))
    order = np.lexsort((phrases.keys, -weights))
    chosen = [row for row in order if users[row] >= least and weights[row] > 0 and not says_little(phrases.keys[row])]
    chosen = chosen[:_N_CANDIDATES]
    used = {str(phrases.keys[row]): int(users[row]) for row in chosen}
    apart = _set_apart(users, n_inside, phrases, len(inside))
    # A phrase that mostly stands inside a longer one is a fragment of it.
    whole = [
        key
        for key in used
        if not any(key != other and f" {key} " in f" {other} " and used[other] >= 0.6 * used[key] for other in used)
    ]
    return [(key, float(apart[np.searchsorted(phrases.keys, key)])) for key in whole]


def _set_apart(
    users: NDArray[np.int64], n_inside: int, phrases: PhraseCounts, n_papers: int
) -> NDArray[np.float64]:
    """How well each phrase tells the class from the rest: its term of the Kullback-Leibler divergence."""
    everywhere = np.asarray((phrases.counts > 0).sum(axis=0)).ravel()
    share_in = (users + 0.5) / (n_inside + 1)
    share_out = (everywhere - users + 0.5) / (n_papers - n_inside + 1)
    return np.maximum(share_in * np.log(share_in / share_out), 1e-6)


def _choose(scored: list[tuple[float, str]], book: PhraseBook) -> Keyphrases:
    kept: list[tuple[float, str]] = []
    for score, key in scored:
        if all(overlap(key, other) < 0.5 for _, other in kept):
            kept.append((score, key))
        if len(kept) == N_KEYPHRASES:
            break
    top = kept[0][0] if kept else 1.0
    return [{"phrase": book.write(key), "weight": round(score / top, 4)} for score, key in kept]


def make_labels(described: Sequence[Keyphrases], *, taken: Sequence[str] = (), n_phrases: int = 2) -> list[str]:
    """One label per class from its first keyphrases; no two alike, none of `taken`.

    Examples
    --------
    >>> robots = [{"phrase": "robot learning", "weight": 1.0}, {"phrase": "grasping", "weight": 0.5}]
    >>> make_labels([robots, robots, []])
    ['Robot learning, grasping', 'Robot learning, grasping (2)', 'Mixed papers']
    """
    used = {label.casefold() for label in taken}
    labels = []
    for keyphrases in described:
        phrases = [one["phrase"] for one in keyphrases]
        label = ""
        for length in range(n_phrases, len(phrases) + 1):
            label = _capitalise(", ".join(phrases[:length]))
            if label.casefold() not in used or length == n_phrases + 2:
                break
        label = label or _capitalise(", ".join(phrases)) or "Mixed papers"
        number = 2
        free = label
        while free.casefold() in used:
            free = f"{label} ({number})"
            number += 1
        used.add(free.casefold())
        labels.append(free)
    return labels


def find_representatives(members: NDArray[np.bool_], vectors: NDArray[np.float32], n_papers: int) -> NDArray[np.int64]:
    """Rows of the most central papers of a class, the most central first."""
    rows = np.flatnonzero(members)
    if len(rows) == 0:
        return rows
    closeness = np.round(vectors[rows] @ vectors[rows].mean(axis=0), 6)
    return rows[np.argsort(-closeness, kind="stable")][:n_papers]


def fit_bertopic(
    texts: Sequence[str],
    topics: NDArray[np.int64],
    vectors: NDArray[np.float32],
    *,
    labels: dict[int, str] | None = None,
) -> BERTopic:
    """Fit a BERTopic model on given topics, for users who want to go on with it.

    Parameters
    ----------
    texts : sequence of n_papers str
    topics : int array (n_papers,)
        0 the largest. BERTopic numbers topics by size too, but may order those
        of one size in another way; `labels` goes by ours.
    vectors : float32 array (n_papers, n_dimensions)
    labels : dict of int to str, optional
        Set as the model's custom labels.

    Returns
    -------
    bertopic.BERTopic
        Fitted, with c-TF-IDF over our phrases, topic embeddings and representative documents.
    """
    with _quiet():
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.feature_extraction.text import CountVectorizer

        model = BERTopic(
            language=None,  # "english" would delete hyphens and digits from the texts
            embedding_model=None,
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=BaseCluster(),
            vectorizer_model=CountVectorizer(analyzer=list_keys),
            ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True, bm25_weighting=True),
        )
        found, _ = model.fit_transform(list(texts), embeddings=np.asarray(vectors), y=[int(one) for one in topics])
        # BERTopic numbers topics by size; where sizes tie its order may differ from ours.
        ours = {int(theirs): int(mine) for theirs, mine in zip(found, topics, strict=True)}
        if labels and any(theirs != mine for theirs, mine in ours.items()):
            labels = {theirs: labels[mine] for theirs, mine in ours.items() if mine in labels}
        if labels:
            model.set_topic_labels(labels)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """Import BERTopic without letting it silence warnings for everyone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
