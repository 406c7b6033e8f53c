"""Figures and reports of made studies, rendered once for all tests that only read them."""

from __future__ import annotations

from functools import cache

import plotly.graph_objects as go

from analysis.config import Config, parse_config
from analysis.reports import render_figures, render_report
from analysis.results import Tables
from tests.made_study import make_many, make_tables, with_hostile_text, without_dates
from tests.plots.test_doubt import with_stability

CONFIG = parse_config({})
STUDIES = {
    "sixty papers": make_tables,
    "hostile text": lambda: with_hostile_text(make_tables()),
    "one paper": lambda: make_tables(1, n_years=1, themes={"robotics": ("named", "Robotics")}),
    "no dated paper": lambda: without_dates(make_tables()),
    "forty themes": make_many,
    "stability not measured": lambda: with_stability(make_tables(), themes=float("nan"), topics=float("nan")),
}


@cache
def draw_figures(study: str) -> dict[str, go.Figure]:
    """Every figure of a made study; not to be changed."""
    return render_figures(STUDIES[study](), CONFIG)


@cache
def _render(study: str) -> dict[str, str]:
    return render_report(STUDIES[study](), draw_figures(study), formats=["html", "md"], config=CONFIG)


def read_report(study: str, kind: str) -> str:
    """The whole report of a made study, with its figures."""
    return _render(study)[f"report.{kind}"]


def write_words(tables: Tables, kind: str, config: Config = CONFIG) -> str:
    """The report of these tables without figures, for where its words are at stake."""
    return render_report(tables, {}, formats=[kind], config=config)[f"report.{kind}"]
