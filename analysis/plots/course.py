"""The smoothed share of a theme and its simultaneous band."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.palette import translucent
from analysis.plots.periods import Grid


def has_course(cell: pd.DataFrame) -> bool:
    """True where a theme has a smoothed share in two neighbouring periods: one alone is no line."""
    return any(len(run) > 1 for run in list_runs(as_plain(cell["smooth"])))


def draw_band(figure: go.Figure, cell: pd.DataFrame, color: str, *, opacity: float, **where: Any) -> None:
    """The band that holds the smoothed share of all periods at once; it breaks where a period has no paper."""
    low, high = as_plain(cell["smooth_low"]), as_plain(cell["smooth_high"])
    for run in list_runs([None if low[i] is None else value for i, value in enumerate(high)]):
        if len(run) > 1:
            figure.add_scatter(
                x=run + run[::-1],
                y=[high[i] for i in run] + [low[i] for i in run[::-1]],
                fill="toself",
                fillcolor=translucent(color, opacity),
                line={"width": 0},
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                **where,
            )


def draw_line(
    figure: go.Figure,
    grid: Grid,
    values: list[float | None],
    color: str,
    *,
    width: float,
    dash: str = "solid",
    **where: Any,
) -> None:
    """A line over the periods: dotted where either end is not covered, broken where a period has no paper."""
    complete = grid.periods["complete"].tolist()
    for style in (dash, "dot"):
        covered = style == dash
        pairs = [i for run in list_runs(values) for i in run[:-1] if (complete[i] and complete[i + 1]) == covered]
        # One stroke for each stretch: a broken line would start anew at each period.
        runs = list_runs([1.0 if i in set(pairs) else None for i in range(len(values))])
        if pairs:
            figure.add_scatter(
                x=[value for run in runs for value in (*run, run[-1] + 1, None)],
                y=[value for run in runs for value in (*(values[i] for i in run), values[run[-1] + 1], None)],
                mode="lines",
                line={"color": color, "width": width, "dash": style},
                hoverinfo="skip",
                showlegend=False,
                **where,
            )


def say_course(cell: pd.DataFrame, i: int) -> str:
    """The smoothed share of a period and its band in words, for a hover; empty where there is none."""
    smooth, low, high = (float(cell[name].iloc[i]) for name in ("smooth", "smooth_low", "smooth_high"))
    if smooth != smooth:
        return ""
    return f"smoothed {smooth:.1%}" + (f" ({low:.1%} to {high:.1%})" if low == low and high == high else "")


def as_plain(values: pd.Series) -> list[float | None]:
    """Numbers with None for NaN: what a figure's specification can hold."""
    return [None if value != value else float(value) for value in values]


def list_runs(values: list[float | None]) -> list[list[int]]:
    """Stretches of neighbouring positions that hold a value.

    Examples
    --------
    >>> list_runs([0.1, None, 0.2, 0.3])
    [[0], [2, 3]]
    """
    runs: list[list[int]] = []
    for i, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
