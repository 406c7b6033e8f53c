"""Shares of the themes where all papers fall in one period: rows instead of lines over time."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, frame, theme_labels, theme_marks
from analysis.plots.palette import MUTED
from analysis.plots.periods import Grid, list_set_apart
from analysis.plots.text import count_of, count_papers, wrap

_N_ROWS = 40
_NUMBERS = ("count", "share", "low", "high")


def shares_at_once(grid: Grid, themes: pd.DataFrame | None, *, title: str, caution: str) -> go.Figure:
    """One row per theme with its share and the 95 % interval."""
    order = list(grid.cells)[:_N_ROWS]
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    period = grid.periods.iloc[0]
    figure = go.Figure()
    top = 0.0
    for row, theme in enumerate(order):
        count, share, low, high = (float(grid.cells[theme][name].iloc[0]) for name in _NUMBERS)
        top = max(top, share, high)
        figure.add_scatter(
            x=[share],
            y=[row],
            mode="markers",
            marker={"color": marks[theme].color, "symbol": marks[theme].symbol, "size": 12},
            error_x={
                "type": "data",
                "array": [high - share],
                "arrayminus": [share - low],
                "color": marks[theme].color,
                "thickness": 3,
                "width": 0,
            },
            customdata=[
                [wrap(labels[theme], 60), count_papers(count), int(period["total"]), f"{low:.1%}", f"{high:.1%}"]
            ],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]} of %{customdata[2]} papers = %{x:.1%}"
            "<br>95 % interval %{customdata[3]} to %{customdata[4]}<extra></extra>",
        )
    figure.update_xaxes(
        title="share of papers", range=[0, min(1.0, top * 1.05)], tickformat=".0%", showline=True, linecolor=MUTED
    )
    figure.update_yaxes(
        tickvals=list(range(len(order))),
        ticktext=[wrap_label(labels[theme], 36, doubtful=theme in doubtful, n_lines=2) for theme in order],
        range=[len(order) - 0.5, -0.5],
        tickfont={"size": SMALL},
    )
    figure.update_layout(showlegend=False)
    part = "" if period["complete"] else f"The corpus does not cover {period['label']} to both its ends."
    apart = f"Not counted: {list_set_apart(grid)}." if list_set_apart(grid) else ""
    hidden = len(grid.cells) - len(order)
    more = f"{count_of(hidden, 'more theme')} not drawn; the table of shares has all." if hidden else ""
    return frame(
        figure,
        title=f"{title} in {period['label']}",
        subtitle=f"Point and line: share of {count_of(int(period['total']), 'paper')} and its 95 % interval. "
        "One period: no change over time can be seen.",
        notes=(" ".join(note for note in (part, apart, more) if note), note_doubt(doubtful)),
        caution=caution,
        alt=f"{title} in {period['label']}: "
        + "; ".join(
            f"{say_doubt(labels[theme], doubtful=theme in doubtful)}, {grid.cells[theme]['share'].iloc[0]:.0%}"
            for theme in order[:12]
        ),
        height=max(120, 38 * len(order)),
        left=300,
        bottom=58,
    )
