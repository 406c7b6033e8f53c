"""Delimited text: comma, semicolon, tab or pipe, with a header among the first lines.

Sources: RFC 4180 (quotes, line breaks inside cells), Excel's ``sep=`` line, and
the vendors' exports, some of which begin with lines on the search.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from analysis.config import InputError
from analysis.corpus.formats.tables.accepted import Vendor
from analysis.corpus.formats.tables.delimited import Record, list_records
from analysis.corpus.formats.tables.fields import match_columns, require_text
from analysis.corpus.formats.tables.rows import MAX_COLUMNS, Row, name_columns, read_rows
from analysis.corpus.formats.tables.vendors import OURS
from analysis.corpus.opening import HEAD_BYTES, MAX_LINE, Source
from analysis.corpus.records import Context, Format, Found, Note, SetAside, shorten_raw

_DELIMITERS = (",", ";", "\t", "|")
# A header stands below at most this many lines on the search.
_MOST_PREAMBLE = 20
_MOST_HEADER_LINES = 6
# No table begins so; XML, BibTeX and JSON do.
_OTHER_STARTS = ("<", "@", "{", "[")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Header(NamedTuple):
    delimiter: str
    cells: list[str]
    first_line: int
    last_line: int
    n_known: int
    has_text: bool


def recognise_csv(source: Source) -> bool:
    """Whether one of the first lines is a header that names a title or an abstract."""
    header = _find_header(source)
    return header is not None and header.has_text


def recognise_delimited(source: Source) -> bool:
    """Whether the first line could be a header at all: two or more short cells, as many as in the next line."""
    header = _find_header(source)
    if header is None or len(header.cells) < 2 or any(len(cell) >= 80 for cell in header.cells):
        return False
    below = _list_head(source)[header.last_line : header.last_line + _MOST_HEADER_LINES]
    cells = next((cells for cells in csv.reader(below, delimiter=header.delimiter) if cells), [])
    return len(cells) == len(header.cells)


def read_csv(source: Source, context: Context) -> Iterator[Found]:
    """Read every row below the header.

    Rows with more cells than the header are set aside: which cell belongs
    where cannot be known. A quotation mark that is never closed costs its own
    row; reading goes on with the next line that is a whole row.

    Raises
    ------
    InputError
        If no column holds titles or abstracts, or the header is no header.
    """
    header = _find_header(source, tuple(context.columns.values()))
    if header is None:
        raise InputError(
            f"{source.name}: its first line has more than {MAX_COLUMNS} columns or {HEAD_BYTES // 1024} KiB, "
            "which is no table of papers. Keep the columns that matter and save it again."
        )
    names = name_columns(header.cells)
    columns = match_columns(names, context.columns)
    require_text(columns, source.name)
    if header.first_line > 1 + bool(_names_delimiter(_list_head(source)[0])):
        yield Note(f"{source.name}: the header is line {header.first_line}; the lines above it are not read.")
    yield from read_rows(_list_rows(source, header, names, columns.vendor), columns, source.name)


def _list_rows(
    source: Source, header: _Header, names: tuple[str, ...], vendor: Vendor
) -> Iterator[Row | SetAside | Note]:
    lines = islice(source.lines(), header.last_line, None)
    n_short, first_short = 0, ""
    for record in list_records(lines, header.delimiter, len(names)):
        cells, position = record.cells, f"line {record.number}"
        if not record.fault and not any(cells):
            continue
        fault = record.fault or _find_fault(record, header)
        if fault:
            last = record.number + record.raw.count("\n")
            where = position if last == record.number else f"lines {record.number} to {last}"
            yield SetAside(source.name, where, fault, shorten_raw(record.raw))
            continue
        if len(cells) < len(names):
            n_short, first_short = n_short + 1, first_short or position
        if vendor is OURS:
            cells = [_take_apostrophe(cell) for cell in cells]
        elif any(cell[:2] == '="' for cell in cells):
            cells = [_take_guard(cell) for cell in cells]
        yield Row(position, dict(zip(names, cells, strict=False)), shorten_raw(record.raw))
    if n_short:
        rows_have = "1 row has" if n_short == 1 else f"{n_short} rows have"
        yield Note(f"{source.name}: {rows_have} fewer cells than the header ({first_short}); what lacks is empty.")


def _find_fault(record: Record, header: _Header) -> str:
    cells, n_columns = record.cells, len(header.cells)
    if cells == header.cells:
        return "the header again"
    if any(cell.strip() for cell in cells[n_columns:]):
        return f"{len(cells)} cells where the header has {n_columns}: an unquoted {header.delimiter!r}?"
    if len(record.raw) >= MAX_LINE:
        return f"longer than {MAX_LINE // 2**20} MiB"
    return ""


def _find_header(source: Source, mapped: tuple[str, ...] = ()) -> _Header | None:
    """The best header among the first lines; None where there is none within bounds.

    `mapped` are columns that the user named: the line that has them is the header.
    """
    lines = _list_head(source)
    if not lines or lines[0].lstrip().startswith(_OTHER_STARTS) or any(map(_is_rule, lines)):
        return None
    stated = _names_delimiter(lines[0])
    found: list[_Header] = []
    for number in range(bool(stated), min(len(lines), _MOST_PREAMBLE)):
        for delimiter in stated or _DELIMITERS:
            reader = csv.reader(lines[number : number + _MOST_HEADER_LINES], delimiter=delimiter, skipinitialspace=True)
            try:
                cells = [cell.strip() for cell in next(reader, [])]
            except csv.Error:
                continue
            if not 0 < len(cells) <= MAX_COLUMNS or not any(cells) or max(map(len, cells)) > 200:
                continue
            columns = match_columns(name_columns(cells))
            n_known = len(columns.taken) + 10 * len(set(mapped) & set(cells))
            # A word such as "abstract" may stand in any text; "title" alone must be the whole first line.
            is_first = number <= bool(stated)
            has_text = columns.has_text and (n_known > 1 or (is_first and "title" in columns.used))
            found.append(_Header(delimiter, cells, number + 1, number + reader.line_num, n_known, has_text))
    if not found:
        return None
    if any(header.has_text for header in found) or mapped:
        return max(found, key=lambda header: (header.has_text, header.n_known, len(header.cells)))
    return max((header for header in found if header.first_line == found[0].first_line), key=lambda one: len(one.cells))


def _list_head(source: Source) -> list[str]:
    """The first lines, numbered as `Source.lines` does."""
    text = source.head_text.replace("\r\n", "\n")
    lines = text.split("\n" if "\n" in text else "\r", _MOST_PREAMBLE + _MOST_HEADER_LINES)
    if len(lines) <= _MOST_PREAMBLE + _MOST_HEADER_LINES and len(source.head) >= HEAD_BYTES:
        # The last line is cut.
        lines.pop()
    return [line.replace("\r", " ") for line in lines[: _MOST_PREAMBLE + _MOST_HEADER_LINES]]


def _names_delimiter(line: str) -> str:
    """The delimiter that Excel may name on a line above the header; empty when it does not."""
    stated = line.strip(' "')
    return stated[4] if len(stated) == 5 and stated.casefold().startswith("sep=") else ""


def _is_rule(line: str) -> bool:
    """Whether it is the line below the header of a Markdown table, which is another kind of text."""
    return line.lstrip().startswith(("|-", "| -", "|:", "| :")) and not line.strip("|:- \t")


def _take_apostrophe(cell: str) -> str:
    """A cell of ours without the mark that keeps spreadsheets from reading it as a formula."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(_FORMULA_STARTS) else cell


def _take_guard(cell: str) -> str:
    """A cell without the formula around it that keeps Excel from reading it as a number: ``="0012"``."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell


CSV = Format("CSV", recognise_csv, read_csv)
# The same reader, reached only to say which columns are lacking, or with columns that the user named.
DELIMITED = Format("CSV", recognise_delimited, read_csv)
