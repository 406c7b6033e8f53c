"""Labels of topics and themes: one or two phrases, the second for the papers that the first leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.keyphrases import SAME_MEANING, Candidates, Encode, say_the_same
from analysis.themes.phrases import PhraseBook, make_key, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_LABEL = "Mixed papers"
# A phrase names a class if it is at least twice as common inside as outside.
_LOWEST_LIFT = 2.0
_SECOND, _NO_MORE, _LONGER = 0.1, 0.15, 0.35
# Beside a bare word, which says little, a second phrase that many of the papers use need not score as high.
_SECOND_OF_WORD = 0.06
_LOWEST_REACH = 0.12


@dataclass(frozen=True)
class Label:
    """What people read of a class, and how far it reaches.

    Attributes
    ----------
    text : str
    phrases : tuple of str
        As authors write them; empty where no phrase sets the class apart.
    inside, outside : float
        Share of the papers of the class, and of all others, that hold the words of
        at least one of the phrases; `outside` is NaN where there are no others.
    """

    text: str
    phrases: tuple[str, ...] = ()
    inside: float = 0.0
    outside: float = float("nan")


def make_labels(
    candidates: Sequence[Candidates],
    book: PhraseBook,
    encode: Encode,
    *,
    taken: Sequence[str] = (),
    reserved: Sequence[str] = (),
) -> list[Label]:
    """One label per class; no two alike, none that equals or paraphrases one of `taken`.

    The first phrase sets the class apart best; the second is the one that adds
    most papers which the first does not reach. A phrase goes to the class that
    it fits best before others may have it.

    Parameters
    ----------
    candidates : sequence of n_classes Candidates
    book : PhraseBook
    encode : callable
        Phrases to vectors.
    taken : sequence of str
        Names that are given; no label equals or paraphrases them.
    reserved : sequence of str
        Words that no label may equal.

    Returns
    -------
    list of n_classes Label
    """
    given = encode(list(taken)) if taken else np.zeros((0, 1), np.float32)
    best: dict[str, float] = {}
    for one in candidates:
        for key, score in zip(one.keys, one.scores, strict=True):
            best[key] = max(best.get(key, 0.0), float(score))
    used = {name.casefold() for name in (*taken, *reserved)}
    firsts: list[str] = []
    labels: list[Label] = []
    for one in candidates:
        scores = _score_for_label(one, best, firsts, book)
        scores[_repeat(one, book, taken, given)] = 0
        places = _choose_pair(one, scores, book)
        firsts += [one.keys[place] for place in places[:1]]
        phrases = tuple(book.write(one.keys[place]) for place in places)
        labels.append(Label(_make_free(phrases, one, scores, book, used), phrases, *_measure_reach(one, places)))
    return labels


def _score_for_label(
    one: Candidates, best: dict[str, float], firsts: Sequence[str], book: PhraseBook
) -> NDArray[np.float64]:
    scores = one.scores.copy()
    common = one.lift < _LOWEST_LIFT
    if not common.all():
        scores[common] = 0
    for place, key in enumerate(one.keys):
        scores[place] *= (float(one.scores[place]) / best[key]) ** 0.5
        if key in firsts:
            scores[place] *= 0.3
        # What few of the papers use is not what the class is about.
        scores[place] *= min(1.0, float(one.reach[:, place].mean()) / _LOWEST_REACH)
        # One telling word says less than two; a word that every third paper uses tells nothing.
        scores[place] *= (0.35, 0.6, 1.0, 1.0)[sum(not book.is_common(word) for word in key.split())]
    return scores


def _repeat(one: Candidates, book: PhraseBook, taken: Sequence[str], given: NDArray[np.float32]) -> list[int]:
    """Places of the candidates that say what a given name says."""
    return [
        place
        for place, key in enumerate(one.keys)
        if any(
            overlap(book.expand(key), name.lower()) >= 1.0 or float(one.meanings[place] @ given[row]) >= SAME_MEANING
            for row, name in enumerate(taken)
        )
    ]


def _choose_pair(one: Candidates, scores: NDArray[np.float64], book: PhraseBook) -> list[int]:
    """The best phrase, then the one that adds most to it; empty where none will do."""
    if not len(scores) or scores.max() <= 0:
        return []
    first = _complete(one, scores, int(scores.argmax()))
    left = ~one.reach[:, first]
    adds = (one.reach & left[:, None]).sum(axis=0) / np.maximum(one.reach.sum(axis=0), 1)
    # One that adds no paper may still say more of those that the first reaches.
    gains = scores * (_NO_MORE + (1 - _NO_MORE) * adds)
    gains[one.reach.sum(axis=0) < (3 if len(one.reach) >= 5 else 2)] = 0
    lowest = np.full(len(gains), _SECOND)
    if " " not in one.keys[first]:
        lowest[one.reach.mean(axis=0) >= _LOWEST_REACH] = _SECOND_OF_WORD
    for place in np.argsort(-gains, kind="stable"):
        if gains[place] < max(_SECOND_OF_WORD * scores[first], 1e-9):
            break
        fits = gains[place] >= lowest[place] * scores[first] and place != first
        if fits and not say_the_same(one, first, int(place), book):
            return [first, int(place)]
    return [first]


def _complete(one: Candidates, scores: NDArray[np.float64], first: int) -> int:
    """Of a bare word, the longer phrase that holds for most of its papers: of "agents", "LLM agents"."""
    word = one.keys[first]
    if " " in word:
        return first
    longer = [
        place
        for place, key in enumerate(one.keys)
        if " " in key
        and word in (make_key(part) for part in key.split())
        and scores[place] >= _LONGER * scores[first]
        and one.reach[:, place].sum() >= 0.5 * one.reach[:, first].sum()
    ]
    return max(longer, key=lambda place: scores[place], default=first)


def _measure_reach(one: Candidates, places: list[int]) -> tuple[float, float]:
    if not places:
        return 0.0, float("nan")
    rest = one.elsewhere[:, places]
    outside = len(np.unique(rest.nonzero()[0])) / rest.shape[0] if rest.shape[0] else float("nan")
    return float(one.reach[:, places].any(axis=1).mean()), outside


def _make_free(
    phrases: Sequence[str], one: Candidates, scores: NDArray[np.float64], book: PhraseBook, used: set[str]
) -> str:
    """The label of these phrases; with one more of them, or a number, where it is taken."""
    label = capitalise(", ".join(phrases)) or NO_LABEL
    if label.casefold() in used:
        for place in np.argsort(-scores, kind="stable"):
            more = book.write(one.keys[place])
            if scores[place] > 0 and all(overlap(make_key(more), make_key(other)) < 0.5 for other in phrases):
                label = capitalise(", ".join([*phrases, more]))
                break
    free, number = label, 2
    while free.casefold() in used:
        free = f"{label} ({number})"
        number += 1
    used.add(free.casefold())
    return free


def capitalise(text: str) -> str:
    """The text with a capital first letter, unless its first word has capitals of its own (fMRI).

    Examples
    --------
    >>> capitalise("robot learning"), capitalise("fMRI scans")
    ('Robot learning', 'fMRI scans')
    """
    return text[:1].upper() + text[1:] if text.split(" ", 1)[0].islower() else text
