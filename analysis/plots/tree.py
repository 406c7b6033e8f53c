"""Which topics make up which theme."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.doubt import find_doubtful, note_doubt, say_doubt, wrap_label
from analysis.plots.looks import SMALL, WIDTH, Sheet, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, MUTED, Mark, pale
from analysis.plots.text import count_of, wrap

_TITLE = "Topics in their themes"
_LEFT, _RIGHT, _RAIL, _ROW = 580, 90, 330, 27


def topic_tree(topics: pd.DataFrame, themes: pd.DataFrame, *, n_topics: int = 48, caution: str = "") -> go.Figure:
    """Themes on the left, each with its topics, and how many papers of a topic bear the theme.

    Parameters
    ----------
    topics, themes : DataFrame
        The tables ``results/topics`` and ``results/themes``.
    n_topics : int, default 48
        About this many topics, the largest first; the largest of each theme is always there.
    caution : str
        What the sample allows to conclude; stands under the figure.

    Notes
    -----
    A topic stands under the theme that most of its papers bear, and named
    themes cut across topics: the rows of a theme do not add up to its papers.
    """
    sized = topics[topics["size"] > 0].sort_values(["size", "topic"], ascending=[False, True])
    if sized.empty:
        return empty_figure("No topic has a paper.", title=_TITLE, caution=caution)
    sized = sized.assign(theme=sized["theme"].fillna("unassigned"))
    leading = sized.index.isin(sized.drop_duplicates("theme").index)
    shown = sized[leading | (np.arange(len(sized)) < n_topics)]
    order = [theme for theme in theme_order(themes) if theme in set(shown["theme"])]
    order += sorted(set(shown["theme"]) - set(order))
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    doubtful = find_doubtful(themes) & set(order)
    figure, height = _draw_rows(shown, order, labels, marks, doubtful)
    hidden = len(sized) - len(shown)
    return frame(
        figure,
        title=_TITLE,
        subtitle="Full colour: papers of the topic that bear the theme; pale: papers that bear another.",
        notes=(
            "A topic stands under the theme that most of its papers bear; a theme's topics do not sum to its papers.",
            f"{count_of(hidden, 'smaller topic')} not drawn; the table of topics has all." if hidden else "",
            note_doubt([*doubtful, *find_doubtful(shown, "topic")], "theme or topic"),
        ),
        caution=caution,
        alt=f"{_TITLE}: "
        + "; ".join(
            f"{say_doubt(labels[theme], doubtful=theme in doubtful)}, "
            f"{count_of(int((shown['theme'] == theme).sum()), 'topic')}"
            for theme in order[:12]
        ),
        height=height,
        left=_LEFT,
        right=_RIGHT,
        bottom=58,
    )


def _draw_rows(
    shown: pd.DataFrame, order: list[str], labels: dict[str, str], marks: dict[str, Mark], doubtful: frozenset[str]
) -> tuple[go.Figure, int]:
    figure, sheet = go.Figure(), Sheet()
    loose = find_doubtful(shown, "topic")
    ticks: list[tuple[float, str]] = []
    place = 0.0
    for theme in order:
        own = shown[shown["theme"] == theme]
        places = [place + i for i in range(len(own))]
        ticks += [
            (y, wrap_label(label, 45, doubtful=str(topic) in loose, n_lines=1))
            for y, label, topic in zip(places, own["label"], own["topic"], strict=True)
        ]
        _draw_topics(figure, sheet, own, places, marks[theme])
        _draw_theme(sheet, labels[theme], marks[theme].color, places, doubtful=theme in doubtful)
        # Room between themes, for a name of two lines beside a single topic.
        place = places[-1] + (1.5 if len(own) > 1 else 1.8)
    sheet.lay_on(figure)
    largest = int(shown["size"].max())
    figure.update_yaxes(
        tickvals=[y for y, _ in ticks],
        ticktext=[text for _, text in ticks],
        range=[ticks[-1][0] + 0.6, -0.6],
        showgrid=False,
    )
    figure.update_xaxes(
        title="papers of the topic", range=[0, largest * 1.05], tickformat=",d", dtick=1 if largest <= 6 else None
    )
    figure.update_layout(barmode="stack", bargap=0.4, showlegend=False)
    return figure, max(90, round(_ROW * (ticks[-1][0] + 1.2)))


def _draw_topics(figure: go.Figure, sheet: Sheet, own: pd.DataFrame, places: list[float], mark: Mark) -> None:
    sizes = [int(size) for size in own["size"]]
    purities = [None if pd.isna(purity) else float(purity) for purity in own["theme_purity"]]
    bearing = [size if purity is None else round(size * purity) for size, purity in zip(sizes, purities, strict=True)]
    hovers = [
        f"{wrap(label, 60)}<br>{count_of(size, 'paper')}" + ("" if purity is None else f", {n} of them bear the theme")
        for label, size, purity, n in zip(own["label"], sizes, purities, bearing, strict=True)
    ]
    for part, color in (
        (bearing, mark.color),
        ([s - n for s, n in zip(sizes, bearing, strict=True)], pale(mark.color)),
    ):
        figure.add_bar(
            x=part,
            y=places,
            orientation="h",
            width=0.62,
            marker={"color": color},
            customdata=hovers,
            hovertemplate="%{customdata}<extra></extra>",
        )
    for y, size, n, purity in zip(places, sizes, bearing, purities, strict=True):
        text = f"{size:,}" if purity is None or n == size else f"{n:,} of {size:,}"
        place = {"x": size, "y": y, "xanchor": "left", "xshift": 5, "showarrow": False}
        sheet.texts.append({**place, "text": text, "font": {"size": SMALL, "color": INK}})


def _draw_theme(sheet: Sheet, label: str, color: str, places: list[float], *, doubtful: bool) -> None:
    plot = WIDTH - _LEFT - _RIGHT
    ends = {"x0": -_RAIL / plot, "x1": -_RAIL / plot, "y0": places[0] - 0.4, "y1": places[-1] + 0.4}
    sheet.shapes.append({"type": "line", "xref": "paper", **ends, "line": {"color": color, "width": 5}})
    n_lines = 2 if len(places) < 3 else 4
    side = {"x": 0, "xref": "paper", "xanchor": "right", "xshift": -_RAIL - 12, "align": "right", "showarrow": False}
    text = f"<b>{wrap_label(label, 28, doubtful=doubtful, n_lines=n_lines)}</b>"
    font = {"size": SMALL + 1, "color": INK if label else MUTED}
    sheet.texts.append({**side, "y": (places[0] + places[-1]) / 2, "text": text, "font": font})
