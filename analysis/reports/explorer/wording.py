"""Texts as numbers of words: a third smaller than compressed text, and searched without being unfolded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.plots.text import clean

_PARTS = re.compile(r"\w+|\W+")
_WORD = re.compile(r"\w")
_ONE_BYTE, _TWO_BYTES = 1 << 7, 1 << 14


@dataclass(frozen=True)
class CodedTexts:
    """Texts as a stream of bytes.

    Attributes
    ----------
    stream : uint8 array
        Numbers of words and of what stands between them, the commonest first,
        as LEB128. A single blank between two words is left out.
    ends : uint32 array (n_texts,)
        Where each text ends in the stream.
    """

    stream: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint32]


def code_texts(columns: Sequence[Sequence[object]]) -> tuple[list[str], list[CodedTexts]]:
    """Code columns of texts by one dictionary.

    Parameters
    ----------
    columns : sequence of sequences of str
        Cleaned here; null counts as empty.

    Returns
    -------
    list of str, list of CodedTexts
        The words and what stands between them, by number; and each column.

    Examples
    --------
    >>> words, (titles,) = code_texts([["a map, a map", ""]])
    >>> words, titles.stream.tolist(), titles.ends.tolist()
    (['a', 'map', ', '], [0, 1, 2, 0, 1], [5, 5])
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    found = [_number_parts(texts, numbers) for texts in columns]
    counts = np.zeros(len(numbers), dtype=np.int64)
    for parts, _ in found:
        counts += np.bincount(parts, minlength=len(numbers))
    blank = numbers.get(" ")
    if blank is not None:
        # Last, and then cut off: no text holds its number.
        counts[blank] = -1
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(len(order), dtype=np.uint32)
    by_number = list(numbers)
    words = [by_number[number] for number in order if number != blank]
    return words, [
        _code_column(rank[parts], ends, None if blank is None else int(rank[blank])) for parts, ends in found
    ]


def find_words(words: Sequence[str]) -> npt.NDArray[np.uint8]:
    """1 for each word, 0 for what stands between words; two words without such are parted by a blank."""
    return np.fromiter((bool(_WORD.match(word)) for word in words), dtype=np.uint8, count=len(words))


def _number_parts(
    texts: Sequence[object], numbers: defaultdict[str, int]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    arrays = [np.fromiter(map(numbers.__getitem__, _PARTS.findall(clean(text))), dtype=np.uint32) for text in texts]
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=np.uint32), *arrays]), np.cumsum(lengths)


def _code_column(parts: npt.NDArray[np.uint32], ends: npt.NDArray[np.int64], blank: int | None) -> CodedTexts:
    is_kept = np.ones(len(parts), dtype=bool) if blank is None else parts != blank
    kept = parts[is_kept]
    n_bytes = 1 + (kept >= _ONE_BYTE) + (kept >= _TWO_BYTES)
    starts = np.concatenate([[0], np.cumsum(n_bytes)])
    stream = np.zeros(int(starts[-1]), dtype=np.uint8)
    stream[starts[:-1]] = (kept & 127) | ((n_bytes > 1) * 128)
    two, three = n_bytes > 1, n_bytes > 2
    stream[starts[:-1][two] + 1] = ((kept[two] >> 7) & 127) | ((n_bytes[two] > 2) * 128)
    stream[starts[:-1][three] + 2] = kept[three] >> 14
    n_kept = np.concatenate([[0], np.cumsum(is_kept)])
    return CodedTexts(stream, starts[n_kept[ends]].astype(np.uint32))
