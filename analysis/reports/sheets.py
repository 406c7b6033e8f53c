"""What stands on which sheet of a spreadsheet: the tables with labels beside ids, and an overview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from analysis.plots.text import clean, count_of
from analysis.reports.content import Report
from analysis.reports.one_theme import ThemeReport
from analysis.results import TABLES, Tables

# Sheet, which is the table's name too -> what a row is. In the order of the sheets.
SHEETS = {
    "themes": "one row per theme",
    "topics": "one row per topic",
    "papers": "one row per paper",
    "shares": "share of every theme in every period",
    "trends": "one verdict per theme",
    "ledger": "records read, merged, set aside and kept",
    "topic_trends": "one verdict per topic",
    "bursts": "stretches in which a theme's share is high; only those found are more than chance",
    "newcomers": "when each theme was first and last seen",
    "drift": "phrases inside each theme, early against late",
    "drivers": "what each category adds to the change of a theme's share",
    "rates": "papers per 1,000 of the field",
    "theme_phrases": "what each phrase or example of a named theme brought",
    "theme_overlaps": "papers that two named themes share",
    "date_audit": "how many papers bear which kind of date",
    "date_conflicts": "dates that another witness contradicts",
    "merges": "records that went into another",
    "near_duplicates": "pairs of papers that are much alike",
    "set_aside": "records that were read and not kept",
}
# These are there even without rows: who looks for one finds that it is empty. Of one theme there is no ledger.
_ALWAYS = ("themes", "topics", "papers", "shares", "trends", "ledger")
# What a reader looks for first stands first.
_FIRST = {
    "themes": ("theme", "label", "kind", "size"),
    "topics": ("topic", "label", "size", "theme", "theme_label"),
    "papers": (
        "paper_id", "title", "published", "theme", "theme_label", "topic", "topic_label", "authors", "venue", "url",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet.

    Attributes
    ----------
    name : str
    kind : str
        As `analysis.results.columns` has them: text, date, bool, int, float, number, texts, phrases.
    meaning : str
    values : Series
    """

    name: str
    kind: str
    meaning: str
    values: pd.Series


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table, column by column."""

    name: str
    n_rows: int
    columns: list[SheetColumn]


class Line(NamedTuple):
    """A line of the overview: a heading or nothing, a text, and the sheet that it leads to, if any."""

    heading: str
    text: str
    sheet: str = ""


def list_sheets(tables: Tables, *, theme: str | None = None) -> Iterator[Sheet]:
    """The sheets of a study, or of one theme, one after the other.

    Parameters
    ----------
    tables : Tables
        Of one theme alone: what `analysis.reports.one_theme.select_theme` gives.
    theme : str, optional
        Its id.
    """
    for name in SHEETS:
        frame: pd.DataFrame = getattr(tables, name)
        if len(frame) or (name in _ALWAYS and not (theme and name == "ledger")):
            yield Sheet(name, len(frame), _list_columns(name, frame, tables))


def _list_columns(name: str, frame: pd.DataFrame, tables: Tables) -> list[SheetColumn]:
    path = next(path for path in TABLES if path.rpartition("/")[2] == name)
    known = {column.name: column for column in TABLES[path]}
    labels = {
        "theme": dict(zip(tables.themes["theme"], tables.themes["label"], strict=True)),
        "topic": dict(zip(tables.topics["topic"], tables.topics["label"], strict=True)),
    }
    if name == "theme_overlaps":
        labels["other"] = labels["theme"]
    found: dict[str, SheetColumn] = {}
    names = [str(one) for one in frame.columns]
    for column in [*(one for one in known if one in names), *(one for one in names if one not in known)]:
        told = known.get(column)
        values = frame[column]
        kind, meaning = (told.type, told.meaning) if told else ("text", "a column of the source")
        found[column] = SheetColumn(column, kind, meaning, values)
        if column in labels and column + "_label" not in frame and f"{column}s" != name:
            # A theme of which this workbook has no row keeps its id.
            told_by = values.map(labels[column]).fillna(values)
            found[f"{column}_label"] = SheetColumn(f"{column}_label", "text", f"label of the {column}", told_by)
    first = [one for one in _FIRST.get(name, ()) if one in found]
    return [found[one] for one in [*first, *(one for one in found if one not in first)]]


def lay_out_overview(
    report: Report | ThemeReport, sheets: list[tuple[str, int]], *, most: Callable[[int], int]
) -> list[Line]:
    """Lines of the first sheet.

    Parameters
    ----------
    report : Report or ThemeReport
    sheets : list of (name, number of rows)
    most : callable
        How many of so many rows a sheet holds.
    """
    lines = [Line("", report.title)]
    if isinstance(report, ThemeReport):
        lines.append(Line("One theme of", report.study))
    lines += _head("In short", report.short)
    lines += _head("Caution", [report.caution] if report.caution else [])
    lines += _head("The corpus", report.corpus)
    if isinstance(report, Report):
        lines += _head("Trends", report.findings)
    told = [*(_describe_sheet(name, n, most(n)) for name, n in sheets), "columns: what each column of each sheet means"]
    names = [*(name for name, _ in sheets), "columns"]
    lines += [line._replace(sheet=name) for line, name in zip(_head("Sheets", told), names, strict=True)]
    lines += _head("Made with", [f"{row['name']}: {row['value']}" for row in report.facts])
    return lines + _head("How to cite", report.cite)


def _head(heading: str, texts: list[str]) -> list[Line]:
    return [Line("" if i else heading, clean(text)) for i, text in enumerate(texts)]


def _describe_sheet(name: str, n_rows: int, n_held: int) -> str:
    said = f"{name}: {SHEETS[name]} ({count_of(n_rows, 'row')})"
    if n_held < n_rows:
        return f"{said}. Only the first {n_held:,} of them fit on a sheet; all are in {name}.csv."
    return said
