"""Shares of the themes over time."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.one_period import shares_at_once
from analysis.plots.panels import N_BARS, draw_others, draw_share
from analysis.plots.periods import FEW, Grid, choose_ticks, explain_empty, grid_shares, label_ticks, list_set_apart
from analysis.plots.text import count_of

_TITLE = "Share of papers by theme"
_PANEL = 190


def theme_shares(
    shares: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_panels: int = 24, caution: str = ""
) -> go.Figure:
    """One panel per theme with its share in each period and the 95 % interval.

    Where the table has a smoothed share, it is the line and its simultaneous
    95 % band the band; the shares are points then, and the interval of each is
    a thin bar (left out where there are more than 16 periods).

    A period without papers leaves a gap. A period that the corpus does not
    cover to both its ends is hollow, and the line to it dotted. A period of
    fewer than five papers is pale and does not stretch the axis. A corpus of
    one period has one row per theme instead.

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
        said = f"{explain_empty(grid)}, so no share over time can be shown."
        return empty_figure(said, title=_TITLE, caution=caution)
    if len(grid.periods) == 1:
        return shares_at_once(grid, themes, title=_TITLE, caution=caution)
    shown = list(grid.cells)[:n_panels]
    labels, marks = theme_labels(list(grid.cells), themes), theme_marks(list(grid.cells), themes)
    doubtful = find_doubtful(themes) & set(shown)
    n_columns = min(3, len(shown))
    n_rows = math.ceil(len(shown) / n_columns)
    height = n_rows * _PANEL + (n_rows - 1) * 96
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        shared_yaxes=True,
        horizontal_spacing=0.045,
        vertical_spacing=96 / height if n_rows > 1 else 0,
        subplot_titles=[_panel_title(labels[theme], n_columns, doubtful=theme in doubtful) for theme in shown],
    )
    figure.update_annotations(font={"size": SMALL + 1}, yshift=4, yanchor="bottom")
    top = _top_of(grid, shown)
    for i, theme in enumerate(shown):
        place = {"row": i // n_columns + 1, "col": i % n_columns + 1}
        if 2 < len(shown) <= 12:
            draw_others(figure, grid, theme, shown, place)
        draw_share(figure, grid, theme, marks[theme], top, place)
    _set_axes(figure, grid, top, n_columns)
    figure.update_layout(showlegend=False)
    return frame(
        figure,
        title=f"{_TITLE} and {grid.unit}",
        subtitle=_subtitle(grid, others=2 < len(shown) <= 12),
        notes=(*_notes(grid, n_hidden=len(grid.cells) - len(shown)), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(grid, shown, {theme: say_doubt(label, doubtful=theme in doubtful) for theme, label in labels.items()}),
        height=height,
        top=48,
        left=74,
        bottom=64,
    )


def _panel_title(label: str, n_columns: int, *, doubtful: bool) -> str:
    return f"<b>{wrap_label(label, {1: 100, 2: 50}.get(n_columns, 36), doubtful=doubtful, n_lines=2)}</b>"


def _top_of(grid: Grid, shown: list[str]) -> float:
    """Upper end of the axis: the highest interval of the periods that have papers enough."""
    drawn = ["share", "high", "smooth_high"] if len(grid.periods) <= N_BARS or not grid.has_smooth else ["share"]
    # A band is widest at the ends: where no bars need the room, let it leave the axis rather than flatten the lines.
    highs = [grid.cells[theme][name].where(~grid.periods["thin"]).max() for theme in shown for name in drawn]
    if len(drawn) == 1:
        highs += [grid.cells[theme]["smooth_high"].quantile(0.95) for theme in shown]
    ends = [float(value) for value in highs if value == value]
    return min(1.0, max(ends, default=1.0) * 1.04) or 1.0


def _set_axes(figure: go.Figure, grid: Grid, top: float, n_columns: int) -> None:
    labels, totals = grid.periods["label"].tolist(), grid.periods["total"].tolist()
    ticks = choose_ticks(labels, {1: 16, 2: 10}.get(n_columns, 8))
    text = label_ticks(labels, ticks)
    if len(ticks) == len(labels):
        text = [f"{label}<br>n={total:,}" for label, total in zip(text, totals, strict=True)]
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
    figure.update_yaxes(range=[0, top], tickformat=".0%", nticks=5, rangemode="tozero")
    figure.update_yaxes(title={"text": "share of papers", "font": {"size": SMALL}}, col=1)


def _subtitle(grid: Grid, *, others: bool) -> str:
    totals = grid.periods["total"]
    few = len(grid.periods) <= 8
    n = f"n: papers of the {grid.unit}, all themes together."
    least, most = int(totals.min()), int(totals.max())
    ranging = f"Papers per {grid.unit}: {least:,}" + ("." if least == most else f" to {most:,}.")
    band = "Band: 95 % interval."
    if grid.has_smooth:
        bars = ", each with the 95 % interval of its sample" if len(grid.periods) <= N_BARS else ""
        band = f"Line and band: smoothed share, and where it lies at 95 % in all periods at once. Points: shares{bars}."
    return f"{band} {n if few else ranging}" + (" Thin grey: the other themes." if others else "")


def _notes(grid: Grid, *, n_hidden: int) -> tuple[str, ...]:
    notes = []
    if not grid.periods["complete"].all():
        notes.append(f"Hollow point and dotted line: the corpus does not cover this {grid.unit} to both its ends.")
    if grid.has_thin:
        notes.append(
            f"Small and pale: fewer than {FEW} papers, too few to read a share from; the axis ends with the highest "
            "interval of the others, and a triangle marks what lies above."
        )
    if (grid.periods["total"] == 0).any():
        notes.append(f"A gap is a {grid.unit} without papers.")
    if list_set_apart(grid):
        notes.append(f"In no {grid.unit}: {list_set_apart(grid)}.")
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
