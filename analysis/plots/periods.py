"""Shares by theme and period, laid out for drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.plots.looks import theme_order

# Of fewer papers a share says next to nothing: one paper makes 20 % or more.
FEW = 5


@dataclass(frozen=True)
class Grid:
    """Shares as a grid of themes by periods.

    Attributes
    ----------
    periods : DataFrame of n_periods rows
        ``label``, ``total``, ``complete``, ``period_end`` and ``thin`` (fewer
        than `FEW` papers; never when all are), in calendar order.
    cells : dict of theme id to DataFrame of n_periods rows
        ``count``, ``share``, ``low``, ``high``; NaN where a period has no paper.
    n_undated : int
        Papers without a usable date: in no period.
    unit : str
        ``month``, ``quarter`` or ``year``.
    """

    periods: pd.DataFrame
    cells: dict[str, pd.DataFrame]
    n_undated: int
    unit: str

    @property
    def n_dated(self) -> int:
        """Papers in all periods together."""
        return int(self.periods["total"].sum())

    @property
    def has_thin(self) -> bool:
        """True where a period has papers, but too few to read a share from."""
        return bool((self.periods["thin"] & (self.periods["total"] > 0)).any())


def grid_shares(shares: pd.DataFrame, themes: pd.DataFrame | None = None) -> Grid:
    """Turn the table of shares into a grid.

    Parameters
    ----------
    shares : DataFrame
        Rows with a null period count the undated papers.
    themes : DataFrame, optional
        Gives the order; without it themes come by their number of papers, the unassigned last.
    """
    dated = shares[shares["period"].notna()]
    undated = shares[shares["period"].isna()]
    n_undated = int(undated["count"].fillna(0).sum())
    by_period = dated.sort_values("period").drop_duplicates("period").set_index("period")
    unit = _period_unit(by_period)
    periods = by_period[["period_end", "total", "complete"]].copy()
    periods["total"] = periods["total"].fillna(0).astype(int)
    periods["complete"] = periods["complete"].fillna(False).astype(bool)
    periods["thin"] = (periods["total"] < FEW) & bool((periods["total"] >= FEW).any())
    periods["label"] = [_period_label(start, unit) for start in periods.index]
    cells = {}
    for theme in _order_of(shares, themes):
        rows = dated[dated["theme"] == theme].drop_duplicates("period").set_index("period")
        cell = rows[["count", "share", "low", "high"]].reindex(periods.index).astype(float)
        cells[theme] = cell.where(periods["total"] > 0)
    return Grid(periods, cells, n_undated, unit)


def _order_of(shares: pd.DataFrame, themes: pd.DataFrame | None) -> list[str]:
    sizes = shares.groupby("theme", sort=True)["count"].sum().sort_values(ascending=False, kind="stable")
    found = [str(theme) for theme in sizes.index]
    if themes is not None:
        order = [theme for theme in theme_order(themes) if theme in found]
        found = order + [theme for theme in found if theme not in order]
    return [theme for theme in found if theme != "unassigned"] + [theme for theme in found if theme == "unassigned"]


def _period_unit(by_period: pd.DataFrame) -> str:
    if by_period.empty:
        return "year"
    starts = pd.to_datetime(by_period.index.to_series())
    days = (pd.to_datetime(by_period["period_end"]) - starts).dt.days + 1
    longest = days.max()
    return "month" if longest <= 31 else "quarter" if longest <= 92 else "year"


def _period_label(start: pd.Timestamp, unit: str) -> str:
    if unit == "month":
        return f"{start:%Y-%m}"
    return f"{start.year} Q{(start.month + 2) // 3}" if unit == "quarter" else str(start.year)


def choose_ticks(labels: list[str], n_ticks: int) -> list[int]:
    """Positions to label: all, or evenly spaced ones, at the first period of years where they are finer.

    Examples
    --------
    >>> choose_ticks(["2019 Q3", "2019 Q4", "2020 Q1", "2020 Q2"], 2)
    [2]
    """
    if len(labels) <= n_ticks:
        return list(range(len(labels)))
    january = [i for i, label in enumerate(labels) if label.endswith((" Q1", "-01"))]
    if not january:
        return list(range(0, len(labels), math.ceil(len(labels) / n_ticks)))
    return january[:: math.ceil(len(january) / n_ticks)]
