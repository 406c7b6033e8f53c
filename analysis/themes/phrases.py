"""Candidate phrases: what authors wrote, uncut by punctuation or stop words, and how they write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.acronyms import find_acronyms
from analysis.themes.grammar import WordUse, count_uses, read_words, sort_words
from analysis.themes.grammar import make_key as make_key  # the key of a phrase, for whoever compares phrases
from analysis.themes.phrase_tally import Tally, sort_keys, tally_uses
from analysis.themes.phrase_uses import LONGEST, find_uses, split_keys
from analysis.themes.phrase_uses import list_keys as list_keys  # the keys of one text, for whoever counts them
from analysis.themes.spelling import Spellings
from analysis.themes.tokens import Splitter, split_piece

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_LETTERS = re.compile(r"[^\W\d_]{2}")
# Of the uses of a phrase that can stand alone, at least this share is not part of a longer one.
_LOWEST_CLOSED = 0.2
# Longer phrases are not read: of "Monte Carlo tree search" only "Carlo tree search" would be left.
_LOWEST_OPENED = 0.1

_WEAK_ALONE = read_words("weak")


@dataclass(frozen=True)
class PhraseBook:
    """Phrases of a corpus that may serve in labels, and which paper uses which.

    Attributes
    ----------
    keys : object array (n_phrases,) of str, sorted
        Lower case, singular.
    counts : CSR matrix (n_papers, n_phrases) of int
        Uses of each phrase in each paper; an acronym counts as what it stands for.
    whole : array (n_phrases,) of bool
        Whether the phrase can stand alone: a noun phrase, and no fragment of one.
    subject : array (n_phrases,) of float
        How much the phrase names what papers are about, in [0, 1]: the share of the papers that use it
        which have it in their title, drawn towards a tenth where few use it.
    spellings : Spellings
        How authors write each phrase.
    acronyms : dict of str to str
        Key of an acronym to the key of what it stands for.
    preferred : dict of str to str
        Key of what an acronym stands for to the acronym as written, where authors mostly use that.
    common : frozenset of str
        Words that every third paper or more uses.
    """

    keys: NDArray[np.object_]
    counts: sp.csr_matrix
    whole: NDArray[np.bool_]
    subject: NDArray[np.float64]
    spellings: Spellings
    acronyms: dict[str, str]
    preferred: dict[str, str]
    common: frozenset[str]

    @cached_property
    def uses(self) -> sp.csc_matrix:
        """Which papers use each phrase, (n_papers, n_phrases) of bool."""
        return (self.counts > 0).tocsc()

    @cached_property
    def _shorts(self) -> dict[str, list[str]]:
        """Keys of the acronyms of each expansion."""
        shorts: dict[str, list[str]] = {}
        for short, long in self.acronyms.items():
            shorts.setdefault(long, []).append(short)
        return shorts

    def find_column(self, key: str) -> int | None:
        """Where in `keys` a key stands; None where it does not."""
        return self.spellings.column.get(key)

    def is_common(self, word: str) -> bool:
        """Whether every third paper or more uses the word, alone or in a phrase."""
        return make_key(word) in self.common

    def spell(self, key: str) -> str:
        """The phrase in the form that authors write most: of ``"gpt-4"`` ``"GPT-4"``."""
        return self.preferred.get(key) or (self.spellings.choose(key) if key in self.spellings else key)

    def write(self, key: str) -> str:
        """The phrase as authors write it, in the plural if it can be counted: of ``"robot"`` ``"robots"``."""
        plural = self.spellings.find_plural(key) if key in self.spellings and key not in self.preferred else None
        return plural or self.spell(key)

    def list_forms(self, key: str) -> tuple[str, ...]:
        """Every way in which the texts write a phrase, acronyms included; none if it cannot stand alone."""
        if not self.stands_alone(key):
            return ()
        own = (key, *(short for short in self._shorts.get(key, ()) if short in self.spellings))
        return tuple(form for one in own for form in sorted(self.spellings.count_forms(one)))

    def stands_alone(self, key: str) -> bool:
        """Whether the book has the phrase, and as one that can stand alone."""
        column = self.find_column(key)
        return column is not None and bool(self.whole[column])

    def find_key(self, phrase: str) -> str:
        """The key of a phrase as written, acronyms counting as what they stand for."""
        key = make_key(phrase)
        long = self.acronyms.get(key)
        return long if long is not None and self.stands_alone(long) else key

    def expand(self, key: str) -> str:
        """The phrase with acronyms written out, to compare it with others."""
        return " ".join(self.acronyms.get(make_key(word), word) for word in key.split())


def collect_phrases(texts: Sequence[str]) -> PhraseBook:
    """Read every text once: which phrases it uses, how they are written and where they end.

    A phrase of a single paper is kept only in corpora of fewer than ten.
    """
    (tokens,) = Splitter(split_piece).read(texts)
    kinds = sort_words(tokens.names)
    parts = split_keys(tokens, kinds)
    found = find_uses(tokens, kinds, parts, least=2 if len(texts) >= 10 else 1)
    keys, columns = sort_keys(found, parts)
    tally = tally_uses(tokens, kinds, found, columns, len(keys))
    return _make_book(keys, tally, count_uses(tokens, kinds), tokens.names, find_acronyms(texts))


def _make_book(
    keys: list[str], tally: Tally, use: WordUse, names: Sequence[str], expansions: dict[str, str]
) -> PhraseBook:
    n_papers = tally.counts.shape[0]
    n_users = np.bincount(tally.counts.indices, minlength=len(keys))
    column = {key: place for place, key in enumerate(keys)}
    ends = np.searchsorted(tally.spelled, np.arange(len(keys)), side="right")
    spellings = Spellings(column, names, tally.forms, tally.weights, ends)
    acronyms = {make_key(short): long for short, long in expansions.items()}
    preferred: dict[str, str] = {}
    for short, long in acronyms.items():
        # Where authors mostly use the acronym, so do we.
        if short in column and long in column and n_users[column[short]] > 2 * n_users[column[long]]:
            preferred[long] = preferred.get(short) or spellings.choose(short)
    return PhraseBook(
        keys=np.array(keys, dtype=object),
        counts=_merge_acronyms(tally.counts, column, acronyms),
        whole=_find_whole(keys, use, tally.opened, tally.closed),
        subject=(tally.n_titles + 1) / (n_users + 10),
        spellings=spellings,
        acronyms=acronyms,
        preferred=preferred,
        common=frozenset(keys[place] for place in np.flatnonzero(n_users * 3 >= n_papers)),
    )


def _merge_acronyms(counts: sp.csr_matrix, column: dict[str, int], acronyms: dict[str, str]) -> sp.csr_matrix:
    """Count an acronym as what it stands for; where that is no phrase of the book, it stays."""
    import scipy.sparse as sp

    target = np.arange(counts.shape[1])
    for short, long in acronyms.items():
        if short in column and long in column:
            target[column[short]] = column[long]
    merged = sp.csr_matrix((counts.data, target[counts.indices], counts.indptr), shape=counts.shape)
    merged.sum_duplicates()
    return merged


def _find_whole(
    keys: Sequence[str], use: WordUse, opened: NDArray[np.float64], closed: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which phrases can stand alone, (n_phrases,)."""
    # Many phrases share their first and last words.
    can_close, is_verb = lru_cache(maxsize=None)(use.is_head), lru_cache(maxsize=None)(use.is_verb)
    whole = closed >= _LOWEST_CLOSED
    for place in np.flatnonzero(whole).tolist():
        key = keys[place]
        words = key.split(" ")
        if len(words) == 1:
            good = use.is_head(key, alone=True) and key not in _WEAK_ALONE and _LETTERS.search(key) is not None
        else:
            good = can_close(words[-1]) and not is_verb(words[0])
        whole[place] = good and (len(words) < LONGEST or opened[place] >= _LOWEST_OPENED)
    return whole


@lru_cache(maxsize=2**16)
def find_stems(phrase: str) -> frozenset[str]:
    """First letters of the words of a phrase."""
    return frozenset(_stem(word) for word in re.split(r"[\s-]+", phrase.lower()))


def overlap(first: str, second: str) -> float:
    """Share of the words of the shorter phrase that the other has too, in [0, 1].

    Examples
    --------
    >>> overlap("robot learning", "robotic learning"), overlap("recommendation", "recommender system")
    (1.0, 1.0)
    """
    a, b = find_stems(first), find_stems(second)
    return len(a & b) / max(1, min(len(a), len(b)))


def _stem(word: str) -> str:
    """The first letters: robot and robotic, image and imaging, recommender and recommendation fall together."""
    bare = make_key(word)
    bare = bare[:-3] if bare.endswith("ing") and len(bare) > 6 else bare.removesuffix("e")
    return bare[: 6 if len(word) > 7 else 5]
