"""Calendar periods: where each begins and ends, how much of it the corpus covers, and which papers fit in none."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.choosing import choose_from_spans
from analysis.trends.grains import Period, bound_periods, name_period, number_periods
from analysis.trends.spans import Day, read_day, read_spans

# Places of papers that are in no period.
UNDATED = -1
TOO_COARSE = -2
_DAY = np.timedelta64(1, "D")
# Longest span, in days, that is known to the day, week, month, quarter and half-year.
_PRECISE = [1, 7, 31, 92, 184]


def list_periods(spans: pd.DataFrame, period: Period, *, captured: Day = None, start: Day = None) -> pd.DataFrame:
    """Every calendar period from the first paper's to the last paper's, with what the corpus covers of it.

    Parameters
    ----------
    spans : DataFrame of n_papers rows
        From `analysis.trends.spans.read_spans`.
    period : {"week", "month", "quarter", "half", "year"}
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
    numbers, last_numbers = number_periods(dated["first"], period), number_periods(dated["last"], period)
    inside, numbers = dated[numbers == last_numbers], numbers[numbers == last_numbers]
    every = np.arange(numbers.min(), numbers.max() + 1) if len(numbers) else np.zeros(0, dtype=np.int64)
    starts, ends = bound_periods(every, period)
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
    """Row of `periods` that holds each span whole; negative where none does.

    `UNDATED` (-1) where there is no date, `TOO_COARSE` (-2) where the span
    reaches across two periods, or lies outside them all.
    """
    dated = spans["first"].notna().to_numpy()
    place = np.where(dated, TOO_COARSE, UNDATED).astype(np.int64)
    if periods.empty:
        return place
    starts, ends = (periods[name].to_numpy().astype("datetime64[s]") for name in ("period", "period_end"))
    first, last = spans["first"].to_numpy()[dated], spans["last"].to_numpy()[dated]
    row = np.searchsorted(starts, first, side="right") - 1
    place[dated] = np.where((row >= 0) & (last <= ends[row]), row, TOO_COARSE)
    return place


def count_set_apart(papers: pd.DataFrame, *, period: Literal["auto"] | Period = "auto") -> pd.DataFrame:
    """Papers that are in no period, by reason.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        As `analysis.trends.spans.read_spans` takes it.
    period : {"auto", "week", "month", "quarter", "half", "year"}, default "auto"

    Returns
    -------
    DataFrame of 0 to 4 rows
        ``reason`` and ``count`` (papers, above 0): those without a date first,
        then those dated too coarsely to fall in one period.

    Examples
    --------
    >>> count_set_apart(pd.DataFrame({"published": ["2024-03-01", "2024", None]}), period="month").values.tolist()
    [['no date', 1], ['dated to the year only, too coarse for a month', 1]]
    """
    spans = read_spans(papers)
    grain = choose_from_spans(spans)[0] if period == "auto" else period
    place = locate_spans(spans, list_periods(spans, grain))
    coarse = spans[place == TOO_COARSE]
    whole_month, whole_year = (_fills_one(coarse, unit) for unit in ("month", "year"))
    counts = {
        "no date": int((place == UNDATED).sum()),
        f"dated to the month only, too coarse for a {name_period(grain)}": int(whole_month.sum()),
        f"dated to the year only, too coarse for a {name_period(grain)}": int(whole_year.sum()),
        f"dated to a span of days across two {name_period(grain, 2)} or more": int(
            len(coarse) - whole_month.sum() - whole_year.sum()
        ),
    }
    kept = {reason: count for reason, count in counts.items() if count}
    return pd.DataFrame({"reason": pd.Series(list(kept), dtype="str"), "count": list(kept.values())}).astype(
        {"count": "int64"}
    )


def _fills_one(spans: pd.DataFrame, period: Period) -> npt.NDArray[np.bool_]:
    starts, ends = bound_periods(number_periods(spans["first"], period), period)
    return np.asarray((spans["first"].to_numpy() == starts) & (spans["last"].to_numpy() == ends))


def _reach(edge: pd.DataFrame, stated: np.datetime64 | None, *, oldest: bool) -> tuple[np.datetime64, np.datetime64]:
    """Day to which the corpus surely reaches at one end, and day to which it was seen to reach."""
    length = (edge["last"].to_numpy() - edge["first"].to_numpy()) // _DAY
    # One year-only paper says less about the end than those dated to the day.
    rank = np.digitize(length, _PRECISE)
    finest = edge[rank == rank.min()]
    first, last = finest["first"].to_numpy(), finest["last"].to_numpy()
    outer, inner = (first.min(), last.min()) if oldest else (last.max(), first.max())
    if stated is None:
        return inner, outer
    beyond = outer if (inner < stated if oldest else inner > stated) else stated
    return stated, beyond
