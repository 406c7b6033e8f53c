"""A browser, and pages of made-up studies in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.config import Config
from analysis.reports.explorer import pack_blocks, render_explorer
from analysis.results import Tables
from tests.browser.watching import start_browser
from tests.made_study import make_tables

EDGE = 34


@dataclasses.dataclass
class Opened:
    """A page in the browser, and the tables that it was made of."""

    page: Any
    tables: Tables

    def find_points(self) -> list[tuple[float, float]]:
        """Where each paper lies in the window, for a map that shows all and has not been moved."""
        papers, box = self.tables.papers, self.page.locator(".tlx-canvas").bounding_box()
        x, y = papers["map_x"].to_numpy(), papers["map_y"].to_numpy()
        if np.ptp(y) > np.ptp(x):
            x, y = y, -x
        zoom = min((box["width"] - 2 * EDGE) / np.ptp(x), (box["height"] - 2 * EDGE) / np.ptp(y))
        left = box["x"] + box["width"] / 2 + (x - (x.min() + x.max()) / 2) * zoom
        top = box["y"] + box["height"] / 2 - (y - (y.min() + y.max()) / 2) * zoom
        return list(zip(left.tolist(), top.tolist(), strict=True))

    def drag(self, points: list[tuple[float, float]]) -> None:
        """Draw a line with the button held."""
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=4)
        self.page.mouse.up()

    @property
    def status(self) -> str:
        """What the live region tells."""
        return str(self.page.locator(".tlx-status").inner_text())

    def await_status(self, text: str) -> None:
        """Wait until the live region tells this."""
        self.wait_until(lambda: text in self.status)

    def wait_until(self, is_so: Callable[[], bool], *, seconds: float = 5) -> None:
        """Wait for something: the page's policy forbids the waiting that would run in it."""
        for _ in range(int(seconds / 0.02)):
            if is_so():
                return
            self.page.wait_for_timeout(20)
        pytest.fail(f"this did not come about; the status is {self.status!r}")

    def count_themes(self) -> dict[str, int]:
        """Number beside each theme."""
        rows = self.page.locator(".tlx-themes li")
        return {row.get_attribute("data-theme"): int(row.locator(".tlx-count").inner_text()) for row in rows.all()}


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="package")
def window(browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """One window for all tests, without a network; and every error, refused policy, dialog and request in it."""
    context = browser.new_context(offline=True, accept_downloads=True)
    page, faults = context.new_page(), []
    page.on("console", lambda told: faults.append(f"console {told.text}") if told.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"error {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: None if is_own(asked.url) else faults.append(f"request {asked.url}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error('policy ' + event.violatedDirective))"
    )
    yield page, faults
    context.close()


def is_own(url: str) -> bool:
    """True for the page itself, and for what it hands out as a download."""
    return url.startswith("blob:") or (url.startswith("file:") and url.endswith("/explorer.html"))


@pytest.fixture
def open_page(window: tuple[Any, list[str]], tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Write the page of a study and open it; at the end nothing may have gone wrong."""
    page, faults = window
    faults.clear()

    def act(tables: Tables | None = None, *, vectors: Any = None, look: str = "light", size: Any = None) -> Opened:
        tables, size = tables or make_tables(), size or (1280, 800)
        blocks = pack_blocks(tables, Config(), vectors=vectors)
        file = tmp_path / "explorer.html"
        file.write_text(render_explorer(blocks, tables=tables, config=Config()), encoding="utf-8")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=look)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", timeout=20000)
        page.mouse.move(0, 0)
        # The first picture has been drawn when the next frame comes.
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return Opened(page, tables)

    yield act
    assert faults == []
