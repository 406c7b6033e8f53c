"""Shares of themes or topics by calendar period."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.choosing import choose_from_spans
from analysis.trends.fits import Floats
from analysis.trends.grains import GRAINS, Period
from analysis.trends.periods import TOO_COARSE, UNDATED, list_periods, locate_spans
from analysis.trends.spans import Day, read_spans


def share_by_period(
    papers: pd.DataFrame,
    *,
    by: str = "theme",
    period: Literal["auto"] | Period = "auto",
    captured: Day = None,
    start: Day = None,
) -> pd.DataFrame:
    """Share of the papers that each group holds in each calendar period.

    Every group appears in every period from the first paper's to the last
    paper's, so a group that falls silent shows as zero and not as a gap.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``published`` (see `analysis.trends.spans.read_spans`;
        ``published_end`` and ``published_precision`` are heeded if present) and
        the column named by `by`.
    by : str, default "theme"
        Column that says which group a paper is in; never null.
    period : {"auto", "week", "month", "quarter", "half", "year"}, default "auto"
        Calendar period, labelled by its first day (of a week, its Monday). "auto" takes what
        `analysis.trends.choose_period` chooses.
    captured, start : date, ISO text or None
        Last and first day that the corpus covers. Without them an end period
        counts as complete only if a paper proves it to its outermost day.

    Returns
    -------
    DataFrame of n_groups * n_periods rows, sorted by group, then period
        ``period``, ``period_end`` (first and last day), the group under the name
        `by`, ``count``, ``total`` (papers), ``share`` in [0, 1], ``low`` and
        ``high`` (95 % Jeffreys interval [1]_; these three null where ``total``
        is 0), ``complete`` (False where the corpus does not cover the period to
        both its ends), ``observed_days``. If papers are undated, one further
        row per group at the end, with null ``period``, counts them, and likewise
        one if papers are dated more coarsely than the period: in these alone
        ``period_end`` says by when the last of them had appeared. ``share`` is
        null and ``observed_days`` 0 in both; `analysis.trends.count_set_apart`
        gives the reasons.

    Raises
    ------
    InputError
        If a column is missing, a group is null, a date cannot be read or
        `period` is unknown.

    Notes
    -----
    Shares say what the collection holds, not what the field does. The interval
    describes the papers sampled; it leaves out that shares wander from period
    to period, which `analysis.trends.trend_verdicts` allows for.

    References
    ----------
    .. [1] Brown, Cai, DasGupta (2001), Statistical Science 16(2), 101-133.

    Examples
    --------
    >>> papers = pd.DataFrame({"published": ["2020-02-29", "2022-05-01"], "theme": ["robotics", "alignment"]})
    >>> share_by_period(papers, period="year").query("theme == 'robotics'")["count"].tolist()
    [1, 0, 0]
    """
    _check(papers, by, period)
    spans = read_spans(papers)
    grain = choose_from_spans(spans)[0] if period == "auto" else period
    periods = list_periods(spans, grain, captured=captured, start=start)
    codes, groups = pd.factorize(papers[by], sort=True)
    place = locate_spans(spans, periods)
    counts = count_cells(codes, place, len(groups), len(periods))
    return _lay_out(counts, groups, periods, by, latest=spans["last"][place == TOO_COARSE].max())


def count_cells(codes: Any, place: Any, n_groups: int, n_periods: int) -> npt.NDArray[np.int64]:
    """Papers by group and period; the last two columns count the undated and the too coarsely dated."""
    column = np.select([place == UNDATED, place == TOO_COARSE], [n_periods, n_periods + 1], place)
    cells = np.bincount(codes * (n_periods + 2) + column, minlength=n_groups * (n_periods + 2))
    return cells.reshape(n_groups, n_periods + 2)


def jeffreys_interval(count: Any, total: Any) -> tuple[Floats, Floats]:
    """95 % Jeffreys interval of a share; 0 and 1 where no paper or every paper counts, null where total is 0."""
    from scipy.special import betaincinv

    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    low = np.where(count == 0, 0.0, betaincinv(count + 0.5, total - count + 0.5, 0.025))
    high = np.where(count == total, 1.0, betaincinv(count + 0.5, total - count + 0.5, 0.975))
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def _lay_out(
    counts: npt.NDArray[np.int64], groups: Any, periods: pd.DataFrame, by: str, *, latest: Any
) -> pd.DataFrame:
    n_groups, n_periods = len(groups), len(periods)
    count, apart = counts[:, :n_periods].ravel(), counts[:, n_periods:]
    total = np.tile(counts[:, :n_periods].sum(axis=0), n_groups)
    low, high = jeffreys_interval(count, total)
    share = np.divide(count, total, out=np.full(len(count), np.nan), where=total > 0)
    dated = {name: np.tile(periods[name].to_numpy(), n_groups) for name in periods}
    table = pd.DataFrame(
        {
            "period": dated["period"].astype("datetime64[ms]"),
            "period_end": dated["period_end"].astype("datetime64[ms]"),
            by: groups.take(np.repeat(np.arange(n_groups), n_periods)),
            "count": count,
            "total": total,
            "share": share,
            "low": low,
            "high": high,
            "complete": dated["complete"].astype(bool),
            "observed_days": dated["observed_days"].astype("int64"),
        }
    )
    blank = table.iloc[:0].reindex(range(n_groups)).assign(complete=False, observed_days=0)
    blocks = [
        blank.assign(
            **{"period_end": end, by: groups.take(np.arange(n_groups)), "count": kind, "total": kind.sum()}
        ).astype(table.dtypes)
        for kind, end in zip(apart.T, (pd.NaT, latest), strict=True)
        if kind.sum()
    ]
    filled = [block for block in (table, *blocks) if len(block)]
    return pd.concat(filled, ignore_index=True) if filled else table


def _check(papers: pd.DataFrame, by: str, period: str) -> None:
    missing = [name for name in (by, "published") if name not in papers]
    if missing:
        raise InputError(f"papers: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, papers))}.")
    if period not in ("auto", *GRAINS):
        raise InputError(f"period = {period!r} is not allowed. Choose auto, week, month, quarter, half or year.")
    lost = int(papers[by].isna().sum())
    if lost:
        raise InputError(f"papers: {lost} paper(s) have no {by}. Give each one, such as 'unassigned'.")
