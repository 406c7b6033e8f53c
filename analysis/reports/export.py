"""Figures and reports, rendered from the tables and written to files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis.config import Config
from analysis.plots import FIGURES, has_data
from analysis.reports.content import caution_of
from analysis.reports.corrected import add_corrected
from analysis.reports.figures import OnDrawn, Pictures, plotly_js, render_page, spec_json
from analysis.reports.html import render_html
from analysis.reports.json_export import render_json, write_json
from analysis.reports.markdown import render_markdown
from analysis.reports.one_theme import list_theme_figures, select_theme
from analysis.reports.pdf import write_pdf
from analysis.reports.references import Writers, name_file, write_references
from analysis.reports.spreadsheet import write_spreadsheet
from analysis.reports.tables import FLAT, flatten_tables, write_flat
from analysis.results import Tables


def render_figures(tables: Tables, config: Config) -> dict[str, go.Figure]:
    """Every figure of the registry by its name, with the study's caution under it."""
    return dict(_iterate_figures(tables, config))


def render_theme_figures(tables: Tables, theme: str, config: Config) -> dict[str, go.Figure]:
    """The figures of a report on one theme, by its id."""
    own, caution = select_theme(tables, theme), caution_of(tables, config)
    return {name: FIGURES[name](own, add_corrected(caution, own, name)) for name in list_theme_figures(own)}


def _iterate_figures(tables: Tables, config: Config) -> Iterator[tuple[str, go.Figure]]:
    caution = caution_of(tables, config)
    for name, render in FIGURES.items():
        if has_data(name, tables):
            yield name, render(tables, add_corrected(caution, tables, name))


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
    theme: str | None = None,
) -> dict[str, str]:
    """The text of each report file by its name: html, md, csv and json; the others are no text."""
    texts: dict[str, str] = {}
    stem = theme or "report"
    if "html" in formats:
        texts[f"{stem}.html"] = render_html(tables, figures, config, specs=specs, theme=theme)
    if "md" in formats:
        texts[f"{stem}.md"] = render_markdown(tables, figures, config, theme=theme)
    if "csv" in formats:
        own = tables if theme is None else select_theme(tables, theme)
        folder = "" if theme is None else f"{theme}/"
        texts |= {f"{folder}{name}.csv": text for name, text in flatten_tables(own, list_flat(own, theme)).items()}
    if "json" in formats:
        texts[f"{stem}.json"] = "".join(render_json(tables, config, theme=theme))
    return texts


def list_flat(tables: Tables, theme: str | None) -> list[str]:
    """Names of the flat tables that are written: all, or of one theme those with rows."""
    return [name for name in FLAT if theme is None or len(getattr(tables, name))]


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


def count_pictures(tables: Tables, config: Config) -> int:
    """How many pictures `write_outputs` has the browser draw."""
    return sum(has_data(name, tables) for name in FIGURES) * len(_name_pictures(config.figures.formats))


def write_outputs(
    tables: Tables,
    figures_dir: Path,
    *,
    config: Config,
    references: Writers | None = None,
    on_drawn: OnDrawn | None = None,
) -> tuple[dict[str, go.Figure], list[str]]:
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
    references : mapping of format to callable, optional
        As `write_report` takes it.
    on_drawn : callable, optional
        Takes 1 for each of the `count_pictures` pictures that is done; called by a thread of its own.

    Returns
    -------
    figures : dict of name to Figure
    notes : list of str
        What was left out and why.
    """
    figures_dir.mkdir(parents=True, exist_ok=True)
    formats, figures, reports_dir = config.figures.formats, {}, figures_dir / "reports"
    with Pictures(figures_dir, _name_pictures(formats), on_drawn) as pictures:
        for name, figure in _iterate_figures(tables, config):
            figures[name] = figure
            pictures.add(name, figure)
        specs = {name: spec_json(figure) for name, figure in figures.items()}
        if "html" in formats:
            _write_texts(render_pages(figures, specs), figures_dir)
        others = [kind for kind in config.report.formats if kind != "pdf"]
        write_report(
            tables, reports_dir, formats=others, config=config, figures=figures, specs=specs, references=references
        )
    notes = pictures.notes
    if "pdf" in config.report.formats:
        # Only now are the pictures drawn that it shows.
        drawn = figures_dir if "svg" in formats else None
        notes = [
            *notes,
            *write_pdf(tables, reports_dir / "report.pdf", figures=figures, config=config, drawn=drawn),
        ]
    return figures, notes


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
    theme: str | None = None,
    references: Writers | None = None,
) -> list[str]:
    """Write the report in each format.

    Parameters
    ----------
    tables : Tables
    reports_dir : Path
        Made where it is missing; the Markdown report looks for images in the folder above.
    formats : sequence of {"html", "md", "pdf", "xlsx", "csv", "json", "bibtex", "ris"}
    config : Config
        ``report.templates`` is taken from the working folder, unless it is absolute.
    figures : mapping of name to Figure, optional
        What `render_figures` gave, or of one theme `render_theme_figures`; made here when left out.
    specs : mapping of name to str, optional
        What `analysis.reports.figures.spec_json` gives of each; made here when left out.
    theme : str, optional
        Id of the one theme to report on: ``<theme>.html`` and so on, and
        ``<theme>/`` for its CSV files. By default all: ``report.html``, and
        BibTeX and RIS of each theme in ``themes``.
    references : mapping of format to callable, optional
        How the papers of a theme are written as BibTeX and RIS: what
        `analysis.study.references` holds. Formats without a writer are passed over.

    Returns
    -------
    list of str
        What was left out and why.
    """
    reports_dir.mkdir(parents=True, exist_ok=True)
    stem = name_file(theme) if theme else "report"
    if figures is None and {"html", "md", "pdf"} & set(formats):
        figures = render_figures(tables, config) if theme is None else render_theme_figures(tables, theme, config)
    drawn = figures or {}
    texts = [kind for kind in formats if kind in ("html", "md")]
    _write_texts(
        render_report(tables, drawn, formats=texts, config=config, specs=specs, theme=theme),
        reports_dir,
    )
    if "csv" in formats:
        own = tables if theme is None else select_theme(tables, theme)
        write_flat(own, reports_dir / (theme or ""), list_flat(own, theme))
    if "json" in formats:
        write_json(tables, reports_dir / f"{stem}.json", config=config, theme=theme)
    if "xlsx" in formats:
        write_spreadsheet(tables, reports_dir / f"{stem}.xlsx", config=config, theme=theme)
    own_folder, own_themes = (reports_dir / "themes", None) if theme is None else (reports_dir, [theme])
    write_references(tables, own_folder, formats=formats, writers=references or {}, themes=own_themes)
    if "pdf" in formats:
        return write_pdf(tables, reports_dir / f"{stem}.pdf", figures=drawn, config=config, theme=theme)
    return []


def _write_texts(texts: Mapping[str, str], folder: Path) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
