"""First and last day of what is asked for."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from analysis.config import InputError


class Days(NamedTuple):
    """First and last day, both included; None where it is open."""

    since: dt.date | None
    until: dt.date | None


def parse_days(since: dt.date | str | None, until: dt.date | str | None) -> Days:
    """Both days, or an `InputError` if one is no day or they are in the wrong order."""
    days = Days(_parse_day(since, "from"), _parse_day(until, "until"))
    if days.since and days.until and days.since > days.until:
        raise InputError(f"from {days.since} until {days.until}: the first day lies after the last. Swap them.")
    return days


def _parse_day(day: dt.date | str | None, name: str) -> dt.date | None:
    if isinstance(day, dt.datetime):
        return day.date()
    if day is None or isinstance(day, dt.date):
        return day
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise InputError(f"{name} {day!r}: give a day, such as 2025-10-17.") from None
