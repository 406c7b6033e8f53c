"""What RIS, MEDLINE and Web of Science text share: a tag, a text, and lines that go on with it.

rispy was tried on the samples and not taken: it keeps the first of two
abstracts and adds the second one's further lines to it, parts addresses at
``;``, and knows no line of a record.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from analysis.corpus.opening import Line, Source
from analysis.corpus.records import Captured, Found, Note, RawRecord, SetAside, shorten_raw

MAX_RECORD = 4 * 2**20
_MAX_LINES = 200_000
_MARK = "\ufeff"

Fields = dict[str, list[str]]


class Dialect(NamedTuple):
    """How a tagged text is spelled.

    Attributes
    ----------
    start, end : Pattern
        The line that begins a record, and the one that ends it.
    field : Pattern
        A line with a tag; groups ``tag`` and ``text``.
    loose_field : Pattern
        The same, in a record whose first line is not spelled as `field` is.
    start_tag : str
        For messages: the tag that begins a record.
    glue : str
        What stands between a line and the one that goes on with it.
    passed_over : Pattern
        Lines outside records that carry nothing.
    """

    start: re.Pattern[str]
    end: re.Pattern[str]
    field: re.Pattern[str]
    loose_field: re.Pattern[str]
    start_tag: str
    glue: str
    passed_over: re.Pattern[str]


class _Block(NamedTuple):
    lines: list[str]
    first_line: int
    is_record: bool
    is_cut: bool


def read_tagged(
    source: Source,
    dialect: Dialect,
    to_record: Callable[[Fields, str, str], RawRecord],
    *,
    find_capture: Callable[[Fields], dt.date | None] = lambda _fields: None,
) -> Iterator[Found]:
    """Every record of a tagged text, one in memory at a time.

    Parameters
    ----------
    source : Source
    dialect : Dialect
    to_record : callable
        Makes a record of its fields, its position and its raw text.
    find_capture : callable, optional
        The day of the export, where a record tells it; the first is taken.

    Notes
    -----
    A record that no end closes ends where the next begins. One longer than
    `MAX_RECORD` characters is set aside, and so are tagged lines that no
    record holds.
    """
    number, captured, n_stray, first_stray = 0, None, 0, 0
    for block in _split_records(source.lines(), dialect):
        raw = "\n".join(block.lines)
        if not block.is_record:
            if any(dialect.field.match(line) for line in block.lines):
                reason = f"fields without a line '{dialect.start_tag}' that begins their record"
                yield SetAside(source.name, f"line {block.first_line}", reason, shorten_raw(raw))
            else:
                n_stray, first_stray = n_stray + len(block.lines), first_stray or block.first_line
            continue
        number += 1
        position = f"record {number} (line {block.first_line})"
        if block.is_cut:
            reason = f"longer than {MAX_RECORD // 2**20} MiB: is its end or the next '{dialect.start_tag}' missing?"
            yield SetAside(source.name, position, reason, shorten_raw(raw))
            continue
        fields = parse_fields(block.lines, dialect)
        day = None if captured else find_capture(fields)
        if day:
            captured = day
            yield Captured(day, "file")
        yield to_record(fields, position, shorten_raw(raw))
    if n_stray:
        lines = "1 line outside of records was" if n_stray == 1 else f"{n_stray} lines outside of records were"
        yield Note(f"{source.name}: {lines} passed over (the first is line {first_stray}).")


def parse_fields(lines: Sequence[str], dialect: Dialect) -> Fields:
    """Texts by tag, in file order; a line without a tag goes on with the text before it."""
    fields: dict[str, list[list[str]]] = {}
    current: list[str] = []
    is_strict = dialect.field.match(lines[0].removeprefix(_MARK)) if lines else None
    field = dialect.field if is_strict else dialect.loose_field
    for line in lines:
        found = field.match(line.removeprefix(_MARK))
        if found:
            current = [(found["text"] or "").strip()]
            fields.setdefault(found["tag"], []).append(current)
        elif line.strip():
            current.append(line.strip())
    joined = {tag: [dialect.glue.join(filter(None, parts)) for parts in texts] for tag, texts in fields.items()}
    return {tag: [text for text in texts if text] for tag, texts in joined.items()}


def pick(fields: Fields, *tags: str) -> str:
    """The first text under the first of the tags that has one; empty when none has."""
    return next((fields[tag][0] for tag in tags if fields.get(tag)), "")


def pick_all(fields: Fields, *tags: str) -> list[str]:
    """All texts under the first of the tags that has any."""
    return next((fields[tag] for tag in tags if fields.get(tag)), [])


def _split_records(lines: Iterator[Line], dialect: Dialect) -> Iterator[_Block]:
    held: list[str] = []
    first_line, length, is_record, is_cut = 1, 0, False, False
    for number, text in lines:
        starts = dialect.start.match(text.removeprefix(_MARK)) is not None
        ends = is_record and not starts and dialect.end.match(text) is not None
        if starts:
            if held:
                yield _Block(held, first_line, is_record, is_cut)
            held, first_line, length, is_record, is_cut = [], number, 0, True, False
        if not is_record and (not text.strip() or dialect.passed_over.match(text)):
            continue
        if ends:
            yield _Block(held, first_line, is_record, is_cut)
            held, length, is_record, is_cut = [], 0, False, False
            continue
        if not held:
            first_line = number
        if length + len(text) > MAX_RECORD or len(held) >= _MAX_LINES:
            is_cut = True
            if not held:
                held.append(shorten_raw(text))
        else:
            held.append(text)
            length += len(text) + 1
    if held:
        yield _Block(held, first_line, is_record, is_cut)
