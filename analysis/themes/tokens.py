"""Texts as arrays of numbers: each distinct word is looked at once, however often the corpus uses it.

A text is cut at its white space, and each distinct piece gets a number; what
there is to know of a piece (its words, their case, their endings) is found out
once per piece. Everything that counts words then works on whole arrays.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A word keeps its hyphens, digits and inner points: GPT-4, GPT-3.5, vision-language-action, 3D.
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019/.+][^\W_]+)*", re.UNICODE)
_PLAIN_BREAK = r"[^\w\s'\u2019/.+-]|[.]\Z|--+|https?://\S+"
_BREAK = re.compile(_PLAIN_BREAK, re.UNICODE)
# In text without an underscore this one would look at every letter for nothing.
_BREAK_OR_CODE = re.compile(rf"{_PLAIN_BREAK}|\S*_\S*", re.UNICODE)
# A stream of texts brings ever more distinct pieces.
_MOST_PIECES = 2**18
# The last of every text; nothing that a text can hold.
END = ""


class Numbers(dict[str, int]):
    """Numbers for strings, in the order in which they come; ``numbers[name]`` gives a new name the next one."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


@dataclass(frozen=True)
class Tokens:
    """Parts of texts, one after the other, by number; each text ends with `END`.

    Attributes
    ----------
    numbers : int32 array (n_tokens,)
    ends : int64 array (n_texts,)
        Where in `numbers` each text ends, its `END` counted in.
    names : list of str
        By number; 0 is `END`.
    """

    numbers: NDArray[np.int32]
    ends: NDArray[np.int64]
    names: list[str]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where in `numbers` each text starts."""
        return np.asarray(np.r_[0, self.ends[:-1]][: len(self.ends)], dtype=np.int64)

    def list_rows(self) -> NDArray[np.int32]:
        """Which text each token stands in, (n_tokens,)."""
        return np.repeat(np.arange(len(self.ends), dtype=np.int32), np.diff(self.ends, prepend=0))


Split = Callable[[str], Iterable[str]]


class Splitter:
    """Cuts texts at white space and numbers what it finds; distinct pieces are split into parts once.

    Parameters
    ----------
    *splits : callable
        Each gives the parts of one piece, in their order; none of them is empty.
    """

    def __init__(self, *splits: Split) -> None:
        self._tables = [_Table(split) for split in splits]
        self._pieces = Numbers({END: 0})

    @property
    def n_pieces(self) -> int:
        """Distinct pieces met so far."""
        return len(self._pieces)

    def read(self, texts: Sequence[str]) -> tuple[Tokens, ...]:
        """The parts of the texts, as each way to split gives them; numbers given in earlier calls stay."""
        n_known = len(self._pieces)
        found, ends = array("i"), np.zeros(len(texts), dtype=np.int64)
        number = self._pieces.__getitem__
        for row, text in enumerate(texts):
            found.extend(map(number, text.split()))
            found.append(0)
            ends[row] = len(found)
        pieces = np.array(found, dtype=np.int32)
        return tuple(table.look_up(pieces, ends, islice(self._pieces, n_known, None)) for table in self._tables)


class Reader:
    """Splits texts that come in a stream: a `Splitter` that forgets when it has grown large; threads may share it.

    Parameters
    ----------
    *splits : callable
        As for `Splitter`.
    """

    def __init__(self, *splits: Split) -> None:
        self._splits = splits
        self._splitter = Splitter(*splits)
        self._lock = Lock()

    def read(self, texts: Sequence[str]) -> tuple[Tokens, ...]:
        """As of `Splitter`; numbers stay from one call to the next unless the dictionary starts anew."""
        with self._lock:
            if self._splitter.n_pieces > _MOST_PIECES:
                self._splitter = Splitter(*self._splits)
            return self._splitter.read(texts)


class _Table:
    """The parts of numbered pieces, by number."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self._parts = Numbers({END: 0})
        # All parts in a row, and where those of each piece stop; the first piece is `END`.
        self._flat, self._stops = array("i", [0]), array("i", [0, 1])

    def look_up(self, pieces: NDArray[np.int32], ends: NDArray[np.int64], new: Iterable[str]) -> Tokens:
        number = self._parts.__getitem__
        for piece in new:
            self._flat.extend(map(number, self._split(piece)))
            self._stops.append(len(self._flat))
        stops = np.array(self._stops, dtype=np.int64)
        n_parts = np.diff(stops)[pieces]
        after = np.cumsum(n_parts)
        places = np.arange(after[-1] if len(after) else 0) + np.repeat(stops[pieces] - (after - n_parts), n_parts)
        return Tokens(np.array(self._flat, dtype=np.int32)[places], np.r_[0, after][ends], list(self._parts))


@lru_cache(maxsize=2**16)
def split_piece(piece: str) -> tuple[str, ...]:
    """Words of a text without white space, and what breaks a clause between them.

    Examples
    --------
    >>> split_piece("vision-language"), split_piece("(GPT-4)."), split_piece("www_x"), split_piece("-")
    (('vision-language',), ('(', 'GPT-4', ')', '.'), ('www_x',), ('-',))
    """
    if piece.isalpha():
        return (piece,)
    if not piece.strip("-"):
        return (piece,)  # A dash between two words.
    parts: list[str] = []
    place = 0
    for found in (_BREAK_OR_CODE if "_" in piece else _BREAK).finditer(piece):
        parts += _WORD.findall(piece, place, found.start())
        parts.append(found.group())
        place = found.end()
    parts += _WORD.findall(piece, place)
    return tuple(parts)


def is_a_word(part: str) -> bool:
    """Whether a part that `split_piece` gave is a word, and no break."""
    return part[:1].isalnum() and "_" not in part and "://" not in part
