"""The report as Markdown, with the figures as images beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import plotly.graph_objects as go

from analysis.config import Config
from analysis.reports.content import write_content
from analysis.reports.figures import alt_of
from analysis.reports.one_theme import write_theme_content
from analysis.reports.study_templates import fill_template
from analysis.results import Tables


def render_markdown(
    tables: Tables, figures: Mapping[str, go.Figure], config: Config, *, theme: str | None = None
) -> str:
    """The whole report as Markdown.

    Parameters
    ----------
    tables : Tables
    figures : mapping of name to Figure
        Referred to as ``../<name>.png`` and ``../<name>.html``, where the
        configuration asks for these formats.
    config : Config
    theme : str, optional
        Id of the one theme to report on; by default all.
    """
    text = fill_template(
        "report.md.j2" if theme is None else "theme.md.j2",
        config.report.templates,
        report=write_content(tables, config) if theme is None else write_theme_content(tables, theme, config),
        figures={name: {"alt": alt_of(figure)} for name, figure in figures.items()},
        images="png" in config.figures.formats,
        pages="html" in config.figures.formats,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
