"""A strip of bars under a plot over time: how many papers each period has."""

from __future__ import annotations

import plotly.graph_objects as go

from analysis.plots.looks import SMALL
from analysis.plots.palette import MUTED, pale
from analysis.plots.periods import Grid, choose_ticks, label_ticks

BAR = "#44617b"
# Pixels of the strip, and between it and the plot above.
_STRIP, _GAP = 64, 22


def add_strip(figure: go.Figure, grid: Grid, *, height: int) -> int:
    """Put the papers of each period under the plot, on the same axis of periods.

    The plot is drawn against ``x`` and ``y``, the strip against ``x`` and
    ``y2``: a hover over one shows the other.

    Parameters
    ----------
    figure : Figure
        Changed in place.
    grid : Grid
    height : int
        Pixels of the plot above.

    Returns
    -------
    int
        Pixels of plot and strip together.
    """
    labels, totals = grid.periods["label"].tolist(), grid.periods["total"].tolist()
    whole = height + _GAP + _STRIP
    figure.add_bar(
        x=list(range(len(labels))),
        y=totals,
        yaxis="y2",
        width=0.8,
        marker={
            "color": [BAR if complete else pale(BAR) for complete in grid.periods["complete"]],
            "line": {"color": BAR, "width": 1},
        },
        text=[f"{total:,}" for total in totals] if len(labels) <= 24 else None,
        textposition="outside",
        textangle=0,
        textfont={"size": 12},
        cliponaxis=False,
        showlegend=False,
        customdata=[[label] for label in labels],
        hovertemplate="<b>%{customdata[0]}: %{y:,} papers</b><extra></extra>",
    )
    ticks = choose_ticks(labels, 14)
    figure.update_xaxes(
        anchor="y2",
        tickvals=ticks,
        ticktext=label_ticks(labels, ticks),
        range=[-0.6, len(labels) - 0.4],
        tickangle=0,
        ticks="outside",
        showgrid=False,
        showline=True,
        linecolor=MUTED,
        # It could only tell the position; the bar says the period.
        unifiedhovertitle={"text": " "},
    )
    figure.update_layout(
        hovermode="x unified",
        hoversubplots="axis",
        hoverlabel={"namelength": -1},
        yaxis={"domain": [(_GAP + _STRIP) / whole, 1]},
        yaxis2={
            "domain": [0, _STRIP / whole],
            "anchor": "x",
            "range": [0, max(totals) * (1.3 if len(labels) <= 24 else 1.05)],
            "nticks": 3,
            "tickformat": ",d",
            "tickfont": {"size": SMALL - 1},
            "title": {"text": "papers", "font": {"size": SMALL}},
            "dtick": 1 if max(totals) <= 2 else None,
        },
    )
    return whole


def note_periods(grid: Grid, *, unfinished: str, apart: str) -> str:
    """What the reader should know of periods: unfinished ones, gaps, and papers in none.

    Parameters
    ----------
    grid : Grid
    unfinished : str
        How a period is drawn that the corpus does not cover to both its ends.
    apart : str
        The papers in no period, as `list_set_apart` says them.
    """
    notes = []
    if not grid.periods["complete"].all():
        notes.append(f"{unfinished}: the corpus does not cover this {grid.unit} to both its ends.")
    if (grid.periods["total"] == 0).any():
        notes.append(f"A gap is a {grid.unit} without papers.")
    if apart:
        notes.append(f"In no {grid.unit}: {apart}.")
    return " ".join(notes)
