"""What the JSON of one interface or export is called, how its records are told, and how one is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from analysis.corpus.dates import DateSpan, make_span
from analysis.corpus.formats.values import to_span, to_text
from analysis.corpus.records import DateKind, RawRecord, SetAside, shorten_raw

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_MILLISECONDS = 2**43


class Place(NamedTuple):
    """Where a record stands, and the record as it was read."""

    source: str
    position: str
    raw: str

    def set_aside(self, reason: str) -> SetAside:
        """The record as one that is left out."""
        return SetAside(self.source, self.position, reason, self.raw)


class Dialect(NamedTuple):
    """The JSON of one interface or export.

    Attributes
    ----------
    name : str
    recognise : callable
        Whether an object is a record of it; by its keys, so that like objects need no second look.
    read : callable
        Object and place -> record, or why it is none.
    experimental : bool
        Whether no real file was tried yet.
    advice : str
        How to come by abstracts, where a file of it holds none.
    """

    name: str
    recognise: Callable[[dict[str, Any]], bool]
    read: Callable[[dict[str, Any], Place], RawRecord | SetAside]
    experimental: bool = False
    advice: str = ""


class Dated(NamedTuple):
    """One of the dates of a record."""

    span: DateSpan
    text: str
    kind: DateKind


def look_up(item: Any, *path: str | int) -> Any:
    """What lies under a path of keys and places; None where the way ends.

    >>> look_up({"a": [{"b": 3}]}, "a", 0, "b"), look_up({"a": None}, "a", "b")
    (3, None)
    """
    for step in path:
        if isinstance(step, str) and isinstance(item, dict):
            item = item.get(step)
        elif isinstance(step, int) and isinstance(item, list) and len(item) > step:
            item = item[step]
        else:
            return None
    return item


def list_objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one that stands in its place.

    >>> list_objects({"a": 1}), list_objects([{"a": 1}, None]), list_objects("a")
    ([{'a': 1}], [{'a': 1}], [])
    """
    if isinstance(value, dict):
        return [value]
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def take_first(*values: Any) -> str:
    """The first of several that holds text; of a list, its first member.

    >>> take_first(None, [], ["Nature", "Nat."])
    'Nature'
    """
    for value in values:
        text = to_text(value[0] if isinstance(value, list) and value else value)
        if text:
            return text
    return ""


def list_texts(values: Iterable[Any]) -> tuple[str, ...]:
    """All that hold text, stripped, in their order."""
    return tuple(text for text in (to_text(value).strip() for value in values) if text)


def keep_labels(**values: Any) -> dict[str, str]:
    """Labels of those values that hold text; of lists, each member once."""
    texts = {
        name: "; ".join(dict.fromkeys(list_texts(value))) if isinstance(value, list | tuple) else to_text(value)
        for name, value in values.items()
    }
    return {name: text for name, text in texts.items() if text}


def read_date(value: Any, kind: DateKind) -> list[Dated]:
    """A date as text; none where it is absent or cannot be read."""
    text = to_text(value).strip()
    span = to_span(text) if text else None
    return [Dated(span, text, kind)] if span else []


def read_date_parts(value: Any, kind: DateKind) -> list[Dated]:
    """A date as Crossref and CSL write it: ``{"date-parts": [[2020, 11, 26]]}``, cut short where less is known."""
    parts = look_up(value, "date-parts", 0)
    numbers = []
    for part in parts if isinstance(parts, list) else []:
        text = to_text(part).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            break
        numbers.append(int(text))
    # Seasons stand as months 13 to 24 in newer CSL: the year is what is sure.
    for n_parts in range(min(len(numbers), 3), 0, -1):
        year, month, day = [*numbers[:n_parts], 0, 0][:3]
        span = make_span(year, month, day)
        if span:
            return [Dated(span, "-".join(map(str, numbers)), kind)]
    return []


def read_milliseconds(value: Any, kind: DateKind) -> list[Dated]:
    """A day (UTC) as milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _MAX_MILLISECONDS:
        return []
    day = (_EPOCH + dt.timedelta(milliseconds=value)).date()
    return [Dated(DateSpan(day, day, "day"), day.isoformat(), kind)]


def choose_date(dates: list[Dated], written: Any = None) -> dict[str, Any]:
    """Fields of a record for the earliest of its dates, or for a finer one that lies inside it.

    Parameters
    ----------
    dates : list of Dated
    written : optional
        What stands there where no date can be read.
    """
    if not dates:
        text = to_text(written)
        return {"date_text": shorten_raw(text)} if text else {}
    best = min(dates, key=lambda one: one.span.first)
    while inside := [one for one in dates if _lies_inside(one.span, best.span)]:
        best = min(inside, key=lambda one: one.span.first)
    return {"span": best.span, "date_text": best.text, "date_kind": best.kind}


def _lies_inside(span: DateSpan, other: DateSpan) -> bool:
    return span != other and other.first <= span.first and span.last <= other.last
