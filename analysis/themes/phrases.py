"""Candidate phrases: what authors wrote, uncut by punctuation or stop words, and how they write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.themes.acronyms import find_acronyms
from analysis.themes.grammar import WordCounter, WordUse, closes_phrase, read_words
from analysis.themes.grammar import make_key as make_key  # the key of a phrase, for whoever compares phrases
from analysis.themes.spelling import CLOSED, RUNNING, choose_spelling, find_plural

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

# A word keeps its hyphens, digits and inner points: GPT-4, GPT-3.5, vision-language-action, 3D.
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019/.+][^\W_]+)*", re.UNICODE)
_BREAK = re.compile(r"[^\w\s'\u2019/.+-]|[.](?=\s|$)|\s-+\s|--+|\\\w+|https?://\S+|\S*_\S*", re.UNICODE)
LONGEST = 3
_LETTERS = re.compile(r"[^\W\d_]{2}")
# Of the uses of a phrase that can stand alone, at least this share is not part of a longer one.
_LOWEST_CLOSED = 0.2
# Longer phrases are not read: of "Monte Carlo tree search" only "Carlo tree search" would be left.
_LOWEST_OPENED = 0.1

_CUTS, _WEAK_ALONE = read_words("cuts"), read_words("weak")


class PhraseUse(NamedTuple):
    """One place where a text uses a phrase.

    Attributes
    ----------
    key, written : str
    opened, closed : bool
        Whether the noun phrase begins and ends here; if not, this is part of a longer one.
    running : bool
        Whether its capitals tell something: not in a title, not at the start of a clause,
        not where an acronym is defined, not inside a longer name.
    title : bool
        Whether it stands in the first sentence, the title.
    """

    key: str
    written: str
    opened: bool
    closed: bool
    running: bool
    title: bool


@dataclass(frozen=True)
class PhraseBook:
    """Phrases of a corpus that may serve in labels, and which paper uses which.

    Attributes
    ----------
    keys : array (n_phrases,) of str, sorted
        Lower case, singular.
    counts : CSR matrix (n_papers, n_phrases) of int
        Uses of each phrase in each paper; an acronym counts as what it stands for.
    whole : array (n_phrases,) of bool
        Whether the phrase can stand alone: a noun phrase, and no fragment of one.
    subject : array (n_phrases,) of float
        How much the phrase names what papers are about, in [0, 1]: the share of the papers that use it
        which have it in their title, drawn towards a tenth where few use it.
    written : dict of str to str
        Key to the form that authors write most: ``"gpt-4"`` to ``"GPT-4"``.
    plurals : dict of str to str
        Key to the plural, of what authors count: ``"robot"`` to ``"robots"``.
    acronyms : dict of str to str
        Key of an acronym to the key of what it stands for.
    common : frozenset of str
        Words that every third paper or more uses.
    forms : dict of str to tuple of str
        Every way in which the texts write a phrase that can stand alone, acronyms included.
    """

    keys: NDArray[np.str_]
    counts: sp.csr_matrix
    whole: NDArray[np.bool_]
    subject: NDArray[np.float64]
    written: dict[str, str]
    plurals: dict[str, str]
    acronyms: dict[str, str]
    common: frozenset[str]
    forms: dict[str, tuple[str, ...]]

    def is_common(self, word: str) -> bool:
        """Whether every third paper or more uses the word, alone or in a phrase."""
        return make_key(word) in self.common

    def write(self, key: str) -> str:
        """The phrase as authors write it, in the plural if it can be counted."""
        return self.plurals.get(key) or self.written.get(key, key)

    def find_key(self, phrase: str) -> str:
        """The key of a phrase as written, acronyms counting as what they stand for."""
        key = make_key(phrase)
        long = self.acronyms.get(key)
        return long if long in self.forms else key

    def expand(self, key: str) -> str:
        """The phrase with acronyms written out, to compare it with others."""
        return " ".join(self.acronyms.get(make_key(word), word) for word in key.split())


def iterate_uses(text: str, counter: WordCounter | None = None) -> Iterator[PhraseUse]:
    """Phrases of one to three words, wherever the text uses them; `counter` reads along."""
    title, place = True, 0
    for found in [*_BREAK.finditer(text), None]:
        words = _WORD.findall(text[place : found.start() if found else len(text)])
        lower = [word.lower().replace("\u2019", "'") for word in words]
        if counter:
            counter.read(lower)
        defines = found is not None and found.group() == "("
        for first, last in _find_runs(lower):
            closed = closes_phrase(lower, last)
            for start in range(first, last):
                plain = not title and start > 0 and not words[start - 1][0].isupper()
                for end in range(start + 1, min(start + LONGEST, last) + 1):
                    written = " ".join(words[start:end])
                    running = plain and not (defines and end == len(words))
                    ends = start == first, closed and end == last
                    yield PhraseUse(make_key(written), written, *ends, running, title)
        if found:
            title = title and found.group() not in {".", "?", "!"}
            place = found.end()


def iterate_phrases(text: str) -> Iterator[tuple[str, str]]:
    """Phrases of one to three words, as (key, as written).

    Examples
    --------
    >>> [written for _, written in iterate_phrases("We test GPT-4 on vision-language-action models.")]
    ['GPT-4', 'vision-language-action', 'vision-language-action models', 'models']
    """
    for use in iterate_uses(text):
        yield use.key, use.written


def list_keys(text: str) -> list[str]:
    """Keys of a text's phrases, repeats included: the analyzer of the vectorizer.

    Examples
    --------
    >>> list_keys("Robots learn; the robot grasps.")
    ['robot', 'robot', 'robot grasp', 'grasp']
    """
    return [use.key for use in iterate_uses(text)]


def collect_phrases(texts: Sequence[str]) -> PhraseBook:
    """Read every text once: which phrases it uses, how they are written and where they end.

    A phrase of a single paper is kept only in corpora of fewer than ten.
    """
    import scipy.sparse as sp

    place: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    tally = _Tally(Counter(), Counter(), Counter(), {})
    counter = WordCounter()
    for text in texts:
        entitled = set()
        for use in iterate_uses(text, counter):
            column = place.setdefault(use.key, len(place))
            columns.append(column)
            tally.opened[column] += use.opened
            tally.closed[column] += use.closed
            # Forms from titles count for little: they are in capitals by custom. The last word of a
            # phrase is in the singular or plural that it has when nothing follows.
            weight = (RUNNING if use.running else 1) * (CLOSED if use.closed else 1)
            tally.forms[column, use.written] = tally.forms.get((column, use.written), 0) + weight
            if use.title:
                entitled.add(column)
        tally.titles.update(entitled)
        ends.append(len(columns))
    shape = (len(texts), max(len(place), 1))
    counts = sp.csr_matrix((np.ones(len(columns), dtype=np.int64), columns, ends), shape=shape)
    counts.sum_duplicates()
    return _make_book(counts, place, tally, counter.count(), find_acronyms(texts))


class _Tally(NamedTuple):
    """What was counted of each phrase, by its column."""

    opened: Counter[int]
    closed: Counter[int]
    titles: Counter[int]
    forms: dict[tuple[int, str], int]


def _make_book(
    counts: sp.csr_matrix, place: dict[str, int], tally: _Tally, use: WordUse, expansions: dict[str, str]
) -> PhraseBook:
    import scipy.sparse as sp

    n_papers = counts.shape[0]
    n_users = np.asarray((counts > 0).sum(axis=0)).ravel()
    least = 2 if n_papers >= 10 else 1
    kept = sorted(key for key, column in place.items() if n_users[column] >= least)
    columns = np.array([place[key] for key in kept], dtype=np.int64)
    total = np.asarray(counts.sum(axis=0)).ravel()
    spelled: dict[str, Counter[str]] = {key: Counter() for key in kept}
    for (column, form), weight in tally.forms.items():
        if n_users[column] >= least:
            spelled[make_key(form)][form] = weight
    written = {key: choose_spelling(key, spelled[key], spelled) for key in kept}
    plurals = {key: plural for key in kept if (plural := find_plural(key, spelled[key], spelled))}
    acronyms = {make_key(short): long for short, long in expansions.items()}
    for short, long in acronyms.items():
        # Where authors mostly use the acronym, so do we.
        if short in written and long in written and n_users[place[short]] > 2 * n_users[place[long]]:
            written[long] = written[short]
            plurals.pop(long, None)
    opened, closed = ([one[place[key]] / total[place[key]] for key in kept] for one in (tally.opened, tally.closed))
    whole = [_is_whole(key, use, *ends) for key, *ends in zip(kept, opened, closed, strict=True)]
    titles = np.array([tally.titles[column] for column in columns])
    forms = {key: tuple(sorted(spelled[key])) for key, good in zip(kept, whole, strict=True) if good}
    for short, long in acronyms.items():
        if short in spelled and long in forms:
            forms[long] += tuple(sorted(spelled[short]))
    # With fewer than two phrases BERTopic's weighting fails; these are in no text.
    spare = ["\uffff", "\uffff\uffff"][len(kept) :]
    counts = sp.hstack([counts[:, columns], sp.csr_matrix((n_papers, len(spare)), dtype=np.int64)]).tocsr()
    keys = np.array([*kept, *spare])
    return PhraseBook(
        keys=keys,
        counts=_merge_acronyms(counts, keys, acronyms),
        whole=np.array([*whole, *(False for _ in spare)], dtype=bool),
        subject=np.r_[(titles + 1) / (n_users[columns] + 10), np.zeros(len(spare))],
        written={key: form for key, form in written.items() if form != key},
        plurals=plurals,
        acronyms=acronyms,
        common=frozenset(key for key, column in zip(kept, columns, strict=True) if n_users[column] * 3 >= n_papers),
        forms=forms,
    )


def _merge_acronyms(counts: sp.csr_matrix, keys: NDArray[np.str_], acronyms: dict[str, str]) -> sp.csr_matrix:
    """Count an acronym as what it stands for; where that is no phrase of the book, it stays."""
    import scipy.sparse as sp

    place = {str(key): row for row, key in enumerate(keys)}
    target = np.arange(len(keys))
    for short, long in acronyms.items():
        if short in place and long in place:
            target[place[short]] = place[long]
    onto = sp.csr_matrix((np.ones(len(keys), dtype=np.int64), (np.arange(len(keys)), target)))
    onto.resize(len(keys), len(keys))
    return sp.csr_matrix(counts @ onto)


def overlap(first: str, second: str) -> float:
    """Share of the words of the shorter phrase that the other has too, in [0, 1].

    Examples
    --------
    >>> overlap("robot learning", "robotic learning"), overlap("recommendation", "recommender system")
    (1.0, 1.0)
    """
    a, b = ({_stem(word) for word in re.split(r"[\s-]+", phrase.lower())} for phrase in (first, second))
    return len(a & b) / max(1, min(len(a), len(b)))


def _is_whole(key: str, use: WordUse, opened: float, closed: float) -> bool:
    words = key.split()
    if not use.is_head(words[-1], alone=len(words) == 1) or (len(words) > 1 and use.is_verb(words[0])):
        return False
    if len(words) == 1 and (key in _WEAK_ALONE or not _LETTERS.search(key)):
        return False
    return closed >= _LOWEST_CLOSED and (len(words) < LONGEST or opened >= _LOWEST_OPENED)


def _stem(word: str) -> str:
    """The first letters: robot and robotic, image and imaging, recommender and recommendation fall together."""
    bare = make_key(word)
    bare = bare[:-3] if bare.endswith("ing") and len(bare) > 6 else bare.removesuffix("e")
    return bare[: 6 if len(word) > 7 else 5]


def _find_runs(lower: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words stand together that none cuts apart, as (first, end)."""
    first = 0
    for place, word in enumerate([*lower, "the"]):
        if word in _CUTS or word.rstrip("s") in _CUTS or "'" in word or len(word) < 2 or word.isnumeric():
            if place > first:
                yield first, place
            first = place + 1
