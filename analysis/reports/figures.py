"""Figures as files: one interactive page each, and PNG and SVG where a browser is found."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Self

import plotly.graph_objects as go
from markupsafe import Markup

from analysis.reports.png import pack_png
from analysis.reports.svg import steady_svg
from analysis.reports.templating import html_environment

# Hears of each picture that is done.
OnDrawn = Callable[[int], Any]

# Where plotly.js would fetch map shapes and icons from, and send a chart to: no figure of ours needs them.
_ADDRESSES = {
    "https://cdn.plot.ly/un/": "topojson/",
    "https://cdn.jsdelivr.net/npm/": "icons/",
    "https://cloud.plotly.com/newchart": "",
}
# Drawn, a figure holds buttons, which nothing that counts as one picture may: the picture is then its first layer.
# What is wider than the page is rolled by keys too, once they can reach it.
START_JS = """
document.querySelectorAll("[data-figure]").forEach(function (place) {
  var spec = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  Plotly.newPlot(place, spec.data, spec.layout, {
    displaylogo: false, typesetMath: false, showSendToCloud: false, plotlyServerURL: ""
  }).then(function () {
    place.querySelectorAll("svg.main-svg").forEach(function (layer, i) {
      if (i) { layer.setAttribute("aria-hidden", "true"); return; }
      layer.setAttribute("role", "img");
      layer.setAttribute("aria-label", place.getAttribute("aria-label"));
      place.removeAttribute("role");
      place.removeAttribute("aria-label");
    });
  });
});
var watch = new ResizeObserver(function (seen) {
  seen.forEach(function (one) {
    var part = one.target, caption = part.querySelector("caption");
    if (part.scrollWidth <= part.clientWidth) { part.removeAttribute("tabindex"); return; }
    part.setAttribute("tabindex", "0");
    part.setAttribute("role", "group");
    part.setAttribute("aria-label", caption ? caption.textContent : "Wider than the page");
  });
});
document.querySelectorAll(".wide, figure").forEach(function (part) { watch.observe(part); });
"""
NO_BROWSER = (
    "PNG and SVG were left out: no Chrome or Chromium was found. Install one (Debian, Ubuntu: `apt install chromium`; "
    "elsewhere: `kaleido_get_chrome`) or set BROWSER_PATH to one, then run `themeline figures` again."
)


def spec_json(figure: go.Figure) -> str:
    """A figure's specification in one canonical form: sorted keys, no spaces."""
    return json.dumps(json.loads(figure.to_json()), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def embed_json(text: str) -> Markup:
    """JSON that is safe between script tags."""
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)


@cache
def plotly_js() -> str:
    """The plotly.js that comes with plotly, without the addresses it could fetch from or send to."""
    from importlib.resources import files

    # Not by way of plotly.offline, which loads IPython where there is one.
    script = (files("plotly") / "package_data/plotly.min.js").read_text(encoding="utf-8")
    for address, nothing in _ADDRESSES.items():
        script = script.replace(address, nothing)
    return script


def script_hash(script: str) -> str:
    """A script's hash as a content security policy wants it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def policy_for(*scripts: str) -> str:
    """A content security policy: these scripts run, nothing is fetched."""
    return (
        f"default-src 'none'; script-src {' '.join(scripts)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def alt_of(figure: go.Figure) -> str:
    """What a reader who does not see the figure should know."""
    return str((figure.layout.meta or {}).get("alt", "Figure"))


def render_page(figure: go.Figure, name: str, *, spec: str | None = None) -> str:
    """One figure as an HTML page that takes plotly.js from the file beside it.

    Parameters
    ----------
    figure : Figure
        What `analysis.plots` made.
    name : str
        File name without its ending; also the id of the figure's place in the page.
    spec : str, optional
        What `spec_json` gives of the figure; made here when left out.
    """
    # Read from a disk, a page has no origin of its own in some browsers, and no hash lets in the script beside it.
    return (
        html_environment()
        .get_template("figure.html.j2")
        .render(
            policy=policy_for("'self'", "file:", script_hash(START_JS)),
            title=alt_of(figure).partition(":")[0],
            alt=alt_of(figure),
            name=name,
            spec=embed_json(spec or spec_json(figure)),
            start_js=Markup(START_JS),
        )
    )


def find_browser() -> str | None:
    """Path of a Chrome or Chromium: BROWSER_PATH, the PATH, the usual places or kaleido's own; None without one."""
    from choreographer.browsers.chromium import Chromium

    path = Chromium.find_browser(skip_local=False)
    return path if path and Path(path).is_file() else None


class Pictures:
    """PNG (three pixels for two) and SVG of figures, drawn by one browser while other work goes on.

    To be used with ``with``: the browser starts at once, and at the end all
    is written.

    Parameters
    ----------
    folder : Path
        Exists when the first figure is added.
    formats : sequence of {"png", "svg"}
        None: no browser is started.
    on_drawn : callable, optional
        Takes 1 for each picture that is done; called by a thread of its own.

    Attributes
    ----------
    notes : list of str
        At the end, what was left out and why; empty when all was written.
    """

    def __init__(self, folder: Path, formats: Sequence[str], on_drawn: OnDrawn | None = None) -> None:
        self._folder, self._formats = folder, tuple(formats)
        self._on_drawn: OnDrawn = on_drawn or (lambda _: None)
        self._jobs: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._paths: list[Path] = []
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        # A thread of its own, for a notebook already runs a loop in this one.
        self._pool = ThreadPoolExecutor(1)
        self._browser = find_browser() if self._formats else None
        if self._browser is not None:
            # MathJax off, plotly.js from the disk, and a proxy that is not there: nothing can be fetched.
            options = {"path": self._browser, "mathjax": False, "proxy_server": "127.0.0.1:9", "timeout": 120}
            self._faults = self._pool.submit(asyncio.run, _draw_all(self._jobs, options, self._on_drawn))
        return self

    def add(self, name: str, figure: go.Figure) -> None:
        """Draw a figure in every format; `name` is its file name without the ending."""
        for kind in self._formats if self._browser is not None else ():
            path = self._folder / f"{name}.{kind}"
            self._paths.append(path)
            self._jobs.put({"fig": figure, "path": str(path), "opts": _image_options(kind)})

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # What still waits is in vain.
            with contextlib.suppress(queue.Empty):
                while True:
                    self._jobs.get_nowait()
        self._jobs.put(None)
        with self._pool:
            if self._browser is not None:
                self.notes = self._collect(self._browser)
        if self._formats and self._browser is None:
            self.notes = [NO_BROWSER]

    def _collect(self, browser: str) -> list[str]:
        try:
            notes = [
                f"{browser} did not draw an image ({type(fault).__name__}: {fault})." for fault in self._faults.result()
            ]
        except (RuntimeError, OSError) as error:
            notes = [f"{browser} did not draw the images ({type(error).__name__}: {error})."]
        for path in self._paths:
            # Kaleido claims the name first; a file that it left empty is none.
            if path.exists() and not path.stat().st_size:
                path.unlink()
        missing = sorted(path.name for path in self._paths if not path.exists())
        return [*notes, f"Left out: {', '.join(missing)}."] if missing else notes


def write_images(figures: Mapping[str, go.Figure], folder: Path, *, formats: Sequence[str]) -> list[str]:
    """Write PNG (three pixels for two) and SVG of all figures with one browser.

    Parameters
    ----------
    figures : mapping of file name without ending to Figure
    folder : Path
        Exists.
    formats : sequence of {"png", "svg"}

    Returns
    -------
    list of str
        What was left out and why; empty when all were written.
    """
    with Pictures(folder, formats if figures else ()) as pictures:
        for name, figure in figures.items():
            pictures.add(name, figure)
    return pictures.notes


async def _draw_all(
    jobs: queue.Queue[dict[str, Any] | None], options: dict[str, Any], on_drawn: OnDrawn
) -> list[Exception]:
    import kaleido

    class OnePage(kaleido.Kaleido):  # type: ignore[misc]
        async def _return_kaleido_tab(self, tab: Any) -> None:
            # Kaleido reads plotly.js anew after each picture, two thirds of the time;
            # should it rename this method, the pictures come all the same, only slower.
            await self.tabs_ready.put(tab)

    # Packing lets go of the interpreter: it goes on beside the drawing.
    with ThreadPoolExecutor(2) as packers:
        packed: list[Future[None]] = []
        faults: list[Exception] = []
        async with OnePage(**options) as browser:
            while (job := await asyncio.to_thread(jobs.get)) is not None:
                faults += await browser.write_fig_from_object([job]) or ()
                packed.append(packers.submit(_settle_image, Path(job["path"])))
                on_drawn(1)
        for one in packed:
            one.result()
    return faults


def _settle_image(path: Path) -> None:
    if not path.exists() or not path.stat().st_size:
        return
    if path.suffix == ".svg":
        path.write_text(steady_svg(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    else:
        path.write_bytes(pack_png(path.read_bytes()))


def _image_options(kind: str) -> dict[str, Any]:
    return {"format": kind, "scale": 1.5 if kind == "png" else 1}
