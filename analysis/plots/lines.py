"""Shares of all themes over time in one panel."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.course import as_plain, draw_band, draw_line, has_course, list_runs
from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.one_period import shares_at_once
from analysis.plots.palette import Mark, translucent
from analysis.plots.periods import FEW, Grid, explain_empty, grid_shares, list_set_apart
from analysis.plots.strip import add_strip, note_periods
from analysis.plots.text import count_of, count_papers, wrap

_TITLE = "Shares of the themes together"
_HEIGHT, _LEGEND = 430, 270
# Points of more periods than this are small and pale, or they would hide the lines.
_CROWDED = 24
# Bands of more lines than this lie over each other, and none is read any more.
_N_BANDS = 4
# More themes than this have one line each in the legend, or it would outgrow the figure.
_LONG = 24
_DASHES = ("solid", "dash", "longdashdot")


def theme_lines(
    shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_drawn: int = 8, caution: str = ""
) -> go.Figure:
    """Shares of all themes in one panel, over bars of the papers per period.

    A click on a theme in the legend hides or shows it, a double click shows it
    alone. The lines are the smoothed shares where the table has them, else the
    points joined. Up to four lines have their simultaneous bands; with more, the
    bands and the shares of few papers are left to `theme_shares`.

    Parameters
    ----------
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    n_drawn : int, default 8
        At most this many themes, the largest, are drawn at first; the rest wait in the legend.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares, themes)
    if not grid.n_dated:
        said = f"{explain_empty(grid)}, so no share over time can be shown."
        return empty_figure(said, title=_TITLE, caution=caution)
    if len(grid.periods) == 1:
        return shares_at_once(grid, themes, title=_TITLE, caution=caution)
    order = list(grid.cells)
    drawn = _choose_drawn(grid, n_drawn)
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    few = len(drawn) <= _N_BANDS or bool(grid.periods["thin"].all())
    top = _top_of(grid, drawn, bands=few)
    figure = go.Figure()
    # First, so that a hover begins with the period.
    height = add_strip(figure, grid, height=max(_HEIGHT, (30 if len(order) <= _LONG else 22) * len(order) - 60))
    used: list[str] = []
    for theme in order:
        # Colours come round from the thirteenth theme on: another line of a colour is broken.
        dash = _DASHES[min(used.count(marks[theme].color), len(_DASHES) - 1)]
        used.append(marks[theme].color)
        mark = marks[theme]._replace(dash=dash)
        name = wrap_label(labels[theme], 30, doubtful=theme in doubtful, n_lines=2 if len(order) <= _LONG else 1)
        _draw_theme(figure, grid, theme, (name, labels[theme]), mark, top, shown=theme in drawn, few=few)
    figure.layout.yaxis.update(
        range=[0, top], tickformat=".0%", nticks=6, title={"text": "share of papers", "font": {"size": SMALL}}
    )
    figure.update_layout(
        legend={"x": 1.02, "xanchor": "left", "y": 1, "yanchor": "top", "tracegroupgap": 0, "itemwidth": 38},
        showlegend=True,
    )
    return frame(
        figure,
        title=f"{_title_of(order)}, by {grid.unit}",
        subtitle=_subtitle(grid, few=few),
        notes=(_notes(grid, n_hidden=len(order) - len(drawn), few=few), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(grid, [theme for theme in order if theme in drawn], labels, doubtful),
        height=height,
        left=78,
        right=_LEGEND,
        bottom=52,
    )


def _choose_drawn(grid: Grid, n_drawn: int) -> set[str]:
    """The largest themes; the unassigned only where there is room for all."""
    if len(grid.cells) <= n_drawn:
        return set(grid.cells)
    sizes = {theme: cell["count"].sum() for theme, cell in grid.cells.items() if theme != "unassigned"}
    return set(sorted(sizes, key=lambda theme: (-sizes[theme], theme))[:n_drawn])


def _top_of(grid: Grid, drawn: set[str], *, bands: bool) -> float:
    """Upper end of the axis: the highest share of periods with papers enough, and nearly all of each band drawn."""
    thin = grid.periods["thin"]
    ends = [grid.cells[theme][name].where(~thin).max() for theme in drawn for name in ("share", "smooth")]
    ends += [grid.cells[theme]["smooth_high"].quantile(0.9) for theme in drawn if bands]
    known = [float(end) for end in ends if end == end]
    return min(1.0, max(known, default=1.0) * 1.06) or 1.0


def _draw_theme(
    figure: go.Figure, grid: Grid, theme: str, names: tuple[str, str], mark: Mark, top: float, *, shown: bool, few: bool
) -> None:
    cell = grid.cells[theme]
    where = {"legendgroup": theme, "visible": True if shown else "legendonly"}
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="lines+markers",
        name=names[0],
        line={"color": mark.color, "width": 2.5, "dash": mark.dash},
        marker={"color": mark.color, "symbol": mark.symbol, "size": 8},
        hoverinfo="skip",
        **where,
    )
    smoothed = has_course(cell)
    if smoothed and few:
        draw_band(figure, cell, mark.color, opacity=0.07, **where)
    values = as_plain(cell["smooth"] if smoothed else cell["share"].where(~grid.periods["thin"]))
    draw_line(figure, grid, values, mark.color, width=2.5, dash=mark.dash, **where)
    share = as_plain(cell["share"])
    seen = [i for run in list_runs(share) for i in run if few or not grid.periods["thin"].iloc[i]]
    crowded = len(grid.periods) > _CROWDED
    hollow = [bool(grid.periods["thin"].iloc[i] or not grid.periods["complete"].iloc[i]) for i in seen]
    shade = translucent(mark.color, 0.4) if crowded else mark.color
    figure.add_scatter(
        x=seen,
        # What lies above the axis stands at its edge; the hover and the table have the number.
        y=[min(share[i] or 0.0, top) for i in seen],
        mode="markers",
        marker={
            "color": ["white" if open_ else shade for open_ in hollow],
            "symbol": mark.symbol,
            "size": 4 if crowded else 7,
            "line": {"color": shade, "width": 1 if crowded else 1.6},
        },
        cliponaxis=False,
        showlegend=False,
        customdata=[
            [grid.periods["label"].iloc[i], _say_share(grid, cell, i), wrap(names[1], 40, n_lines=1)] for i in seen
        ],
        hovertemplate="%{customdata[2]}: %{customdata[1]}<extra></extra>",
        **where,
    )


def _say_share(grid: Grid, cell: pd.DataFrame, i: int) -> str:
    said = (
        f"{cell['share'].iloc[i]:.1%} ({count_papers(cell['count'].iloc[i])} of {int(grid.periods['total'].iloc[i]):,})"
    )
    smooth = cell["smooth"].iloc[i]
    return f"{said}, smoothed {smooth:.1%}" if smooth == smooth else said


def _subtitle(grid: Grid, *, few: bool) -> str:
    if not grid.has_smooth:
        return f"Points: shares, joined by lines; without intervals here. Bars: papers per {grid.unit}."
    if not few:
        return (
            "Lines: smoothed shares; how sure they are stands in the panels of each theme's share. "
            f"Points: shares. Bars: papers per {grid.unit}."
        )
    return (
        "Line and band: smoothed share, and where it lies at 95 % in all periods at once. "
        f"Points: shares. Bars: papers per {grid.unit}."
    )


def _notes(grid: Grid, *, n_hidden: int, few: bool) -> str:
    notes = note_periods(grid, unfinished="Hollow point, dotted line, pale bar", apart=list_set_apart(grid))
    if grid.has_thin and not few:
        notes += f" No points for a {grid.unit} of fewer than {FEW} papers."
    elif grid.has_thin:
        notes += f" Hollow too: a {grid.unit} of fewer than {FEW} papers."
    if n_hidden:
        notes += (
            f" Pale in the legend: {count_of(n_hidden, 'smaller theme')} not drawn; in the page, a click draws one."
        )
    return notes.strip()


def _title_of(order: list[str]) -> str:
    return _TITLE if len(order) > 1 else "Share of the theme"


def _alt(grid: Grid, drawn: list[str], labels: dict[str, str], doubtful: frozenset[str]) -> str:
    parts = []
    for theme in drawn:
        share = grid.cells[theme]["share"].dropna()
        if len(share):
            name = say_doubt(labels[theme], doubtful=theme in doubtful)
            parts.append(f"{name}, {share.iloc[0]:.0%} at first and {share.iloc[-1]:.0%} at last")
    first, last = grid.periods["label"].iloc[0], grid.periods["label"].iloc[-1]
    return f"{_title_of(list(grid.cells))} from {first} to {last}: " + "; ".join(parts)
