"""Shares of themes or topics by calendar period."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.choosing import choose_from_spans
from analysis.trends.counting import Counting, count_cells, part_papers
from analysis.trends.fits import Floats
from analysis.trends.grains import GRAINS, Period
from analysis.trends.periods import TOO_COARSE, list_periods, locate_spans
from analysis.trends.rates import poisson_interval
from analysis.trends.spans import Day, read_spans


def share_by_period(
    papers: pd.DataFrame,
    *,
    by: str = "theme",
    period: Literal["auto"] | Period = "auto",
    captured: Day = None,
    start: Day = None,
    counting: Counting = "full",
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
    counting : {"full", "fractional"}, default "full"
        Whether a paper counts in its theme alone or is parted between its theme
        and the runner-up, in proportion to their scores: ``theme_score`` and
        ``theme_score - theme_margin``, with ``theme_runner_up``. One without a
        runner-up or a score counts whole. Only for ``by="theme"``.

    Returns
    -------
    DataFrame of n_groups * n_periods rows, sorted by group, then period
        ``period``, ``period_end`` (first and last day), the group under the name
        `by`, ``count`` (int64; float64 in fractional counting), ``total``
        (papers; the counts of a period sum to it), ``share`` in [0, 1], ``low``
        and ``high`` (95 % Jeffreys interval [1]_; these three null where
        ``total`` is 0), ``count_low`` and ``count_high`` (95 % Poisson interval
        of the expected count [2]_; null where the period is incomplete),
        ``complete`` (False where the corpus does not cover the period to
        both its ends), ``observed_days``. If papers are undated, one further
        row per group at the end, with null ``period``, counts them, and likewise
        one if papers are dated more coarsely than the period: in these alone
        ``period_end`` says by when the last of them had appeared. ``share`` is
        null and ``observed_days`` 0 in both; `analysis.trends.count_set_apart`
        gives the reasons.

    Raises
    ------
    InputError
        If a column is missing, a group is null, a date cannot be read, `period`
        or `counting` is unknown, or fractional counting is asked for groups
        other than themes.

    Notes
    -----
    Shares say what the collection holds, not what the field does. The interval
    describes the papers sampled; it leaves out that shares wander from period
    to period, which `analysis.trends.trend_verdicts` allows for. So does the
    interval of the count. Both take fractional counts as they are; a sum of
    parts varies less than a count of whole papers does, so they are then
    too wide rather than too narrow.

    References
    ----------
    .. [1] Brown, Cai, DasGupta (2001), Statistical Science 16(2), 101-133.
    .. [2] Garwood (1936), Biometrika 28(3/4), 437-442.

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
    place = locate_spans(spans, periods)
    parts = part_papers(papers, by, counting)
    counts = count_cells(parts, place, len(periods))
    return _lay_out(counts, parts.groups, periods, by, latest=spans["last"][place == TOO_COARSE].max())


def jeffreys_interval(count: Any, total: Any) -> tuple[Floats, Floats]:
    """95 % Jeffreys interval of a share; 0 and 1 where no paper or every paper counts, null where total is 0."""
    from scipy.special import betaincinv

    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    low = np.where(count == 0, 0.0, betaincinv(count + 0.5, total - count + 0.5, 0.025))
    high = np.where(count == total, 1.0, betaincinv(count + 0.5, total - count + 0.5, 0.975))
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def _lay_out(counts: npt.NDArray[Any], groups: Any, periods: pd.DataFrame, by: str, *, latest: Any) -> pd.DataFrame:
    n_groups, n_periods = len(groups), len(periods)
    count, apart = counts[:, :n_periods].ravel(), counts[:, n_periods:]
    # Whole papers: parts of one add up to it but for the last digits.
    totals = np.rint(counts.sum(axis=0)).astype(np.int64)
    total = np.tile(totals[:n_periods], n_groups)
    low, high = jeffreys_interval(count, total)
    expected = poisson_interval(count)
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
            "count_low": np.where(dated["complete"], expected[0], np.nan),
            "count_high": np.where(dated["complete"], expected[1], np.nan),
            "complete": dated["complete"].astype(bool),
            "observed_days": dated["observed_days"].astype("int64"),
        }
    )
    blank = table.iloc[:0].reindex(range(n_groups)).assign(complete=False, observed_days=0)
    blocks = [
        blank.assign(**{"period_end": end, by: groups.take(np.arange(n_groups)), "count": kind, "total": total}).astype(
            table.dtypes
        )
        for kind, total, end in zip(apart.T, totals[n_periods:], (pd.NaT, latest), strict=True)
        if total
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
