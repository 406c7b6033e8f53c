"""The report as one JSON file: what it says, and every flat table whole.

The file is one object:

``format``, ``version``
    ``"themeline-report"`` and the number of this layout, now 1.
``title``
    As in the report.
``theme``
    Id of the theme that the report is on; null: all themes.
``report``
    What the HTML and the Markdown report say, section by section, as text: the
    fields of `analysis.reports.content.Report`, or of
    `analysis.reports.one_theme.ThemeReport`.
``tables``
    By name, each with ``columns`` (``name``, ``type`` and ``meaning`` as in
    ``data/README.md``) and ``rows``, one object a row. Numbers are whole, not
    rounded; days are ``YYYY-MM-DD``; what is not known is null; lists are lists.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.config import Config
from analysis.reports.content import write_content
from analysis.reports.one_theme import select_theme, write_theme_content
from analysis.reports.tables import FLAT
from analysis.results import TABLES, Tables

FORMAT, VERSION = "themeline-report", 1
# Rows whose text is held at a time.
_BLOCK = 5_000


def render_json(tables: Tables, config: Config, *, theme: str | None = None) -> Iterator[str]:
    """The file, piece by piece.

    Parameters
    ----------
    tables : Tables
    config : Config
    theme : str, optional
        Id of the one theme to tell of; by default all.
    """
    report = write_content(tables, config) if theme is None else write_theme_content(tables, theme, config)
    shown = tables if theme is None else select_theme(tables, theme)
    head = {"format": FORMAT, "version": VERSION, "title": report.title, "theme": theme, "report": asdict(report)}
    yield _dump(head)[:-1] + ',"tables":{'
    for i, name in enumerate(FLAT):
        yield ("," if i else "") + f"\n{_dump(name)}:"
        yield from _render_table(name, getattr(shown, name))
    yield "}}\n"


def write_json(tables: Tables, path: Path, *, config: Config, theme: str | None = None) -> None:
    """Write what `render_json` gives."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(render_json(tables, config, theme=theme))


def _render_table(name: str, frame: pd.DataFrame) -> Iterator[str]:
    known = {column.name: column for column in next(TABLES[path] for path in TABLES if path.endswith(f"/{name}"))}
    # As on disk, whatever the order in memory.
    frame = frame[[*(one for one in known if one in frame), *(one for one in frame if one not in known)]]
    types = [known[one].type if one in known else "text" for one in frame.columns]
    columns = [
        {"name": str(one), "type": kind, "meaning": known[one].meaning if one in known else "a column of the source"}
        for one, kind in zip(frame.columns, types, strict=True)
    ]
    yield f'{{"columns":{_dump(columns)},"rows":['
    names = [str(one) for one in frame.columns]
    for start in range(0, len(frame), _BLOCK):
        block = frame.iloc[start : start + _BLOCK]
        cells = [_convert(block.iloc[:, i], kind) for i, kind in enumerate(types)]
        rows = (_dump(dict(zip(names, row, strict=True))) for row in zip(*cells, strict=True))
        yield ("," if start else "") + "\n" + ",\n".join(rows)
    yield "]}"


def _convert(values: pd.Series, kind: str) -> list[Any]:
    convert = _CONVERTERS[kind]
    return [
        None if null else convert(value) for value, null in zip(values.tolist(), values.isna().tolist(), strict=True)
    ]


def _whole(value: Any) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def _float(value: Any) -> float | None:
    # JSON has no infinity.
    return float(value) if abs(float(value)) < float("inf") else None


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "date": lambda value: f"{pd.Timestamp(value):%Y-%m-%d}",
    "bool": bool,
    "int": int,
    "float": _float,
    "number": _whole,
    "texts": list,
    "phrases": list,
}


def _dump(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=sorted)
    # A lone surrogate has no UTF-8; and nothing ends a script, should someone lay the file into a page.
    return text.encode("utf-8", "replace").decode("utf-8").replace("<", "\\u003c")
