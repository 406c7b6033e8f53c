"""Papers as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.corpus.cleaning import make_writable
from analysis.corpus.formats.values import to_names

# The reader of CSV takes the mark off again where the header is ours.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PIECE = 10_000


def render_csv(papers: pd.DataFrame) -> Iterator[str]:
    """The file, some rows at a time: commas, line feeds, ISO dates, empty for null."""
    yield _write_rows([[guard_cell(str(name)) for name in papers.columns]])
    for start in range(0, len(papers), _PIECE):
        piece = papers.iloc[start : start + _PIECE]
        columns = [[write_cell(value) for value in piece[name].tolist()] for name in papers.columns]
        yield _write_rows(zip(*columns, strict=True))


def guard_cell(text: str) -> str:
    """Text that no spreadsheet runs, marked so that the mark can be told from the text.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("'=1+1"), guard_cell("'tis")
    ("'=1+1", "''=1+1", "'tis")
    """
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def write_cell(value: Any) -> str:
    """One value; a list is parted by ``"; "``, or written as JSON where its parts could not be told apart."""
    if pd.api.types.is_list_like(value):
        names = tuple(str(name) for name in value)
        joined = "; ".join(names)
        return guard_cell(make_writable(joined if to_names(joined) == names else json.dumps(names, ensure_ascii=False)))
    if value is None or bool(pd.isna(value)):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, str):
        return guard_cell(make_writable(value).replace("\x00", ""))
    # A negative number is a number and stays one.
    return str(value)


def _write_rows(rows: Any) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
