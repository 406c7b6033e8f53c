"""How many papers each theme has."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import MUTED, UNASSIGNED, pale
from analysis.plots.text import count_of

_TITLE = "Papers per theme"
_EVERY = {"named": "Every theme was named by the study.", "discovered": "Every theme was found in the text."}


def theme_sizes(themes: pd.DataFrame, *, caution: str = "") -> go.Figure:
    """Bars of the papers per theme: named themes full, discovered ones pale, the unassigned grey and last.

    Parameters
    ----------
    themes : DataFrame
        The table ``results/themes``.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    if themes.empty or not themes["size"].sum():
        return empty_figure("No theme has a paper.", title=_TITLE, caution=caution)
    order = theme_order(themes)
    rows = themes.set_index("theme").loc[order]
    sizes = {str(theme): int(size) for theme, size in zip(themes["theme"], themes["size"], strict=True)}
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes)
    n_papers = sum(sizes.values())
    figure = go.Figure()
    for kind in ("named", "discovered", "unassigned"):
        some = [theme for theme in order if _kind_of(theme, rows) == kind]
        if not some:
            continue
        colors = [marks[theme].color for theme in some]
        figure.add_bar(
            x=[sizes[theme] for theme in some],
            y=[order.index(theme) for theme in some],
            orientation="h",
            showlegend=False,
            marker=_marker(kind, colors),
            text=[" " + _bar_label(sizes[theme], n_papers) for theme in some],
            textposition="outside",
            cliponaxis=False,
            textfont={"size": SMALL},
            customdata=[wrap_label(labels[theme], 60, doubtful=theme in doubtful) for theme in some],
            hovertemplate="%{customdata}<br>%{text}<extra></extra>",
        )
        _add_key(figure, kind)
    kinds = {_kind_of(theme, rows) for theme in order}
    ticks = [wrap_label(labels[theme], 36, doubtful=theme in doubtful, n_lines=2) for theme in order]
    _set_axes(figure, ticks, max(sizes.values()), legend=len(kinds) > 1)
    alt = f"{_TITLE}: " + "; ".join(
        f"{say_doubt(labels[theme], doubtful=theme in doubtful)}, {sizes[theme]}" for theme in order[:12]
    )
    return frame(
        figure,
        title=f"{_TITLE} ({count_of(n_papers, 'paper')})",
        subtitle="" if len(kinds) > 1 else _EVERY.get(min(kinds), ""),
        notes=(note_doubt(doubtful),),
        caution=caution,
        alt=alt,
        height=max(160, 44 * len(order)),
        left=300,
        right=60,
        top=34 if len(kinds) > 1 else 0,
        bottom=58,
    )


def _set_axes(figure: go.Figure, ticks: list[str], largest: int, *, legend: bool) -> None:
    # Places, not labels, on the axis: two long labels may be cut to the same words.
    figure.update_yaxes(
        tickvals=list(range(len(ticks))),
        ticktext=ticks,
        range=[len(ticks) - 0.5, -0.5],
        showgrid=False,
    )
    # Whole papers only: plotly would mark halves on a short axis.
    step = 1 if largest <= 6 else None
    figure.update_xaxes(title="papers", range=[0, largest * 1.18], tickformat=",d", dtick=step)
    figure.update_layout(
        barmode="overlay",
        bargap=0.28,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},
        showlegend=legend,
    )


def _kind_of(theme: str, rows: pd.DataFrame) -> str:
    kind = "unassigned" if theme == "unassigned" else str(rows.loc[theme, "kind"])
    return kind if kind in {"named", "unassigned"} else "discovered"


def _marker(kind: str, colors: list[str]) -> dict[str, object]:
    fills = [pale(color) for color in colors] if kind == "discovered" else colors
    return {"color": fills, "line": {"color": colors, "width": 1.5}}


def _add_key(figure: go.Figure, kind: str) -> None:
    color = UNASSIGNED if kind == "unassigned" else MUTED
    figure.add_bar(
        x=[None],
        y=[None],
        name={"named": "named by the study", "discovered": "found in the text"}.get(kind, "no theme fits"),
        marker=_marker(kind, [color]),
        hoverinfo="skip",
    )


def _bar_label(size: int, n_papers: int) -> str:
    return f"{size:,} ({size / n_papers:.0%})"
