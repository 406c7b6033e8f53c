"""The trend benchmark as one figure: false calls by rule, and power against the oracle."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.looks import SMALL, frame
from analysis.plots.palette import COLORS, INK, MUTED
from tests.benchmarks.trends.judge import PEER_RULES

_NAMES = {"any_call": "Themeline", "oracle_any": "oracle, told the noise"} | {rule: rule for rule in PEER_RULES}
_HEIGHT = 300


def draw_figure(tables: dict[str, pd.DataFrame]) -> go.Figure:
    """Left: corpora without a trend in which each rule calls one. Right: power of ours against the oracle's.

    Parameters
    ----------
    tables : dict of DataFrame
        ``peers`` and ``lines``.
    """
    peers, lines = tables["peers"], tables["lines"]
    figure = make_subplots(rows=1, cols=2, horizontal_spacing=0.12, column_widths=[0.5, 0.5])
    for place, name in enumerate(_NAMES):
        color = COLORS[0] if name == "any_call" else MUTED
        ring = {"color": color, "symbol": "circle-open", "size": 7}
        figure.add_scatter(
            x=peers[name], y=[place] * len(peers), mode="markers", marker=ring, opacity=0.6, row=1, col=1
        )
        dot = {"color": color, "symbol": "circle", "size": 11}
        figure.add_scatter(x=[peers[name].mean()], y=[place], mode="markers", marker=dot, row=1, col=1)
    figure.add_vline(x=0.05, line={"color": INK, "width": 1, "dash": "dash"}, row=1, col=1)
    figure.update_yaxes(
        tickvals=list(range(len(_NAMES))), ticktext=list(_NAMES.values()), range=[len(_NAMES) - 0.5, -0.5], row=1, col=1
    )
    figure.update_xaxes(title="corpora with a false call", tickformat=".0%", range=[-0.02, 1.02], row=1, col=1)
    for place, (memory, part) in enumerate(lines.groupby("memory")):
        color = COLORS[place]
        figure.add_scatter(
            x=part["oracle_planted"],
            y=part["planted"],
            mode="markers",
            marker={"color": color, "size": 8, "symbol": ("circle", "square", "diamond")[place], "opacity": 0.7},
            name=f"memory {memory:g}",
            row=1,
            col=2,
        )
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": MUTED, "width": 1}, showlegend=False, row=1, col=2
    )
    figure.update_xaxes(title="power of the oracle", tickformat=".0%", range=[-0.03, 1.03], row=1, col=2)
    figure.update_yaxes(title="power of Themeline", tickformat=".0%", range=[-0.03, 1.03], row=1, col=2)
    for trace in figure.data[: 2 * len(_NAMES)]:
        trace.showlegend = False
    figure.update_layout(legend={"x": 0.60, "y": 0.98, "font": {"size": SMALL}, "bgcolor": "rgba(255,255,255,0.8)"})
    mean = {name: f"{peers[name].mean():.0%}" for name in _NAMES}
    return frame(
        figure,
        title="Trends that are not there, and trends that are",
        subtitle="Left: no theme moves; a ring per case, the mean as a dot. Right: one theme moves; a point per case.",
        caution="Simulated corpora of eight themes whose shares wander. Numbers: trends.md, trends.csv.",
        alt="Corpora with a false call, in the mean: "
        + "; ".join(f"{_NAMES[name]}, {said}" for name, said in mean.items()),
        height=_HEIGHT,
        left=210,
        right=24,
        bottom=64,
    )
