"""Where texts use phrases of one to three words, as arrays: each distinct form is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.grammar import WordKinds, cuts_phrase, lower_word, make_key, sort_words
from analysis.themes.tokens import END, Numbers, Reader, Splitter, Tokens, is_a_word, split_piece

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 3


@dataclass(frozen=True)
class KeyParts:
    """What the words of phrases give to the keys of the phrases; all by number of the token.

    Attributes
    ----------
    names : list of str
        Parts of keys, by their own number.
    alone, front, last : int32 arrays (n_names,)
        Part that a word is as a phrase of its own, before the last word, and as the last of several: "gas", "toxic ga".
    """

    names: list[str]
    alone: NDArray[np.int32]
    front: NDArray[np.int32]
    last: NDArray[np.int32]


@dataclass(frozen=True)
class Uses:
    """Places where texts use phrases of some length, in the order of the texts.

    Attributes
    ----------
    at : int64 array (n_uses,)
        Token that the phrase starts with.
    form : int64 array (n_uses,)
        What is written there, by number.
    key : int64 array (n_forms,)
        Key of each form, by number.
    words : int32 array (n_forms, n_words)
        Token names of each form.
    parts : int32 array (n_keys, n_words)
        Parts of each key.
    """

    at: NDArray[np.int64]
    form: NDArray[np.int64]
    key: NDArray[np.int64]
    words: NDArray[np.int32]
    parts: NDArray[np.int32]

    def select(self, chosen: NDArray[np.bool_]) -> Uses:
        """The uses of some of the keys, (n_keys,); keys and forms keep their numbers."""
        mask = chosen[self.key][self.form]
        return Uses(self.at[mask], self.form[mask], self.key, self.words, self.parts)


def split_keys(tokens: Tokens, kinds: WordKinds) -> KeyParts:
    """Find out what each word gives to keys; words that no phrase holds give nothing of use."""
    number, words = Numbers({END: 0}), np.flatnonzero(~kinds.cuts)
    alone, front, last = (np.zeros(len(tokens.names), dtype=np.int32) for _ in range(3))
    for word in words.tolist():
        alone[word], front[word], last[word] = (number[part] for part in _split_key(tokens.names[word]))
    return KeyParts(list(number), alone, front, last)


def _split_key(word: str) -> tuple[str, str, str]:
    """What a word is as a phrase, before the last word of one, and as the last of several."""
    # In a phrase no word is too short for a plural.
    return make_key(word), word.lower(), make_key(f"of {word}")[3:] if word[-1] in "sS" else word.lower()


def find_uses(tokens: Tokens, kinds: WordKinds, parts: KeyParts, *, least: int = 1) -> list[Uses]:
    """Every place where the texts use a phrase of one, two and three words.

    Parameters
    ----------
    tokens : Tokens
        Of `split_piece`.
    kinds : WordKinds
    parts : KeyParts
    least : {1, 2}
        Texts that a phrase must stand in.

    Returns
    -------
    list of `LONGEST` Uses
    """
    fits, rows = ~kinds.cuts[tokens.numbers], tokens.list_rows()
    n_names, n_parts = len(tokens.names), len(parts.names)
    at = np.flatnonzero(fits)
    code = tokens.numbers[at].astype(np.int64)
    words, fronts = np.zeros((1, 0), dtype=np.int32), np.zeros(1, dtype=np.int64)
    found: list[Uses] = []
    for n_words in range(1, LONGEST + 1):
        form, codes = _number(code)
        # A code is what stood in front, and the word that is new.
        before, last = codes // n_names, (codes % n_names).astype(np.int32)
        of_key = np.c_[parts.front[words[before]], (parts.last if n_words > 1 else parts.alone)[last]]
        key, _ = _number(fronts[before] * n_parts + of_key[:, -1])
        words = np.c_[words[before], last]
        uses = Uses(at, form, key, words, of_key[_find_first(key)])
        found.append(uses if least == 1 else uses.select(_stand_in_several(key[form], rows[at])))
        if n_words == LONGEST:
            return found
        # What several texts use begins with what several texts do, whatever number its last word is in.
        fronts, _ = _number(fronts[before] * n_parts + parts.front[last])
        goes_on = fits[at + n_words]
        if least > 1:
            goes_on &= _stand_in_several(fronts[form], rows[at])[fronts[form]]
        at, form = at[goes_on], form[goes_on]
        code = form * n_names + tokens.numbers[at + n_words]
    return found


def _number(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Codes numbered in the order in which they come, and the code of each number."""
    import pandas as pd

    numbers, distinct = pd.factorize(codes)
    return numbers.astype(np.int64, copy=False), distinct


def _find_first(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each number stands first."""
    first = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return first


def _stand_in_several(numbers: NDArray[np.int64], rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each number stands in two rows or more; `rows` go up."""
    last = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int32)
    last[numbers] = rows
    return last > rows[_find_first(numbers)]


class PhraseLookup:
    """Finds where texts use any of some phrases; other words cost next to nothing.

    Parameters
    ----------
    keys : sequence of n_keys str
        Of one to three words each; a key of more is never found.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        split = [key.split(" ") for key in keys]
        self._parts = Numbers()
        for words in split:
            for word in words:
                self._parts[word]  # numbered where it is new
        self._single = np.full(len(self._parts) + 1, -1)  # The last is that of an unknown part.
        longer: list[dict[int, int]] = [{} for _ in range(2, LONGEST + 1)]
        for number, words in enumerate(split):
            codes = [self._parts[word] for word in words]
            if len(words) == 1:
                self._single[codes[0]] = number
            elif len(words) <= LONGEST:
                longer[len(words) - 2][self._join(codes)] = number
        # A number that no code reaches stands at the end, so that every search ends at one.
        self._longer = [np.array([*sorted(some.items()), (2**62, -1)]).T for some in longer]
        self._reader = Reader(split_piece)
        # Names of the words met so far, and what each can be in a key: alone, in front, last.
        self._learned: tuple[list[str], NDArray[np.int64]] = ([], np.zeros((0, 3), dtype=np.int64))

    def _join(self, codes: Sequence[Any]) -> Any:
        joined = codes[0]
        for code in codes[1:]:
            joined = joined * len(self._parts) + code
        return joined

    def find(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Row and number of the key of every use, the shorter keys first."""
        (tokens,) = self._reader.read(texts)
        alone, in_front, at_end = self._learn(tokens.names).T
        rows, numbers = tokens.list_rows().astype(np.int64), tokens.numbers
        single = self._single[alone[numbers]]
        at = np.flatnonzero(single >= 0)
        found_rows, found_keys = [rows[at]], [single[at]]
        front, last = in_front[numbers], at_end[numbers]
        # Each text ends with what is no part of any key.
        at = np.flatnonzero(front >= 0)
        codes = front[at]
        for n_words, (known, keys) in enumerate(self._longer, start=2):
            after = at + n_words - 1
            ends = last[after] >= 0
            whole = codes[ends] * len(self._parts) + last[after[ends]]
            place = np.searchsorted(known, whole)
            hit = known[place] == whole
            found_rows.append(rows[at[ends][hit]])
            found_keys.append(keys[place[hit]])
            goes_on = front[after] >= 0
            at, codes = at[goes_on], codes[goes_on] * len(self._parts) + front[after[goes_on]]
        return np.concatenate(found_rows), np.concatenate(found_keys)

    def _learn(self, names: list[str]) -> NDArray[np.int64]:
        """What each word can be in a key, by number; -1 where in none."""
        known, learned = self._learned
        # The reader may have started anew since, or another thread may be ahead.
        n_both = min(len(known), len(names))
        n_known = n_both if names[:n_both] == known[:n_both] else 0
        parts = np.full((len(names), 3), -1)
        parts[:n_known] = learned[:n_known]
        for number, name in enumerate(names[n_known:], start=n_known):
            if is_a_word(name) and not cuts_phrase(lower_word(name)):
                parts[number] = [self._parts.get(part, -1) for part in _split_key(name)]
        if len(names) > len(known) or not n_known:
            self._learned = names, parts
        return parts


def list_keys(text: str) -> list[str]:
    """Keys of a text's phrases, repeats included: the analyzer of the vectorizer.

    Examples
    --------
    >>> list_keys("Robots learn; the robot grasps.")
    ['robot', 'robot', 'robot grasp', 'grasp']
    """
    (tokens,) = Splitter(split_piece).read([text])
    kinds = sort_words(tokens.names)
    parts = split_keys(tokens, kinds)
    found = [
        (start, len(words), " ".join(words))
        for uses in find_uses(tokens, kinds, parts)
        for keys in [[[parts.names[part] for part in key] for key in uses.parts.tolist()]]
        for start, key in zip(uses.at.tolist(), uses.key[uses.form].tolist(), strict=True)
        for words in [keys[key]]
    ]
    return [key for _, _, key in sorted(found)]
