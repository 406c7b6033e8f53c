"""Dates as sources write them, turned into the span of days that they mean."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "month", "year"]

EARLIEST_YEAR = 1900

_TIME = r"(?:[T\s]+\d{1,2}:\d{2}.*)?"
_NAME = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_YEAR}(?:\.0+)?",
        rf"{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})",
        rf"{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_TIME}",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})",
        rf"{_NAME}(?:\s+{_DAY})?,?\s+{_YEAR}{_TIME}",
        rf"(?:[A-Za-z]{{3,9}},?\s+)?{_DAY}\s+{_NAME},?\s+{_YEAR}{_TIME}",
        rf"{_YEAR}\s+{_NAME}(?:\s+{_DAY})?",
    )
)
_MONTHS = tuple(name.casefold() for name in calendar.month_name)


@dataclass(frozen=True)
class DateSpan:
    """The days that a date may mean, both ends included.

    Attributes
    ----------
    first, last : date
        Ends of the span; the same day when the precision is ``day``.
    precision : {"day", "month", "year"}
    inferred : bool
        True where the year, or the whole date, was not stated but inferred.
    """

    first: dt.date
    last: dt.date
    precision: Precision
    inferred: bool = False


def parse_date(text: str) -> DateSpan | None:
    """Read a date as a span of days; None when it cannot be read without guessing.

    Parameters
    ----------
    text : str
        ``2023-08-23``, ``2023-08``, ``2023``, an ISO 8601 or RFC 2822 time
        stamp (its day as written, whatever the zone), ``Aug 23, 2023``,
        ``23 August 2023`` or ``Aug 2023``. ``08/09/2023`` is not read: it
        means two days.

    Examples
    --------
    >>> parse_date("2023-02").last
    datetime.date(2023, 2, 28)
    >>> parse_date("2023-13-01") is None
    True
    """
    written = text.strip().rstrip("/")
    for pattern in _PATTERNS:
        found = pattern.fullmatch(written)
        if found:
            parts = found.groupdict()
            return make_span(int(parts["year"]), _number_of(parts.get("month")), int(parts.get("day") or 0))
    return None


def make_span(year: int, month: int | None = 0, day: int = 0, *, inferred: bool = False) -> DateSpan | None:
    """The span of a year, of a month (`day` = 0) or of a day; None when the calendar has no such day."""
    if month is None or not 1 <= year <= 9999 or not 0 <= month <= 12 or (day and not month):
        return None
    if not month:
        return DateSpan(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", inferred)
    n_days = calendar.monthrange(year, month)[1]
    if not 0 <= day <= n_days:
        return None
    if not day:
        return DateSpan(dt.date(year, month, 1), dt.date(year, month, n_days), "month", inferred)
    return DateSpan(dt.date(year, month, day), dt.date(year, month, day), "day", inferred)


def parse_month(name: str) -> int | None:
    """Number of a month by its English name, or by the first three letters or more; else None."""
    name = name.casefold().rstrip(".")
    if len(name) < 3:
        return None
    return next((number for number, month in enumerate(_MONTHS) if number and month.startswith(name)), None)


def widen_span(span: DateSpan, precision: str) -> DateSpan:
    """The month or year around a span, where the source says that its date is no finer than that."""
    wide = None
    if precision == "year":
        wide = make_span(span.first.year, inferred=span.inferred)
    elif precision == "month" and span.precision == "day":
        wide = make_span(span.first.year, span.first.month, inferred=span.inferred)
    return wide or span


def find_fault(span: DateSpan, latest: dt.date) -> str:
    """Why a span cannot be a day of publication; empty when it can."""
    if span.first.year < EARLIEST_YEAR:
        return f"before {EARLIEST_YEAR}"
    return f"after {latest.isoformat()}" if span.first > latest else ""


def _number_of(month: str | None) -> int | None:
    if month is None:
        return 0
    return int(month) if month.isdigit() else parse_month(month)
