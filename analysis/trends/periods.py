"""Calendar periods: which one serves, where each begins and ends, and how much of it the corpus covers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError

Period = Literal["month", "quarter", "year"]
Day = dt.date | str | None

MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
# A period is too short when half of the periods hold fewer papers than this ...
MIN_PAPERS = 5
# ... and too long when fewer periods than this are left to see a course in.
MIN_PERIODS = 4
# The grain that this share of the dated papers carry counts as the corpus's own; the rest are set apart.
MIN_CARRIED = 0.95
_DAY = np.timedelta64(1, "D")


def read_spans(papers: pd.DataFrame) -> pd.DataFrame:
    """First and last day on which each paper may have appeared.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``published``: dates, timestamps (those with a zone are turned to UTC),
        ISO 8601 text or whole years; empty or null where undated.
        ``published_end`` and ``published_precision`` (day, month, year, none)
        if present. The coarser of the two decides; without either, '2021' and
        '2021-03' are a year and a month, and all else is a day.

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
    first, precision = _read_days(papers, "published")
    last = first
    if "published_end" in papers:
        last = _read_days(papers, "published_end")[0].fillna(first)
        _refuse(papers, "published_end", last < first, "lies before published")
    if "published_precision" in papers:
        stated = papers["published_precision"].reset_index(drop=True).astype("string")
        precision = stated.where(stated.isin(["day", "month", "year", "none"]), precision)
    first = first.mask((precision == "none").fillna(False))
    for grain in ("month", "year"):
        coarse = ((precision == grain).fillna(False) & first.notna()).to_numpy()
        _, ends = _bounds(_number(first[coarse], grain), grain)
        last = last.astype("datetime64[s]")
        last[coarse] = np.maximum(last[coarse].to_numpy(), ends)
    return pd.DataFrame({"first": first.astype("datetime64[s]"), "last": last.where(first.notna())})


def choose_period(papers: pd.DataFrame) -> tuple[Period, str]:
    """The calendar period that serves these papers best, and why.

    Of month, quarter and year, those that 95 % of the dated papers carry and
    that leave at least 4 periods come into question (when none leaves 4, the
    finest that is carried is taken). Of these, it is the finest whose periods
    hold at least 5 papers in the median, counting empty periods; else the coarsest.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        As `read_spans` takes it.

    Returns
    -------
    period : {"month", "quarter", "year"}
    reason : str
        One sentence with the numbers.
    """
    spans = read_spans(papers).dropna()
    if spans.empty:
        return "year", "Counted by year, as no paper has a date."
    medians: dict[Period, tuple[int, float]] = {}
    grains: tuple[Period, ...] = ("month", "quarter", "year")
    for grain in grains:
        begin, end = _number(spans["first"], grain), _number(spans["last"], grain)
        inside = begin[begin == end]
        if len(inside) >= MIN_CARRIED * len(spans):
            counts = np.bincount(inside - inside.min())
            medians[grain] = (len(counts), float(np.median(counts)))
    enough = {grain: number for grain, number in medians.items() if number[0] >= MIN_PERIODS}
    dense = [grain for grain, (_, median) in enough.items() if median >= MIN_PAPERS]
    chosen: Period = next(iter(dense or list(enough)[-1:] or medians), "year")
    return chosen, _explain_choice(chosen, medians, len(spans))


def list_periods(spans: pd.DataFrame, period: Period, *, captured: Day = None, start: Day = None) -> pd.DataFrame:
    """Every calendar period from the first paper's to the last paper's, with what the corpus covers of it.

    Parameters
    ----------
    spans : DataFrame of n_papers rows
        From `read_spans`.
    period : {"month", "quarter", "year"}
    captured, start : date, ISO text or None
        Last and first day that the corpus covers. Without them the corpus is
        taken to cover what its own papers prove and no more: an end period is
        complete only if a paper dated to the day falls on its outermost day.

    Returns
    -------
    DataFrame of n_periods rows
        ``period``, ``period_end`` (first and last day), ``complete`` and
        ``observed_days`` (whole days, from 0 to the period's length). No rows
        when no paper fits in a period.
    """
    begin, finish = read_day(start, "start"), read_day(captured, "captured")
    if begin is not None and finish is not None and begin > finish:
        raise InputError(f"[trends] start = {start} lies after [corpus] captured = {captured}. Mend one of them.")
    dated = spans.dropna()
    inside = dated[_number(dated["first"], period) == _number(dated["last"], period)]
    numbers = _number(inside["first"], period)
    every = np.arange(numbers.min(), numbers.max() + 1) if len(numbers) else np.zeros(0, dtype=np.int64)
    starts, ends = _bounds(every, period)
    table = pd.DataFrame({"period": starts, "period_end": ends})
    if not len(numbers):
        return table.assign(complete=pd.Series(dtype=bool), observed_days=pd.Series(dtype="int64"))
    sure_first, seen_first = _reach(inside[numbers == every[0]], begin, oldest=True)
    sure_last, seen_last = _reach(inside[numbers == every[-1]], finish, oldest=False)
    days = (np.minimum(ends, seen_last) - np.maximum(starts, seen_first) + _DAY) // _DAY
    return table.assign(
        complete=(starts >= sure_first) & (ends <= sure_last), observed_days=np.maximum(days, 0).astype("int64")
    )


def locate_spans(spans: pd.DataFrame, periods: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Row of `periods` that holds each span whole; -1 where undated, across two periods or outside them all."""
    place = np.full(len(spans), -1, dtype=np.int64)
    if periods.empty:
        return place
    starts, ends = (periods[name].to_numpy().astype("datetime64[s]") for name in ("period", "period_end"))
    dated = spans["first"].notna().to_numpy()
    first, last = spans["first"].to_numpy()[dated], spans["last"].to_numpy()[dated]
    row = np.searchsorted(starts, first, side="right") - 1
    place[dated] = np.where((row >= 0) & (last <= ends[row]), row, -1)
    return place


def read_day(day: Day, name: str) -> np.datetime64 | None:
    """One calendar day, or None."""
    if day is None:
        return None
    try:
        return np.datetime64(pd.Timestamp(day).date(), "s")
    except (ValueError, TypeError):
        raise InputError(f"{name} = {day!r} is not a date. Write it as 2025-10-17.") from None


def _reach(edge: pd.DataFrame, stated: np.datetime64 | None, *, oldest: bool) -> tuple[np.datetime64, np.datetime64]:
    """Day to which the corpus surely reaches at one end, and day to which it was seen to reach."""
    length = (edge["last"].to_numpy() - edge["first"].to_numpy()) // _DAY
    # One year-only paper says less about the end than those dated to the day.
    rank = np.digitize(length, [1, 31, 92])
    finest = edge[rank == rank.min()]
    first, last = finest["first"].to_numpy(), finest["last"].to_numpy()
    outer, inner = (first.min(), last.min()) if oldest else (last.max(), first.max())
    if stated is None:
        return inner, outer
    beyond = outer if (inner < stated if oldest else inner > stated) else stated
    return stated, beyond


def _number(days: Any, grain: str) -> npt.NDArray[np.int64]:
    months = np.asarray(days, dtype="datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months // MONTHS[grain])


def _bounds(numbers: npt.NDArray[np.int64], grain: str) -> tuple[Any, Any]:
    starts = (numbers * MONTHS[grain]).astype("datetime64[M]")
    ends = (starts + MONTHS[grain]).astype("datetime64[D]") - 1
    return starts.astype("datetime64[s]"), ends.astype("datetime64[s]")


def _read_days(papers: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    values = papers[name].reset_index(drop=True)
    precision = pd.Series("day", index=values.index, dtype="string")
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        values = values.astype("Float64").round().astype("Int64").astype("string")
    if not pd.api.types.is_datetime64_any_dtype(values):
        text = values.astype("string").str.strip()
        precision = precision.mask(text.str.fullmatch(r"\d{4}").fillna(False), "year")
        precision = precision.mask(text.str.fullmatch(r"\d{4}-\d{2}").fillna(False), "month")
        values = pd.to_datetime(text.mask(text == ""), utc=True, format="ISO8601", errors="coerce")
        _refuse(papers, name, values.isna() & text.notna() & (text != ""), "is no date")
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    return values.astype("datetime64[s]").dt.normalize(), precision


def _refuse(papers: pd.DataFrame, name: str, wrong: pd.Series, fault: str) -> None:
    rows = np.flatnonzero(wrong.to_numpy())
    if not len(rows):
        return
    ids = papers["paper_id"] if "paper_id" in papers else papers.index.to_series()
    shown = ", ".join(f"{ids.iloc[row]}: {str(papers[name].iloc[row])!r}" for row in rows[:5])
    more = ", ..." if len(rows) > 5 else ""
    raise InputError(f"papers: {name} {fault} for {len(rows)} paper(s) ({shown}{more}). Give ISO dates, or null.")


def _explain_choice(chosen: Period, medians: dict[Period, tuple[int, float]], n_papers: int) -> str:
    if chosen not in medians:
        return f"Counted by year: no finer period holds the known span of 95 % of the {n_papers} dated papers."
    holds = "; ".join(
        f"{number} {grain}s hold {median:g} paper{'' if median == 1 else 's'} each in the median"
        if number > 1
        else f"1 {grain} holds {median:g} paper{'' if median == 1 else 's'}"
        for grain, (number, median) in medians.items()
    )
    return f"Counted by {chosen} ({n_papers} dated papers): {holds}."
