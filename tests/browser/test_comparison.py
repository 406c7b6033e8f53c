"""The comparison of two studies whose every text tries to break out, in a browser."""

from __future__ import annotations

import dataclasses

import pytest

from analysis.curation.comparing import compare_themes
from analysis.plots.flow import theme_flow
from analysis.reports.comparison import render_comparison
from analysis.study.identity import make_generation
from tests.browser.accessibility import find_faults
from tests.browser.test_accessibility import EVERY
from tests.browser.test_hostile_pages import FIND_LIVE, IS_WIDE, READ_WRITTEN
from tests.browser.watching import watch_page
from tests.hostile import MARKS, make_hostile_tables


@pytest.fixture(scope="module")
def text():
    """A page where every theme bears a hostile name, some are renamed and some are gone."""
    old = make_hostile_tables()
    papers = old.papers.assign(theme=old.papers["theme"].where(old.papers.index % 3 > 0, old.themes["theme"][0]))
    themes = old.themes.assign(label=old.themes["label"].iloc[::-1].to_numpy())
    new = dataclasses.replace(old, papers=papers.iloc[5:], themes=themes)
    changes = compare_themes(make_generation(old), make_generation(new))
    figure = theme_flow(changes.flows, old.themes, new.themes)
    return render_comparison(changes, figure, notes=[str(old.run["title"])], has_image=False)["comparison.html"]


def test_the_page_runs_and_asks_for_nothing_and_all_can_read_it(text, watched, tmp_path):
    page = watched.open_text(text, tmp_path)
    page.wait_for_selector("#theme-flow svg.main-svg[role=img]")
    assert page.evaluate(FIND_LIVE) == []
    assert not MARKS.search(page.evaluate(READ_WRITTEN).replace("\n", ""))
    assert find_faults(page, impacts=EVERY) == []
    assert not page.evaluate(IS_WIDE)
    page.set_viewport_size({"width": 390, "height": 800})
    assert not page.evaluate(IS_WIDE)
    watched.assert_quiet()


def test_all_words_can_be_read_on_a_dark_screen(text, browser, tmp_path):
    with watch_page(browser, color_scheme="dark") as watched:
        page = watched.open_text(text, tmp_path)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert find_faults(page, impacts=EVERY) == []


def test_a_band_says_its_papers_under_the_pointer(text, watched, tmp_path):
    page = watched.open_text(text, tmp_path)
    page.wait_for_selector("#theme-flow svg.main-svg[role=img]")
    page.evaluate("""() => {
        const place = document.getElementById("theme-flow"), y = place._fullLayout.yaxis, area = place.data[0].y;
        const middle = (Number(area[0]) + Number(area[area.length - 1])) / 2;
        window.spot = [place._fullLayout.xaxis._offset + 30, y._offset + y.l2p(middle)];
    }""")
    across, down = page.evaluate("window.spot")
    page.locator("#theme-flow").hover(position={"x": across, "y": down})
    page.wait_for_selector("#theme-flow .hoverlayer .hovertext")
    assert "from " in page.locator("#theme-flow .hoverlayer").text_content()
