"""Report and figure pages of a study whose every text tries to break out, in a browser."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest

from analysis.plots import FIGURES
from analysis.reports import render_figures, render_report
from analysis.reports.export import render_pages
from tests.browser.accessibility import find_faults
from tests.hostile import MARKS, make_hostile_tables
from tests.reports.rendered import CONFIG, write_words

FRAMES = ("paper-map", "trend-table")
# All pages have one frame, and the report has all figures.
EACH = [pytest.param(name, marks=() if name in FRAMES else pytest.mark.slow) for name in FIGURES]
# What a browser would run or fetch, were it in a page by a text.
FIND_LIVE = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes]
  .filter(one => one.name.startsWith("on") || (["href", "src", "xlink:href", "srcdoc", "action", "data"]
    .includes(one.name) && !/^(#|plotly.min.js$|data:image)/.test(one.value)))
  .map(one => element.tagName + " " + one.name + "=" + one.value.slice(0, 80)))"""
READ_WRITTEN = """() => [...document.querySelectorAll("*")].filter(one => one.tagName != "SCRIPT").flatMap(one =>
  [...one.childNodes].filter(node => node.nodeType == 3).map(node => node.data)
    .concat([...one.attributes].map(given => given.value))).join(" ")"""
IS_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    tables, place = make_hostile_tables(), tmp_path_factory.mktemp("pages")
    figures = render_figures(tables, CONFIG)
    texts = render_pages(figures) | render_report(tables, figures, formats=["html"], config=CONFIG)
    texts["words.html"] = write_words(tables, "html")
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("name", EACH)
def test_a_figure_page_runs_and_asks_for_nothing_and_all_can_read_it(name, folder, watched):
    page = watched.open(folder / f"{name}.html")
    page.wait_for_selector("svg.main-svg[role=img]")
    page.mouse.move(400, 300)
    assert page.evaluate(FIND_LIVE) == []
    assert not MARKS.search(page.evaluate(READ_WRITTEN).replace("\n", ""))
    assert find_faults(page) == []
    watched.assert_quiet()


def test_the_report_runs_and_asks_for_nothing_and_stays_as_wide_as_the_screen(folder, watched):
    page = watched.open(folder / "report.html")
    page.wait_for_selector("#theme-sizes svg.main-svg[role=img]")
    assert page.evaluate(FIND_LIVE) == []
    assert not MARKS.search(page.evaluate(READ_WRITTEN).replace("\n", ""))
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(IS_WIDE)
    watched.assert_quiet()


def test_a_picture_in_svg_holds_no_script_and_no_link(folder, watched):
    page = watched.open(folder / "theme-sizes.html")
    page.wait_for_selector("svg.main-svg[role=img]")
    address = page.evaluate("Plotly.toImage('theme-sizes', {format: 'svg'})")
    root = ET.fromstring(unquote(address.partition(",")[2]))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "text" in tags
    assert not tags & {"script", "a", "foreignObject", "iframe", "image"}
    assert not [name for element in root.iter() for name in element.attrib if name.rpartition("}")[2].startswith("on")]
    said = "".join(root.itertext())
    assert "alert(101)" in said
    # Not a variable of plotly's, and no entity shows.
    assert "%{x}" in said
    assert "&#37;" not in said


@pytest.mark.parametrize("name", ["words.html", "theme-sizes.html"])
def test_a_script_that_got_into_a_page_would_not_run(name, folder, watched):
    broken_in = '<script>alert("in")</script><img src="http://evil.example/x.png" onerror="alert(\'in\')">'
    text = (folder / name).read_text(encoding="utf-8").replace("<main", f"{broken_in}<main", 1)
    assert broken_in in text
    watched.open_text(text, folder, name=f"broken-{name}")
    watched.wait_until("window.Plotly !== undefined")
    assert watched.alerts == []
    assert watched.asked == []
    assert len(watched.violations) >= 2
