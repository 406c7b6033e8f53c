"""Records of delimited text, each told apart even where quotation marks are wrong."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from analysis.corpus.opening import MAX_LINE, Line

# A record longer than this is held for one whose quotation mark is never closed.
MAX_RECORD_LINES = 1_000
MAX_RECORD_CHARS = 2**20
_MOST_AHEAD = 100
_NEVER_CLOSED = "a quotation mark is opened and never closed"
_NOT_DOUBLED = "a quotation mark inside a cell is not doubled"


class Record(NamedTuple):
    """A record: the number of its first line, its cells, its text, and what is wrong with it."""

    number: int
    cells: list[str]
    raw: str
    fault: str = ""


class _TooLong(Exception):
    """A record ran over its bounds."""


class _Feed:
    """Lines for the csv reader, which remembers those of the present record and can take them again."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []
        self._n_chars = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        taken = self.taken
        # A long first line is a record of its own.
        if taken and (self._n_chars > MAX_RECORD_CHARS or len(taken) >= MAX_RECORD_LINES):
            raise _TooLong
        line = self._again.popleft() if self._again else next(self._lines)
        taken.append(line)
        self._n_chars += len(line.text)
        return _end_line(line.text)

    def start(self) -> None:
        self.taken, self._n_chars = [], 0

    def give_back(self, lines: list[Line]) -> None:
        self._again.extendleft(reversed(lines))


def list_records(lines: Iterator[Line], delimiter: str, n_columns: int) -> Iterator[Record]:
    """Every record, in order; a blank line is a record without cells.

    Parameters
    ----------
    lines : iterator of Line
    delimiter : str
        One character.
    n_columns : int
        Cells of a whole row: by them the next sound row is found after one that is not.
    """
    # The library's own limit is 128 KiB; an abstract may be longer, a line may not.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_LINE))
    feed = _Feed(lines)
    reader = _open_reader(feed, delimiter)
    while True:
        feed.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            yield _mend(feed, delimiter, n_columns, is_open=_is_open(error))
            reader = _open_reader(feed, delimiter)
            continue
        taken = feed.taken
        if len(taken) == 1:
            yield Record(taken[0].number, cells, taken[0].text)
        elif len(cells) != n_columns and _find_row(taken, delimiter, n_columns):
            yield _mend(feed, delimiter, n_columns, is_open=True)
        else:
            yield Record(taken[0].number, cells, "\n".join(line.text for line in taken))


def _mend(feed: _Feed, delimiter: str, n_columns: int, *, is_open: bool) -> Record:
    """A record from lines whose quotation marks are wrong; lines that are not its own are given back."""
    first = feed.taken[0]
    # Where tabs part the cells, most writers know no quotation marks.
    if delimiter == "\t":
        cells = first.text.split(delimiter)
        if len(cells) == n_columns:
            feed.give_back(feed.taken[1:])
            return Record(first.number, cells, first.text)
    next_row = _find_row(feed.taken, delimiter, n_columns)
    if not next_row and not is_open and not _parse_wrong(feed.taken, delimiter, n_columns):
        next_row = _read_on(feed, delimiter, n_columns)
    own = feed.taken[:next_row] if next_row else feed.taken
    feed.give_back(feed.taken[len(own) :])
    raw = "\n".join(line.text for line in own)
    if not is_open and (cells := _parse_wrong(own, delimiter, n_columns)):
        return Record(first.number, cells, raw)
    return Record(first.number, [], raw, _NEVER_CLOSED if is_open or raw.count('"') % 2 else _NOT_DOUBLED)


def _read_on(feed: _Feed, delimiter: str, n_columns: int) -> int:
    """Take lines until one begins a whole row, and say which; 0 at the end of the text or of patience."""
    while len(feed.taken) < MAX_RECORD_LINES:
        try:
            next(feed)
        except (StopIteration, _TooLong):
            return 0
        place = len(feed.taken) - 1
        if not feed.taken[place].text.strip():
            return place
        if _begins_row(feed.taken[place:], delimiter, n_columns):
            return place
    return 0


def _find_row(taken: list[Line], delimiter: str, n_columns: int) -> int:
    """Which of the lines after the first begins a whole row; 0 when none does."""
    places = range(1, len(taken))
    return next((place for place in places if _begins_row(taken[place:], delimiter, n_columns)), 0)


def _begins_row(lines: list[Line], delimiter: str, n_columns: int) -> bool:
    if n_columns < 2 or delimiter not in lines[0].text:
        return False
    texts = (_end_line(line.text) for line in lines[:_MOST_AHEAD])
    try:
        cells = next(csv.reader(texts, delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        cells = _parse_wrong(lines[:1], delimiter, n_columns)
    return len(cells) == n_columns


def _parse_wrong(lines: list[Line], delimiter: str, n_columns: int) -> list[str]:
    """Cells of one whole row whose inner quotation marks are not doubled; none where it cannot be read so."""
    text = "\n".join(line.text for line in lines)
    if '\\"' in text:
        escaped = _parse_escaped(lines, delimiter)
        if len(escaped) == n_columns:
            return escaped
    loose = _parse_loosely(text, delimiter)
    return loose if len(loose) == n_columns else []


def _parse_escaped(lines: list[Line], delimiter: str) -> list[str]:
    """Cells of one record whose quotation marks have a backslash before them; none where it is not sound."""
    texts = (_end_line(line.text) for line in lines)
    records = csv.reader(
        texts, delimiter=delimiter, skipinitialspace=True, strict=True, doublequote=False, escapechar="\\"
    )
    try:
        cells, *others = list(records)
    except (csv.Error, ValueError):
        return []
    return [] if others else cells


def _parse_loosely(text: str, delimiter: str) -> list[str]:
    """Cells of one record in which a mark ends a cell only before a delimiter or the end; none where that fails."""
    sign = re.escape(delimiter)
    pattern = re.compile(rf' *(?:"(?P<quoted>.*?)"[ \t]*|(?P<bare>(?!")[^\n{sign}]*))(?P<end>{sign}|\Z)', re.DOTALL)
    cells, place = [], 0
    while found := pattern.match(text, place):
        quoted = found["quoted"]
        cells.append(found["bare"] if quoted is None else quoted.replace('""', '"'))
        if not found["end"]:
            return cells
        place = found.end()
    return []


def _open_reader(feed: _Feed, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(feed, delimiter=delimiter, skipinitialspace=True, strict=True)


def _is_open(error: Exception) -> bool:
    return isinstance(error, _TooLong) or "unexpected end of data" in str(error)


def _end_line(text: str) -> str:
    # A lone carriage return would end the record for the library.
    return (text.replace("\r", " ") if "\r" in text else text) + "\n"
