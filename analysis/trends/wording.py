"""How many papers have which phrase: words, pairs of words and keyphrases, counted on codes and not on strings."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]

# A word goes when a longer phrase that holds it stands in this share of its papers: it says the same.
_COVERED = 0.9
_STOP = re.compile(r"[.!?;:,()\[\]{}\"]+")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")  # noqa: RUF001
_BREAK = -1


@dataclasses.dataclass(frozen=True)
class Wording:
    """Texts as codes of their words.

    Attributes
    ----------
    word : array of n_words
        Place in `written`; -1 at punctuation, which no phrase crosses.
    start : array of n_texts + 1
        Where each text begins in `word`.
    written : array of str
        Every word as written.
    lower : array
        Of each word, the place of its lower case in `lowered`.
    lowered : array of str
    """

    word: Codes
    start: Codes
    written: npt.NDArray[np.object_]
    lower: Codes
    lowered: npt.NDArray[np.object_]

    @cached_property
    def place(self) -> dict[str, int]:
        """Place of each word in `lowered`."""
        return {word: place for place, word in enumerate(self.lowered.tolist())}

    @cached_property
    def tells(self) -> npt.NDArray[np.bool_]:
        """Of each word in `lowered`, whether a phrase may begin or end with it: true of all but stop words."""
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return np.array([word not in ENGLISH_STOP_WORDS for word in self.lowered.tolist()], dtype=bool)

    @cached_property
    def stands(self) -> npt.NDArray[np.bool_]:
        """Of each word in `lowered`, whether it is a phrase by itself."""
        plain = (len(word) > 1 and not word.isnumeric() for word in self.lowered.tolist())
        return np.asarray(self.tells & np.fromiter(plain, dtype=bool, count=len(self.lowered)))


@dataclasses.dataclass(frozen=True)
class _Grams:
    """Phrases of one length in some papers, one row for each paper that has one."""

    paper: Codes
    gram: Codes
    names: list[str]
    is_key: npt.NDArray[np.bool_]
    written: list[str]


def read_wording(columns: Sequence[pd.Series]) -> Wording:
    """Divide texts into words.

    Parameters
    ----------
    columns : sequence of Series of n_texts
        Parts of each text, such as titles and abstracts; null is no text, and
        no phrase reaches from one part into the next.

    Notes
    -----
    Texts are cut at blanks by Arrow, and each of the pieces that differ is
    divided once: many texts have few of them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    strings = (pa.array(column.astype("str"), type=pa.large_string(), from_pandas=True) for column in columns)
    parts = [pc.fill_null(one, "") for one in strings]
    texts = pc.binary_join_element_wise(*parts, pa.scalar(" . ", pa.large_string()))
    cut = pc.utf8_split_whitespace(texts)
    pieces = cut.flatten().dictionary_encode()
    lengths = np.diff(cut.offsets.to_numpy().astype(np.int64))
    words, counts, written = _divide(pieces.dictionary.to_pylist())
    code = pieces.indices.to_numpy().astype(np.int64)
    own = counts[code]
    ends = np.concatenate([[0], np.cumsum(own)])
    # The words of each piece, one piece after the other.
    first = np.repeat((np.cumsum(counts) - counts)[code] - ends[:-1], own)
    start = ends[np.concatenate([[0], np.cumsum(lengths)])]
    low, lowered = pd.factorize(np.array([word.lower() for word in written], dtype=object))
    return Wording(
        words[first + np.arange(ends[-1])],
        start,
        np.array(written, dtype=object),
        np.asarray(low, dtype=np.int64),
        np.asarray(lowered, dtype=object),
    )


def count_phrases(
    wording: Wording, texts: Codes, late: npt.NDArray[np.bool_], *, keyphrases: Sequence[str], min_papers: int
) -> pd.DataFrame:
    """Count the papers of two parts that have each phrase.

    Parameters
    ----------
    wording : Wording
    texts : array of n_papers
        Which texts to count in.
    late : array of n_papers of bool
        Those of the late part.
    keyphrases : sequence of str
        Looked for besides words and pairs of words, whatever their case.
    min_papers : int >= 1
        Papers that must have a phrase.

    Returns
    -------
    DataFrame of n_phrases rows
        ``phrase``, ``kind`` (keyphrase or word), ``n_early``, ``n_late``. Words
        that nearly always stand in a longer phrase of the table are left to it.
    """
    keys = {" ".join(_WORD.findall(phrase)).lower(): phrase for phrase in reversed(keyphrases)}
    word, paper = _take(wording, texts)
    if not len(wording.lowered):
        return pd.DataFrame()
    low = np.where(word == _BREAK, _BREAK, wording.lower[word])
    often = _count_papers(paper, low, len(wording.lowered)) >= min_papers
    # A phrase is no more frequent than its rarest word.
    low = np.where((low != _BREAK) & often[low], low, _BREAK)
    known = {tuple(wording.place.get(part, _BREAK) for part in key.split()): key for key in keys if key}
    longest = max([2, *(len(one) for one in known)])
    found = [_find_grams(wording, paper, word, low, known, n_words, min_papers) for n_words in range(1, longest + 1)]
    names = [name for one in found for name in one.names]
    if not names:
        return pd.DataFrame()
    shift = np.cumsum([0, *(len(one.names) for one in found)])
    row = np.concatenate([one.gram + begin for one, begin in zip(found, shift[:-1], strict=True)])
    n_papers = np.bincount(row, minlength=len(names))
    n_late = np.bincount(row[late[np.concatenate([one.paper for one in found])]], minlength=len(names))
    kept = np.flatnonzero(~_find_covered(names, n_papers))
    # As most papers write it, but a keyphrase as its table does.
    shown = [text for one in found for text in one.written]
    is_key = np.concatenate([one.is_key for one in found])
    return pd.DataFrame(
        {
            "phrase": pd.Series([keys[names[i]] if is_key[i] else shown[i] for i in kept], dtype="str"),
            "kind": pd.Series(np.where(is_key[kept], "keyphrase", "word"), dtype="str"),
            "n_early": (n_papers - n_late)[kept].astype(np.int64),
            "n_late": n_late[kept].astype(np.int64),
        }
    )


def _divide(pieces: Iterable[str]) -> tuple[Codes, Codes, list[str]]:
    """Codes of the words of each piece of text one after the other, how many each has, and the words."""
    place: dict[str, int] = {}
    words: list[int] = []
    counts: list[int] = []
    for piece in pieces:
        if piece.isalnum():
            words.append(place.setdefault(piece, len(place)))
            counts.append(1)
            continue
        before = len(words)
        for i, part in enumerate(_STOP.split(piece)):
            if i:
                words.append(_BREAK)
            words += [place.setdefault(word, len(place)) for word in _WORD.findall(part)]
        counts.append(len(words) - before)
    return np.array(words, dtype=np.int64), np.array(counts, dtype=np.int64), list(place)


def _take(wording: Wording, texts: Codes) -> tuple[Codes, Codes]:
    """Words of some texts, and which of these texts each is in."""
    lengths = wording.start[texts + 1] - wording.start[texts]
    paper = np.repeat(np.arange(len(texts)), lengths)
    first = np.repeat(wording.start[texts] - (np.cumsum(lengths) - lengths), lengths)
    return wording.word[first + np.arange(len(paper))], paper


def _find_grams(
    wording: Wording, paper: Codes, word: Codes, low: Codes, known: dict[tuple[int, ...], str], n_words: int, least: int
) -> _Grams:
    """Phrases of `n_words` words that at least so many papers have."""
    n_places = max(len(low) - n_words + 1, 0)
    shifted = [low[i : i + n_places] for i in range(n_words)]
    own = {key: name for key, name in known.items() if len(key) == n_words and _BREAK not in key}
    whole = np.logical_and.reduce([part != _BREAK for part in shifted])
    hit = np.zeros(n_places, dtype=bool)
    for key in own:
        hit |= np.logical_and.reduce([part == code for part, code in zip(shifted, key, strict=True)])
    if n_words == 1:
        whole &= wording.stands[shifted[0]] | hit
    elif n_words == 2:
        whole &= (wording.tells[shifted[0]] & wording.tells[shifted[1]]) | hit
    else:
        whole &= hit
    at = np.flatnonzero(whole & (paper[:n_places] == paper[n_words - 1 :][:n_places]))
    gram, lowest = _number_rows([part[at] for part in shifted], len(wording.lowered))
    rows = _pair_once(paper[at], gram, len(lowest))
    n_papers = np.bincount(rows[:, 1], minlength=len(lowest))
    names = [" ".join(wording.lowered[list(code)]) for code in lowest[n_papers >= least].tolist()]
    renamed = np.full(len(lowest), _BREAK)
    renamed[n_papers >= least] = np.arange(len(names))
    kept = renamed[rows[:, 1]] != _BREAK
    is_key = np.array([tuple(code) in own for code in lowest[n_papers >= least].tolist()], dtype=bool)
    written = _choose_writing(wording, word, at, paper, renamed[gram], n_words, len(names))
    return _Grams(rows[kept, 0], renamed[rows[kept, 1]], names, is_key, written)


def _number_rows(columns: list[Codes], n_codes: int) -> tuple[Codes, Codes]:
    """Number of each row of codes among those that differ, and these, (n_rows, n_columns)."""
    values, number = np.unique(columns[0], return_inverse=True)
    distinct = values[:, None]
    for column in columns[1:]:
        # Few rows differ, so two numbers always fit in one.
        values, number = np.unique(number * n_codes + column, return_inverse=True)
        distinct = np.column_stack([distinct[values // n_codes], values % n_codes])
    return number, distinct


def _pair_once(paper: Codes, gram: Codes, n_grams: int) -> Codes:
    """Each paper with each of its phrases once, (n_rows, 2)."""
    values = _drop_repeats(paper * max(n_grams, 1) + gram)
    return np.column_stack([values // max(n_grams, 1), values % max(n_grams, 1)])


def _count_papers(paper: Codes, code: Codes, n_codes: int) -> Codes:
    """Papers that have each code."""
    seen = code != _BREAK
    values = _drop_repeats(paper[seen] * n_codes + code[seen])
    return np.bincount(values % n_codes, minlength=n_codes)


def _drop_repeats(values: Codes) -> Codes:
    """The values that differ, in order; several times as fast as numpy's own, which hashes them."""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values


def _choose_writing(
    wording: Wording, word: Codes, at: Codes, paper: Codes, gram: Codes, n_words: int, n_grams: int
) -> list[str]:
    """Each phrase as most papers write it; of two as often, the one that comes last in order."""
    chosen = at[gram != _BREAK]
    as_written, distinct = _number_rows([word[chosen + i] for i in range(n_words)], len(wording.written))
    rows = _pair_once(paper[chosen], as_written, len(distinct))
    counts = np.bincount(rows[:, 1], minlength=len(distinct))
    of = np.zeros(len(distinct), dtype=np.int64)
    of[as_written] = gram[gram != _BREAK]
    best: list[tuple[int, str]] = [(0, "")] * n_grams
    for code, count, one in zip(distinct.tolist(), counts.tolist(), of.tolist(), strict=True):
        best[one] = max(best[one], (count, " ".join(wording.written[code])))
    return [text for _, text in best]


def _find_covered(names: list[str], n_papers: Any) -> npt.NDArray[np.bool_]:
    """Phrases that stand nearly always inside one longer phrase."""
    place = {name: row for row, name in enumerate(names)}
    covered = np.zeros(len(names), dtype=bool)
    for row, name in enumerate(names):
        words = name.split()
        for length in range(1, len(words)):
            for start in range(len(words) - length + 1):
                part = place.get(" ".join(words[start : start + length]))
                # The longer phrase holds the part, so its papers are among the part's.
                if part is not None and n_papers[row] >= _COVERED * n_papers[part]:
                    covered[part] = True
    return covered
