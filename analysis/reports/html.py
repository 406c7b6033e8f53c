"""The report as one HTML file that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from analysis.config import Config
from analysis.plots import READS
from analysis.plots.looks import theme_marks
from analysis.reports.content import write_content
from analysis.reports.figures import START_JS, alt_of, embed_json, plotly_js, policy_for, script_hash, spec_json
from analysis.reports.one_theme import write_theme_content
from analysis.reports.study_templates import fill_template
from analysis.results import Tables


def render_html(
    tables: Tables,
    figures: Mapping[str, go.Figure],
    config: Config,
    *,
    specs: Mapping[str, str] | None = None,
    theme: str | None = None,
) -> str:
    """The whole report with its figures, styles and plotly.js inside.

    Nothing in it is fetched: its content security policy lets only its own
    two scripts run, and no address be opened.

    Parameters
    ----------
    tables : Tables
    figures : mapping of name to Figure
        What `render_figures` gave.
    config : Config
    specs : mapping of name to str, optional
        What `spec_json` gives of each figure; made here when left out.
    theme : str, optional
        Id of the one theme to report on; by default all.
    """
    specs = specs or {}
    shown = {
        name: _describe_figure(figure, name)
        | {"height": int(figure.layout.height), "spec": embed_json(specs.get(name) or spec_json(figure))}
        for name, figure in figures.items()
    }
    return _fill_page(
        tables,
        config,
        theme,
        policy=policy_for(script_hash(plotly_js()), script_hash(START_JS)),
        printed=False,
        figures=shown,
        plotly_js=Markup(plotly_js()),
        start_js=Markup(START_JS),
    )


def render_print_page(
    tables: Tables,
    figures: Mapping[str, go.Figure],
    config: Config,
    *,
    pictures: Mapping[str, str],
    theme: str | None = None,
) -> str:
    """The report as a page to be printed: pictures for the figures, no script at all.

    Parameters
    ----------
    tables : Tables
    figures : mapping of name to Figure
        What `render_figures` gave; those without a picture are left out.
    config : Config
    pictures : mapping of name to str
        Address of each picture, with the picture in it (``data:``).
    theme : str, optional
        Id of the one theme to report on; by default all.
    """
    shown = {
        name: _describe_figure(figure, name) | {"picture": pictures[name]}
        for name, figure in figures.items()
        if name in pictures
    }
    return _fill_page(tables, config, theme, policy=policy_for("'none'"), printed=True, figures=shown)


def _describe_figure(figure: go.Figure, name: str) -> dict[str, Any]:
    return {"alt": alt_of(figure), "reads": READS[name]}


def _fill_page(tables: Tables, config: Config, theme: str | None, **values: Any) -> str:
    themes = [str(one) for one in tables.themes["theme"]]
    return fill_template(
        "report.html.j2" if theme is None else "theme.html.j2",
        config.report.templates,
        report=write_content(tables, config) if theme is None else write_theme_content(tables, theme, config),
        colors={one: mark.color for one, mark in theme_marks(themes, tables.themes).items()},
        **values,
    )
