"""Figures and reports, rendered from the tables and written to files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis.config import Config
from analysis.plots import FIGURES, has_data
from analysis.reports.content import caution_of
from analysis.reports.figures import Pictures, plotly_js, render_page, spec_json
from analysis.reports.html import render_html
from analysis.reports.markdown import render_markdown
from analysis.reports.tables import flatten_tables, write_flat
from analysis.results import Tables


def render_figures(tables: Tables, config: Config) -> dict[str, go.Figure]:
    """Every figure of the registry by its name, with the study's caution under it."""
    return dict(_iterate_figures(tables, config))


def _iterate_figures(tables: Tables, config: Config) -> Iterator[tuple[str, go.Figure]]:
    caution = caution_of(tables, config)
    for name, render in FIGURES.items():
        if has_data(name, tables):
            yield name, render(tables, caution)


def render_pages(figures: Mapping[str, go.Figure], specs: Mapping[str, str] | None = None) -> dict[str, str]:
    """The interactive page of each figure, and the plotly.js that they share, by file name."""
    specs = specs or {}
    pages = {f"{name}.html": render_page(figure, name, spec=specs.get(name)) for name, figure in figures.items()}
    return pages | {"plotly.min.js": plotly_js()}


def render_report(
    tables: Tables,
    figures: Mapping[str, go.Figure],
    *,
    formats: Sequence[str],
    config: Config,
    specs: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The text of each report file by its name."""
    texts: dict[str, str] = {}
    if "html" in formats:
        texts["report.html"] = render_html(tables, figures, config, specs=specs)
    if "md" in formats:
        texts["report.md"] = render_markdown(tables, figures, config)
    if "csv" in formats:
        texts |= {f"{name}.csv": text for name, text in flatten_tables(tables).items()}
    return texts


def render_texts(tables: Tables, figures: Mapping[str, go.Figure], config: Config) -> dict[str, str]:
    """All text files that the configuration asks for, by their path in the folder of figures."""
    specs = {name: spec_json(figure) for name, figure in figures.items()}
    texts = render_pages(figures, specs) if "html" in config.figures.formats else {}
    reports = render_report(tables, figures, formats=config.report.formats, config=config, specs=specs)
    return texts | {f"reports/{name}": text for name, text in reports.items()}


def write_figures(figures: Mapping[str, go.Figure], figures_dir: Path, *, formats: Sequence[str]) -> list[str]:
    """Write the figures.

    Parameters
    ----------
    figures : mapping of name to Figure
        What `render_figures` gave.
    figures_dir : Path
        Made where it is missing.
    formats : sequence of {"html", "png", "svg"}

    Returns
    -------
    list of str
        What was left out and why: PNG and SVG need a Chrome or Chromium.
    """
    figures_dir.mkdir(parents=True, exist_ok=True)
    with Pictures(figures_dir, _name_pictures(formats) if figures else ()) as pictures:
        for name, figure in figures.items():
            pictures.add(name, figure)
        if "html" in formats:
            _write_texts(render_pages(figures), figures_dir)
    return pictures.notes


def write_outputs(tables: Tables, figures_dir: Path, *, config: Config) -> tuple[dict[str, go.Figure], list[str]]:
    """Draw every figure and write it, and every report, in the formats of the study.

    The browser starts first and draws each figure as it comes, while pages
    and reports are written: the same files as `write_figures` and
    `write_report` give, in less time.

    Parameters
    ----------
    tables : Tables
    figures_dir : Path
        Made where it is missing; the reports go into ``reports`` in it.
    config : Config

    Returns
    -------
    figures : dict of name to Figure
    notes : list of str
        What was left out and why.
    """
    figures_dir.mkdir(parents=True, exist_ok=True)
    formats, figures = config.figures.formats, {}
    with Pictures(figures_dir, _name_pictures(formats)) as pictures:
        for name, figure in _iterate_figures(tables, config):
            figures[name] = figure
            pictures.add(name, figure)
        specs = {name: spec_json(figure) for name, figure in figures.items()}
        if "html" in formats:
            _write_texts(render_pages(figures, specs), figures_dir)
        write_report(
            tables,
            figures_dir / "reports",
            formats=config.report.formats,
            config=config,
            figures=figures,
            specs=specs,
        )
    return figures, pictures.notes


def _name_pictures(formats: Sequence[str]) -> list[str]:
    return [kind for kind in formats if kind != "html"]


def write_report(
    tables: Tables,
    reports_dir: Path,
    *,
    formats: Sequence[str],
    config: Config,
    figures: Mapping[str, go.Figure] | None = None,
    specs: Mapping[str, str] | None = None,
) -> None:
    """Write the report in each format.

    Parameters
    ----------
    tables : Tables
    reports_dir : Path
        Made where it is missing; the Markdown report looks for images in the folder above.
    formats : sequence of {"html", "md", "csv"}
    config : Config
    figures : mapping of name to Figure, optional
        What `render_figures` gave; made here when left out.
    specs : mapping of name to str, optional
        What `analysis.reports.figures.spec_json` gives of each; made here when left out.
    """
    reports_dir.mkdir(parents=True, exist_ok=True)
    drawn = render_figures(tables, config) if figures is None else figures
    texts = [kind for kind in formats if kind != "csv"]
    _write_texts(render_report(tables, drawn, formats=texts, config=config, specs=specs), reports_dir)
    if "csv" in formats:
        write_flat(tables, reports_dir)


def _write_texts(texts: Mapping[str, str], folder: Path) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
