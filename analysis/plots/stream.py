"""Shares of all themes stacked to the whole, over the papers that they are shares of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.course import list_runs
from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import BACKDROP
from analysis.plots.periods import FEW, Grid, explain_empty, grid_shares, list_set_apart
from analysis.plots.strip import add_strip, note_periods
from analysis.plots.text import count_of, count_papers, wrap
from analysis.trends.fits import Floats

_TITLE = "How the themes share the papers"
_HEIGHT, _LEGEND = 430, 270
# Colours come round from the thirteenth theme on: a second, third, fourth theme of a colour bears a pattern.
_SHAPES = ("", ".", "x", "+")
_HATCHING = {"shape": "/", "fgcolor": "white", "size": 7, "solidity": 0.35}
_PATTERN = {"fgcolor": "rgba(255,255,255,0.75)", "size": 7, "solidity": 0.2}


def theme_stream(
    shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_areas: int = 12, caution: str = ""
) -> go.Figure:
    """Shares of the themes stacked to 100 %, over bars of the papers per period.

    A period without papers leaves a gap; a period that the corpus does not
    cover to both its ends is hatched. Areas show no uncertainty: the panels of
    shares and the verdicts do.

    Parameters
    ----------
    shares : DataFrame
        The table ``derived/shares``.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    n_areas : int, default 12
        At most this many themes have an area of their own, the largest; the rest share one.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    grid = grid_shares(shares, themes)
    if not grid.n_dated:
        said = f"{explain_empty(grid)}, so no share over time can be shown."
        return empty_figure(said, title=_TITLE, caution=caution)
    own, pooled = _choose_areas(grid, n_areas)
    labels, marks = theme_labels(own, themes), theme_marks(own, themes)
    doubtful = find_doubtful(themes) & set(own)
    areas = [(theme, labels[theme], marks[theme].color, [theme]) for theme in own if theme != "unassigned"]
    if pooled:
        areas.append(("", count_of(len(pooled), "smaller theme"), BACKDROP, pooled))
    if "unassigned" in own:
        areas.append(("unassigned", labels["unassigned"], marks["unassigned"].color, ["unassigned"]))
    figure = go.Figure()
    floor = np.zeros(len(grid.periods))
    used: list[str] = []
    for theme, label, color, members in areas:
        counts = np.sum([grid.cells[one]["count"].to_numpy() for one in members], axis=0)
        name = wrap_label(label, 30, doubtful=theme in doubtful, n_lines=2)
        floor = _draw_area(
            figure, grid, (name, label), color, counts, floor, shape=_SHAPES[used.count(color) % len(_SHAPES)]
        )
        used.append(color)
    _hatch(figure, grid)
    height = add_strip(figure, grid, height=max(_HEIGHT, 30 * len(areas) - 60))
    figure.layout.yaxis.update(
        range=[0, 1], tickformat=".0%", nticks=6, title={"text": "share of papers", "font": {"size": SMALL}}
    )
    figure.update_layout(
        legend={
            "x": 1.02, "xanchor": "left", "y": 1, "yanchor": "top", "tracegroupgap": 0, "traceorder": "reversed",
        },
        showlegend=True,
    )  # fmt: skip
    return frame(
        figure,
        title=f"{_TITLE}, by {grid.unit}",
        subtitle=f"Areas: shares, 100 % together. Bars: papers per {grid.unit}; where they are few, chance moves "
        "the areas.",
        notes=(
            note_periods(grid, unfinished="Hatched, pale bar", apart=list_set_apart(grid)),
            f"Veiled: a {grid.unit} of fewer than {FEW} papers." if grid.has_thin else "",
            note_doubt(doubtful),
        ),
        caution=caution,
        alt=_alt(grid, own, {theme: say_doubt(labels[theme], doubtful=theme in doubtful) for theme in own}),
        height=height,
        left=78,
        right=_LEGEND,
        bottom=52,
    )


def _choose_areas(grid: Grid, n_areas: int) -> tuple[list[str], list[str]]:
    """Themes with an area of their own, in order, and those that share one: never one alone."""
    themes = [theme for theme in grid.cells if theme != "unassigned"]
    sizes = {theme: grid.cells[theme]["count"].sum() for theme in themes}
    largest = sorted(themes, key=lambda theme: (-sizes[theme], theme))
    kept = set(themes if len(themes) <= n_areas + 1 else largest[:n_areas])
    own = [theme for theme in grid.cells if theme in kept or theme == "unassigned"]
    return own, [theme for theme in themes if theme not in kept]


def _draw_area(
    figure: go.Figure,
    grid: Grid,
    names: tuple[str, str],
    color: str,
    counts: Floats,
    floor: Floats,
    *,
    shape: str,
) -> Floats:
    totals = grid.periods["total"].to_numpy(dtype=float)
    share = np.divide(counts, totals, out=np.full(len(totals), np.nan), where=totals > 0)
    ceiling: Floats = floor + np.nan_to_num(share)
    fill = {"fillpattern": _PATTERN | {"shape": shape, "bgcolor": color}} if shape else {}
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="lines",
        line={"color": "white", "width": 0.8},
        fill="toself",
        fillcolor=color,
        name=names[0],
        legendgroup=names[0],
        hoverinfo="skip",
        **fill,
    )
    for run in list_runs([None if value != value else value for value in share.tolist()]):
        # Half a period beyond both ends: a period between two gaps has an area too.
        x = [run[0] - 0.4, *run, run[-1] + 0.4]
        places = [run[0], *run, run[-1]]
        figure.add_scatter(
            x=x + x[::-1],
            y=[float(ceiling[i]) for i in places] + [float(floor[i]) for i in places[::-1]],
            fill="toself",
            fillcolor=color,
            mode="lines",
            line={"color": "white", "width": 0.8},
            hoverinfo="skip",
            showlegend=False,
            legendgroup=names[0],
            **fill,
        )
    seen = [i for i in range(len(totals)) if totals[i] > 0]
    figure.add_scatter(
        x=seen,
        y=[float((floor[i] + ceiling[i]) / 2) for i in seen],
        mode="markers",
        # Seen by the pointer only.
        marker={"size": 8, "color": color, "opacity": 0},
        showlegend=False,
        legendgroup=names[0],
        customdata=[
            [
                grid.periods["label"].iloc[i],
                f"{share[i]:.1%} ({count_papers(counts[i])} of {int(totals[i]):,})",
                wrap(names[1], 40, n_lines=1),
            ]
            for i in seen
        ],
        hovertemplate="%{customdata[2]}: %{customdata[1]}<extra></extra>",
    )
    return ceiling


def _hatch(figure: go.Figure, grid: Grid) -> None:
    """A veil over periods of few papers, and white hatching where the corpus does not cover both their ends."""
    columns = (grid.periods[name] for name in ("complete", "thin", "total"))
    for i, (complete, thin, total) in enumerate(zip(*columns, strict=True)):
        if not total or (complete and not thin):
            continue
        figure.add_scatter(
            x=[i - 0.5, i - 0.5, i + 0.5, i + 0.5, i - 0.5],
            y=[0, 1, 1, 0, 0],
            fill="toself",
            fillcolor=f"rgba(255,255,255,{0.7 if thin else 0.35})",
            **({} if complete or thin else {"fillpattern": _HATCHING}),
            mode="lines",
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )


def _alt(grid: Grid, order: list[str], labels: dict[str, str]) -> str:
    parts = []
    for theme in order[:12]:
        share = grid.cells[theme]["share"].dropna()
        if len(share):
            parts.append(f"{labels[theme]}, {share.iloc[0]:.0%} at first and {share.iloc[-1]:.0%} at last")
    return f"{_TITLE}, by {grid.unit}: " + "; ".join(parts)
