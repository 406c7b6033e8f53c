"""Which of a row's dates counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis.corpus.dates import DateSpan, widen_span
from analysis.corpus.formats.tables.accepted import DateColumn
from analysis.corpus.formats.values import is_missing, to_span, to_text
from analysis.corpus.records import DateKind, shorten_raw

_KINDS = frozenset({"first_version", "publication", "online", "submission", "listing", "unstated"})


class _Read(NamedTuple):
    span: DateSpan
    text: str
    column: DateColumn


def parse_dates(
    row: Mapping[str, Any], dates: tuple[DateColumn, ...], used: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Span, text and kind of the date of a row; where none can be read, the text of the first.

    Parameters
    ----------
    row : mapping
        Column name -> cell.
    dates : tuple of DateColumn
    used : mapping
        Columns for ``precision``, ``ends``, ``inferred`` and ``date_kind``, where the table has them.
    """
    read: list[_Read] = []
    written = ""
    for date in dates:
        names = date.names
        text = to_text(row.get(names[0])) if len(names) == 1 else _join_cells(row, names)
        if text:
            span = date.parse(text)
            if span:
                read.append(_Read(span, text, date))
            written = written or text
    if not read:
        return {"date_text": shorten_raw(written)} if written else {}
    span, text, column = read[0] if len(read) == 1 else _choose_date(read)
    kind: DateKind = column.kind
    if "precision" in used:
        span = widen_span(span, _first_text(row, used["precision"]).strip().casefold())
    if "ends" in used and (end := to_span(_first_text(row, used["ends"]))) and span.precision != "day":
        # Some months together: "2018 Nov-Dec".
        span = dataclasses.replace(span, last=max(span.last, end.last))
    if "inferred" in used and _first_text(row, used["inferred"]).casefold() in ("true", "1"):
        span = dataclasses.replace(span, inferred=True)
    if "date_kind" in used and (stated := _first_text(row, used["date_kind"])) in _KINDS:
        kind = stated  # type: ignore[assignment]
    return {"span": span, "date_text": shorten_raw(text), "date_kind": kind}


def _choose_date(read: list[_Read]) -> _Read:
    """The earliest; then, as long as there is one, a finer one that lies inside it."""
    best = min([one for one in read if one.column.is_sure] or read, key=lambda one: one.span.first)
    while finer := [one for one in read if _lies_inside(one.span, best.span)]:
        best = min(finer, key=lambda one: one.span.first)
    return best


def _lies_inside(span: DateSpan, other: DateSpan) -> bool:
    return span != other and other.first <= span.first and span.last <= other.last


def _first_text(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((to_text(row[name]) for name in names if not is_missing(row.get(name))), "")


def _join_cells(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    cells = [to_text(row.get(name)).strip() for name in names]
    # The year may stand in both: "Aug 1 2019", "2019".
    return " ".join(dict.fromkeys(" ".join(cells).split())) if all(cells) else ""
