"""What a shares table says about its periods: when each lies, how many papers it holds, in which unit time runs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.fits import Floats
from analysis.trends.grains import name_period, recognise_period

UNASSIGNED = "unassigned"
PER_YEAR = "per year"
OVER_SPAN = "over the observed span"
_DAYS_PER_YEAR = 365.25
_NEEDED = ("period", "period_end", "count", "total", "share", "low", "high", "complete", "observed_days")
# What later steps add to a table of shares.
_ADDED = ("count_low", "count_high", "expected_low", "expected_high", "smooth", "smooth_low", "smooth_high")


@dataclasses.dataclass(frozen=True)
class Design:
    """Counts of every group in every period, and where the periods lie.

    Attributes
    ----------
    key : str
        Name of the column of groups: ``theme`` or ``topic``.
    groups : list of n_groups
        Their ids; ``unassigned`` among them if the table has it.
    counts : array (n_groups, n_periods)
        Papers; `totals` their sum, 0 for an empty period.
    totals : array of n_periods
    time : array of n_periods
        Observed midpoint, in years from the first day (in spans where `unit`
        says so).
    position : array of n_periods
        0 to n_periods - 1.
    complete : array of n_periods
        Whether the corpus covers the whole period.
    periods : DataFrame of n_periods rows
        ``period`` and ``period_end``.
    unit : {"per year", "over the observed span"}
    length : float
        Of the observed span, in units of `time`; 0 without periods.
    span : str
        Such as "8 years".
    grain : str
        week, month, quarter, half-year or year.
    """

    key: str
    groups: list[Any]
    counts: Floats
    totals: Floats
    time: Floats
    position: npt.NDArray[np.int64]
    complete: npt.NDArray[np.bool_]
    periods: pd.DataFrame
    unit: str
    length: float
    span: str
    grain: str


def read_design(shares: pd.DataFrame) -> Design:
    """Read a shares table as counts over time; the rows of undated papers are left out.

    Raises
    ------
    InputError
        If a column is missing, no single other column names the groups, or a
        group lacks a period that another has.
    """
    missing = [name for name in _NEEDED if name not in shares]
    keys = [str(name) for name in shares.columns if name not in (*_NEEDED, *_ADDED)]
    if missing or len(keys) != 1:
        raise InputError(
            f"shares: columns missing: {', '.join(missing) or 'none'}; columns that may name the groups: "
            f"{', '.join(keys) or 'none'}. Give the table that share_by_period returns."
        )
    key = keys[0]
    groups = list(pd.unique(shares[key]))
    dated = shares[shares["period"].notna()].sort_values([key, "period"], kind="stable")
    periods = dated.drop_duplicates("period").sort_values("period", ignore_index=True)
    if len(dated) != len(periods) * dated[key].nunique():
        raise InputError(f"shares: some {key}s lack a period. Give the table that share_by_period returns, whole.")
    counts = np.zeros((len(groups), len(periods)))
    if len(dated):
        row = pd.Index(groups).get_indexer(pd.Index(dated[key]))
        counts[row, np.tile(np.arange(len(periods)), dated[key].nunique())] = dated["count"].to_numpy(dtype=float)
    time, unit, length = _place_in_time(periods)
    grain = _name_grain(periods)
    return Design(
        key=key,
        groups=groups,
        counts=counts,
        totals=periods["total"].to_numpy(dtype=float),
        time=time,
        position=np.arange(len(periods)),
        complete=periods["complete"].to_numpy(dtype=bool),
        periods=periods[["period", "period_end"]],
        unit=unit,
        length=length,
        span=f"{len(periods)} {grain}{'' if len(periods) == 1 else 's'}",
        grain=grain,
    )


def _place_in_time(periods: pd.DataFrame) -> tuple[Floats, str, float]:
    """Observed midpoints: an incomplete first period is seen at its end, an incomplete last one at its start."""
    if periods.empty:
        return np.zeros(0), PER_YEAR, 0.0
    day = pd.Timedelta(days=1)
    begin = ((periods["period"] - periods["period"].iloc[0]) / day).to_numpy(dtype=float, copy=True)
    end = ((periods["period_end"] - periods["period"].iloc[0]) / day).to_numpy(dtype=float) + 1
    seen = periods["observed_days"].to_numpy(dtype=float)
    if len(periods) > 1:
        begin[0], end[-1] = end[0] - seen[0], begin[-1] + seen[-1]
    length = end[-1] - begin[0]
    over_span = length < np.floor(_DAYS_PER_YEAR)
    middle = (begin + end) / 2
    scale = max(float(length), 1.0) if over_span else _DAYS_PER_YEAR
    return middle / scale, OVER_SPAN if over_span else PER_YEAR, float(length) / scale


def _name_grain(periods: pd.DataFrame) -> str:
    if periods.empty:
        return "period"
    return name_period(recognise_period((periods["period_end"].iloc[0] - periods["period"].iloc[0]).days + 1))
