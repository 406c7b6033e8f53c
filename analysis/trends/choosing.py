"""Which calendar period serves a corpus."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.trends.grains import GRAINS, Period, name_period, number_periods
from analysis.trends.spans import read_spans

# A period is too short when half of the periods hold fewer papers than this ...
MIN_PAPERS = 5
# ... and too long when fewer periods than this are left to see a course in.
MIN_PERIODS = 4
# The grain that this share of the dated papers carry counts as the corpus's own; the rest are set apart.
MIN_CARRIED = 0.95
# Weeks wander with holidays and habits of posting, so they need more papers.
MIN_PAPERS_WEEK = 20
# Weeks and half-years are for short corpora: with a year of months, or a course of years, nothing is gained by them.
MAX_MONTHS_FOR_WEEKS = 11
MAX_YEARS_FOR_HALVES = 3
# Taken where the papers fill them, never for want of something better.
_ONLY_IF_FILLED: tuple[Period, ...] = ("week", "half")


def choose_period(papers: pd.DataFrame) -> tuple[Period, str]:
    """The calendar period that serves these papers best, and why.

    Of week, month, quarter, half-year and year, those that 95 % of the dated
    papers carry and that leave at least 4 periods come into question. Of these,
    it is the finest whose periods hold at least 5 papers in the median, counting
    empty periods. Weeks must hold 20. Weeks come into question in at most 11
    calendar months only, half-years in at most 3 calendar years. Where none is
    so filled, it is the coarsest of month, quarter and year that leaves 4
    periods, else the finest of these that is carried.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        As `analysis.trends.spans.read_spans` takes it.

    Returns
    -------
    period : {"week", "month", "quarter", "half", "year"}
    reason : str
        One sentence with the numbers.
    """
    return choose_from_spans(read_spans(papers))


def choose_from_spans(spans: pd.DataFrame) -> tuple[Period, str]:
    """`choose_period` from the days that the papers' dates may mean."""
    spans = spans.dropna()
    if spans.empty:
        return "year", "Counted by year, as no paper has a date."
    found = _count_periods(spans)
    enough = [period for period, (n_periods, _) in found.items() if n_periods >= MIN_PERIODS]
    filled = [period for period in enough if found[period][1] >= _need(period)]
    usual = [period for period in found if period not in _ONLY_IF_FILLED]
    spare = [period for period in usual if period in enough][-1:] or usual[:1]
    chosen: Period = next(iter(filled or spare), "year")
    return chosen, _explain_choice(chosen, found, len(spans), filled=bool(filled), enough=chosen in enough)


def _count_periods(spans: pd.DataFrame) -> dict[Period, tuple[int, float]]:
    """Number of periods and median of papers in them, of each period that comes into question; finest first."""
    found: dict[Period, tuple[int, float]] = {}
    for period in GRAINS:
        begin, end = number_periods(spans["first"], period), number_periods(spans["last"], period)
        inside = begin[begin == end]
        if len(inside) >= MIN_CARRIED * len(spans):
            counts = np.bincount(inside - inside.min())
            found[period] = (len(counts), float(np.median(counts)))
    if found.get("month", (0, 0.0))[0] > MAX_MONTHS_FOR_WEEKS:
        found.pop("week", None)
    if found.get("year", (0, 0.0))[0] > MAX_YEARS_FOR_HALVES:
        found.pop("half", None)
    return found


def _need(period: Period) -> int:
    return MIN_PAPERS_WEEK if period == "week" else MIN_PAPERS


def _explain_choice(
    chosen: Period, found: dict[Period, tuple[int, float]], n_papers: int, *, filled: bool, enough: bool
) -> str:
    if chosen not in found:
        return f"Counted by year: no finer period holds the known span of 95 % of the {n_papers} dated papers."
    holds = "; ".join(_describe_fill(period, *numbers) for period, numbers in found.items())
    if filled:
        why = f"the finest that leaves {MIN_PERIODS} or more with {_need(chosen)} papers each in the median"
    elif enough:
        why = f"the coarsest that leaves {MIN_PERIODS} or more, as no period is well filled"
    else:
        why = f"the finest of month, quarter and year that the dates allow, as none leaves {MIN_PERIODS} or more"
    return f"Counted by {name_period(chosen)} ({n_papers} dated paper{'' if n_papers == 1 else 's'}), {why}: {holds}."


def _describe_fill(period: Period, n_periods: int, median: float) -> str:
    papers = f"{median:g} paper{'' if median == 1 else 's'}"
    if n_periods == 1:
        return f"1 {name_period(period)} holds {papers}"
    return f"{n_periods} {name_period(period, n_periods)} hold {papers} each in the median"
