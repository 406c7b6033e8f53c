"""Which words of a corpus are nouns, read off how its own sentences use them.

No tagger and no list of a field's words: a word that often stands before a
verb, a preposition or the end of a clause closes a noun phrase; one that is
followed by "the", or led by "to" or "can", is a verb; one that is nearly
always followed by another content word is an adjective. Rare words lean on
their ending.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


def read_words(name: str) -> frozenset[str]:
    """One of the word lists beside this module; a line that begins with # is a comment."""
    text = (resources.files("analysis.themes") / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


_FUNCTION = read_words("function")
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
    if _PLURAL_ACRONYM.search(phrase):
        return key[:-1]
    if not key.endswith("s") or len(key) <= 3 or key.endswith(("ss", "us", "is", "'s")):
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
class WordUse:
    """How a corpus uses its words.

    Attributes
    ----------
    seen, closes, verbal, predicate, pointed : Counter of str to int
        Uses of each word, its plural included: all; at the end of a noun phrase; as a verb;
        after "is" or "more"; right after "a" or "the".
    """

    seen: Counter[str]
    closes: Counter[str]
    verbal: Counter[str]
    predicate: Counter[str]
    pointed: Counter[str]

    def is_head(self, word: str, *, alone: bool = False) -> bool:
        """Whether the word can be the last of a noun phrase, or its only one: a noun, a name or an acronym."""
        n_seen = self.seen[word] + _GIVEN
        closes = (self.closes[word] + _GIVEN * _guess_from_ending(word)) / n_seen
        if self.is_verb(word) or (self.predicate[word] + _GIVEN * 0.05) / n_seen >= 0.15:
            return False
        # "Accurately" and "trained" end clauses too, but no article stands before them.
        if word.endswith(("ly", "ed")) and self.pointed[word] < 0.05 * n_seen:
            return False
        # A compound is mostly a modifier ("multi-agent"), unless it is a name ("GPT-4").
        compound = "-" in word and not any(c.isdigit() for c in word)
        return closes >= (_LOWEST_HEAD if not alone else _LOWEST_COMPOUND if compound else _LOWEST_ALONE)

    def is_verb(self, word: str) -> bool:
        """Whether the word mostly acts as a verb."""
        given = 0.3 if word.endswith("ing") else 0.1
        return (self.verbal[word] + _GIVEN * given) / (self.seen[word] + _GIVEN) >= 0.3


class WordCounter:
    """Collects the uses of words, clause by clause."""

    def __init__(self) -> None:
        self._uses: Counter[tuple[str, bool, bool, bool, bool]] = Counter()

    def read(self, words: Sequence[str]) -> None:
        """Note how each word of a clause (lower case) is used."""
        last = len(words) - 1
        for place, word in enumerate(words):
            before = words[place - 1] if place else ""
            after = words[place + 1] if place < last else ""
            verbal = before in _LEADS or after in _OBJECTS
            closes = not verbal and (not after or after in _FUNCTION)
            said, shown = before in _DEGREES and closes, before in _ARTICLES and closes
            self._uses[make_key(word), closes, verbal, said, shown] += 1

    def count(self) -> WordUse:
        """The uses of every word."""
        seen, closes, verbal, predicate, pointed = (Counter[str]() for _ in range(5))
        for (word, closing, acting, said, shown), number in self._uses.items():
            seen[word] += number
            pointed[word] += number * shown
            closes[word] += number * closing
            verbal[word] += number * acting
            predicate[word] += number * said
        return WordUse(seen, closes, verbal, predicate, pointed)


def closes_phrase(words: Sequence[str], end: int) -> bool:
    """Whether a noun phrase that reaches up to `end` is complete there: a clause ends, or a function word follows."""
    return end >= len(words) or words[end] in _FUNCTION


def _guess_from_ending(word: str) -> float:
    """How likely a word closes a noun phrase, before any use of it is seen."""
    if not word.isalpha():
        return 0.15 if "-" in word and not any(c.isdigit() for c in word) else 0.5
    if word.endswith(_NOUN_ENDINGS):
        return 0.6
    return 0.08 if word.endswith(_NOT_A_NOUN) else 0.15 if word.endswith(_VERB_ENDINGS) else 0.45
