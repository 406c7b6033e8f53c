"""Reliability of the scores of named themes, as a figure."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.looks import SMALL, frame
from analysis.plots.palette import COLORS, INK, MUTED
from analysis.plots.text import escape

_KINDS = {"area": ("areas it was calibrated on", MUTED, "circle"), "held out": ("held-out themes", COLORS[0], "square")}
_HEIGHT = 380


def draw_reliability(reliability: pd.DataFrame, *, caution: str) -> go.Figure:
    """Share of papers that bear the label against the score, one panel per corpus; on the diagonal both are equal.

    Parameters
    ----------
    reliability : DataFrame
        Columns ``corpus``, ``kind``, ``score``, ``labelled``.
    caution : str
    """
    corpora = list(dict.fromkeys(reliability["corpus"]))
    figure = make_subplots(
        rows=1,
        cols=len(corpora),
        shared_yaxes=True,
        horizontal_spacing=0.05,
        subplot_titles=[f"<b>{escape(name).replace(', ', ',<br>', 1)}</b>" for name in corpora],
    )
    figure.update_annotations(font={"size": SMALL}, yshift=8)
    for column, corpus in enumerate(corpora, start=1):
        place = {"row": 1, "col": column}
        figure.add_scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": INK, "width": 1.2, "dash": "dash"},
            name="score = share", showlegend=column == 1, **place,
        )  # fmt: skip
        for kind, (name, color, symbol) in _KINDS.items():
            own = reliability[(reliability["corpus"] == corpus) & (reliability["kind"] == kind)]
            figure.add_scatter(
                x=own["score"].tolist(),
                y=own["labelled"].tolist(),
                mode="lines+markers",
                marker={"symbol": symbol, "size": 9, "color": color},
                line={"color": color, "width": 2},
                cliponaxis=False,
                name=name,
                showlegend=column == 1,
                **place,
            )
        figure.update_xaxes(title="score" if column == (len(corpora) + 1) // 2 else None, range=[0, 1], **place)
    figure.update_yaxes(title="share of papers with the label", range=[0, 1], row=1, col=1)
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top", "xanchor": "left"})
    return frame(
        figure,
        title="How far a score can be trusted",
        subtitle="Papers by their score, each named theme weighing the same. Below the diagonal: too sure.",
        caution=caution,
        alt="Share of papers whose authors chose the label, against the score of the named theme.",
        height=_HEIGHT,
        left=64,
        right=24,
        top=44,
        bottom=96,
    )
