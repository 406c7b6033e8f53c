"""Delimited text: comma, semicolon or tab, with a header line."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import NamedTuple

from analysis.config import InputError
from analysis.corpus.formats.fields import describe_columns, match_columns, parse_row
from analysis.corpus.records import Format, Payload, Reading, SetAside

_DELIMITERS = (",", ";", "\t")
_MAX_CELL = 2**31 - 1


class _Header(NamedTuple):
    delimiter: str
    names: list[str]
    has_text: bool


def recognise_csv(payload: Payload) -> bool:
    """Whether the first line is a header that names a title or an abstract."""
    return payload.text is not None and _find_header(payload.text).has_text


def recognise_delimited(payload: Payload) -> bool:
    """Whether the first line could be a header at all: two or more short cells, as many as in the next line."""
    if payload.text is None or payload.text.lstrip()[:1] in ("<", "@"):
        return False
    delimiter, names, _ = _find_header(payload.text)
    rows = [row for row in csv.reader(io.StringIO(payload.text[:100_000], newline=""), delimiter=delimiter) if row][:2]
    return 2 <= len(names) == len(rows[-1]) and all(len(name) < 80 for name in names)


def read_csv(payload: Payload, captured: dt.date | None) -> Reading:
    """Read every row below the header.

    Rows with more cells than the header are set aside: which cell belongs
    where cannot be known.

    Raises
    ------
    InputError
        If no column holds titles or abstracts.
    """
    text = payload.text or ""
    header = _find_header(text)
    columns = match_columns(header.names)
    if not columns.has_text:
        raise InputError(
            f"{payload.name}: no column 'title' or 'abstract' (columns found: {', '.join(header.names)[:500]}). "
            "Rename the columns that hold them."
        )
    records, set_aside = [], []
    for position, cells in _list_rows(text, header.delimiter):
        raw = header.delimiter.join(cells)
        if any(cell.strip() for cell in cells[len(header.names) :]):
            reason = f"{len(cells)} cells where the header has {len(header.names)}: an unquoted {header.delimiter!r}?"
            set_aside.append(SetAside(payload.name, position, reason, raw))
            continue
        row: dict[str, str] = {}
        for name, cell in zip(header.names, cells, strict=False):
            row.setdefault(name, cell)
        records.append(parse_row(row, columns, position=position, raw=raw))
    notes = [describe_columns(payload.name, columns)]
    if text.count('"') % 2:
        notes.append(f"{payload.name}: a quotation mark is never closed; one record may have swallowed those after it.")
    return Reading(records, set_aside, notes, captured)


def _find_header(text: str) -> _Header:
    found = []
    for delimiter in _DELIMITERS:
        names = next((cells for _, cells in _list_rows(text[:100_000], delimiter, skip_header=False)), [])
        columns = match_columns(names)
        found.append((columns.has_text, len(columns.used), len(names), delimiter, [name.strip() for name in names]))
    has_text, _, _, delimiter, names = max(found, key=lambda header: header[:3])
    return _Header(delimiter, names, has_text)


def _list_rows(text: str, delimiter: str, *, skip_header: bool = True) -> Iterator[tuple[str, list[str]]]:
    """Position and cells of each row that is not blank."""
    # The default limit is 128 KiB; an abstract may be longer.
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    first_line, header_seen = 1, not skip_header
    for cells in reader:
        position, first_line = f"line {first_line}", reader.line_num + 1
        # Excel may name the delimiter on a line above the header.
        names_delimiter = position == "line 1" and cells[:1] and cells[0].casefold().startswith("sep=")
        if names_delimiter or not any(cell.strip() for cell in cells):
            continue
        if header_seen:
            yield position, cells
        header_seen = True


CSV = Format("CSV", recognise_csv, read_csv)
# The same reader, reached only to say which columns are lacking.
DELIMITED = Format("CSV", recognise_delimited, read_csv)
