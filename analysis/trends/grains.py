"""The calendar: weeks, months, quarters, half-years and years, numbered without a gap."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Period = Literal["week", "month", "quarter", "half", "year"]
Numbers = npt.NDArray[np.int64]

# Finest first. The longest of each, in days, tells them apart by their length.
LONGEST: dict[Period, int] = {"week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
GRAINS: tuple[Period, ...] = tuple(LONGEST)
_MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# The first Monday on or before 1 January 1970, a Thursday: ISO weeks begin on Mondays.
_FIRST_MONDAY = -3


def number_periods(days: Any, period: Period) -> Numbers:
    """Number of the calendar period that each day lies in; neighbours differ by 1, the turn of a year included.

    Parameters
    ----------
    days : array of datetime64
        No nulls: theirs is a number without meaning.
    period : {"week", "month", "quarter", "half", "year"}
        A week is that of ISO 8601, from Monday to Sunday; a half-year begins in
        January or July.
    """
    stamps = np.asarray(days, dtype="datetime64[s]")
    if period == "week":
        return np.asarray((stamps.astype("datetime64[D]").astype(np.int64) - _FIRST_MONDAY) // 7)
    return np.asarray(stamps.astype("datetime64[M]").astype(np.int64) // _MONTHS[period])


def bound_periods(numbers: Numbers, period: Period) -> tuple[Any, Any]:
    """First and last day of each numbered period, as ``datetime64[s]``; undoes `number_periods`."""
    if period == "week":
        starts = (numbers * 7 + _FIRST_MONDAY).astype("datetime64[D]")
        return starts.astype("datetime64[s]"), (starts + 6).astype("datetime64[s]")
    first = (numbers * _MONTHS[period]).astype("datetime64[M]")
    ends = (first + _MONTHS[period]).astype("datetime64[D]") - 1
    return first.astype("datetime64[s]"), ends.astype("datetime64[s]")


def recognise_period(n_days: int) -> Period:
    """Which calendar period is that long, in days."""
    return next((period for period in GRAINS if n_days <= LONGEST[period]), "year")


def name_period(period: Period, n_periods: int = 1) -> str:
    """The period in words.

    Examples
    --------
    >>> name_period("half"), name_period("week", 3)
    ('half-year', 'weeks')
    """
    return f"{'half-year' if period == 'half' else period}{'' if n_periods == 1 else 's'}"


def label_period(start: pd.Timestamp, period: Period) -> str:
    """Name of the period that begins on `start`: 2025-W01, 2024-03, 2024 Q1, 2024 H1 or 2024."""
    if period == "week":
        # Of ISO 8601: the week of 30 December 2024 is the first of 2025.
        week = start.isocalendar()
        return f"{week.year}-W{week.week:02d}"
    if period == "month":
        return f"{start:%Y-%m}"
    if period == "quarter":
        return f"{start.year} Q{(start.month + 2) // 3}"
    return f"{start.year} H{(start.month + 5) // 6}" if period == "half" else str(start.year)
