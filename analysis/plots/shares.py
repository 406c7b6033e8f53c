"""Shares of the themes over time."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import BACKDROP, Mark
from analysis.plots.periods import Grid, choose_ticks, grid_shares
from analysis.plots.text import count_of, wrap

_TITLE = "Share of papers by theme"
_PANEL = 190


def theme_shares(
    shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_panels: int = 24, caution: str = ""
) -> go.Figure:
    """One panel per theme with its share in each period and the 95 % interval.

    A period without papers leaves a gap. A period that the corpus does not
    cover to both its ends is hollow, and the line to it dashed.

    Parameters
    ----------
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    n_panels : int, default 24
        At most this many themes, the first in order.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares, themes)
    if not grid.n_dated:
        return empty_figure("No paper has a date, so no share over time can be shown.", title=_TITLE, caution=caution)
    shown = list(grid.cells)[:n_panels]
    labels, marks = theme_labels(list(grid.cells), themes), theme_marks(list(grid.cells), themes)
    n_columns = min(3, len(shown))
    n_rows = math.ceil(len(shown) / n_columns)
    height = n_rows * _PANEL + (n_rows - 1) * 96
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        shared_yaxes=True,
        horizontal_spacing=0.045,
        vertical_spacing=96 / height if n_rows > 1 else 0,
        subplot_titles=[_panel_title(labels[theme], n_columns) for theme in shown],
    )
    figure.update_annotations(font={"size": SMALL + 1}, yshift=4, yanchor="bottom")
    for i, theme in enumerate(shown):
        place = {"row": i // n_columns + 1, "col": i % n_columns + 1}
        if 2 < len(shown) <= 12:
            _draw_others(figure, grid, theme, shown, place)
        _draw_share(figure, grid, theme, marks[theme], place)
    _set_axes(figure, grid, shown, n_columns)
    figure.update_layout(showlegend=False)
    return frame(
        figure,
        title=f"{_TITLE} and {grid.unit}",
        subtitle=_subtitle(grid, others=2 < len(shown) <= 12),
        notes=_notes(grid, n_hidden=len(grid.cells) - len(shown)),
        caution=caution,
        alt=_alt(grid, shown, labels),
        height=height,
        top=48,
        left=74,
        bottom=64,
    )


def _panel_title(label: str, n_columns: int) -> str:
    return f"<b>{wrap(label, {1: 100, 2: 50}.get(n_columns, 36), n_lines=2)}</b>"


def _draw_others(figure: go.Figure, grid: Grid, theme: str, shown: list[str], place: dict[str, int]) -> None:
    x: list[int | None] = []
    y: list[float | None] = []
    for other in shown:
        if other not in {theme, "unassigned"}:
            x += [*range(len(grid.periods)), None]
            y += [*_plain(grid.cells[other]["share"]), None]
    if x:
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": BACKDROP, "width": 1}, hoverinfo="skip", **place)


def _draw_share(figure: go.Figure, grid: Grid, theme: str, mark: Mark, place: dict[str, int]) -> None:
    cell, complete = grid.cells[theme], grid.periods["complete"].tolist()
    share, low, high = (_plain(cell[name]) for name in ("share", "low", "high"))
    for run in _runs(share):
        if len(run) == 1:
            continue
        figure.add_scatter(
            x=run + run[::-1],
            y=[high[i] for i in run] + [low[i] for i in run[::-1]],
            fill="toself",
            fillcolor=_translucent(mark.color),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            **place,
        )
    for dash in (False, True):
        pairs = [i for run in _runs(share) for i in run[:-1] if (complete[i] and complete[i + 1]) != dash]
        if pairs:
            figure.add_scatter(
                x=[value for i in pairs for value in (i, i + 1, None)],
                y=[value for i in pairs for value in (share[i], share[i + 1], None)],
                mode="lines",
                line={"color": mark.color, "width": 2.5, "dash": "dot" if dash else "solid"},
                hoverinfo="skip",
                **place,
            )
    seen = [i for run in _runs(share) for i in run]
    alone = {run[0] for run in _runs(share) if len(run) == 1}
    labels = grid.periods["label"].tolist()
    figure.add_scatter(
        x=seen,
        y=[share[i] for i in seen],
        mode="markers",
        marker={
            "color": [mark.color if complete[i] else "white" for i in seen],
            "size": 7 if len(complete) <= 16 else 5,
            "line": {"color": mark.color, "width": 2},
        },
        cliponaxis=False,
        # A point without neighbours has no band: its interval is a bar.
        error_y=_error_bars(seen, alone, share, low, high, mark.color) if alone else None,
        customdata=[
            [
                labels[i],
                int(cell["count"].iloc[i]),
                int(grid.periods["total"].iloc[i]),
                f"{low[i]:.0%}",
                f"{high[i]:.0%}",
            ]
            for i in seen
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} of %{customdata[2]} papers = %{y:.0%}"
        "<br>95 % interval %{customdata[3]} to %{customdata[4]}<extra></extra>",
        **place,
    )


def _error_bars(
    seen: list[int], alone: set[int], share: list[Any], low: list[Any], high: list[Any], color: str
) -> dict[str, Any]:
    return {
        "type": "data",
        "array": [high[i] - share[i] if i in alone else 0 for i in seen],
        "arrayminus": [share[i] - low[i] if i in alone else 0 for i in seen],
        "color": color,
        "thickness": 2,
        "width": 5,
    }


def _set_axes(figure: go.Figure, grid: Grid, shown: list[str], n_columns: int) -> None:
    labels, totals = grid.periods["label"].tolist(), grid.periods["total"].tolist()
    ticks = choose_ticks(labels, {1: 16, 2: 10}.get(n_columns, 8))
    crowded = len(ticks) < len(labels)
    text = [labels[i][:4] if crowded and grid.unit != "year" else _stacked(labels[i]) for i in ticks]
    if not crowded:
        text = [f"{label}<br>n={total}" for label, total in zip(text, totals, strict=True)]
    top = max(float(grid.cells[theme]["high"].max()) for theme in shown)
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=text,
        range=[-0.5, len(labels) - 0.5],
        tickfont={"size": SMALL - 1 if n_columns < 3 else 12},
        tickangle=0,
        ticks="outside",
        showgrid=False,
        showline=True,
    )
    figure.update_yaxes(range=[0, min(1.0, top * 1.04)], tickformat=".0%", nticks=5, rangemode="tozero")
    figure.update_yaxes(title={"text": "share of papers", "font": {"size": SMALL}}, col=1)


def _stacked(label: str) -> str:
    return label.replace(" ", "<br>").replace("-", "<br>")


def _subtitle(grid: Grid, *, others: bool) -> str:
    totals = grid.periods["total"]
    few = len(grid.periods) <= 8
    n = f"n: papers of the {grid.unit}, all themes together."
    ranging = f"Papers per {grid.unit}: {int(totals.min()):,} to {int(totals.max()):,}."
    return f"Band: 95 % interval. {n if few else ranging}" + (" Thin grey: the other themes." if others else "")


def _notes(grid: Grid, *, n_hidden: int) -> tuple[str, ...]:
    notes = []
    if not grid.periods["complete"].all():
        notes.append(f"Hollow point and dotted line: the corpus does not cover this {grid.unit} to both its ends.")
    if (grid.periods["total"] == 0).any():
        notes.append(f"A gap is a {grid.unit} without papers.")
    if grid.n_undated:
        notes.append(f"{count_of(grid.n_undated, 'undated paper')} in no {grid.unit}.")
    if n_hidden:
        notes.append(f"{count_of(n_hidden, 'more theme')} not drawn; the table of shares has all.")
    return (" ".join(notes),)


def _alt(grid: Grid, shown: list[str], labels: dict[str, str]) -> str:
    parts = []
    for theme in shown[:12]:
        share = grid.cells[theme]["share"].dropna()
        if len(share):
            parts.append(f"{labels[theme]}, {share.iloc[0]:.0%} at first and {share.iloc[-1]:.0%} at last")
    first, last = grid.periods["label"].iloc[0], grid.periods["label"].iloc[-1]
    return f"{_TITLE} from {first} to {last}: " + "; ".join(parts)


def _plain(values: pd.Series) -> list[float | None]:
    return [None if value != value else float(value) for value in values]


def _runs(values: list[float | None]) -> list[list[int]]:
    """Stretches of neighbouring positions that hold a value."""
    runs: list[list[int]] = []
    for i, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _translucent(color: str) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
