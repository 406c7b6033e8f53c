"""Runs every notebook and publishes the pages: `python -m docs.generating.notebooks FOLDER`.

The notebooks themselves stay as they are. A page is one file that runs no
script and loads nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from analysis.reports.figures import find_browser
from docs.generating.finishing import set_policy

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "docs/_templates"
PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
NO_PICTURE = "(No picture: there was no Chrome or Chromium to draw it.)"
# A kernel warns at its start that it talks by TCP, as every kernel does.
QUIETLY = ["--IPKernelApp.log_level=ERROR"]


def publish(notebooks: Path, out: Path) -> list[str]:
    """Execute the notebooks of a folder and write a page for each, and an index.

    Parameters
    ----------
    notebooks : Path
        Folder of the notebooks; they run in it.
    out : Path
        Folder of the pages; replaced when all have run.

    Returns
    -------
    list of str
        Names of the notebooks, in order.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails; the pages are then as they were.
    """
    books = {path.stem: nbformat.read(path, as_version=4) for path in sorted(notebooks.glob("*.ipynb"))}
    for book in books.values():
        resources = {"metadata": {"path": str(notebooks)}}
        options: dict[str, Any] = {"timeout": 600, "store_widget_state": False, "record_timing": False}
        NotebookClient(book, resources=resources, extra_arguments=QUIETLY, **options).execute()
    beside = out.with_name(f".{out.name}.started")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name, html in render_pages(books).items():
        (beside / f"{name}.html").write_text(html, encoding="utf-8", newline="\n")
    shutil.rmtree(out, ignore_errors=True)
    beside.rename(out)
    return list(books)


def render_pages(books: dict[str, Any]) -> dict[str, str]:
    """A page for each executed notebook, by its name, and one called index.

    The notebooks are tidied in place.
    """
    names = list(books)
    exporter = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="notebook")
    pages = {"index": render_index(books)}
    for place, (name, book) in enumerate(books.items()):
        tidy(book)
        resources: dict[str, Any] = {
            "metadata": {"name": title_of(book)},
            "before": names[place - 1] if place else "",
            "after": names[place + 1] if place + 1 < len(names) else "",
        }
        html, _ = exporter.from_notebook_node(book, resources)
        pages[name] = set_policy(html)
    return pages


def tidy(book: Any) -> None:
    """Drop from an executed notebook what a page has no use for, and name its pictures."""
    book.metadata.pop("widgets", None)
    for cell in book.cells:
        if cell.cell_type == "markdown":
            # Between pages instead of notebooks, and from the folder of the pages.
            source = re.sub(r"\]\((\d\d_\w+)\.ipynb\)", r"](\1.html)", cell.source)
            cell.source = source.replace("](../figures/", "](../")
            continue
        # Progress bars draw over themselves.
        cell.outputs = [one for one in cell.outputs if not (one.get("name") == "stderr" and "\r" in one.text)]
        for output in cell.outputs:
            data = output.get("data", {})
            spec = data.pop(PLOTLY, None)
            if data.pop(WIDGET, None):
                # In its place stood an address in memory, another one at each run.
                data["text/plain"] = "To be used in JupyterLab: `make lab`; or as a page of its own: `themeline open`."
            alt = (spec["layout"].get("meta") or {}).get("alt", "Figure") if spec else ""
            if spec and "image/png" in data:
                output.metadata["image/png"] = {"alt": alt}
            elif spec:
                data["text/plain"] = f"{alt} {NO_PICTURE}"


def title_of(book: Any) -> str:
    """What stands above a notebook, such as ``"2. The map"``."""
    return str(book.cells[0].source.splitlines()[0].removeprefix("# "))


def render_index(books: dict[str, Any]) -> str:
    """The page that leads to all others."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    pages = []
    for name, book in books.items():
        question = re.search(r"\*\*Question\.\*\* (.*)", book.cells[0].source)
        title = re.sub(r"^\d+\. ", "", title_of(book))
        pages.append({"name": name, "title": title, "question": question[1] if question else ""})
    return set_policy(environment.get_template("notebooks.html.j2").render(pages=pages))


if __name__ == "__main__":
    # The picture for the page, the specification for its alternative text.
    os.environ.setdefault("PLOTLY_RENDERER", "png+plotly_mimetype" if find_browser() else "plotly_mimetype")
    folder = Path(sys.argv[1])
    print(f"{len(publish(ROOT / 'notebooks', folder))} notebooks in {folder}/index.html")
