"""Figures as files: one interactive page each, and PNG and SVG where a browser is found."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from analysis.reports.png import pack_png
from analysis.reports.templating import html_environment

# Where plotly.js would fetch map shapes and icons from, and send a chart to: no figure of ours needs them.
_ADDRESSES = {
    "https://cdn.plot.ly/un/": "topojson/",
    "https://cdn.jsdelivr.net/npm/": "icons/",
    "https://cloud.plotly.com/newchart": "",
}
START_JS = """
document.querySelectorAll("[data-figure]").forEach(function (place) {
  var spec = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  Plotly.newPlot(place, spec.data, spec.layout, {
    displaylogo: false, typesetMath: false, showSendToCloud: false, plotlyServerURL: ""
  });
});
"""
_ATTRIBUTE = re.compile(r'\s+[\w:.-]+="[^"]*"')
_TAG = re.compile(r'<([\w:.-]+)((?:\s+[\w:.-]+="[^"]*")+)(\s*/?>)')
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
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
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


def render_page(figure: go.Figure, name: str) -> str:
    """One figure as an HTML page that takes plotly.js from the file beside it.

    Parameters
    ----------
    figure : Figure
        What `analysis.plots` made.
    name : str
        File name without its ending; also the id of the figure's place in the page.
    """
    return (
        html_environment()
        .get_template("figure.html.j2")
        .render(
            policy=policy_for("'self'", "file:", script_hash(START_JS)),
            title=alt_of(figure).partition(":")[0],
            alt=alt_of(figure),
            name=name,
            spec=embed_json(spec_json(figure)),
            start_js=Markup(START_JS),
        )
    )


def find_browser() -> str | None:
    """Path of a Chrome or Chromium: BROWSER_PATH, the PATH, the usual places or kaleido's own; None without one."""
    from choreographer.browsers.chromium import Chromium

    path = Chromium.find_browser(skip_local=False)
    return path if path and Path(path).is_file() else None


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
    wanted = [(name, kind) for name in figures for kind in formats]
    if not wanted:
        return []
    browser = find_browser()
    if browser is None:
        return [NO_BROWSER]
    jobs = [
        {"fig": figures[name], "path": str(folder / f"{name}.{kind}"), "opts": _image_options(kind)}
        for name, kind in wanted
    ]
    notes = _run_browser(jobs, browser)
    # Packing lets go of the interpreter: two pictures at a time.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_settle_image, [folder / f"{name}.{kind}" for name, kind in wanted]))
    missing = sorted(f"{name}.{kind}" for name, kind in wanted if not (folder / f"{name}.{kind}").exists())
    if missing:
        notes.append(f"Left out: {', '.join(missing)}.")
    return notes


def _settle_image(path: Path) -> None:
    if path.exists() and not path.stat().st_size:
        path.unlink()
    elif path.exists() and path.suffix == ".svg":
        path.write_text(steady_svg(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    elif path.exists():
        path.write_bytes(pack_png(path.read_bytes()))


def _image_options(kind: str) -> dict[str, Any]:
    return {"format": kind, "scale": 1.5 if kind == "png" else 1}


def _run_browser(jobs: list[dict[str, Any]], browser: str) -> list[str]:
    # MathJax off, plotly.js from the disk, and a proxy that is not there: nothing can be fetched.
    options = {"path": browser, "mathjax": False, "proxy_server": "127.0.0.1:9", "timeout": 120}
    try:
        # A thread of its own, for a notebook already runs a loop in this one.
        with ThreadPoolExecutor(1) as pool:
            faults = pool.submit(asyncio.run, _draw_all(jobs, options)).result()
    except (RuntimeError, OSError) as error:
        return [f"{browser} did not draw the images ({type(error).__name__}: {error})."]
    return [f"{browser} did not draw an image ({type(fault).__name__}: {fault})." for fault in faults]


async def _draw_all(jobs: list[dict[str, Any]], options: dict[str, Any]) -> tuple[Exception, ...]:
    import kaleido

    class OnePage(kaleido.Kaleido):  # type: ignore[misc]
        async def _return_kaleido_tab(self, tab: Any) -> None:
            # Kaleido reads plotly.js anew after each picture, two thirds of the time;
            # should it rename this method, the pictures come all the same, only slower.
            await self.tabs_ready.put(tab)

    async with OnePage(**options) as browser:
        return tuple(await browser.write_fig_from_object(jobs) or ())


def _sort_attributes(tag: re.Match[str]) -> str:
    """A tag with its attributes by name: a style comes before or after a width, as the browser had time."""
    return f"<{tag[1]}" + "".join(sorted(_ATTRIBUTE.findall(tag[2]))) + tag[3]


def steady_svg(text: str) -> str:
    """An SVG whose ids are the same in every run: plotly draws six random hex digits for each picture.

    Examples
    --------
    >>> steady_svg('<g id="topdefs-1a2b3c"/><g clip-path="url(#clip1a2b3cxyplot)"/>')
    '<g id="topdefs-fixed0"/><g clip-path="url(#clipfixed0xyplot)"/>'
    """
    text = _TAG.sub(_sort_attributes, text)
    found = re.search(r'id="(?:top)?defs-([0-9a-f]{6})"', text)
    if not found:
        return text
    random_id = found.group(1)

    def settle(match: re.Match[str]) -> str:
        return match.group(0).replace(random_id, "fixed0")

    # Only where ids are given or used: elsewhere the six digits could be a colour.
    return re.sub(r"""(?:\bid|href|class)=["'][^"']*["']|url\([^)]*\)""", settle, text)
