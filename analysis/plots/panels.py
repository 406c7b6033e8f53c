"""One panel of the shares over time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from analysis.plots.course import as_plain, draw_band, draw_line, has_course, list_runs, say_course
from analysis.plots.palette import BACKDROP, Mark, translucent
from analysis.plots.periods import Grid
from analysis.plots.text import count_papers

# Bars of more periods than this would hide the line.
N_BARS = 16


def draw_others(figure: go.Figure, grid: Grid, theme: str, shown: list[str], place: dict[str, int]) -> None:
    """The shares of all other themes as thin grey lines."""
    x: list[int | None] = []
    y: list[float | None] = []
    for other in shown:
        if other not in {theme, "unassigned"}:
            x += [*range(len(grid.periods)), None]
            y += [*as_plain(grid.cells[other]["share"].where(~grid.periods["thin"])), None]
    if x:
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": BACKDROP, "width": 1}, hoverinfo="skip", **place)


def draw_share(figure: go.Figure, grid: Grid, theme: str, mark: Mark, top: float, place: dict[str, int]) -> None:
    """Share of one theme with its interval: strong where periods have papers enough, pale where not.

    Where there is a smoothed share, it is the line, its simultaneous band the
    band, and the intervals of the single periods are thin bars.
    """
    cell = grid.cells[theme]
    thin = grid.periods["thin"].tolist()
    share = as_plain(cell["share"])
    if has_course(cell):
        draw_band(figure, cell, mark.color, opacity=0.2, **place)
        draw_line(figure, grid, as_plain(cell["smooth"]), mark.color, width=2.5, row=place["row"], col=place["col"])
    else:
        _draw_band(figure, as_plain(cell["low"]), as_plain(cell["high"]), thin, mark.color, place)
        _draw_joined(figure, grid, share, mark, place)
    for faint in (True, False):
        seen = [i for run in list_runs(share) for i in run if thin[i] == faint]
        if seen:
            _draw_points(figure, grid, theme, mark.color, top, seen, place, faint=faint)


def _draw_joined(figure: go.Figure, grid: Grid, share: list[float | None], mark: Mark, place: dict[str, int]) -> None:
    complete, thin = grid.periods["complete"].tolist(), grid.periods["thin"].tolist()
    # Faint where either end has too few papers, dotted where either end is not covered.
    for faint, dash in ((True, False), (True, True), (False, False), (False, True)):
        pairs = [
            i
            for run in list_runs(share)
            for i in run[:-1]
            if (thin[i] or thin[i + 1]) == faint and (complete[i] and complete[i + 1]) != dash
        ]
        if pairs:
            figure.add_scatter(
                x=[value for i in pairs for value in (i, i + 1, None)],
                y=[value for i in pairs for value in (share[i], share[i + 1], None)],
                mode="lines",
                line={
                    "color": translucent(mark.color, 0.35) if faint else mark.color,
                    "width": 1 if faint else 2.5,
                    "dash": "dot" if dash else "solid",
                },
                hoverinfo="skip",
                **place,
            )


def _draw_band(
    figure: go.Figure,
    low: list[float | None],
    high: list[float | None],
    thin: list[bool],
    color: str,
    place: dict[str, int],
) -> None:
    for faint in (True, False):
        # A stretch of few papers reaches to the next period of more, so that no gap parts the bands.
        for run in list_runs([value if faint or not thin[i] else None for i, value in enumerate(high)]):
            parts = _runs_of_pairs(run, thin) if faint else [run]
            for part in parts:
                if len(part) > 1:
                    figure.add_scatter(
                        x=part + part[::-1],
                        y=[high[i] for i in part] + [low[i] for i in part[::-1]],
                        fill="toself",
                        fillcolor=translucent(color, 0.06 if faint else 0.2),
                        line={"width": 0},
                        mode="lines",
                        hoverinfo="skip",
                        **place,
                    )


def _runs_of_pairs(run: list[int], thin: list[bool]) -> list[list[int]]:
    """Stretches of neighbours of which one at least has few papers."""
    joined: list[list[int]] = []
    for i, j in pairwise(run):
        if not (thin[i] or thin[j]):
            continue
        if joined and joined[-1][-1] == i:
            joined[-1].append(j)
        else:
            joined.append([i, j])
    return joined


def _draw_points(
    figure: go.Figure,
    grid: Grid,
    theme: str,
    color: str,
    top: float,
    seen: list[int],
    place: dict[str, int],
    *,
    faint: bool,
) -> None:
    cell, periods = grid.cells[theme], grid.periods
    share, low, high = (as_plain(cell[name]) for name in ("share", "low", "high"))
    smoothed = has_course(cell)
    crowded = smoothed and len(periods) > N_BARS
    shade = translucent(color, 0.45) if faint or crowded else color
    size = 4 if crowded else 7 if len(periods) <= 16 else 5
    # A point without neighbours has no band: its interval is a bar.
    alone = {run[0] for run in list_runs(share) if len(run) == 1}
    barred = (set(seen) if len(periods) <= N_BARS else set()) if smoothed else alone
    thick = 1 if faint or smoothed else 2
    figure.add_scatter(
        x=seen,
        # What lies above the axis is marked at its edge; the hover and the table have the number.
        y=[min(share[i] or 0.0, top) for i in seen],
        mode="markers",
        marker={
            "color": ["white" if faint or not periods["complete"].iloc[i] else shade for i in seen],
            "symbol": ["triangle-up" if (share[i] or 0.0) > top else "circle" for i in seen],
            "size": [8 if (share[i] or 0.0) > top else size - 1 if faint else size for i in seen],
            "line": {"color": shade, "width": 1.2 if faint or crowded else 2},
            "opacity": 1,
        },
        cliponaxis=False,
        error_y={"color": translucent(color, 0.45) if smoothed else shade, "thickness": thick}
        | _error_bars(seen, barred, (share, low, high), top)
        if barred & set(seen)
        else None,
        customdata=[
            [periods["label"].iloc[i], count_papers(cell["count"].iloc[i]), int(periods["total"].iloc[i])]
            + [f"{value:.0%}" for value in (share[i], low[i], high[i])]
            + [f"<br>{say_course(cell, i)}" if smoothed else ""]
            for i in seen
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} of %{customdata[2]} papers = %{customdata[3]}"
        "<br>95 % interval %{customdata[4]} to %{customdata[5]}%{customdata[6]}<extra></extra>",
        **place,
    )


def _error_bars(
    seen: list[int], barred: set[int], ends: tuple[list[Any], list[Any], list[Any]], top: float
) -> dict[str, Any]:
    share, low, high = ends
    return {
        "type": "data",
        "array": [max(0.0, min(high[i], top) - share[i]) if i in barred else 0 for i in seen],
        "arrayminus": [max(0.0, min(share[i], top) - low[i]) if i in barred else 0 for i in seen],
        "width": 0,
    }
