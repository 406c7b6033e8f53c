"""Sentences about stretches and ends: bursts, and themes that are new or gone."""

from __future__ import annotations

import pandas as pd

from analysis.plots.periods import Grid
from analysis.plots.text import clean, count_of
from analysis.reports.sentences import count_text, iso
from analysis.trends.sentences import say_p, say_share


def name_stretch(grid: Grid, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """From which period to which, by their labels; by days where the grid has no such period.

    Parameters
    ----------
    grid : Grid
        What `analysis.plots.periods.grid_shares` gives.
    start, end : Timestamp
        First day of the first period, last day of the last.
    """
    labels = grid.periods["label"]
    first = labels[grid.periods.index == start]
    last = labels[(grid.periods["period_end"] == end).to_numpy()]
    if first.empty or last.empty:
        return f"from {iso(start)} to {iso(end)}"
    return f"in {first.iloc[0]}" if first.iloc[0] == last.iloc[0] else f"from {first.iloc[0]} to {last.iloc[0]}"


def describe_bursts(
    bursts: pd.DataFrame, searched: str, grid: Grid, names: dict[str, str], verdicts: dict[str, str], *, alpha: float
) -> list[str]:
    """One sentence on each burst that is more than chance, or one that says why there is none.

    Parameters
    ----------
    bursts : DataFrame
        The table ``derived/bursts``; only rows that are ``found`` are told.
    searched : str
        ``run["bursts"]``: what was searched, or why nothing was; may be empty.
    grid : Grid
    names, verdicts : dict of theme to what stands for it in a sentence, and to its verdict
    alpha : float
    """
    found = bursts[bursts["found"].astype(bool)]
    searched = clean(searched)
    if len(found):
        return [_describe_burst(row, found, grid, names, verdicts) for _, row in found.iterrows()]
    if searched.startswith("No "):
        return [searched]
    n_chance = int((bursts["level"] == 1).sum())
    if n_chance:
        seen = f"{count_of(n_chance, 'stretch', 'stretches')} of high share, no more than chance gives"
        return [f"No burst is shown: {seen} ({'its q is' if n_chance == 1 else 'every q is'} {alpha:g} or above)."]
    return ["No burst is shown: no stretch of high share was found."] if searched else []


def _describe_burst(
    row: pd.Series, found: pd.DataFrame, grid: Grid, names: dict[str, str], verdicts: dict[str, str]
) -> str:
    theme = str(row["theme"])
    outer = (found["theme"] == row["theme"]) & (found["level"] < row["level"])
    inside = bool((outer & (found["start"] <= row["start"]) & (found["end"] >= row["end"])).any())
    stretch = name_stretch(grid, row["start"], row["end"])
    counted = f"{count_text(row['count'])} of {count_of(int(row['total']), 'paper')}"
    return (
        f"{names.get(theme, clean(theme))}: {'within that, ' if inside else ''}{stretch} the share was "
        f"{say_share(float(row['share']))} ({counted}) against {say_share(float(row['base_share']))} over all complete "
        f"{grid.unit}s (q {say_p(float(row['q']))}).{_heed_verdict(row, grid, verdicts.get(theme, ''))}"
    )


def _heed_verdict(row: pd.Series, grid: Grid, verdict: str) -> str:
    """A line that rises ends high without any burst."""
    whole = grid.periods[grid.periods["complete"] & (grid.periods["total"] > 0)]
    if whole.empty:
        return ""
    at_end, at_start = row["end"] >= whole["period_end"].iloc[-1], row["start"] <= whole.index[0]
    if (verdict == "rising" and at_end) or (verdict == "falling" and at_start):
        return f" Its verdict is {verdict}: the stretch at the {'end' if at_end else 'start'} may be no more than that."
    return ""


def describe_newcomers(newcomers: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """One sentence on each theme that is new or gone beyond chance, or one that says that none is.

    Parameters
    ----------
    newcomers : DataFrame
        The table ``derived/newcomers``; only rows that are ``found`` are told.
    names : dict of theme to what stands for it in a sentence
    """
    found = newcomers[newcomers["found"].astype(bool)]
    if len(found):
        return [
            f"{names.get(str(row['theme']), clean(row['theme']))}: {clean(row['reason'])}"
            for _, row in found.iterrows()
        ]
    if newcomers["q"].notna().any():
        return ["No theme is shown to be new or gone: none was first seen late or last seen early beyond chance."]
    return ["Whether themes are new or gone could not be tested: none has two dated papers."] if len(newcomers) else []
