"""How authors write a phrase: its case, its acronyms, singular or plural."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from analysis.themes.grammar import make_key

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Words(Protocol):
    """The forms of single words, by their key."""

    def get(self, key: str, default: Counter[str], /) -> Counter[str]:
        """The forms of a word, and how much each counts."""
        ...


# Weights of one use: in running text, where capitals tell something; at the end of
# a noun phrase, where singular or plural do.
RUNNING, CLOSED = 100, 5
# What authors write in the plural from this share of the uses on can be counted: "robots", but "imitation learning".
_LOWEST_PLURAL = 0.4
# A phrase in capitals is a name from so many uses in running text on.
_NAME_FROM = 3


def choose_spelling(key: str, forms: Counter[str], words: Words) -> str:
    """The form that stands most in running text; of a phrase seen in titles only, word by word."""
    ranked = sorted(forms.items(), key=lambda one: (-one[1], sum(c.isupper() for c in one[0]), one[0]))
    best, weight = ranked[0]
    if best != best.lower():
        # A name in capitals is rarely without them; an ordinary phrase often is.
        plain = next(((form, number) for form, number in ranked if form == form.lower()), None)
        best, weight = plain if plain and plain[1] >= max(RUNNING, 0.3 * weight) else (best, weight)
    named = any(c.isupper() for word in best.split() for c in word[1:])
    if weight >= RUNNING * (1 if named or " " not in key else _NAME_FROM) or best == best.lower():
        return best
    if " " not in key:
        # One capital at the start is the title's or the sentence's.
        return best.lower() if best[1:].islower() else best
    *front, last = best.split()
    return " ".join([*(_spell_front(word, words) for word in front), _spell_word(last, words)])


def find_plural(key: str, forms: Counter[str], words: Words) -> str | None:
    """The plural of a phrase, where authors use it so often that the phrase can be counted; None elsewhere."""
    plural = Counter({form: weight for form, weight in forms.items() if form.lower() != key})
    if plural and plural.total() >= _LOWEST_PLURAL * forms.total():
        return choose_spelling(key, plural, words)
    return None


def _spell_word(word: str, words: Words) -> str:
    return choose_spelling(make_key(word), words.get(make_key(word), Counter({word: 1})), words)


def _spell_front(word: str, words: Words) -> str:
    """A word before the last, in the number that it has there: "Gaussian avatars", however many say "Gaussians"."""
    spelled = _spell_word(word, words)
    if spelled.lower().startswith(word.lower()):
        return spelled[: len(word)]
    return choose_spelling(make_key(word), Counter({word: 1}), words)


@dataclass(frozen=True)
class Spellings:
    """How authors write each phrase of a book, found out for those that are asked for.

    Attributes
    ----------
    column : dict of str to int
        Place of each phrase, by its key.
    names : sequence of str
        Words as written.
    words : int array (n_forms, 3)
        Words of each form, by their place in `names`; -1 where there are fewer than three. Forms of one phrase
        stand together.
    weights : int64 array (n_forms,)
        How often each is written so, by what its capitals and its number tell there.
    ends : int64 array (n_phrases,)
        Where in `words` the forms of each phrase end.
    """

    column: dict[str, int]
    names: Sequence[str]
    words: NDArray[np.integer]
    weights: NDArray[np.int64]
    ends: NDArray[np.int64]
    _known: dict[str, Counter[str]] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        """Whether the book has the phrase."""
        return key in self.column

    def count_forms(self, key: str) -> Counter[str]:
        """Every way in which the texts write a phrase, with its weight; none for one that the book lacks."""
        if key not in self._known:
            column = self.column.get(key)
            if column is None:
                return Counter()
            own = slice(int(self.ends[column - 1]) if column else 0, int(self.ends[column]))
            forms = (" ".join(self.names[word] for word in words if word >= 0) for words in self.words[own].tolist())
            self._known[key] = Counter(dict(zip(forms, self.weights[own].tolist(), strict=True)))
        return self._known[key]

    def get(self, key: str, default: Counter[str], /) -> Counter[str]:
        """As `count_forms`, with something in the place of none."""
        return self.count_forms(key) if key in self.column else default

    def choose(self, key: str) -> str:
        """The form that authors write most."""
        return choose_spelling(key, self.count_forms(key), self)

    def find_plural(self, key: str) -> str | None:
        """The plural, where the phrase can be counted."""
        return find_plural(key, self.count_forms(key), self)
