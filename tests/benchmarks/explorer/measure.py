"""A page of the explorer in a browser: how soon it is there, and how soon it answers."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil

SIZE = (1280, 800)
_N_TIMES = 5
_FIRST = """() => new Promise(done => {
  const look = () => document.documentElement.dataset.ready
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : setTimeout(look, 5);
  look();
})"""
# To the frame after the one in which the answer is drawn.
_DO = """async ([selector, kind, value]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const node = document.querySelector(selector);
  await frame();
  const began = performance.now();
  if (value !== null) node.value = value;
  if (kind === "click") node.click();
  else node.dispatchEvent(new Event(kind, { bubbles: kind === "change" }));
  await frame();
  await frame();
  return performance.now() - began;
}"""
_WATCH_RELEASE = """() => document.querySelector(".tlx-canvas").addEventListener("pointerup", () => {
  const began = performance.now();
  window.lassoTook = null;
  requestAnimationFrame(() => requestAnimationFrame(() => { window.lassoTook = performance.now() - began; }));
}, { capture: true, once: true })"""
# A key or a turn of the wheel in every frame, each of which draws all papers anew.
_COUNT_FRAMES = """([kind, seconds]) => new Promise(done => {
  const canvas = document.querySelector(".tlx-canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const [clientX, clientY] = [left + width / 2, top + height / 2];
  let n = 0;
  let began = 0;
  const act = now => {
    began ||= now;
    if (now - began > 1000 * seconds) { done(1000 * n / (now - began)); return; }
    const turn = n % 40 < 20 ? 1 : -1;
    if (kind === "pan") {
      const key = turn > 0 ? "ArrowRight" : "ArrowLeft";
      canvas.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true, bubbles: true }));
    } else {
      canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: -24 * turn, clientX, clientY, bubbles: true }));
    }
    n += 1;
    requestAnimationFrame(act);
  };
  requestAnimationFrame(act);
})"""


def measure_page(browser: Any, file: Path, *, words: str) -> dict[str, float]:
    """Open a page without a network and try every gesture on it.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
    file : Path
        As `themeline open` writes it.
    words : str
        To be searched.

    Returns
    -------
    dict of str to float
        Seconds (``*_s``), milliseconds (``*_ms``), frames per second (``*_fps``), megabytes (``*_mb``),
        ``n_requests`` for anything but the page itself, ``n_papers`` and ``n_selected``.
    """
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]}, offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri(), wait_until="commit")
    found = {"page_mb": file.stat().st_size / 1e6, "first_picture_s": page.evaluate(_FIRST) / 1000}
    page.wait_for_load_state("load")
    found["n_papers"] = _read_number(page.locator("html").get_attribute("data-ready"))
    found |= _measure_search(page, words)
    found |= _measure_lasso(page)
    found |= _measure_gestures(page)
    found |= {f"{kind}_fps": page.evaluate(_COUNT_FRAMES, [kind, 3]) for kind in ("pan", "zoom")}
    found["memory_mb"] = _measure_memory(browser, page)
    found["n_requests"] = len([url for url in asked if url != file.as_uri()])
    context.close()
    return found


def _measure_search(page: Any, words: str) -> dict[str, float]:
    found = {}
    # The first has to unfold what the page has not unfolded by then.
    for name in ("search_first_s", "search_again_s"):
        page.fill("input[type=search]", "")
        page.wait_for_timeout(400)
        page.fill("input[type=search]", words)
        began = time.perf_counter()
        page.keyboard.press("Enter")
        page.locator(".tlx-status", has_text=f"“{words}”").wait_for(timeout=60_000)
        found[name] = time.perf_counter() - began
    page.keyboard.press("Escape")
    return found


def _measure_lasso(page: Any) -> dict[str, float]:
    page.click("[data-tool=lasso]")
    box = page.locator(".tlx-canvas").bounding_box()
    middle, reach = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 0.45 * min(box["width"], box["height"])
    took = []
    for _ in range(_N_TIMES):
        page.evaluate(_WATCH_RELEASE)
        page.mouse.move(middle[0] + reach, middle[1])
        page.mouse.down()
        for angle in np.linspace(0, 2 * np.pi, 60):
            page.mouse.move(middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle))
        page.mouse.up()
        while (answer := page.evaluate("window.lassoTook ?? null")) is None:
            page.wait_for_timeout(20)
        took.append(answer)
    n_selected = _read_number(page.locator(".tlx-status").inner_text())
    page.locator(".tlx-canvas").focus()
    page.keyboard.press("Escape")
    return {"lasso_ms": median(took), "lasso_longest_ms": max(took), "n_selected": n_selected}


def _measure_gestures(page: Any) -> dict[str, float]:
    theme = page.locator(".tlx-themes li").first.get_attribute("data-theme")
    row = f'.tlx-themes li[data-theme="{theme}"]'
    box, colour = f"{row} input", ".tlx-bar label select"
    gestures = {
        "light_ms": ([row, "pointerenter", None], [row, "pointerleave", None]),
        "filter_ms": ([box, "click", None], [box, "click", None]),
        "colour_ms": ([colour, "change", "date"], [colour, "change", "theme"]),
    }
    found = {}
    for name, (there, back) in gestures.items():
        took = []
        for _ in range(_N_TIMES):
            took.append(page.evaluate(_DO, there))
            page.evaluate(_DO, back)
        found[name] = median(took)
    return found


def _measure_memory(browser: Any, page: Any) -> float:
    """Memory of the page's own process, after all of the above."""
    page.wait_for_timeout(500)
    asking = browser.new_browser_cdp_session()
    processes = asking.send("SystemInfo.getProcessInfo")["processInfo"]
    asking.detach()
    sizes = [psutil.Process(one["id"]).memory_full_info().pss for one in processes if one["type"] == "renderer"]
    return max(sizes) / 1e6


def _read_number(text: str) -> int:
    return int(text.split()[0].replace(",", ""))
