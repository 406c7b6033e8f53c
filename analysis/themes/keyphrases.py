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
    uses = (book.counts > 0).tocsr()
    everywhere = np.asarray(uses.sum(axis=0)).ravel()
    picked = [_pick(labels == one, book, uses, everywhere) for one in range(n_classes)]
    columns = np.unique(np.concatenate([np.zeros(0, np.int64), *picked]))
    written = [book.written.get(str(key), str(key)) for key in book.keys[columns]]
    meanings = encode(written) if written else np.zeros((0, vectors.shape[1]), np.float32)
    uses = uses.tocsc()
    evidence = _Evidence(
        book.keys[columns], book.subject[columns], uses[:, columns], _reach(columns, book, uses), meanings
    )
    return [_rank(labels == one, np.searchsorted(columns, some), evidence, vectors) for one, some in enumerate(picked)]


@dataclass(frozen=True)
class _Evidence:
    """What is known of the phrases that may name any class; a row or column each."""

    keys: NDArray[np.str_]
    subject: NDArray[np.float64]
    direct: sp.csc_matrix
    reach: sp.csc_matrix
    meanings: NDArray[np.float32]


def _pick(
    inside: NDArray[np.bool_], book: PhraseBook, uses: sp.csr_matrix, everywhere: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Columns of the most telling noun phrases that several papers of the class use, no fragments of longer ones."""
    n_inside = int(inside.sum())
    if not n_inside:
        return np.zeros(0, np.int64)
    users = np.asarray(uses[inside].sum(axis=0)).ravel()
    least = 1 if n_inside < 3 else max(2, int(np.ceil(0.03 * n_inside)))
    fit = np.flatnonzero(book.whole & (users >= least))
    telling = _tell_apart(users[fit], everywhere[fit] - users[fit], n_inside, len(inside) - n_inside)
    telling = (telling * np.sqrt(book.subject[fit])).round(9)
    chosen = fit[np.lexsort((book.keys[fit], -telling))][: 2 * _N_CANDIDATES]
    used = {str(book.keys[column]): int(users[column]) for column in chosen}
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


def _reach(columns: NDArray[np.int64], book: PhraseBook, uses: sp.csc_matrix) -> sp.csc_matrix:
    """Papers that use each phrase or, wherever they stand, all its words; (n_papers, n_columns) of bool."""
    place = {str(key): column for column, key in enumerate(book.keys)}
    direct = uses[:, columns]
    parts: list[list[int]] = []
    for column in columns:
        words = [place.get(make_key(word)) for word in str(book.keys[column]).split()]
        parts.append([column] if None in words else [word for word in words if word is not None])
    longest = max((len(part) for part in parts), default=1)
    # Shorter phrases repeat their last word: a word and itself is the word.
    padded = np.array([part + part[-1:] * (longest - len(part)) for part in parts], dtype=np.int64)
    together = direct
    if len(parts):
        together = uses[:, padded[:, 0]]
        for rank in range(1, longest):
            together = together.multiply(uses[:, padded[:, rank]])
    return ((direct + together) > 0).tocsc()


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
