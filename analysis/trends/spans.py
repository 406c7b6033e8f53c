"""When each paper appeared: the calendar days that its date may mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.grains import Period, bound_periods, number_periods

Day = dt.date | str | None
Ranks = npt.NDArray[np.int64]

# How coarsely a date is known, finest first.
PRECISIONS = ("day", "month", "year", "none")
_COARSE: tuple[tuple[int, Period], ...] = ((1, "month"), (2, "year"))


def read_spans(papers: pd.DataFrame) -> pd.DataFrame:
    """First and last day on which each paper may have appeared.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``published``: dates, timestamps, ISO 8601 text or whole years; empty or
        null where undated. A timestamp is the calendar day that its own clock
        shows, whatever its zone; text with an offset is turned to UTC.
        ``published_end`` and ``published_precision`` (day, month, year, none)
        if present. Of what these say, and of '2021' being a year and '2021-03' a
        month, the coarser decides; all else is a day.

    Returns
    -------
    DataFrame of n_papers rows, index 0 to n_papers - 1
        ``first`` and ``last`` (datetime64, both null where undated).

    Raises
    ------
    InputError
        If ``published`` is missing, dates cannot be read, or a span ends before
        it begins; all offenders are counted and the first five named.
    """
    if "published" not in papers:
        raise InputError("papers: the column 'published' is missing. Give each paper's date, or null where unknown.")
    days, rank = _read_days(papers, "published")
    ends = None
    if "published_end" in papers:
        end_days, end_rank = _read_days(papers, "published_end")
        ends = _widen(end_days, end_rank)[1]
        _refuse(papers, "published_end", ends < days, "lies before published")
    if "published_precision" in papers:
        rank = np.maximum(rank, _rank_precisions(papers["published_precision"]))
    days = days.copy()
    days[rank == PRECISIONS.index("none")] = np.datetime64("NaT")
    first, last = _widen(days, rank)
    if ends is not None:
        last = np.where(np.isnat(days), last, np.fmax(last, ends))
    return pd.DataFrame({"first": first, "last": last})


def read_day(day: Day, name: str) -> np.datetime64 | None:
    """One calendar day, or None."""
    if day is None:
        return None
    try:
        return np.datetime64(pd.Timestamp(day).date(), "s")
    except (ValueError, TypeError):
        raise InputError(f"{name} = {day!r} is not a date. Write it as 2025-10-17.") from None


def _read_days(papers: pd.DataFrame, name: str) -> tuple[Any, Ranks]:
    """The day as written (the first of the month or year where there is no more) and its rank of precision."""
    values = _drop_zones(papers[name].reset_index(drop=True))
    rank = np.zeros(len(values), dtype=np.int64)
    if not pd.api.types.is_datetime64_any_dtype(values):
        # Many papers share few dates: each way of writing is read once.
        codes, written = pd.factorize(values.astype("string").str.strip())
        text = pd.Series(written, dtype="string")
        coarse = np.where(text.str.fullmatch(r"\d{4}[-/]\d{1,2}").fillna(False), 1, 0)
        coarse = np.where(text.str.fullmatch(r"\d{4}").fillna(False), 2, coarse)
        read = pd.to_datetime(text.mask(text == ""), utc=True, format="ISO8601", errors="coerce").dt.tz_localize(None)
        wrong = (read.isna() & (text != "")).to_numpy(dtype=bool)
        # One more row, so that the code of a null (-1) finds a null.
        _refuse(papers, name, np.append(wrong, False)[codes], "is no date")
        rank = np.append(coarse, 0)[codes]
        values = pd.concat([read, pd.Series([pd.NaT])], ignore_index=True).take(codes)
    days = values.to_numpy().astype("datetime64[s]")
    return days.astype("datetime64[D]").astype("datetime64[s]"), rank


def _drop_zones(values: pd.Series) -> pd.Series:
    """Timestamps by their own clock; whole numbers as text."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        own_clock: pd.Series = values.dt.tz_localize(None)
        return own_clock
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        values = values.astype("Float64").round().astype("Int64").astype("string")
    elif values.dtype == object:
        # A null timestamp is a datetime too, but unequal to itself.
        own = [one.date().isoformat() if isinstance(one, dt.datetime) and one == one else one for one in values]
        values = pd.Series(own, dtype=object)
    return values


def _rank_precisions(stated: pd.Series) -> Ranks:
    """Place in `PRECISIONS`; 0, which decides nothing, where it says something else."""
    codes, words = pd.factorize(stated.astype("string"))
    ranks = [PRECISIONS.index(str(word)) if word in PRECISIONS else 0 for word in words]
    return np.array([*ranks, 0], dtype=np.int64)[codes]


def _widen(days: Any, rank: Ranks) -> tuple[Any, Any]:
    first, last = days.copy(), days.copy()
    for place, period in _COARSE:
        rows = (rank == place) & ~np.isnat(days)
        first[rows], last[rows] = bound_periods(number_periods(days[rows], period), period)
    return first, last


def _refuse(papers: pd.DataFrame, name: str, wrong: Any, fault: str) -> None:
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return
    ids = papers["paper_id"] if "paper_id" in papers else papers.index.to_series()
    shown = ", ".join(f"{ids.iloc[row]}: {str(papers[name].iloc[row])!r}" for row in rows[:5])
    more = ", ..." if len(rows) > 5 else ""
    raise InputError(f"papers: {name} {fault} for {len(rows)} paper(s) ({shown}{more}). Give ISO dates, or null.")
