"""Figures: a table in, a plotly Figure out. Nothing here shows or writes."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go
import plotly.io as pio

from analysis.plots.counts import papers_per_period
from analysis.plots.heatmap import theme_share_heatmap
from analysis.plots.map import paper_map
from analysis.plots.palette import UNASSIGNED, colors_for, marks_for
from analysis.plots.shares import theme_shares
from analysis.plots.sizes import theme_sizes
from analysis.plots.topics import topic_keyphrases
from analysis.plots.tree import topic_tree
from analysis.plots.trends import trend_forest
from analysis.results import Tables

# File name (without its ending) -> how the figure is made from the tables and the caution.
FIGURES: dict[str, Callable[[Tables, str], go.Figure]] = {
    "paper-map": lambda tables, caution: paper_map(tables.papers, tables.themes, caution=caution),
    "theme-sizes": lambda tables, caution: theme_sizes(tables.themes, caution=caution),
    "theme-shares": lambda tables, caution: theme_shares(tables.shares, tables.themes, caution=caution),
    "theme-heatmap": lambda tables, caution: theme_share_heatmap(tables.shares, tables.themes, caution=caution),
    "papers-per-period": lambda tables, caution: papers_per_period(tables.shares, caution=caution),
    "topic-keyphrases": lambda tables, caution: topic_keyphrases(tables.topics, tables.themes, caution=caution),
    "topic-tree": lambda tables, caution: topic_tree(tables.topics, tables.themes, caution=caution),
    "trend-forest": lambda tables, caution: trend_forest(tables.trends, tables.themes, caution=caution),
}
# Which tables each of them reads: the manifest traces a figure to these.
READS: dict[str, tuple[str, ...]] = {
    "paper-map": ("results/papers", "results/themes"),
    "theme-sizes": ("results/themes",),
    "theme-shares": ("derived/shares", "results/themes"),
    "theme-heatmap": ("derived/shares", "results/themes"),
    "papers-per-period": ("derived/shares",),
    "topic-keyphrases": ("results/themes", "results/topics"),
    "topic-tree": ("results/themes", "results/topics"),
    "trend-forest": ("derived/trends", "results/themes"),
}

__all__ = [
    "FIGURES",
    "READS",
    "UNASSIGNED",
    "colors_for",
    "marks_for",
    "paper_map",
    "papers_per_period",
    "theme_share_heatmap",
    "theme_shares",
    "theme_sizes",
    "topic_keyphrases",
    "topic_tree",
    "trend_forest",
]

# By default plotly's charts in a notebook offer to be sent to its cloud.
for _renderer in ("plotly_mimetype", "notebook"):
    pio.renderers[_renderer].config |= {
        "displaylogo": False, "typesetMath": False, "showSendToCloud": False, "plotlyServerURL": ""
    }  # fmt: skip
