"""Where the papers of each theme went, from one generation of results to another."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from analysis.plots.looks import SMALL, empty_figure, frame, theme_labels, theme_marks, theme_order
from analysis.plots.palette import INK, RULE, UNASSIGNED, translucent
from analysis.plots.text import count_of, escape, wrap

_TITLE = "What became of each theme"
_GONE, _NEW = "Not in the new corpus", "Not in the old corpus"
_NODE, _LEAST = 30, 340
# A band that is less of either theme would be a hair, and hundreds of them a haze.
_THIN = 0.03


class _Node(NamedTuple):
    label: str
    color: str
    size: int


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
    """
    if not len(flows):
        return empty_figure("Neither corpus holds a paper.", title=_TITLE, caution=caution)
    left = _list_nodes(flows, "old", old_themes, _NEW)
    right = _list_nodes(flows, "new", new_themes, _GONE)
    shared = flows[flows["old"].notna() & flows["new"].notna()]
    n_shared = int(shared["n_papers"].sum())
    is_thin = _find_thin(flows)
    n_hidden = int(flows.loc[is_thin, "n_papers"].sum())
    figure = go.Figure(_draw_bands(flows[~is_thin], left, right))
    return frame(
        figure,
        title=_TITLE,
        subtitle="Left: themes of the old results; right: of the new ones. A band is as wide as it holds papers, "
        "in the colour of the old theme; grey: papers that one corpus does not hold, or that bear no theme.",
        notes=(
            f"{count_of(n_hidden, 'paper')} in bands that are less than {100 * _THIN:.0f} % of either theme: not drawn."
            if n_hidden
            else "",
        ),
        caution=caution,
        alt=f"{_TITLE}: {count_of(n_shared, 'paper')} in both; "
        + "; ".join(f"{node.label} on the right, {count_of(node.size, 'paper')}" for node in list(right.values())[:12]),
        height=max(_LEAST, _NODE * max(len(left), len(right))),
        left=40,
        right=40,
        bottom=20,
    )


def _find_thin(flows: pd.DataFrame) -> pd.Series:
    sizes = [flows["n_papers"].groupby(flows[side], dropna=False).transform("sum") for side in ("old", "new")]
    return (flows["n_papers"] < _THIN * sizes[0]) & (flows["n_papers"] < _THIN * sizes[1])


def _list_nodes(flows: pd.DataFrame, side: str, themes: pd.DataFrame, absent: str) -> dict[str | None, _Node]:
    """What stands on one side, in the order of the themes; by None, the papers that the other side does not hold."""
    sizes = flows.groupby(side)["n_papers"].sum()
    order = [theme for theme in theme_order(themes) if theme in sizes.index]
    order += sorted(str(theme) for theme in set(sizes.index) - set(order))
    labels, marks = theme_labels(order, themes), theme_marks(order, themes)
    nodes: dict[str | None, _Node] = {
        theme: _Node(labels[theme], marks[theme].color, int(sizes[theme])) for theme in order
    }
    lacking = int(flows.loc[flows[side].isna(), "n_papers"].sum())
    return nodes | ({None: _Node(absent, RULE, lacking)} if lacking else {})


def _draw_bands(flows: pd.DataFrame, left: dict[str | None, _Node], right: dict[str | None, _Node]) -> go.Sankey:
    nodes = [*left.values(), *right.values()]
    source = {theme: place for place, theme in enumerate(left)}
    target = {theme: len(left) + place for place, theme in enumerate(right)}
    ends = [
        (None if pd.isna(old) else str(old), None if pd.isna(new) else str(new))
        for old, new in zip(flows["old"], flows["new"], strict=True)
    ]
    return go.Sankey(
        arrangement="snap",
        node={
            "label": [f"{wrap(node.label, 46, n_lines=1)} ({node.size:,})" for node in nodes],
            "color": [node.color for node in nodes],
            "customdata": [f"{escape(node.label)}<br>{count_of(node.size, 'paper')}" for node in nodes],
            "hovertemplate": "%{customdata}<extra></extra>",
            "thickness": 16,
            "pad": 12,
            "line": {"width": 0},
        },
        link={
            "source": [source[old] for old, _ in ends],
            "target": [target[new] for _, new in ends],
            "value": [int(number) for number in flows["n_papers"]],
            "color": [_fade(left[old].color) for old, _ in ends],
            "customdata": [
                f"{count_of(int(number), 'paper')}<br>from {escape(left[old].label)}<br>to {escape(right[new].label)}"
                for (old, new), number in zip(ends, flows["n_papers"], strict=True)
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        textfont={"size": SMALL, "color": INK},
    )


def _fade(color: str) -> str:
    return translucent(color, 0.5 if color in (RULE, UNASSIGNED) else 0.4)
