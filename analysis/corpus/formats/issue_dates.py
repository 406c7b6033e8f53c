"""Dates as journals print them on an issue: ``NOV-DEC``, ``2018 Dec-2019 Jan``, ``SEP 22`` beside a year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analysis.corpus.dates import DateSpan, make_span, parse_date, parse_month
from analysis.corpus.records import DateKind

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_RIS = re.compile(r"(\d{4})(?:/(\d{0,2}))?(?:/(\d{0,2}))?(?:/(.*))?", re.DOTALL)
_LONGEST = 80


class Dated(NamedTuple):
    """A date as written, the days that it may mean, and what it is the date of."""

    text: str
    span: DateSpan | None
    kind: DateKind


def parse_issue_date(text: str, year: int = 0) -> DateSpan | None:
    """Read the date of an issue; None when no year is known.

    Parameters
    ----------
    text : str
        Any form that `parse_date` reads, and months without a year, ranges
        of months, days or years, and seasons.
    year : int, optional
        The year, where `text` leaves it out.

    Notes
    -----
    A season or a quarter means the year: which months it spans depends on
    the hemisphere and the journal. A range within one month means that month.

    Examples
    --------
    >>> parse_issue_date("2018 Nov-Dec").last, parse_issue_date("SEP 22", 2010).first
    (datetime.date(2018, 12, 31), datetime.date(2010, 9, 22))
    >>> parse_issue_date("2018 Spring").precision
    'year'
    """
    return _parse(text.strip()[:_LONGEST], year)


@lru_cache(maxsize=4096)
def _parse(text: str, year: int) -> DateSpan | None:
    plain = parse_date(text)
    if plain:
        return plain
    years: list[int] = []
    months: list[int] = []
    days: list[int] = []
    for token in _TOKEN.findall(text):
        if token.isdigit():
            (years if len(token) == 4 else days).append(int(token) if token.isascii() else 0)
        elif month := parse_month(token):
            months.append(month)
    years = years or ([year] if year else [])
    if not years:
        return None
    if len(years) == len(months) == len(days) == 1:
        day = make_span(years[0], months[0], days[0])
        if day:
            return day
    return _join_ends(years, months, days)


def parse_ris_date(text: str) -> DateSpan | None:
    """Read ``YYYY/MM/DD/other`` (any part may be empty, as RIS allows), or any date of an issue.

    Examples
    --------
    >>> parse_ris_date("2019/05/").precision, parse_ris_date("2024///").precision
    ('month', 'year')
    """
    found = _RIS.fullmatch(text.strip())
    if not found:
        return parse_issue_date(text)
    year, month, day = (int(part or 0) for part in found.group(1, 2, 3))
    span = make_span(year, month, day)
    other = found.group(4)
    if span and span.precision == "year" and other:
        return parse_issue_date(other, year) or span
    return span


def choose_date(dates: Iterable[Dated]) -> Dated | None:
    """The earliest of several dates, and of those that overlap with it the finest; None when none can be read.

    A paper that was online in December and printed in March was public in
    December; a year and a day of that year are one date, told twice.
    """
    readable = [date for date in dates if date.span]
    if not readable:
        return None
    earliest = min(readable, key=lambda date: _first(date).first)
    last = _first(earliest).last
    return min((date for date in readable if _first(date).first <= last), key=_rank)


def _join_ends(years: list[int], months: list[int], days: list[int]) -> DateSpan | None:
    if not months:
        ends = make_span(years[0]), make_span(years[-1])
    else:
        has_days = len(days) == len(months) == 2
        ends = (
            make_span(years[0], months[0], days[0] if has_days else 0),
            make_span(years[-1], months[-1], days[-1] if has_days else 0),
        )
    start, end = ends
    if start is None or end is None or end.last < start.first:
        return make_span(years[0])
    return DateSpan(start.first, end.last, "month" if months else "year")


def _first(date: Dated) -> DateSpan:
    assert date.span is not None
    return date.span


def _rank(date: Dated) -> tuple[int, object]:
    span = _first(date)
    return (span.last - span.first).days, span.first
