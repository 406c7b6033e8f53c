"""The benchmark as one figure: a row of panels per corpus, a column per measure."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.plots.looks import SMALL, frame
from analysis.plots.palette import COLORS, INK, MUTED, RULE
from analysis.plots.text import escape
from tests.benchmarks.themes.markdown import METHOD_NAMES

# From the top of a panel to its foot; the ceiling is a line, not a row.
SHOWN = ("ours", "stock", "tuned", "topeax", "kmeans")
_MEASURES = (("ami", "AMI with the labels"), ("ari", "ARI with the labels"), ("agreement", "ARI of two 80 % fits"))
_ROW = 34
_GAP = 62


def draw_figure(fits: pd.DataFrame, *, caution: str) -> go.Figure:
    """Every fit as a ring, the median of the seeds as a full dot, the supervised ceiling as a dashed line.

    Parameters
    ----------
    fits : DataFrame
        Of `tables.tabulate_fits`.
    caution : str
        What the reader must know of the numbers.
    """
    corpora = list(dict.fromkeys(fits["corpus"]))
    panel = round(_ROW * (len(SHOWN) + 0.3))
    height = panel * len(corpora) + _GAP * (len(corpora) - 1)
    figure = make_subplots(
        rows=len(corpora),
        cols=len(_MEASURES),
        shared_yaxes=True,
        horizontal_spacing=0.035,
        vertical_spacing=_GAP / height if len(corpora) > 1 else 0,
    )
    for row, corpus in enumerate(corpora, start=1):
        here = fits[(fits["corpus"] == corpus) & (fits["error"] == "")]
        for column, (measure, title) in enumerate(_MEASURES, start=1):
            place = {"row": row, "col": column}
            _draw_panel(figure, here, measure, place)
            figure.update_xaxes(
                title=title if row == len(corpora) else None,
                range=[0, 1.0 if measure == "agreement" else 1.12 * _largest(fits, measure)],
                tickformat=".1f",
                **place,
            )
        figure.update_yaxes(
            tickvals=list(range(len(SHOWN))),
            ticktext=[_name(method) for method in SHOWN],
            range=[len(SHOWN) - 0.5, -0.8],
            gridcolor=RULE,
            row=row,
        )
        figure.add_annotation(
            text=f"<b>{escape(corpus)}</b>",
            x=0,
            xref="paper",
            y=1 - (row - 1) * (panel + _GAP) / height,
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=2,
            showarrow=False,
            font={"size": SMALL, "color": INK},
        )
    _add_key(figure, above=1 + 26 / height)
    return frame(
        figure,
        title="Themes against the labels that authors chose",
        subtitle="One line per method; to the right is better. Every method is given the same texts and vectors.",
        caution=caution,
        alt=_describe(fits),
        height=height,
        left=200,
        right=24,
        top=56,
        bottom=54,
    )


def _draw_panel(figure: go.Figure, fits: pd.DataFrame, measure: str, place: dict[str, int]) -> None:
    for number, method in enumerate(SHOWN):
        values = fits.loc[fits["method"] == method, measure].dropna().tolist()
        if not values:
            continue
        color = COLORS[0] if method == "ours" else MUTED
        marks = {"mode": "markers", "showlegend": False, "hoverinfo": "skip"}
        ring = {"symbol": "circle-open", "size": 8, "color": color, "line": {"width": 1.2}, "opacity": 0.7}
        figure.add_scatter(x=values, y=[number] * len(values), marker=ring, **marks, **place)
        middle = pd.Series(values).median()
        figure.add_scatter(
            x=[middle],
            y=[number],
            marker={"symbol": "circle", "size": 11, "color": color},
            **(marks | {"mode": "markers+text"}),
            text=[f"{middle:.2f}".lstrip("0")],
            textposition="top center",
            textfont={"size": SMALL - 2, "color": color},
            cliponaxis=False,
            **place,
        )
    ceiling = fits.loc[fits["method"] == "ceiling", measure].median()
    if pd.notna(ceiling):
        figure.add_vline(x=ceiling, line={"color": INK, "width": 1.2, "dash": "dash"}, **place)


def _add_key(figure: go.Figure, *, above: float) -> None:
    keys = (
        ("median of the seeds", {"mode": "markers", "marker": {"symbol": "circle", "size": 11, "color": MUTED}}),
        ("one seed", {"mode": "markers", "marker": {"symbol": "circle-open", "size": 8, "color": MUTED}}),
        ("supervised ceiling", {"mode": "lines", "line": {"color": INK, "width": 1.2, "dash": "dash"}}),
    )
    for name, look in keys:
        figure.add_scatter(x=[None], y=[None], name=name, **look)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": above, "yanchor": "bottom"},
    )


def _largest(fits: pd.DataFrame, measure: str) -> float:
    return float(fits[measure].max())


def _name(method: str) -> str:
    name = METHOD_NAMES[method].replace("`", "")
    return f"<b>{name}</b>" if method == "ours" else name


def _describe(fits: pd.DataFrame) -> str:
    medians = fits.groupby(["corpus", "method"], sort=False)["ami"].median().dropna()
    parts = [f"{corpus}, {METHOD_NAMES[method]}: {value:.2f}" for (corpus, method), value in medians.items()]
    return f"Median AMI with the labels: {'; '.join(parts)}"
