"""Rates of the themes against the whole field."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.course import as_plain, list_runs
from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks
from analysis.plots.palette import MUTED, translucent
from analysis.plots.periods import Grid, choose_ticks, grid_shares, label_ticks
from analysis.plots.strip import BAR
from analysis.plots.text import count_of, count_papers

_TITLE = "Papers per 1,000 of the field"
_PANEL, _GAP = 180, 88


def theme_rates(
    rates: pd.DataFrame, themes: pd.DataFrame | None = None, *, n_panels: int = 23, caution: str = ""
) -> go.Figure:
    """One panel for the whole collection and one per theme: papers per 1,000 of the field, with 95 % intervals.

    Parameters
    ----------
    rates : DataFrame
        The table ``derived/rates``; empty where the study gives no totals of the field.
    themes : DataFrame, optional
        The table ``results/themes``: labels, colours and order.
    n_panels : int, default 23
        At most this many themes, the first in order.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    if rates.empty:
        said = "The study gives no totals of the field ([trends] field_totals), so there are shares and no rates."
        return empty_figure(said, title=_TITLE, caution=caution)
    # The grid knows periods, their names and the order of themes. A rate takes the place of the share,
    # and the field that of all papers: where the field has papers, no paper at all is a rate of 0.
    grid = grid_shares(rates.assign(share=rates["rate"], total=rates["field_total"]), themes)
    if not rates["rate"].notna().any():
        said = f"No {grid.unit} is covered to both its ends and has a total of the field, so no rate can be shown."
        return empty_figure(said, title=_TITLE, caution=caution)
    shown = list(grid.cells)[:n_panels]
    labels, marks = theme_labels(shown, themes), theme_marks(shown, themes)
    doubtful = find_doubtful(themes) & set(shown)
    n_columns = min(3, len(shown) + 1)
    n_rows = math.ceil((len(shown) + 1) / n_columns)
    height = n_rows * _PANEL + (n_rows - 1) * _GAP
    width = {2: 50}.get(n_columns, 34)
    titles = [wrap_label(labels[theme], width, doubtful=theme in doubtful, n_lines=2) for theme in shown]
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        horizontal_spacing=0.07,
        vertical_spacing=_GAP / height if n_rows > 1 else 0,
        subplot_titles=[f"<b>{title}</b>" for title in ("The whole collection (own axis)", *titles)],
    )
    figure.update_annotations(font={"size": SMALL + 1}, yshift=4, yanchor="bottom")
    by_period = rates.sort_values("period").drop_duplicates("period")
    whole = [None if value != value else float(value) for value in by_period["collection_rate"]]
    _draw_points(figure, grid, whole, BAR, by_period["total"].tolist(), by_period, {"row": 1, "col": 1})
    top = max(float(grid.cells[theme][name].max()) for theme in shown for name in ("share", "high"))
    for i, theme in enumerate(shown, start=1):
        place = {"row": i // n_columns + 1, "col": i % n_columns + 1}
        _draw_theme(figure, grid, theme, marks[theme].color, by_period, place)
        figure.update_yaxes(range=[0, top * 1.04 or 1.0], **place)
    _set_axes(figure, grid, n_columns)
    return frame(
        figure,
        title=f"{_TITLE}, by {grid.unit}",
        subtitle="Line and points: papers of the theme per 1,000 papers of the field. Band: 95 % interval of the count "
        "by chance alone (Poisson).",
        notes=(_notes(grid, len(grid.cells) - len(shown)), note_doubt(doubtful)),
        caution=caution,
        alt=_alt(grid, whole, {theme: say_doubt(labels[theme], doubtful=theme in doubtful) for theme in shown}),
        height=height,
        top=42,
        left=74,
        bottom=54,
    )


def _draw_theme(
    figure: go.Figure, grid: Grid, theme: str, color: str, by_period: pd.DataFrame, place: dict[str, int]
) -> None:
    cell = grid.cells[theme]
    rate, low, high = (as_plain(cell[name]) for name in ("share", "low", "high"))
    for run in list_runs([high[i] if value is not None else None for i, value in enumerate(rate)]):
        # One period alone has an upright line, as a band would have no width.
        x = [run[0] - 0.06, run[0] + 0.06] if len(run) == 1 else [float(i) for i in run]
        members = run * 2 if len(run) == 1 else run
        figure.add_scatter(
            x=x + x[::-1],
            y=[high[i] for i in members] + [low[i] for i in members[::-1]],
            fill="toself",
            fillcolor=translucent(color, 0.2),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            **place,
        )
    _draw_points(figure, grid, rate, color, cell["count"].fillna(0.0).tolist(), by_period, place)


def _draw_points(
    figure: go.Figure,
    grid: Grid,
    rate: list[float | None],
    color: str,
    counts: list[float],
    by_period: pd.DataFrame,
    place: dict[str, int],
) -> None:
    field = by_period["field_total"].tolist()
    figure.add_scatter(
        x=list(range(len(rate))),
        y=rate,
        mode="lines+markers",
        line={"color": color, "width": 2.5},
        marker={"color": color, "size": 7 if len(rate) <= 16 else 4},
        connectgaps=False,
        cliponaxis=False,
        customdata=[
            [grid.periods["label"].iloc[i], count_papers(counts[i]), count_papers(float(field[i]))]
            if rate[i] is not None
            else ["", "", ""]
            for i in range(len(rate))
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} papers, %{customdata[2]} in the field = %{y:.2f} per 1,000"
        "<extra></extra>",
        **place,
    )


def _set_axes(figure: go.Figure, grid: Grid, n_columns: int) -> None:
    labels = grid.periods["label"].tolist()
    ticks = choose_ticks(labels, {2: 10}.get(n_columns, 8))
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=label_ticks(labels, ticks),
        range=[-0.5, len(labels) - 0.5],
        tickfont={"size": 12},
        tickangle=0,
        ticks="outside",
        showgrid=False,
        showline=True,
        linecolor=MUTED,
    )
    figure.update_yaxes(rangemode="tozero", nticks=5, tickfont={"size": SMALL - 1})
    figure.update_yaxes(title={"text": "per 1,000", "font": {"size": SMALL}}, col=1)
    figure.update_layout(showlegend=False)


def _notes(grid: Grid, n_hidden: int) -> str:
    notes = ["A rate moves when the theme moves in the field, and when the collection covers more or less of it."]
    if not grid.periods["complete"].all():
        notes.append(f"A {grid.unit} that the corpus does not cover to both its ends has no rate.")
    if n_hidden > 0:
        notes.append(f"{count_of(n_hidden, 'more theme')} not drawn; the table of rates has all.")
    return " ".join(notes)


def _alt(grid: Grid, whole: list[float | None], labels: dict[str, str]) -> str:
    known = [rate for rate in whole if rate is not None]
    parts = [f"the whole collection, {known[0]:.2g} at first and {known[-1]:.2g} at last"] if known else []
    for theme, label in list(labels.items())[:12]:
        rate = grid.cells[theme]["share"].dropna()
        if len(rate):
            parts.append(f"{label}, {rate.iloc[0]:.2g} at first and {rate.iloc[-1]:.2g} at last")
    return f"{_TITLE}, by {grid.unit}: " + "; ".join(parts)
