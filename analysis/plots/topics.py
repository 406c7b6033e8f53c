"""What the topics are about."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, empty_figure, frame, theme_marks
from analysis.plots.palette import Mark
from analysis.plots.text import count_of, wrap

_PHRASES = "Keyphrases of the topics"


def topic_keyphrases(
    topics: pd.DataFrame,
    themes: pd.DataFrame | None = None,
    *,
    n_phrases: int = 5,
    n_topics: int = 18,
    caution: str = "",
) -> go.Figure:
    """Bars of the phrases that set each topic apart, one panel per topic.

    Parameters
    ----------
    topics : DataFrame
        The table ``results/topics``.
    themes : DataFrame, optional
        The table ``results/themes``: colours.
    n_phrases, n_topics : int
        At most this many phrases per topic, and this many topics, the largest first.
    caution : str
        What the sample allows to conclude; stands under the figure.
    """
    spoken = topics[topics["keyphrases"].map(lambda phrases: phrases is not None and len(phrases) > 0)]
    if spoken.empty:
        return empty_figure("No topic has a keyphrase.", title=_PHRASES, caution=caution)
    shown = spoken.sort_values(["size", "topic"], ascending=[False, True]).head(n_topics)
    doubtful = find_doubtful(shown, "topic")
    n_columns = min(3, len(shown))
    n_rows = math.ceil(len(shown) / n_columns)
    panel, gap = 26 * n_phrases, 56
    height = n_rows * panel + (n_rows - 1) * gap
    width = {1: 90, 2: 48}.get(n_columns, 34)
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        horizontal_spacing=0.04,
        vertical_spacing=gap / height if n_rows > 1 else 0,
        subplot_titles=[_panel_title(row, width, doubtful) for _, row in shown.iterrows()],
    )
    _align_titles(figure)
    marks = theme_marks([str(theme) for theme in shown["theme"].fillna("unassigned")], themes)
    for i, (_, row) in enumerate(shown.iterrows()):
        mark = marks[row["theme"] if isinstance(row["theme"], str) else "unassigned"]
        _draw_phrases(
            figure, row["keyphrases"][:n_phrases], mark, n_phrases, row=i // n_columns + 1, col=i % n_columns + 1
        )
    figure.update_layout(showlegend=False, bargap=0.42)
    hidden = len(spoken) - len(shown)
    more = f"{count_of(hidden, 'smaller topic')} not drawn; the table of topics has all." if hidden else ""
    return frame(
        figure,
        title=_PHRASES,
        subtitle="Length of a bar: weight of the phrase within its topic, 0 to 1. Colour: theme that most papers bear.",
        notes=(more, note_doubt(doubtful, "topic")),
        caution=caution,
        alt=f"{_PHRASES}: " + "; ".join(_spoken_topic(row, doubtful) for _, row in shown.head(8).iterrows()),
        height=height,
        left=24,
        top=48,
        bottom=16,
    )


def _align_titles(figure: go.Figure) -> None:
    figure.update_annotations(font={"size": SMALL}, yshift=2, yanchor="bottom", xanchor="left", align="left")
    for i, title in enumerate(figure.layout.annotations):
        title.x = figure.layout[f"xaxis{i + 1 if i else ''}"].domain[0]


def _panel_title(topic: pd.Series, width: int, doubtful: frozenset[str]) -> str:
    label = wrap_label(topic["label"], width, doubtful=str(topic["topic"]) in doubtful, n_lines=2)
    return f"<b>{label}</b> ({int(topic['size']):,})"


def _spoken_topic(topic: pd.Series, doubtful: frozenset[str]) -> str:
    label = say_doubt(topic["label"], doubtful=str(topic["topic"]) in doubtful)
    return f"{label}: " + ", ".join(str(phrase["phrase"]) for phrase in topic["keyphrases"][:3])


def _draw_phrases(
    figure: go.Figure, phrases: list[dict[str, Any]], mark: Mark, n_phrases: int, *, row: int, col: int
) -> None:
    weights = [float(phrase["weight"]) if phrase["weight"] == phrase["weight"] else 0.0 for phrase in phrases]
    figure.add_bar(
        x=weights,
        y=list(range(len(phrases))),
        orientation="h",
        width=0.24,
        offset=0.12,
        marker={"color": mark.color},
        customdata=[wrap(phrase["phrase"], 60) for phrase in phrases],
        hovertemplate="%{customdata}: %{x:.2f}<extra></extra>",
        row=row,
        col=col,
    )
    # Words above their bar: phrases of any length then share one left edge.
    figure.add_scatter(
        x=[0] * len(phrases),
        y=[place - 0.14 for place in range(len(phrases))],
        mode="text",
        text=[wrap(phrase["phrase"], 40, n_lines=1) for phrase in phrases],
        textposition="middle right",
        textfont={"size": SMALL},
        hoverinfo="skip",
        row=row,
        col=col,
    )
    figure.update_xaxes(visible=False, range=[0, 1], row=row, col=col)
    figure.update_yaxes(visible=False, range=[n_phrases - 0.5, -0.5], row=row, col=col)
