"""Texts as runs of three words, and as signatures of these runs: all texts of a piece in a few passes over their bytes.

The number of a run depends on its words alone, so texts can be compared
whenever and wherever their runs were numbered. A signature estimates the
overlap of the runs of one text with those of any other [1]_.

References
----------
.. [1] Broder (1997), On the resemblance and containment of documents, SEQUENCES, 21-29.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
N_HASHES = 64
FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SEED = 0
_RUN = 3
_WORD = re.compile(r"\w+")
_BLANK, _END = ord(" "), ord("\n")
# Letters in lower case, digits and the underline as they are, every other sign of ASCII a blank.
_FOLDED = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) == "_" else _BLANK for code in range(128)
) + bytes(range(128, 256))
# More words than a language has: beyond, they are numbered anew.
_MOST_WORDS = 2_000_000


class Runs(NamedTuple):
    """Runs of several texts, one after the other.

    Attributes
    ----------
    numbers : ndarray of uint64, shape (n_runs,)
    ends : ndarray of int64, shape (n_texts + 1,)
        Text `i` has those from ``ends[i]`` to ``ends[i + 1]``; at least one.
    """

    numbers: Numbers
    ends: Counts


def list_words(text: str) -> list[str]:
    """The words of a text in their order, in one case and one spelling of each letter."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def number_runs(texts: Sequence[str]) -> Runs:
    """Number the runs of three words of each text; the few words of a shorter one stand for one run."""
    words, counts = _number_words(texts)
    filled = np.maximum(counts, _RUN)
    if (counts < _RUN).any():
        shifts = (np.cumsum(filled) - filled) - (np.cumsum(counts) - counts)
        places = np.repeat(shifts, counts) + np.arange(len(words))
        whole = np.zeros(int(filled.sum()), dtype=np.uint64)
        whole[places] = words
        words = whole
    n_starts = max(0, len(words) - _RUN + 1)
    mixed = words[:n_starts] * FACTORS[0]
    for step in range(1, _RUN):
        mixed += words[step : step + n_starts] * FACTORS[step]
    mixed ^= mixed >> np.uint64(29)
    # No run goes over the end of a text.
    inside = np.ones(n_starts, dtype=bool)
    lasts = np.cumsum(filled)
    for step in range(1, _RUN):
        over = lasts - step
        inside[over[over < n_starts]] = False
    return Runs(mixed[inside], np.concatenate([[0], np.cumsum(filled - _RUN + 1)]))


def sign_texts(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """MinHash signatures of texts.

    Returns
    -------
    ndarray of uint32, shape (n_texts, 64)
        The share of equal numbers in two rows estimates the Jaccard overlap of the two texts' runs.
    """
    from rensa import RMinHash

    if not texts:
        return np.zeros((0, N_HASHES), dtype=np.uint32)
    runs = number_runs(texts)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(runs.numbers, runs.ends.astype(np.uint64), N_HASHES, _SEED)
    return np.asarray(matrix.to_rows(), dtype=np.uint32)


class _Words(dict[bytes, int]):
    """Word to a number of 64 bits that is the same in every run."""

    def __missing__(self, word: bytes) -> int:
        code = word[:-1]
        number = zlib.crc32(code) << 32 | zlib.crc32(code, 0x5BD1E995)
        self[word] = number
        return number


@cache
def _known_words() -> _Words:
    return _Words()


def _fold_bytes(text: str) -> bytes:
    """The words of a text, apart by signs that are blanks."""
    if text.isascii():
        return text.encode("ascii").translate(_FOLDED)
    return " ".join(list_words(text)).encode("utf-8", "surrogatepass")


def _number_words(texts: Sequence[str]) -> tuple[Numbers, Counts]:
    """Numbers of the words of all texts, and how many words each text has."""
    import pyarrow as pa

    folded = [_fold_bytes(text) for text in texts]
    signs = np.frombuffer(b"\n".join(folded) + b"\n", dtype=np.uint8)
    is_blank = (signs == _BLANK) | (signs == _END)
    ends_word = is_blank.copy()
    ends_word[0] = False
    ends_word[1:] &= ~is_blank[:-1]
    text_ends = np.cumsum(np.fromiter(map(len, folded), np.int64, len(folded)) + 1) - 1
    n_words = np.diff(np.searchsorted(np.flatnonzero(ends_word), text_ends, side="right"), prepend=0)
    # Each word with the one blank after it, so that they lie without gaps.
    kept = ~is_blank | ends_word
    packed = signs[kept]
    packed[packed == _END] = _BLANK
    starts = np.concatenate([[0], np.flatnonzero(ends_word[kept]) + 1])
    buffers = [None, pa.py_buffer(starts), pa.py_buffer(packed)]
    coded = pa.Array.from_buffers(pa.large_binary(), len(starts) - 1, buffers).dictionary_encode()
    known = _known_words()
    if len(known) > _MOST_WORDS:
        known.clear()
    numbers = np.fromiter(map(known.__getitem__, coded.dictionary.to_pylist()), np.uint64, len(coded.dictionary))
    return numbers[coded.indices.to_numpy()], n_words
