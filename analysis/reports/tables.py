"""Flat tables as CSV text, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.plots.text import strip_marks
from analysis.results import TABLES, Tables

FLAT = (
    "themes", "theme_phrases", "theme_overlaps", "topics", "papers", "shares", "trends", "topic_trends", "bursts",
    "newcomers", "drift", "drivers", "rates", "set_aside",
    "merges", "near_duplicates", "date_audit", "date_conflicts", "ledger",
)  # fmt: skip
# Rows whose text is held at a time.
_BLOCK = 20_000
# The full-width forms too: some spreadsheets read them as the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def flatten_tables(tables: Tables, flat: Iterable[str] = FLAT) -> dict[str, str]:
    """CSV text of each flat table, by its name: commas, line feeds, ISO dates, empty for null.

    Lists become one cell, parted by ``"; "``. A text that a spreadsheet
    would take for a formula gets an apostrophe in front; numbers stay
    numbers.
    """
    names = {name.rpartition("/")[2]: name for name in TABLES}
    return {name: "".join(_iterate_csv(getattr(tables, name), names[name])) for name in flat}


def guard_cell(text: str) -> str:
    """Text that no spreadsheet runs.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("1 = 1")
    ("'=1+1", '1 = 1')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_flat(tables: Tables, folder: Path, flat: Iterable[str] = FLAT) -> None:
    """Write each flat table as a CSV file, a block of rows at a time: the same text as `flatten_tables` gives."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {name.rpartition("/")[2]: name for name in TABLES}
    for name in flat:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.writelines(_iterate_csv(getattr(tables, name), names[name]))


def _iterate_csv(frame: pd.DataFrame, name: str) -> Iterator[str]:
    """Text of the title row, then of block after block of rows."""
    types = {column.name: column.type for column in TABLES[name]}
    # As on disk, whatever the order in memory: the files of a run are those that its tables give later.
    known = [column for column in types if column in frame]
    frame = frame[[*known, *(column for column in frame.columns if column not in types)]]
    yield _join_rows([[guard_cell(str(column)) for column in frame.columns]])
    kinds = [types.get(str(column), "text") for column in frame.columns]
    for start in range(0, len(frame), _BLOCK):
        block = frame.iloc[start : start + _BLOCK]
        columns = [_write_column(block.iloc[:, i], kind) for i, kind in enumerate(kinds)]
        yield _join_rows(zip(*columns, strict=True))


def _join_rows(rows: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def _write_column(values: pd.Series, kind: str) -> list[str]:
    write = _WRITERS[kind]
    if kind in _FEW_VALUES:
        codes, distinct = pd.factorize(values)
        written = [*(write(value) for value in distinct), ""]
        # The code of null is -1, which is the last.
        return [written[code] for code in codes.tolist()]
    return ["" if null else write(value) for value, null in zip(values.tolist(), values.isna().tolist(), strict=True)]


def _text(value: Any) -> str:
    # First: what is not seen may stand before what a spreadsheet runs.
    return guard_cell(strip_marks(str(value)))


def _date(value: Any) -> str:
    return f"{pd.Timestamp(value):%Y-%m-%d}"


def _bool(value: Any) -> str:
    return str(bool(value)).lower()


def _int(value: Any) -> str:
    return str(int(value))


def _float(value: Any) -> str:
    return repr(float(value))


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _texts(value: Any) -> str:
    return _text("; ".join(str(part) for part in value))


def _phrases(value: Any) -> str:
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
# Of these many rows share few values: each is written once.
_FEW_VALUES = ("date", "bool", "int")
