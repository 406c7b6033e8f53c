"""Excel workbooks (.xlsx): the first sheet that has a header, row by row; formulas by the values that were saved.

Source: ECMA-376, Office Open XML.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from analysis.config import InputError
from analysis.corpus.formats.tables.fields import Columns, match_columns, require_text
from analysis.corpus.formats.tables.rows import Row, dump_row, name_columns, read_rows
from analysis.corpus.formats.tables.seekable import open_seekable
from analysis.corpus.opening import MAX_RATIO, ZIP_MAGIC, Source
from analysis.corpus.records import Context, Format, Found, Note, SetAside

_MAX_PACKED = 2**30
_MAX_UNPACKED = 4 * 2**30
# All texts of a workbook are held in memory together.
_MAX_TEXTS = 512 * 2**20
_RATIO_FROM = 64 * 2**20
_MAX_MEMBERS = 10_000
_MAX_ROWS = 1_048_576
_MOST_PREAMBLE = 20


class _Sheet(NamedTuple):
    title: str
    sheet: Any
    header_row: int
    names: tuple[str, ...]


def recognise_xlsx(source: Source) -> bool:
    """Whether it is a zip archive with the parts of a workbook."""
    return source.head.startswith(ZIP_MAGIC) and b"xl/" in source.head


def read_xlsx(source: Source, context: Context) -> Iterator[Found]:
    """Read every row below the header of the first sheet that has one; other sheets are noted.

    Raises
    ------
    InputError
        If the workbook is damaged, packed as no table would be, or no sheet holds titles or abstracts.
    """
    import openpyxl

    with open_seekable(source, max_bytes=_MAX_PACKED) as file:
        try:
            _check_packing(file, source.name)
        except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
            raise _describe_damage(source.name, error) from None
        try:
            with warnings.catch_warnings():
                # On styles and extensions, which do not matter here.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _list_damage() as error:
            raise _describe_damage(source.name, error) from None
        yield from _read_book(book, source.name, context)


def _read_book(book: Any, name: str, context: Context) -> Iterator[Found]:
    titles = [sheet.title for sheet in book.worksheets]
    sheets = [found for sheet in book.worksheets if (found := _find_header(sheet, name))]
    chosen, columns = _choose_sheet(sheets, context)
    if chosen is None:
        raise InputError(f"{name}: no sheet of this workbook holds a row. Give the workbook with the papers.")
    require_text(columns, f"{name}, sheet {chosen.title!r}")
    others = [title for title in titles if title != chosen.title]
    if others:
        listed = ", ".join(map(repr, others[:10])) + (f" and {len(others) - 10} more" if len(others) > 10 else "")
        yield Note(f"{name}: sheet {chosen.title!r} is read, {listed} not. Save those apart if they hold papers.")
    if chosen.header_row > 1:
        yield Note(f"{name}: the header is row {chosen.header_row}; the rows above it are not read.")
    yield from read_rows(_list_rows(chosen, name), columns, name)


def _choose_sheet(sheets: list[_Sheet], context: Context) -> tuple[_Sheet | None, Columns]:
    """The first sheet with titles or abstracts, or with the columns that the user named; else the first."""
    mapped = set(context.columns.values())
    for sheet in sheets:
        if mapped:
            if mapped <= set(sheet.names):
                return sheet, match_columns(sheet.names, context.columns)
        elif (columns := match_columns(sheet.names)).has_text:
            return sheet, columns
    first = sheets[0] if sheets else None
    return first, match_columns(first.names if first else (), context.columns)


def _find_header(sheet: Any, name: str) -> _Sheet | None:
    """The header among a sheet's first rows: that with most known columns, else the first row that is not blank."""
    # Some writers state wrong dimensions, by which rows would be cut.
    sheet.reset_dimensions()
    best: tuple[int, _Sheet] | None = None
    for number, cells in enumerate(_walk_rows(sheet, name, max_row=_MOST_PREAMBLE), 1):
        filled = [place for place, cell in enumerate(cells, 1) if not _is_blank(cell)]
        if not filled:
            continue
        names = name_columns(cells[: filled[-1]])
        columns = match_columns(names)
        n_known = len(columns.taken) if columns.has_text else 0
        if best is None or n_known > best[0]:
            best = n_known, _Sheet(sheet.title, sheet, number, names)
    return best[1] if best else None


def _list_rows(chosen: _Sheet, name: str) -> Iterator[Row | SetAside]:
    blank: Any = None
    first = chosen.header_row + 1
    for number, cells in enumerate(_walk_rows(chosen.sheet, name, min_row=first), first):
        if number > _MAX_ROWS:
            raise InputError(f"{name}: more than {_MAX_ROWS} rows, which Excel itself does not hold. Save it as CSV.")
        # Rows that are not in the file come as one and the same tuple.
        if cells is blank:
            continue
        if all(map(_is_blank, cells)):
            blank = cells
            continue
        row = {column: cell for column, cell in zip(chosen.names, cells, strict=False) if cell is not None}
        beyond = [cell for cell in cells[len(chosen.names) :] if not _is_blank(cell)]
        if beyond:
            cells_stand = "1 filled cell stands" if len(beyond) == 1 else f"{len(beyond)} filled cells stand"
            reason = f"{cells_stand} beyond the last column of the header"
            yield SetAside(name, f"row {number}", reason, dump_row(row | {"beyond": beyond}))
            continue
        yield Row(f"row {number}", row, dump_row(row))


def _walk_rows(sheet: Any, name: str, **bounds: int) -> Iterator[tuple[Any, ...]]:
    """Rows of a sheet; damage becomes a message."""
    rows = sheet.iter_rows(values_only=True, **bounds)
    damage = _list_damage()
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except damage as error:
            raise _describe_damage(name, error) from None
        yield cells


def _is_blank(cell: Any) -> bool:
    return cell is None or cell == ""


def _list_damage() -> tuple[type[Exception], ...]:
    """What openpyxl raises where a workbook is not what it should be."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from openpyxl.utils.exceptions import InvalidFileException

    packing = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError)
    parts = (InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError)
    return (*packing, *parts, DefusedXmlException, ParseError)


def _check_packing(file: BinaryIO, name: str) -> None:
    """Refuse an archive that unpacks to more than a workbook would; members never give more than they declare."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    file.seek(0)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    texts = sum(member.file_size for member in members if not member.filename.startswith("xl/worksheets/"))
    is_bomb = unpacked > max(_RATIO_FROM, MAX_RATIO * packed)
    if is_bomb or unpacked > _MAX_UNPACKED or texts > _MAX_TEXTS or len(members) > _MAX_MEMBERS:
        raise InputError(
            f"{name}: this workbook unpacks to {unpacked // 2**20} MiB in {len(members)} parts, more than is read. "
            "Save the sheet with the papers as CSV."
        )


def _describe_damage(name: str, error: Exception) -> InputError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return InputError(f"{name}: damaged Excel workbook ({why}). Open it and save it again, as .xlsx or CSV.")


XLSX = Format("XLSX", recognise_xlsx, read_xlsx)
