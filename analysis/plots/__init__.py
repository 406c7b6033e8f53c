"""Figures: a table in, a plotly Figure out. Nothing here shows or writes."""

from __future__ import annotations

import sys
from collections.abc import Callable

import plotly.graph_objects as go

from analysis.plots.bursts import burst_timeline
from analysis.plots.counts import papers_per_period
from analysis.plots.drift import phrase_drift
from analysis.plots.drivers import theme_drivers
from analysis.plots.heatmap import theme_share_heatmap
from analysis.plots.ledger import record_flow
from analysis.plots.lines import theme_lines
from analysis.plots.map import paper_map
from analysis.plots.palette import UNASSIGNED, colors_for, marks_for
from analysis.plots.rates import theme_rates
from analysis.plots.shares import theme_shares
from analysis.plots.sizes import theme_sizes
from analysis.plots.stream import theme_stream
from analysis.plots.table import trend_table
from analysis.plots.topics import topic_keyphrases
from analysis.plots.tree import topic_tree
from analysis.plots.trends import trend_forest
from analysis.results import Tables

# File name (without its ending) -> how the figure is made from the tables and the caution.
FIGURES: dict[str, Callable[[Tables, str], go.Figure]] = {
    "ledger": lambda tables, caution: record_flow(tables.ledger, caution=caution),
    "paper-map": lambda tables, caution: paper_map(tables.papers, tables.themes, caution=caution),
    "theme-sizes": lambda tables, caution: theme_sizes(tables.themes, caution=caution),
    "theme-shares": lambda tables, caution: theme_shares(tables.shares, tables.themes, caution=caution),
    "theme-lines": lambda tables, caution: theme_lines(tables.shares, tables.themes, caution=caution),
    "theme-stream": lambda tables, caution: theme_stream(tables.shares, tables.themes, caution=caution),
    "theme-heatmap": lambda tables, caution: theme_share_heatmap(tables.shares, tables.themes, caution=caution),
    "papers-per-period": lambda tables, caution: papers_per_period(tables.shares, caution=caution),
    "topic-keyphrases": lambda tables, caution: topic_keyphrases(tables.topics, tables.themes, caution=caution),
    "topic-tree": lambda tables, caution: topic_tree(tables.topics, tables.themes, caution=caution),
    "trend-table": lambda tables, caution: trend_table(tables.trends, tables.shares, tables.themes, caution=caution),
    "trend-forest": lambda tables, caution: trend_forest(
        tables.trends, tables.themes, shares=tables.shares, caution=caution
    ),
    "topic-forest": lambda tables, caution: trend_forest(
        tables.topic_trends, tables.themes, shares=tables.shares, topics=tables.topics, caution=caution
    ),
    "burst-timeline": lambda tables, caution: burst_timeline(
        tables.bursts, tables.shares, tables.themes, caution=caution
    ),
    "phrase-drift": lambda tables, caution: phrase_drift(tables.drift, tables.themes, caution=caution),
    "theme-drivers": lambda tables, caution: theme_drivers(tables.drivers, tables.themes, caution=caution),
    "theme-rates": lambda tables, caution: theme_rates(tables.rates, tables.themes, caution=caution),
}
# Which tables each of them reads: the manifest traces a figure to these.
READS: dict[str, tuple[str, ...]] = {
    "ledger": ("results/ledger",),
    "paper-map": ("results/papers", "results/themes"),
    "theme-sizes": ("results/themes",),
    "theme-shares": ("derived/shares", "results/themes"),
    "theme-lines": ("derived/shares", "results/themes"),
    "theme-stream": ("derived/shares", "results/themes"),
    "theme-heatmap": ("derived/shares", "results/themes"),
    "papers-per-period": ("derived/shares",),
    "topic-keyphrases": ("results/themes", "results/topics"),
    "topic-tree": ("results/themes", "results/topics"),
    "trend-table": ("derived/shares", "derived/trends", "results/themes"),
    "trend-forest": ("derived/shares", "derived/trends", "results/themes"),
    "topic-forest": ("derived/shares", "derived/topic_trends", "results/themes", "results/topics"),
    "burst-timeline": ("derived/bursts", "derived/shares", "results/themes"),
    "phrase-drift": ("derived/drift", "results/themes"),
    "theme-drivers": ("derived/drivers", "results/themes"),
    "theme-rates": ("derived/rates", "results/themes"),
}
# Figures of what a study may well do without: a report leaves them out where the table has no rows.
_OPTIONAL = {"ledger": "ledger", "theme-rates": "rates"}

__all__ = [
    "FIGURES",
    "READS",
    "UNASSIGNED",
    "burst_timeline",
    "colors_for",
    "has_data",
    "keep_charts_here",
    "marks_for",
    "paper_map",
    "papers_per_period",
    "phrase_drift",
    "record_flow",
    "theme_drivers",
    "theme_lines",
    "theme_rates",
    "theme_share_heatmap",
    "theme_shares",
    "theme_sizes",
    "theme_stream",
    "topic_keyphrases",
    "topic_tree",
    "trend_forest",
    "trend_table",
]


def has_data(name: str, tables: Tables) -> bool:
    """Whether a figure belongs in a report: false where it shows what the study did not ask for.

    Parameters
    ----------
    name : str
        A name in `FIGURES`.
    tables : Tables
    """
    return name not in _OPTIONAL or len(getattr(tables, _OPTIONAL[name])) > 0


def keep_charts_here() -> None:
    """Let plotly's charts in a notebook not offer to be sent to its cloud."""
    # Plotly loads all that a notebook could need with these, two seconds of it.
    import plotly.io as pio

    for renderer in ("plotly_mimetype", "notebook"):
        pio.renderers[renderer].config |= {
            "displaylogo": False, "typesetMath": False, "showSendToCloud": False, "plotlyServerURL": ""
        }  # fmt: skip


if "IPython" in sys.modules:
    keep_charts_here()
