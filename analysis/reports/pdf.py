"""The report as PDF: a page without scripts, printed by the browser that also draws the images."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import hashlib
import re
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from analysis.config import Config
from analysis.reports import figures as figure_files
from analysis.reports.dating import date_study
from analysis.reports.figures import spec_json, write_images
from analysis.reports.html import render_print_page
from analysis.results import Tables

NO_PDF = (
    "The report as PDF was left out: no Chrome or Chromium was found. Install one (Debian, Ubuntu: "
    "`apt install chromium`; elsewhere: `kaleido_get_chrome`) or set BROWSER_PATH to one, then run "
    "`themeline report` again."
)
_LONGEST_WAIT = 120
# What stands between the brackets is replaced.
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \()[^)]*\)")
_CREATOR = re.compile(rb"(/Creator \()(?:[^()\\]|\\.)*\)")
_TAG = re.compile(rb"\(node\d{8}\)")
_MADE_OF = re.compile(rb"/Creator \(Themeline, of page ([0-9a-f]{16,64}) *\)")


class PrintError(RuntimeError):
    """The browser did not print the page; the message says why."""


def draw_pictures(figures: Mapping[str, go.Figure], drawn: Path | None = None) -> dict[str, str]:
    """Address of an SVG of each figure, with the picture in it.

    Parameters
    ----------
    figures : mapping of name to Figure
    drawn : Path, optional
        Folder in which ``<name>.svg`` of these very figures lie; what is not there is drawn.

    Returns
    -------
    dict of name to str
        ``data:`` addresses. A figure that the browser did not draw is absent.
    """
    with tempfile.TemporaryDirectory() as aside:
        there = {name for name in figures if drawn is not None and (drawn / f"{name}.svg").is_file()}
        write_images({name: figures[name] for name in figures if name not in there}, Path(aside), formats=["svg"])
        paths = {name: (drawn if drawn and name in there else Path(aside)) / f"{name}.svg" for name in figures}
        return {name: _embed(path) for name, path in paths.items() if path.is_file()}


def _embed(path: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode()


def render_pdf(
    tables: Tables,
    figures: Mapping[str, go.Figure],
    config: Config,
    *,
    pictures: Mapping[str, str],
    theme: str | None = None,
) -> bytes:
    """Print the report.

    Parameters
    ----------
    tables : Tables
    figures : mapping of name to Figure
        What `render_figures` gave.
    config : Config
    pictures : mapping of name to str
        What `draw_pictures` gave.
    theme : str, optional
        Id of the one theme to report on; by default all.

    Raises
    ------
    PrintError
        If there is no browser, or it does not print.

    Notes
    -----
    The dates in the file are the last day that the study knows, not today;
    its creator is the page that it was printed from, by `hash_page`.
    """
    page = render_print_page(tables, figures, config, pictures=pictures, theme=theme)
    made_of = hash_page(tables, figures, config, theme=theme)
    return settle_pdf(print_page(page), made_of=made_of, day=date_study(tables))


def write_pdf(
    tables: Tables,
    path: Path,
    *,
    figures: Mapping[str, go.Figure],
    config: Config,
    theme: str | None = None,
    drawn: Path | None = None,
) -> list[str]:
    """Write what `render_pdf` gives, with the pictures that lie in the folder `drawn` or are drawn here.

    Returns
    -------
    list of str
        What was left out and why; empty when all is in it.
    """
    if figure_files.find_browser() is None:
        return [NO_PDF]
    pictures = draw_pictures(figures, drawn)
    try:
        path.write_bytes(render_pdf(tables, figures, config, pictures=pictures, theme=theme))
    except PrintError as error:
        return [str(error)]
    missing = [name for name in figures if name not in pictures]
    return [f"{path.name} lacks figures that the browser did not draw: {', '.join(missing)}."] if missing else []


def hash_page(tables: Tables, figures: Mapping[str, go.Figure], config: Config, *, theme: str | None = None) -> str:
    """SHA-256 of the page with each figure's specification in place of its picture: needs no browser."""
    pictures = {name: hashlib.sha256(spec_json(figure).encode()).hexdigest() for name, figure in figures.items()}
    page = render_print_page(tables, figures, config, pictures=pictures, theme=theme)
    return hashlib.sha256(page.encode()).hexdigest()


def print_page(page: str) -> bytes:
    """A page as PDF, with bookmarks and tags for screen readers; nothing is fetched.

    Raises
    ------
    PrintError
    """
    browser = figure_files.find_browser()
    if browser is None:
        raise PrintError(NO_PDF)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        file = Path(folder) / "report.html"
        file.write_text(page, encoding="utf-8", newline="\n")
        try:
            # In a thread of its own, for a notebook already runs a loop in this one.
            return pool.submit(asyncio.run, _print(browser, file.as_uri())).result()
        except (RuntimeError, OSError, TimeoutError, KeyError, ValueError) as error:
            said = str(error) or "no answer"
            raise PrintError(f"{browser} did not print the report ({type(error).__name__}: {said}).") from error


async def _print(browser: str, address: str) -> bytes:
    from choreographer import Browser

    # A proxy that is not there: nothing can be fetched.
    async with Browser(path=browser, headless=True, proxy_server="127.0.0.1:9") as opened:
        tab = await opened.create_tab("about:blank")
        await _ask(tab, "Page.enable")
        is_loaded = tab.get_session().subscribe_once("Page.loadEventFired")
        await _ask(tab, "Page.navigate", url=address)
        await asyncio.wait_for(is_loaded, _LONGEST_WAIT)
        printed = await _ask(
            tab,
            "Page.printToPDF",
            printBackground=True,
            preferCSSPageSize=True,
            generateTaggedPDF=True,
            generateDocumentOutline=True,
        )
        return base64.b64decode(printed["data"])


async def _ask(tab: Any, command: str, **parameters: Any) -> dict[str, Any]:
    answer = await asyncio.wait_for(tab.send_command(command, parameters), _LONGEST_WAIT)
    if "error" in answer:
        raise RuntimeError(f"{command}: {answer['error'].get('message', 'refused')}")
    found: dict[str, Any] = answer["result"]
    return found


def settle_pdf(content: bytes, *, made_of: str, day: dt.date) -> bytes:
    """A PDF that is the same in every run: its date from the study, and what it was made of as its creator.

    Nothing grows or shrinks, for a PDF finds its parts by their place.

    Examples
    --------
    >>> settle_pdf(b"/CreationDate (D:20300102030405+00'00')", made_of="", day=dt.date(2025, 10, 17))
    b"/CreationDate (D:20251017000000+00'00')"
    """
    stamp = f"D:{day:%Y%m%d}000000+00'00'"
    content = _number_tags(content)
    # They stand in the first object of the file, before anything that could look like them.
    dated = _DATE.sub(lambda found: _fill(found, stamp), content, count=2)
    return _CREATOR.sub(lambda found: _fill(found, f"Themeline, of page {made_of}"), dated, count=1)


def _number_tags(content: bytes) -> bytes:
    """The same PDF with its tags numbered from 1: the browser goes on from what it has shown before."""
    # Their order stays, for a PDF looks them up in a sorted list.
    numbers = {old: b"(node%08d)" % i for i, old in enumerate(sorted(set(_TAG.findall(content))), start=1)}
    return _TAG.sub(lambda found: numbers[found[0]], content)


def _fill(found: re.Match[bytes], text: str) -> bytes:
    room = len(found[0]) - len(found[1]) - 1
    return found[1] + text.encode()[:room].ljust(room) + b")"


def is_made_of(page_hash: str, content: bytes) -> bool:
    """Whether a PDF says that it was printed from the page with that hash."""
    found = _MADE_OF.search(content)
    return found is not None and page_hash.startswith(found[1].decode())
