"""A hundred thousand papers: how long the first picture, a lasso and a search take, and how large the page is."""

import numpy as np
import pytest

from analysis.config import Config
from analysis.reports.explorer import pack_blocks, render_explorer
from tests.explorer.made_large import make_large

pytestmark = pytest.mark.slow
N_PAPERS = 100_000
FIRST_PAINT = """() => new Promise(done => {
  const look = () => document.documentElement.dataset.ready
    ? requestAnimationFrame(() => done(performance.now()))
    : setTimeout(look, 5);
  look();
})"""
# From the release of the button to the frame in which the selection is drawn.
LASSO = """() => {
  const canvas = document.querySelector(".tlx-canvas");
  canvas.addEventListener("pointerup", () => {
    window.lassoBegan = performance.now();
    const end = () => { window.lassoTook = performance.now() - window.lassoBegan; };
    requestAnimationFrame(() => requestAnimationFrame(end));
  }, { capture: true });
}"""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    tables = make_large(N_PAPERS)
    vectors = np.random.default_rng(2).normal(size=(N_PAPERS, 96)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    file = tmp_path_factory.mktemp("large") / "explorer.html"
    blocks = pack_blocks(tables, Config(), vectors=vectors)
    file.write_text(render_explorer(blocks, tables=tables, config=Config()), encoding="utf-8")
    return file, tables


def test_a_hundred_thousand_papers_are_soon_there_and_answer_at_once(large, browser):
    file, tables = large
    assert file.stat().st_size < 60e6
    page = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    page.goto(file.as_uri(), wait_until="commit")
    assert page.evaluate(FIRST_PAINT) < 5000
    page.wait_for_load_state("load")
    page.evaluate(LASSO)
    page.click("[data-tool=lasso]")
    box = page.locator(".tlx-canvas").bounding_box()
    middle, reach = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 200
    angles = np.linspace(0, 2 * np.pi, 60)
    page.mouse.move(middle[0] + reach, middle[1])
    page.mouse.down()
    for angle in angles:
        page.mouse.move(middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle))
    page.mouse.up()
    page.wait_for_timeout(1500)
    assert 1000 < int(page.locator(".tlx-status").inner_text().split()[0].replace(",", "")) < N_PAPERS
    assert page.evaluate("window.lassoTook") < 500
    word = tables.papers["title"][5].split()[0]
    page.fill("input[type=search]", word)
    for _ in range(600):
        if "“" in page.locator(".tlx-status").inner_text():
            break
        page.wait_for_timeout(50)
    assert f"“{word}”" in page.locator(".tlx-status").inner_text()
    page.context.close()
