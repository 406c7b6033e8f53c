"""Where the papers of each theme went, from one generation of results to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.plots.looks import SMALL, WIDTH, Sheet, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, RULE, UNASSIGNED, translucent
from analysis.plots.text import count_of, escape, wrap

_TITLE = "What became of each theme"
_GONE, _NEW = "Not in the new corpus", "Not in the old corpus"
# Pixels: of all bands together by theme, of a label's line, of the gap to the next, of a node's width, of the margins.
_BANDS, _LABEL, _GAP, _THICK, _MARGIN = 26, 18, 5, 14, 330
_LEAST, _LONGEST = 260, 42
# A band that is less of either theme would be a hair, and hundreds of them a haze.
_THIN = 0.05
# From left to right; flat at both ends, so that bands leave and reach their nodes straight on.
_ALONG = np.linspace(0, 1, 33)
_RISE = _ALONG**2 * (3 - 2 * _ALONG)


class _Node(NamedTuple):
    label: str
    color: str
    size: int


# By theme; by None what stands for the papers that the other side does not hold.
_Nodes = dict[str | None, _Node]
# Papers by old and new theme.
_Bands = dict[tuple[str | None, str | None], int]


class _Column(NamedTuple):
    """One side: nodes from top to bottom; in pixels where each begins, its height, and where its bands begin."""

    nodes: _Nodes
    tops: dict[str | None, float]
    heights: dict[str | None, float]
    bands: dict[tuple[str | None, str | None], float]


def theme_flow(
    flows: pd.DataFrame, old_themes: pd.DataFrame, new_themes: pd.DataFrame, *, caution: str = ""
) -> go.Figure:
    """Old themes on the left, new ones on the right, and as a band between two the papers that they share.

    Parameters
    ----------
    flows : DataFrame
        ``old``, ``new`` (theme ids; null where a generation does not hold the papers) and ``n_papers``.
    old_themes, new_themes : DataFrame
        The table ``results/themes`` of each generation.
    caution : str
        What the comparison allows to conclude; stands under the figure.

    Notes
    -----
    Bands are as wide as they hold papers: a theme that is a larger share of a
    corpus that has grown less may look narrower.

    Drawn as areas: the Sankey diagram of plotly writes labels over the bands,
    and orders the bands of a node by a layout of its own.
    """
    if not len(flows):
        return empty_figure("Neither corpus holds a paper.", title=_TITLE, caution=caution)
    left = _list_nodes(flows, "old", old_themes, _NEW)
    right = _list_nodes(flows, "new", new_themes, _GONE)
    n_shared = int(flows.loc[flows["old"].notna() & flows["new"].notna(), "n_papers"].sum())
    is_thin = _find_thin(flows)
    n_hidden = int(flows.loc[is_thin, "n_papers"].sum())
    bands = _read_bands(flows[~is_thin])
    height, scale, columns = _lay_out(bands, left, _face(bands, left, right))
    figure = go.Figure([*_draw_bands(bands, columns, scale), *_draw_nodes(columns)])
    figure.update_xaxes(visible=False, range=[0, 1], fixedrange=True)
    figure.update_yaxes(visible=False, range=[height, 0], fixedrange=True)
    figure.update_layout(showlegend=False, hovermode="closest")
    frame(
        figure,
        title=_TITLE,
        subtitle="Left: themes of the old results; right: of the new ones, with their papers. A band is as wide as it "
        "holds papers, in the colour of the old theme; grey: papers that one corpus does not hold, or that bear no "
        "theme.",
        notes=(
            f"{count_of(n_hidden, 'paper')} in bands that are less than {100 * _THIN:.0f} % of either theme: not drawn."
            if n_hidden
            else "",
        ),
        caution=caution,
        alt=f"{_TITLE}: {count_of(n_shared, 'paper')} in both; "
        + "; ".join(f"{node.label} on the right, {count_of(node.size, 'paper')}" for node in list(right.values())[:12]),
        height=height,
        left=_MARGIN,
        right=_MARGIN,
        bottom=20,
    )
    Sheet(_write_labels(columns)).lay_on(figure)
    return figure


def _list_nodes(flows: pd.DataFrame, side: str, themes: pd.DataFrame, absent: str) -> _Nodes:
    """What stands on one side, in the order of the themes; by None, the papers that the other side does not hold."""
    sizes = flows.groupby(side)["n_papers"].sum()
    order = [theme for theme in theme_order(themes) if theme in sizes.index]
    order += sorted(str(theme) for theme in set(sizes.index) - set(order))
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    nodes: _Nodes = {theme: _Node(labels[theme], marks[theme].color, int(sizes[theme])) for theme in order}
    lacking = int(flows.loc[flows[side].isna(), "n_papers"].sum())
    return nodes | ({None: _Node(absent, RULE, lacking)} if lacking else {})


def _find_thin(flows: pd.DataFrame) -> pd.Series:
    """Bands that are not drawn; of each theme the widest always is."""
    is_thin = pd.Series(True, index=flows.index)
    for side in ("old", "new"):
        own = flows["n_papers"].groupby(flows[side], dropna=False)
        is_thin &= (flows["n_papers"] < _THIN * own.transform("sum")) & (flows["n_papers"] < own.transform("max"))
    return is_thin


def _read_bands(flows: pd.DataFrame) -> _Bands:
    """Papers of each band."""
    ends = ([None if pd.isna(theme) else str(theme) for theme in flows[side]] for side in ("old", "new"))
    return dict(zip(zip(*ends, strict=True), map(int, flows["n_papers"]), strict=True))


def _face(bands: _Bands, left: _Nodes, right: _Nodes) -> _Nodes:
    """The right side in the order in which its papers come from the left, so that few bands cross."""
    rank = {theme: place for place, theme in enumerate(left)}
    shared = [(new, rank[old], n_papers) for (old, new), n_papers in bands.items() if None not in (old, new)]

    def place(theme: str | None) -> tuple[bool, float]:
        own = [(place, n_papers) for new, place, n_papers in shared if new == theme]
        n_papers = sum(number for _, number in own)
        # What comes from nowhere stands below, in the order of the themes.
        return theme is None, sum(at * number for at, number in own) / n_papers if n_papers else len(left)

    return {theme: right[theme] for theme in sorted(right, key=place)}


def _lay_out(bands: _Bands, left: _Nodes, right: _Nodes) -> tuple[int, float, tuple[_Column, _Column]]:
    """Height of the plot, pixels of a paper, and where all stands: nowhere two labels in one line."""
    scale = max(_LEAST, _BANDS * max(len(left), len(right))) / sum(bands.values())
    heights = [
        {theme: scale * sum(number for ends, number in bands.items() if ends[side] == theme) for theme in nodes}
        for side, nodes in enumerate((left, right))
    ]
    height = max(round(sum(max(own, _LABEL) for own in some.values()) + _GAP * (len(some) - 1)) for some in heights)
    # Bands leave a node in the order of where they go.
    order: list[list[tuple[str | None, str | None]]] = [
        [(old, new) for old in left for new in right if (old, new) in bands],
        [(old, new) for new in right for old in left if (old, new) in bands],
    ]
    columns = [
        _stack(nodes, heights[side], height, [(ends[side], ends, scale * bands[ends]) for ends in order[side]])
        for side, nodes in enumerate((left, right))
    ]
    return height, scale, (columns[0], columns[1])


def _stack(
    nodes: _Nodes,
    heights: dict[str | None, float],
    height: int,
    bands: Sequence[tuple[str | None, tuple[str | None, str | None], float]],
) -> _Column:
    """Nodes one under the other over the whole height, with their bands: node, ends and width of each."""
    rooms = {theme: max(own, _LABEL) for theme, own in heights.items()}
    gap = (height - sum(rooms.values())) / max(1, len(rooms) - 1)
    tops, top = {}, 0.0
    for theme, room in rooms.items():
        tops[theme] = top + (room - heights[theme]) / 2
        top += room + gap
    starts, free = {}, dict(tops)
    for theme, ends, width in bands:
        starts[ends] = free[theme]
        free[theme] += width
    return _Column(nodes, tops, heights, starts)


def _draw_bands(bands: _Bands, columns: tuple[_Column, _Column], scale: float) -> list[go.Scatter]:
    """An area of each band: narrow ones over wide ones, and all over the grey of what is not in both."""
    left, right = columns
    edge = _THICK / (WIDTH - 2 * _MARGIN)
    across = (edge + (1 - 2 * edge) * _ALONG).round(5)
    areas = []
    for (old, new), n_papers in sorted(bands.items(), key=lambda band: (None not in band[0], -band[1])):
        start, stop = left.bands[old, new], right.bands[old, new]
        upper = (start + (stop - start) * _RISE).round(2)
        before, after = left.nodes[old], right.nodes[new]
        areas.append(
            _draw_area(
                [*across, *across[::-1]],
                [*upper, *(upper[::-1] + scale * n_papers).round(2)],
                translucent(before.color, 0.5 if before.color in (RULE, UNASSIGNED) else 0.4),
                f"{count_of(n_papers, 'paper')}<br>from {escape(before.label)}<br>to {escape(after.label)}",
            )
        )
    return areas


def _draw_nodes(columns: tuple[_Column, _Column]) -> list[go.Scatter]:
    edge = round(_THICK / (WIDTH - 2 * _MARGIN), 5)
    return [
        _draw_area(
            [start, start + edge, start + edge, start],
            [round(end, 2) for end in (top, top, top + column.heights[theme], top + column.heights[theme])],
            node.color,
            f"{escape(node.label)}<br>{count_of(node.size, 'paper')}",
        )
        for column, start in zip(columns, (0, 1 - edge), strict=True)
        for (theme, node), top in zip(column.nodes.items(), column.tops.values(), strict=True)
    ]


def _draw_area(x: list[float], y: list[float], color: str, text: str) -> go.Scatter:
    look: dict[str, Any] = {
        "mode": "lines",
        "line": {"width": 0, "simplify": False},
        "fill": "toself",
        "fillcolor": color,
    }
    return go.Scatter(x=x, y=y, text=text, hoveron="fills", hoverinfo="text", **look)


def _write_labels(columns: tuple[_Column, _Column]) -> list[dict[str, Any]]:
    """Label and size of each node, outside of the bands."""
    return [
        {
            "text": f"{wrap(node.label, _LONGEST, n_lines=1)} ({node.size:,})",
            "x": side,
            "y": round(column.tops[theme] + column.heights[theme] / 2, 2),
            "xref": "paper",
            "yref": "y",
            "xanchor": "left" if side else "right",
            "yanchor": "middle",
            "xshift": 8 if side else -8,
            "font": {"size": SMALL, "color": INK},
            "showarrow": False,
        }
        for side, column in enumerate(columns)
        for theme, node in column.nodes.items()
    ]
