"""The report as Markdown, with the figures as images beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import plotly.graph_objects as go

from analysis.config import Config
from analysis.reports.content import write_content
from analysis.reports.figures import alt_of
from analysis.reports.templating import markdown_environment
from analysis.results import Tables


def render_markdown(tables: Tables, figures: Mapping[str, go.Figure], config: Config) -> str:
    """The whole report as Markdown.

    Parameters
    ----------
    tables : Tables
    figures : mapping of name to Figure
        Referred to as ``../<name>.png`` and ``../<name>.html``, where the
        configuration asks for these formats.
    config : Config
    """
    text = (
        markdown_environment()
        .get_template("report.md.j2")
        .render(
            report=write_content(tables, config),
            figures={name: {"alt": alt_of(figure)} for name, figure in figures.items()},
            images="png" in config.figures.formats,
            pages="html" in config.figures.formats,
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
