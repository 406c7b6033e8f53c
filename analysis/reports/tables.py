"""Flat tables as CSV text, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.results import TABLES, Tables

FLAT = (
    "themes", "theme_phrases", "theme_overlaps", "topics", "papers", "shares", "trends", "topic_trends", "bursts",
    "newcomers", "drift", "drivers", "rates", "set_aside",
    "merges", "near_duplicates", "date_audit", "date_conflicts", "ledger",
)  # fmt: skip
# The full-width forms too: some spreadsheets read them as the plain ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def flatten_tables(tables: Tables) -> dict[str, str]:
    """CSV text of each table in `FLAT`, by its name: commas, line feeds, ISO dates, empty for null.

    Lists become one cell, parted by ``"; "``. A text that a spreadsheet
    would take for a formula gets an apostrophe in front; numbers stay
    numbers.
    """
    names = {name.rpartition("/")[2]: name for name in TABLES}
    return {name: _to_csv(getattr(tables, name), names[name]) for name in FLAT}


def guard_cell(text: str) -> str:
    """Text that no spreadsheet runs.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("1 = 1")
    ("'=1+1", '1 = 1')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _to_csv(frame: pd.DataFrame, name: str) -> str:
    types = {column.name: column.type for column in TABLES[name]}
    # As on disk, whatever the order in memory: the files of a run are those that its tables give later.
    known = [column for column in types if column in frame]
    frame = frame[[*known, *(column for column in frame.columns if column not in types)]]
    writers = [_WRITERS[types.get(str(column), "text")] for column in frame.columns]
    file = io.StringIO()
    sheet = csv.writer(file, lineterminator="\n")
    sheet.writerow([guard_cell(str(column)) for column in frame.columns])
    columns = [[write(value) for value in frame.iloc[:, i].tolist()] for i, write in enumerate(writers)]
    sheet.writerows(zip(*columns, strict=True))
    return file.getvalue()


def _is_null(value: Any) -> bool:
    return value is None or (not isinstance(value, list) and bool(pd.isna(value)))


def _text(value: Any) -> str:
    # A lone surrogate has no UTF-8.
    return "" if _is_null(value) else guard_cell(str(value).encode("utf-8", "replace").decode("utf-8"))


def _date(value: Any) -> str:
    return "" if _is_null(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def _bool(value: Any) -> str:
    return "" if _is_null(value) else str(bool(value)).lower()


def _int(value: Any) -> str:
    return "" if _is_null(value) else str(int(value))


def _float(value: Any) -> str:
    return "" if _is_null(value) else repr(float(value))


def _number(value: Any) -> str:
    return "" if _is_null(value) else str(int(value)) if float(value).is_integer() else repr(float(value))


def _texts(value: Any) -> str:
    return "" if value is None or isinstance(value, float) else _text("; ".join(str(part) for part in value))


def _phrases(value: Any) -> str:
    if value is None or isinstance(value, float):
        return ""
    return _text("; ".join(f"{part['phrase']} ({part['weight']:.3f})" for part in value))


_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "date": _date,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "number": _number,
    "texts": _texts,
    "phrases": _phrases,
}
