"""Which phrases set a topic or theme apart, and how many of its papers each one reaches.

A phrase is weighed by class: how well its use tells the class from the rest,
its term of the Kullback-Leibler divergence. That is joined with how well its
meaning does (distance of the two means of the cosine, in standard deviations)
and with how often authors put it into titles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.phrases import PhraseBook, make_key, overlap

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

N_KEYPHRASES = 10
_N_CANDIDATES = 20
# From this cosine on two phrases say the same: "image synthesis", "image generation".
SAME_MEANING = 0.75

Keyphrases = list[dict[str, Any]]
Encode = Callable[[list[str]], "NDArray[np.float32]"]


@dataclass(frozen=True)
class Candidates:
    """Phrases that may name one class, best first.

    Attributes
    ----------
    keys : tuple of n_candidates str
    scores : float64 array (n_candidates,)
    lift : float64 array (n_candidates,)
        Share of the class that a phrase reaches, divided by the share of the rest.
    reach : bool array (n_papers_of_the_class, n_candidates)
        Papers of the class that use the phrase, or all its words.
    elsewhere : CSC matrix (n_papers_of_the_rest, n_candidates) of bool
        The same for the other papers.
    meanings : float32 array (n_candidates, n_dimensions)
    """

    keys: tuple[str, ...]
    scores: NDArray[np.float64]
    lift: NDArray[np.float64]
    reach: NDArray[np.bool_]
    elsewhere: sp.csc_matrix
    meanings: NDArray[np.float32]


def find_candidates(
    labels: NDArray[np.int64],
    book: PhraseBook,
    vectors: NDArray[np.float32],
    encode: Encode,
    *,
    n_classes: int | None = None,
) -> list[Candidates]:
    """Phrases that may name each class, best first.

    Parameters
    ----------
    labels : int array (n_papers,)
        Class of each paper, 0 to n_classes - 1; -1 is no class.
    book : PhraseBook
    vectors : float32 array (n_papers, n_dimensions)
        Meaning of the papers, rows of length 1.
    encode : callable
        Phrases to vectors of the same space.
    n_classes : int, optional
        Where the last classes may be empty; those have no candidates.

    Returns
    -------
    list of n_classes Candidates
    """
    n_classes = int(labels.max(initial=-1)) + 1 if n_classes is None else n_classes
    users_of = count_users(book, labels, n_classes)
    everywhere = np.bincount(book.counts.indices, minlength=book.counts.shape[1])
    picked = [_pick(own, int((labels == one).sum()), book, everywhere) for one, own in enumerate(users_of)]
    columns = np.unique(np.concatenate([np.zeros(0, np.int64), *picked]))
    written = [book.spell(key) for key in book.keys[columns]]
    meanings = encode(written) if written else np.zeros((0, vectors.shape[1]), np.float32)
    direct, reach = _find_reach(columns, book)
    evidence = _Evidence(book.keys[columns], book.subject[columns], direct, reach, meanings)
    return [_rank(labels == one, np.searchsorted(columns, some), evidence, vectors) for one, some in enumerate(picked)]


def count_users(book: PhraseBook, labels: NDArray[np.int64], n_classes: int) -> sp.csr_matrix:
    """Papers of each class that use each phrase.

    Parameters
    ----------
    book : PhraseBook
    labels : int array (n_papers,)
        Class of each paper, 0 to n_classes - 1; -1 is no class.
    n_classes : int

    Returns
    -------
    CSR matrix (n_classes, n_phrases) of int
    """
    import scipy.sparse as sp

    counts = book.counts
    inside = np.flatnonzero(labels >= 0)
    members = sp.csr_matrix(
        (np.ones(len(inside), dtype=np.int64), (labels[inside], inside)), shape=(n_classes, counts.shape[0])
    )
    return (members @ sp.csr_matrix((np.ones_like(counts.data), counts.indices, counts.indptr), counts.shape)).tocsr()


@dataclass(frozen=True)
class _Evidence:
    """What is known of the phrases that may name any class; a row or column each."""

    keys: NDArray[np.str_]
    subject: NDArray[np.float64]
    direct: sp.csc_matrix
    reach: sp.csc_matrix
    meanings: NDArray[np.float32]


def _pick(own: sp.csr_matrix, n_inside: int, book: PhraseBook, everywhere: NDArray[np.int64]) -> NDArray[np.int64]:
    """Columns of the most telling noun phrases that several papers of the class use, no fragments of longer ones."""
    if not n_inside:
        return np.zeros(0, np.int64)
    least = 1 if n_inside < 3 else max(2, int(np.ceil(0.03 * n_inside)))
    many = book.whole[own.indices] & (own.data >= least)
    fit, users = own.indices[many], own.data[many]
    telling = _tell_apart(users, everywhere[fit] - users, n_inside, book.counts.shape[0] - n_inside)
    telling = (telling * np.sqrt(book.subject[fit])).round(9)
    # Keys are sorted: their columns stand for them.
    best = np.lexsort((fit, -telling))[: 2 * _N_CANDIDATES]
    chosen = fit[best].astype(np.int64)
    used = dict(zip(book.keys[chosen].tolist(), users[best].tolist(), strict=True))
    # "Speech models" in a corpus where all is models: "speech" says it.
    longer = {key for key in used if " " in key and key.rsplit(" ", 1)[0] in used and book.is_common(key.split()[-1])}
    whole = [key not in longer and not _is_fragment(key, used, longer) for key in used]
    return np.sort(chosen[np.array(whole, dtype=bool)][:_N_CANDIDATES])


def _is_fragment(key: str, used: dict[str, int], left_out: set[str]) -> bool:
    """Whether a phrase mostly stands inside a longer one."""
    return any(
        key != other and f" {key} " in f" {other} " and n_users >= 0.6 * used[key]
        for other, n_users in used.items()
        if other not in left_out
    )


def _find_reach(columns: NDArray[np.int64], book: PhraseBook) -> tuple[sp.csc_matrix, sp.csc_matrix]:
    """Papers that use each phrase, and those that use it or, wherever they stand, all its words; of bool."""
    parts: list[list[int]] = []
    for column in columns.tolist():
        words = [book.find_column(make_key(word)) for word in book.keys[column].split()]
        parts.append([column] if None in words else [word for word in words if word is not None])
    longest = max((len(part) for part in parts), default=1)
    # Shorter phrases repeat their last word: a word and itself is the word.
    padded = np.array([part + part[-1:] * (longest - len(part)) for part in parts], dtype=np.int64)
    padded = padded.reshape(len(parts), longest)
    needed, place = np.unique(np.c_[columns, padded], return_inverse=True)
    place = place.reshape(len(parts), longest + 1)
    uses = book.uses[:, needed]
    direct = uses[:, place[:, 0]]
    together = uses[:, place[:, 1]]
    for rank in range(2, longest + 1):
        together = together.multiply(uses[:, place[:, rank]])
    return direct, ((direct + together) > 0).tocsc()


def _rank(
    inside: NDArray[np.bool_], places: NDArray[np.int64], evidence: _Evidence, vectors: NDArray[np.float32]
) -> Candidates:
    reached, meanings = evidence.reach[:, places], evidence.meanings[places]
    own = np.asarray(reached[inside].todense(), dtype=bool).reshape(int(inside.sum()), len(places))
    users_in = own.sum(axis=0)
    users_out = np.asarray(reached.sum(axis=0)).ravel() - users_in
    share_in, share_out = (users_in + 0.5) / (inside.sum() + 1), (users_out + 0.5) / ((~inside).sum() + 1)
    scores = _tell_apart(users_in, users_out, int(inside.sum()), int((~inside).sum()))
    scores = scores * np.maximum(_separate(meanings, vectors, inside), 0.05) * np.sqrt(evidence.subject[places])
    # Words that stand together in few of the papers that hold them all are hardly a phrase of the class.
    scores *= (np.asarray(evidence.direct[:, places][inside].sum(axis=0)).ravel() / np.maximum(users_in, 1)) ** 0.3
    keys = evidence.keys[places]
    order = np.lexsort((keys, -scores.round(9)))
    return Candidates(
        tuple(str(key) for key in keys[order]),
        scores[order],
        (share_in / share_out)[order],
        own[:, order],
        reached[~inside][:, order],
        meanings[order],
    )


def _tell_apart(
    users_in: NDArray[np.int64], users_out: NDArray[np.int64], n_in: int, n_out: int
) -> NDArray[np.float64]:
    """How well each phrase tells a class from the rest: its term of the Kullback-Leibler divergence."""
    share_in, share_out = (users_in + 0.5) / (n_in + 1), (users_out + 0.5) / (n_out + 1)
    return np.asarray(np.maximum(share_in * np.log(share_in / share_out), 1e-6))


def _separate(
    meanings: NDArray[np.float32], vectors: NDArray[np.float32], inside: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How many standard deviations closer to each phrase the papers inside are than those outside."""
    if inside.all() or not inside.any():
        return np.ones(len(meanings))
    near = vectors @ meanings.T
    gap = near[inside].mean(axis=0) - near[~inside].mean(axis=0)
    return np.asarray(gap / np.maximum(near.std(axis=0), 1e-6), dtype=np.float64)


def list_keyphrases(candidates: Candidates, book: PhraseBook) -> Keyphrases:
    """The best candidates without near-repeats.

    Returns
    -------
    list of at most 10 {"phrase": str, "weight": float in [0, 1]}, best first
    """
    kept: list[int] = []
    for place in range(len(candidates.keys)):
        if not any(say_the_same(candidates, place, other, book) for other in kept):
            kept.append(place)
        if len(kept) == N_KEYPHRASES:
            break
    top = candidates.scores[kept[0]] if kept else 1.0
    return [
        {"phrase": book.write(candidates.keys[place]), "weight": round(float(candidates.scores[place] / top), 4)}
        for place in kept
    ]


def say_the_same(candidates: Candidates, first: int, second: int, book: PhraseBook) -> bool:
    """Whether two candidates share words, an acronym and its expansion, or meaning."""
    a, b = (book.expand(candidates.keys[place]) for place in (first, second))
    joined = [one.replace("-", "").split() for one in (a, b)]
    if any(min(len(x), len(y)) > 5 and (x in y or y in x) for x in joined[0] for y in joined[1]):
        return True  # misalignment and alignment, pre-training and pretraining
    return overlap(a, b) >= 0.5 or float(candidates.meanings[first] @ candidates.meanings[second]) >= SAME_MEANING
