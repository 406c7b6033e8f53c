"""Pictures of the explorer for the gallery: ``python -m tests.explorer [STUDY [FOLDER]]``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from analysis.study import write_explorer

# Around the lower left corner of the map, in parts of its width and height.
LASSO = ((0.03, 0.80), (0.10, 0.72), (0.25, 0.70), (0.42, 0.74), (0.46, 0.85), (0.40, 0.97), (0.20, 0.98), (0.06, 0.92))


def main(study: str = "study.toml", folder: str = "figures/gallery") -> None:
    """Write the explorer in light, in dark, and with a lasso drawn."""
    from playwright.sync_api import sync_playwright

    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as started:
        file = write_explorer(study, out=Path(place) / "explorer.html")
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, look in (("light", "light"), ("dark", "dark"), ("lasso", "light")):
            size: Any = {"width": 1280, "height": 800}
            page = browser.new_context(viewport=size, color_scheme=look, offline=True).new_page()
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-ready]")
            if name == "lasso":
                draw_lasso(page)
            page.wait_for_timeout(500)
            page.screenshot(path=Path(folder) / f"explorer-{name}.png")
        browser.close()


def draw_lasso(page: Any) -> None:
    """Select some papers and open the second."""
    page.click("[data-tool=lasso]")
    box = page.locator(".tlx-canvas").bounding_box()
    points = [(box["x"] + right * box["width"], box["y"] + down * box["height"]) for right, down in LASSO]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()
    page.locator(".tlx-rows .tlx-row").nth(1).click()
    page.wait_for_selector(".tlx-abstract")


if __name__ == "__main__":
    main(*sys.argv[1:])
