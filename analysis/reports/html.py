"""The report as one HTML file that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
from markupsafe import Markup

from analysis.config import Config
from analysis.plots import READS
from analysis.plots.looks import theme_marks
from analysis.reports.content import write_content
from analysis.reports.figures import START_JS, alt_of, embed_json, plotly_js, policy_for, script_hash, spec_json
from analysis.reports.templating import html_environment
from analysis.results import Tables


def render_html(
    tables: Tables, figures: Mapping[str, go.Figure], config: Config, *, specs: Mapping[str, str] | None = None
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
    """
    specs = specs or {}
    themes = [str(theme) for theme in tables.themes["theme"]]
    return (
        html_environment()
        .get_template("report.html.j2")
        .render(
            policy=policy_for(script_hash(plotly_js()), script_hash(START_JS)),
            report=write_content(tables, config),
            colors={theme: mark.color for theme, mark in theme_marks(themes, tables.themes).items()},
            figures={
                name: {
                    "alt": alt_of(figure),
                    "height": int(figure.layout.height),
                    "reads": READS[name],
                    "spec": embed_json(specs.get(name) or spec_json(figure)),
                }
                for name, figure in figures.items()
            },
            plotly_js=Markup(plotly_js()),
            start_js=Markup(START_JS),
        )
    )
