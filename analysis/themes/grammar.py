"""Which words of a corpus are nouns, read off how its own sentences use them.

No tagger and no list of a field's words: a word that often stands before a
verb, a preposition or the end of a clause closes a noun phrase; one that is
followed by "the", or led by "to" or "can", is a verb; one that is nearly
always followed by another content word is an adjective. Rare words lean on
their ending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.tokens import END, Numbers, Tokens, is_a_word

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_words(name: str) -> frozenset[str]:
    """One of the word lists beside this module; a line that begins with # is a comment."""
    text = (resources.files("analysis.themes") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


_FUNCTION, _CUTS = read_words("function"), read_words("cuts")
_OBJECTS = frozenset("a an the this these those its their our each every us them how whether which what".split())  # noqa: SIM905
_LEADS = frozenset("to we can could may might will would should must they not cannot".split())  # noqa: SIM905
_DEGREES = frozenset("is are was were be been being more most very less highly too so".split())  # noqa: SIM905
_NOT_A_NOUN = tuple("ly ed ive ous able ible ical ional oral ual ial eral ful less ic".split())  # noqa: SIM905
_VERB_ENDINGS = ("ate", "ize", "ise", "ify")
_NOUN_ENDINGS = tuple("tion sion ment ness ity ism ance ence ship graphy logy".split())  # noqa: SIM905
_GIVEN = 6.0  # how many uses the ending of a word is worth
_LOWEST_HEAD, _LOWEST_ALONE, _LOWEST_COMPOUND = 0.2, 0.22, 0.4
_ARTICLES = frozenset({"a", "an", "the"})
_PLURAL_ACRONYM = re.compile(r"\b[A-Z]{2,}s$")
_SAME_IN_PLURAL = frozenset({"series", "species"})


@lru_cache(maxsize=2**18)
def make_key(phrase: str) -> str:
    """Lower case, with the last word in the singular.

    Examples
    --------
    >>> make_key("Language Models"), make_key("analyses"), make_key("policies"), make_key("LMs")
    ('language model', 'analysis', 'policy', 'lm')
    """
    key = phrase.lower()
    if not key.endswith("s"):
        return key
    if _PLURAL_ACRONYM.search(phrase):
        return key[:-1]
    if len(key) <= 3 or key.endswith(("ss", "us", "is", "'s")):
        return key
    if key.rsplit(" ", 1)[-1] in _SAME_IN_PLURAL:
        return key
    if key.endswith("ies") and len(key) > 5:
        return key[:-3] + "y"
    if key.endswith(("yses", "theses")):
        return key[:-2] + "is"
    if key.endswith(("sses", "shes", "ches", "xes", "iases")):
        return key[:-2]
    return key[:-1]


@dataclass(frozen=True)
class WordKinds:
    """What there is to know of the tokens of some texts before they are counted; all by number of the token.

    Attributes
    ----------
    lower : tuple of str
        Distinct words in lower case; breaks and ends are "".
    of : int32 array (n_names,)
        Place in `lower` of each name.
    is_word, opens_bracket, ends_sentence, is_capital, cuts : bool arrays (n_names,)
        Words; "("; ".", "?" and "!"; words with a capital first; what no phrase holds, breaks among them.
    function, objects, leads, degrees, articles : bool arrays (n_names,)
        Words of these kinds.
    """

    lower: tuple[str, ...]
    of: NDArray[np.int32]
    is_word: NDArray[np.bool_]
    opens_bracket: NDArray[np.bool_]
    ends_sentence: NDArray[np.bool_]
    is_capital: NDArray[np.bool_]
    cuts: NDArray[np.bool_]
    function: NDArray[np.bool_]
    objects: NDArray[np.bool_]
    leads: NDArray[np.bool_]
    degrees: NDArray[np.bool_]
    articles: NDArray[np.bool_]


def sort_words(names: Sequence[str]) -> WordKinds:
    """Find out what kind of word each name is."""
    lowered = Numbers({END: 0})
    is_word = mark(is_a_word, names)
    plain = (lower_word(name) if word else END for name, word in zip(names, is_word, strict=True))
    of = np.array([lowered[name] for name in plain], dtype=np.int32)
    lower = tuple(lowered)

    def find(words: frozenset[str]) -> NDArray[np.bool_]:
        return mark(words.__contains__, lower)[of]

    return WordKinds(
        lower,
        of,
        is_word,
        opens_bracket=mark("(".__eq__, names),
        ends_sentence=mark({".", "?", "!"}.__contains__, names),
        is_capital=mark(lambda name: name[:1].isupper(), names),
        cuts=mark(cuts_phrase, lower)[of],
        function=find(_FUNCTION),
        objects=find(_OBJECTS),
        leads=find(_LEADS),
        degrees=find(_DEGREES),
        articles=find(_ARTICLES),
    )


def lower_word(word: str) -> str:
    """A word in lower case, with straight apostrophes."""
    return word.lower().replace("\u2019", "'")


def mark(holds: Callable[[str], bool], names: Sequence[str]) -> NDArray[np.bool_]:
    """Whether something holds of each name, (n_names,)."""
    return np.fromiter(map(holds, names), dtype=bool, count=len(names))


def cuts_phrase(word: str) -> bool:
    """Whether no phrase holds a word (lower case)."""
    return word in _CUTS or word.rstrip("s") in _CUTS or "'" in word or len(word) < 2 or word.isnumeric()


@dataclass(frozen=True)
class WordUse:
    """How a corpus uses its words.

    Attributes
    ----------
    place : dict of str to int
        Row of each word; that of a plural is the row of its singular.
    counts : int64 array (n_words + 1, 5)
        Uses of each word: all; at the end of a noun phrase; as a verb; after "is" or "more";
        right after "a" or "the". The last row is that of words without a use.
    """

    place: dict[str, int]
    counts: NDArray[np.int64]

    def is_head(self, word: str, *, alone: bool = False) -> bool:
        """Whether the word can be the last of a noun phrase, or its only one: a noun, a name or an acronym."""
        seen, closing, _, predicate, pointed = self._count(word)
        n_seen = seen + _GIVEN
        closes = (closing + _GIVEN * _guess_from_ending(word)) / n_seen
        if self.is_verb(word) or (predicate + _GIVEN * 0.05) / n_seen >= 0.15:
            return False
        # "Accurately" and "trained" end clauses too, but no article stands before them.
        if word.endswith(("ly", "ed")) and pointed < 0.05 * n_seen:
            return False
        # A compound is mostly a modifier ("multi-agent"), unless it is a name ("GPT-4").
        compound = "-" in word and not any(c.isdigit() for c in word)
        return closes >= (_LOWEST_HEAD if not alone else _LOWEST_COMPOUND if compound else _LOWEST_ALONE)

    def is_verb(self, word: str) -> bool:
        """Whether the word mostly acts as a verb."""
        given = 0.3 if word.endswith("ing") else 0.1
        seen, _, verbal, *_ = self._count(word)
        return (verbal + _GIVEN * given) / (seen + _GIVEN) >= 0.3

    def _count(self, word: str) -> list[int]:
        counts: list[int] = self.counts[self.place.get(word, -1)].tolist()
        return counts


def count_uses(tokens: Tokens, kinds: WordKinds) -> WordUse:
    """Count how the words of some texts are used, clause by clause."""
    singular = Numbers()
    row = np.array([singular[make_key(word)] for word in kinds.lower], dtype=np.int32)[kinds.of]
    here = np.flatnonzero(kinds.is_word[tokens.numbers])
    own = tokens.numbers[here]
    # What stands before the first word of the first text is its end: nothing.
    before, after = tokens.numbers[here - 1], tokens.numbers[here + 1]
    verbal = kinds.leads[before] | kinds.objects[after]
    closes = ~verbal & (~kinds.is_word[after] | kinds.function[after])
    rows, n_rows = row[own], len(singular) + 1
    marks = (None, closes, verbal, closes & kinds.degrees[before], closes & kinds.articles[before])
    counted = [np.bincount(rows if one is None else rows[one], minlength=n_rows) for one in marks]
    return WordUse(dict(singular), np.stack(counted, axis=1))


def _guess_from_ending(word: str) -> float:
    """How likely a word closes a noun phrase, before any use of it is seen."""
    if not word.isalpha():
        return 0.15 if "-" in word and not any(c.isdigit() for c in word) else 0.5
    if word.endswith(_NOUN_ENDINGS):
        return 0.6
    return 0.08 if word.endswith(_NOT_A_NOUN) else 0.15 if word.endswith(_VERB_ENDINGS) else 0.45
