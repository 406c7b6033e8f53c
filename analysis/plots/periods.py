"""Shares by theme and period, laid out for drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.plots.looks import theme_order
from analysis.plots.text import count_of
from analysis.trends.grains import Period, label_period, name_period, recognise_period

# Of fewer papers a share says next to nothing: one paper makes 20 % or more.
FEW = 5
# How the label of each kind of period ends where it is the first of its year.
_FIRST_OF_YEAR = ("-W01", "-01", " Q1", " H1")
# What later steps may have added to the shares of a theme.
# Thin periods that hold less of the papers than this are passed over by smoothed courses: they are guesses there.
_GUESSED = 0.2
_COURSE = ("smooth", "smooth_low", "smooth_high")
_CELL = ["count", "share", "low", "high", *_COURSE]
# Two or more year starts to label give a scale; one alone gives none.
_MIN_YEARS = 2


@dataclass(frozen=True)
class Grid:
    """Shares as a grid of themes by periods.

    Attributes
    ----------
    periods : DataFrame of n_periods rows
        ``label``, ``total``, ``complete``, ``period_end`` and ``thin`` (fewer
        than `FEW` papers; never when all are), in calendar order.
    cells : dict of theme id to DataFrame of n_periods rows
        ``count``, ``share``, ``low``, ``high``, ``smooth``, ``smooth_low``,
        ``smooth_high``; NaN where a period has no paper, the last three also
        where no smoothed share was estimated, and in thin periods unless these
        hold a fifth of the papers.
    n_undated, n_coarse : int
        Papers in no period: without a date, and dated too coarsely to fall in one.
    unit : str
        ``week``, ``month``, ``quarter``, ``half-year`` or ``year``; ``period``
        where papers have dates but none falls in one period.
    """

    periods: pd.DataFrame
    cells: dict[str, pd.DataFrame]
    n_undated: int
    n_coarse: int
    unit: str

    @property
    def n_dated(self) -> int:
        """Papers in all periods together."""
        return int(self.periods["total"].sum())

    @property
    def has_smooth(self) -> bool:
        """True where a theme has a smoothed share."""
        return any(cell["smooth"].notna().any() for cell in self.cells.values())

    @property
    def has_thin(self) -> bool:
        """True where a period has papers, but too few to read a share from."""
        return bool((self.periods["thin"] & (self.periods["total"] > 0)).any())


def grid_shares(shares: pd.DataFrame, themes: pd.DataFrame | None = None) -> Grid:
    """Turn the table of shares into a grid.

    Parameters
    ----------
    shares : DataFrame
        Rows with a null period count the papers in none: the undated where
        ``period_end`` is null too, else those dated too coarsely.
    themes : DataFrame, optional
        Gives the order; without it themes come by their number of papers, the unassigned last.
    """
    dated = shares[shares["period"].notna()]
    apart = shares[shares["period"].isna()]
    coarse = apart["period_end"].notna()
    n_undated, n_coarse = (round(apart.loc[rows, "count"].fillna(0).sum()) for rows in (~coarse, coarse))
    by_period = dated.sort_values("period").drop_duplicates("period").set_index("period")
    grain = _find_grain(by_period)
    unit = "period" if by_period.empty and n_coarse else name_period(grain)
    periods = by_period[["period_end", "total", "complete"]].copy()
    periods["total"] = periods["total"].fillna(0).astype(int)
    periods["complete"] = periods["complete"].fillna(False).astype(bool)
    periods["thin"] = (periods["total"] < FEW) & bool((periods["total"] >= FEW).any())
    periods["label"] = [label_period(start, grain) for start in periods.index]
    guessed = periods["thin"] & bool(periods.loc[periods["thin"], "total"].sum() < _GUESSED * periods["total"].sum())
    cells = _fill_cells(dated, _order_of(shares, themes), periods, guessed.to_numpy(dtype=bool))
    return Grid(periods, cells, n_undated, n_coarse, unit)


def _fill_cells(dated: pd.DataFrame, order: list[str], periods: pd.DataFrame, guessed: Any) -> dict[str, pd.DataFrame]:
    rows = dated.drop_duplicates(["theme", "period"])
    place = pd.Index(order).get_indexer(pd.Index(rows["theme"])), periods.index.get_indexer(pd.Index(rows["period"]))
    values = np.full((len(order), len(periods), len(_CELL)), np.nan)
    values[place] = rows.reindex(columns=_CELL).to_numpy(dtype=float, na_value=np.nan)
    values[np.ix_(range(len(order)), guessed, [_CELL.index(name) for name in _COURSE])] = np.nan
    values[:, ~(periods["total"] > 0).to_numpy()] = np.nan
    return {
        theme: pd.DataFrame(cell, index=periods.index, columns=_CELL) for theme, cell in zip(order, values, strict=True)
    }


def _order_of(shares: pd.DataFrame, themes: pd.DataFrame | None) -> list[str]:
    sizes = shares.groupby("theme", sort=True)["count"].sum().sort_values(ascending=False, kind="stable")
    found = [str(theme) for theme in sizes.index]
    if themes is not None:
        order = [theme for theme in theme_order(themes) if theme in found]
        found = order + [theme for theme in found if theme not in order]
    return [theme for theme in found if theme != "unassigned"] + [theme for theme in found if theme == "unassigned"]


def _find_grain(by_period: pd.DataFrame) -> Period:
    if by_period.empty:
        return "year"
    starts = pd.to_datetime(by_period.index.to_series())
    days = (pd.to_datetime(by_period["period_end"]) - starts).dt.days + 1
    return recognise_period(int(days.max()))


def list_set_apart(grid: Grid) -> str:
    """The papers in no period, by kind, in words; empty where there are none."""
    coarse = f"{count_of(grid.n_coarse, 'paper')} dated too coarsely for one {grid.unit}"
    undated = count_of(grid.n_undated, "undated paper")
    return " and ".join(said for said, n in ((undated, grid.n_undated), (coarse, grid.n_coarse)) if n)


def explain_empty(grid: Grid) -> str:
    """Why no period has papers."""
    if not grid.n_coarse:
        return "No paper has a date"
    return f"No paper has a date that falls in one period ({list_set_apart(grid)})"


def choose_ticks(labels: list[str], n_ticks: int) -> list[int]:
    """Positions to label: all, or evenly spaced ones, at the first period of years where they are finer.

    With fewer than two first periods of years they are spaced evenly, the one
    there is among them.

    Examples
    --------
    >>> choose_ticks(["2019 Q1", "2019 Q2", "2019 Q3", "2019 Q4", "2020 Q1", "2020 Q2"], 3)
    [0, 4]
    >>> choose_ticks(["2019-11", "2019-12", "2020-01", "2020-02"], 2)
    [0, 2]
    """
    if len(labels) <= n_ticks:
        return list(range(len(labels)))
    firsts = [i for i, label in enumerate(labels) if label.endswith(_FIRST_OF_YEAR)]
    if len(firsts) >= _MIN_YEARS:
        return firsts[:: math.ceil(len(firsts) / n_ticks)]
    step = math.ceil(len(labels) / n_ticks)
    return list(range(firsts[0] % step if firsts else 0, len(labels), step))


def label_ticks(labels: list[str], ticks: list[int]) -> list[str]:
    """The chosen labels in two lines; of years alone where years are what the ticks mark."""
    chosen = [labels[i] for i in ticks]
    if len(ticks) < len(labels) and all(label.endswith(_FIRST_OF_YEAR) for label in chosen):
        return [label[:4] for label in chosen]
    return [label.replace(" ", "<br>").replace("-", "<br>") for label in chosen]
