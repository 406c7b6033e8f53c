"""What reports should hold by the tables, against what lies there."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import plotly.graph_objects as go

from analysis.config import Config
from analysis.reports.export import render_pages, render_report, render_theme_figures
from analysis.reports.pdf import hash_page, is_made_of
from analysis.reports.references import ENDINGS, Writers, render_references
from analysis.reports.spreadsheet import render_spreadsheet
from analysis.reports.tables import FLAT
from analysis.results import Tables

# Path of a file in the folder of figures, and whether what lies there is what the tables give.
Expected = tuple[str, Callable[[bytes], bool]]

_ENDINGS = {"html": ".html", "md": ".md", "pdf": ".pdf", "xlsx": ".xlsx", "json": ".json", **ENDINGS}
_OF_THEME = re.compile(r"reports/themes/([^/]+?)(?:\.[a-z]+|/[a-z_]+\.csv)")


def find_stale_files(
    tables: Tables,
    figures_dir: Path,
    config: Config,
    *,
    figures: Mapping[str, go.Figure],
    listed: Collection[str],
    references: Writers,
) -> dict[str, str]:
    """Pages and reports that are missing, or not what the tables give.

    Parameters
    ----------
    tables : Tables
    figures_dir : Path
    config : Config
    figures : mapping of name to Figure
        What the tables give.
    listed : collection of str
        Files that were written, by their path in `figures_dir`: what was
        asked for by hand is checked, too.
    references : mapping of format to callable
        How BibTeX and RIS are written; a format without a writer is not checked.

    Returns
    -------
    dict of str to str
        Path in `figures_dir` to what is wrong.

    Notes
    -----
    A PDF is not printed again, for that takes a browser: it says itself from
    which page it was printed. Of a spreadsheet what is packed in it counts,
    for libraries pack differently.
    """
    faults: dict[str, str] = {}
    ask = _Asked(tables, config, listed, references)
    pages = _expect_pages(figures) if "html" in config.figures.formats else iter(())
    for name, holds in chain(pages, ask.expect_whole(figures), ask.expect_themes()):
        path = figures_dir / name
        if not path.is_file():
            faults[name] = "missing"
        elif not holds(path.read_bytes()):
            faults[name] = "not what the tables give"
    return faults


def _expect_pages(figures: Mapping[str, go.Figure]) -> Iterator[Expected]:
    for name, text in render_pages(figures).items():
        yield name, partial(is_same_content, text.encode("utf-8"))


@dataclass(frozen=True)
class _Asked:
    """What reports there should be: those of the configuration, and those that were asked for by hand."""

    tables: Tables
    config: Config
    listed: Collection[str]
    references: Writers

    def expect_whole(self, figures: Mapping[str, go.Figure]) -> Iterator[Expected]:
        """Path and test of each file on all themes."""
        # Without a browser there is no PDF, and a note has said so.
        formats = {kind for kind in self.config.report.formats if kind != "pdf"} | self._list_formats("reports/report")
        if any(f"reports/{name}.csv" in self.listed for name in FLAT):
            formats.add("csv")
        yield from self._expect("reports", formats, figures, None)
        kinds = [kind for kind in formats if kind in ENDINGS]
        yield from self._expect_references(kinds, None)

    def expect_themes(self) -> Iterator[Expected]:
        """Path and test of each file on one theme."""
        found = {found[1] for name in self.listed if (found := _OF_THEME.fullmatch(name))}
        for theme in sorted(found & set(self.tables.themes["theme"])):
            formats = self._list_formats(f"reports/themes/{theme}")
            if any(name.startswith(f"reports/themes/{theme}/") for name in self.listed):
                formats.add("csv")
            is_drawn = {"html", "md", "pdf"} & formats
            figures = render_theme_figures(self.tables, theme, self.config) if is_drawn else {}
            yield from self._expect("reports/themes", formats, figures, theme)
            yield from self._expect_references([kind for kind in formats if kind in ENDINGS], [theme])

    def _list_formats(self, stem: str) -> set[str]:
        return {kind for kind, ending in _ENDINGS.items() if f"{stem}{ending}" in self.listed}

    def _expect(
        self, folder: str, formats: set[str], figures: Mapping[str, go.Figure], theme: str | None
    ) -> Iterator[Expected]:
        stem = f"{folder}/{theme or 'report'}"
        for kind in sorted(formats):
            texts = render_report(self.tables, figures, formats=[kind], config=self.config, theme=theme)
            for name, text in texts.items():
                yield f"{folder}/{name}", partial(is_same_content, text.encode("utf-8"))
        if "xlsx" in formats:
            yield f"{stem}.xlsx", partial(is_same_content, render_spreadsheet(self.tables, self.config, theme=theme))
        if "pdf" in formats:
            made_of = hash_page(self.tables, figures, self.config, theme=theme)
            yield f"{stem}.pdf", partial(is_made_of, made_of)

    def _expect_references(self, kinds: list[str], themes: list[str] | None) -> Iterator[Expected]:
        written = render_references(self.tables, formats=kinds, writers=self.references, themes=themes)
        for name, pieces in written:
            yield f"reports/themes/{name}", partial(is_same_content, "".join(pieces).encode("utf-8"))


def is_same_content(expected: bytes, content: bytes) -> bool:
    """Whether a file holds what it should: byte for byte, or of an archive what is packed in it."""
    if content == expected:
        return True
    if not expected.startswith(b"PK"):
        return False
    try:
        return _unpack(content) == _unpack(expected)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False


def _unpack(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # Not more than it says: an archive may unpack to what no memory holds.
        if sum(part.file_size for part in archive.infolist()) > 200 * len(content) + 1_000_000:
            raise ValueError("too large")
        return [(part.filename, archive.read(part)) for part in archive.infolist()]
