"""The report as a spreadsheet (XLSX): typed cells, and no formula from any text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.config import Config
from analysis.plots.text import clean
from analysis.reports.cards import safe_url
from analysis.reports.content import write_content
from analysis.reports.dating import date_study
from analysis.reports.one_theme import select_theme, write_theme_content
from analysis.reports.sheets import Line, Sheet, SheetColumn, lay_out_overview, list_sheets
from analysis.reports.tables import FORMULA_STARTS
from analysis.results import Tables

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# Bounds of the format: rows and columns of a sheet, characters (in UTF-16) of a cell; links of a sheet, their length.
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
_MOST_LINKS, _LONGEST_LINK = 65_000, 2_000
_CUT = " … (cut: longer than a cell may be)"
# Its calendar has no day before 1900, and a leap day in it that never was.
_FIRST_DAY = pd.Timestamp(1900, 3, 1)

_IDS = ("topic", "parent", "level")
_SHARES = (
    "share", "share_early", "share_late", "share_outside", "base_share", "weight_early", "weight_late", "theme_purity",
    "survives", "smooth", "smooth_low", "smooth_high", "expected_low", "expected_high",
)  # fmt: skip
_RATIOS = ("odds_ratio", "smallest_visible", "margin", "min_effect", "low", "high")
_NUMBERS = {"int": "#,##0", "number": "#,##0.##", "float": "0.000"}
# LibreOffice shows a truth value as a number without it; Excel does not mind.
_TRUTH = '"TRUE";"TRUE";"FALSE"'
_DAYS = {"year": "yyyy", "month": "yyyy-mm"}
_WIDTHS = {"date": 12, "bool": 10, "int": 11, "float": 11, "number": 11, "texts": 30, "phrases": 60, "text": 10}
_WIDE = {"title": 70, "abstract": 60, "label": 40, "theme_label": 32, "topic_label": 32, "reason": 60, "raw": 60,
         "meaning": 100, "description": 60, "url": 40, "theme_reason": 40, "paper_id": 22, "theme": 30}  # fmt: skip
# Longest that other text makes a column, and the rows that are asked.
_WIDEST, _MEASURED = 44, 1_000
# Width of the overview, in characters.
_LINE = 110

Cell = tuple[Callable[..., Any], Any, "Format | None"] | None


def render_spreadsheet(tables: Tables, config: Config, *, theme: str | None = None) -> bytes:
    """The bytes that `write_spreadsheet` writes."""
    file = io.BytesIO()
    write_spreadsheet(tables, file, config=config, theme=theme)
    return file.getvalue()


def write_spreadsheet(tables: Tables, path: Path | io.BytesIO, *, config: Config, theme: str | None = None) -> None:
    """Write an overview, a sheet for each table and one that says what the columns mean.

    Dates are dates and numbers are numbers; text is never a formula nor, but
    for the http and https addresses of papers, a link to elsewhere. Empty
    tables are left out, but for those that every reader looks for.

    Parameters
    ----------
    tables : Tables
    path : Path or BytesIO
    config : Config
    theme : str, optional
        Id of the one theme to write; by default all.

    Notes
    -----
    The date of creation is the last day that the study knows, not today: the
    same tables give the same bytes.
    """
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    report = write_content(tables, config) if theme is None else write_theme_content(tables, theme, config)
    shown = tables if theme is None else select_theme(tables, theme)
    with Workbook(path if isinstance(path, io.BytesIO) else str(path), options) as book:
        book.set_properties({"title": report.title, "created": date_study(tables)})
        styles = _Styles(book)
        # The first sheet is added first and tells of those that follow.
        overview = book.add_worksheet("overview")
        counts, meanings = [], []
        for sheet in list_sheets(shown, theme=theme):
            counts.append((sheet.name, sheet.n_rows))
            meanings += [(sheet.name, column.name, column.kind, column.meaning) for column in sheet.columns]
            _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
        _write_meanings(book.add_worksheet("columns"), meanings, styles)
        _write_overview(overview, lay_out_overview(report, counts, most=_count_held), styles)


def _count_held(n_rows: int) -> int:
    return min(n_rows, MOST_ROWS - 1)


class _Styles:
    """Cell formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[Any, Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    @property
    def heading(self) -> Format:
        return self.get(bold=True, bottom=2, bg_color="#eef1f4", valign="top")

    @property
    def link(self) -> Format:
        return self.get(font_color="#0b57a8", underline=1)


class _Column(NamedTuple):
    cells: list[Cell]
    width: int


def _write_sheet(sheet: Worksheet, table: Sheet, styles: _Styles) -> None:
    n_rows, columns = _count_held(table.n_rows), table.columns[:MOST_COLUMNS]
    made = [_lay_out_column(sheet, column, columns, n_rows, styles) for column in columns]
    for j, column in enumerate(columns):
        sheet.write_string(0, j, clean(column.name), styles.heading)
        sheet.set_column(j, j, made[j].width)
    for i, row in enumerate(zip(*(one.cells for one in made), strict=True), start=1):
        for j, cell in enumerate(row):
            if cell is not None:
                write, value, style = cell
                write(i, j, value, style)
    _lay_out_print(sheet)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, n_rows, len(columns) - 1)


def _lay_out_column(
    sheet: Worksheet, column: SheetColumn, beside: list[SheetColumn], n_rows: int, styles: _Styles
) -> _Column:
    values = column.values.iloc[:n_rows]
    width = _choose_width(column, values)
    if column.name == "published":
        precisions = next((one.values.iloc[:n_rows] for one in beside if one.name == "published_precision"), values)
        parts = zip(values.tolist(), precisions.tolist(), strict=True)
        return _Column(
            [_make_date(sheet, day, styles, _DAYS.get(str(fine), "yyyy-mm-dd")) for day, fine in parts], width
        )
    if column.name == "url":
        return _Column([_make_link(sheet, url, i, styles) for i, url in enumerate(values.tolist())], width)
    if column.name == "color":
        return _Column([_make_colour(sheet, color, styles) for color in values.tolist()], width)
    make = _choose_maker(sheet, column, styles, beside={one.name for one in beside})
    if column.kind in ("texts", "phrases"):
        return _Column([make(value) for value in values.tolist()], width)
    codes, distinct = pd.factorize(values)
    made = [*(make(value) for value in distinct), None]
    # The code of null is -1, which is the last.
    return _Column([made[code] for code in codes.tolist()], width)


def _choose_width(column: SheetColumn, values: pd.Series) -> int:
    """Width in characters: room for the name with its filter button and, of words, for the longest at the top."""
    if column.name in _WIDE:
        return _WIDE[column.name]
    least = max(_WIDTHS[column.kind], min(30, len(column.name) + 4))
    if column.kind != "text":
        return least
    longest = values.head(_MEASURED).dropna().astype(str).str.len().max()
    return least if pd.isna(longest) else max(least, min(_WIDEST, int(longest) + 2))


def _choose_maker(sheet: Worksheet, column: SheetColumn, styles: _Styles, *, beside: set[str]) -> Callable[[Any], Cell]:
    if column.kind == "date":
        return lambda value: _make_date(sheet, value, styles, "yyyy-mm-dd")
    if column.kind == "bool":
        style = styles.get(num_format=_TRUTH)
        return lambda value: (sheet.write_boolean, bool(value), style)
    if column.kind in _NUMBERS:
        style = styles.get(num_format=_choose_number(column, beside))
        # A number that is none has no cell in this format.
        return lambda value: (sheet.write_number, float(value), style) if abs(float(value)) < float("inf") else None
    return lambda value: _make_text(sheet, _join(value, column.kind), styles)


def _choose_number(column: SheetColumn, beside: set[str]) -> str:
    if column.name in _IDS:
        return "0"
    if column.name in _SHARES or (column.name in ("low", "high") and "share" in beside):
        return "0.0%"
    if column.name in _RATIOS and column.kind == "float":
        return "0.00"
    return _NUMBERS[column.kind]


def _join(value: Any, kind: str) -> str:
    if kind == "phrases" and isinstance(value, list):
        return "; ".join(f"{part['phrase']} ({part['weight']:.3f})" for part in value)
    if kind == "texts" and isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if isinstance(value, float) and pd.isna(value) else str(value or "")


def _make_text(sheet: Worksheet, value: str, styles: _Styles) -> Cell:
    text = cut_text(clean(value))
    if not text:
        return None
    # Typed as text already; the mark keeps it so when someone edits the cell.
    style = styles.get(quote_prefix=True) if text.startswith(FORMULA_STARTS) else None
    return sheet.write_string, text, style


def _make_date(sheet: Worksheet, value: Any, styles: _Styles, form: str) -> Cell:
    if value is None or pd.isna(value):
        return None
    day = pd.Timestamp(value)
    if day < _FIRST_DAY:
        return sheet.write_string, f"{day.year:04}-{day.month:02}-{day.day:02}", None
    return sheet.write_datetime, day.to_pydatetime(), styles.get(num_format=form, align="left")


def _make_link(sheet: Worksheet, url: Any, number: int, styles: _Styles) -> Cell:
    address = safe_url(url)
    if not address or number >= _MOST_LINKS or len(address) > _LONGEST_LINK:
        return _make_text(sheet, "" if url is None or pd.isna(url) else str(url), styles)
    return sheet.write_url, address, styles.link


def _make_colour(sheet: Worksheet, color: Any, styles: _Styles) -> Cell:
    text = clean(color)
    plain = re.fullmatch("#[0-9a-fA-F]{6}", text)
    style = styles.get(left=5, left_color=text) if plain else None
    return (sheet.write_string, text, style) if plain else _make_text(sheet, text, styles)


def cut_text(text: str) -> str:
    """Text that fits into a cell, which counts in units of UTF-16; what is cut says so."""
    # Below this it fits whatever it holds.
    if len(text) <= MOST_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) // 2 <= MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _write_meanings(sheet: Worksheet, rows: list[tuple[str, str, str, str]], styles: _Styles) -> None:
    parts = (pd.Series([row[k] for row in rows], dtype=object) for k in range(4))
    names = ("sheet", "column", "type", "meaning")
    columns = [SheetColumn(name, "text", "", values) for name, values in zip(names, parts, strict=True)]
    _write_sheet(sheet, Sheet("columns", len(rows), columns), styles)


def _lay_out_print(sheet: Worksheet) -> None:
    """A4 across, as many pages long as it takes."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_overview(sheet: Worksheet, lines: list[Line], styles: _Styles) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, _LINE)
    sheet.hide_gridlines(2)
    title, body = styles.get(bold=True, font_size=16), styles.get(text_wrap=True, valign="top")
    _lay_out_print(sheet)
    for i, line in enumerate(lines):
        # Not every program finds the height of a row by itself.
        sheet.set_row(i, 24 if i == 0 else 15 * -(-max(len(line.text), 1) // (_LINE + 10)))
        if line.heading:
            sheet.write_string(i, 0, line.heading, styles.get(bold=True, valign="top"))
        text = cut_text(line.text)
        if line.sheet:
            sheet.write_url(i, 1, f"internal:'{line.sheet}'!A1", styles.link, text)
        else:
            sheet.write_string(i, 0 if i == 0 else 1, text, title if i == 0 else body)
