"""The report of a made study for who uses keys, a screen reader, a small screen or a dark one."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import find_faults
from tests.browser.watching import watch_page
from tests.made_study import make_tables
from tests.reports.rendered import read_report, write_words

EVERY = ("minor", "moderate", "serious", "critical")


@pytest.fixture(scope="module")
def words():
    """The report without its figures."""
    return write_words(make_tables(), "html")


def test_axe_finds_no_fault_in_the_report_and_each_figure_is_one_picture(watched, tmp_path):
    page = watched.open_text(read_report("sixty papers", "html"), tmp_path)
    page.wait_for_selector("#theme-sizes svg.main-svg[role=img]")
    said = page.evaluate("""[...document.querySelectorAll("[data-figure]")].map(place =>
        [place.id, ...[...place.querySelectorAll("svg[role=img]")].map(one => one.getAttribute("aria-label"))])""")
    assert len(said) > 10
    assert all(len(one) == 2 and len(one[1]) > 20 for one in said)
    assert find_faults(page, impacts=EVERY) == []
    watched.assert_quiet()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.slow), "dark"])
def test_all_words_of_the_report_can_be_read_on_a_light_and_a_dark_screen(scheme, browser, words, tmp_path):
    with watch_page(browser, color_scheme=scheme) as watched:
        page = watched.open_text(words, tmp_path)
        for part in page.query_selector_all("details"):
            part.evaluate("part => { part.open = true; }")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")
        assert find_faults(page, impacts=EVERY) == []


def test_wide_tables_can_be_rolled_by_keys(browser, words, tmp_path):
    with watch_page(browser, viewport={"width": 390, "height": 800}) as watched:
        page = watched.open_text(words, tmp_path)
        page.wait_for_selector(".wide[tabindex='0']")
        page.locator(".wide[tabindex='0']").first.focus()
        page.keyboard.press("ArrowRight")
        watched.wait_until("document.querySelector(\".wide[tabindex='0']\").scrollLeft > 0")


def test_the_first_key_leads_past_the_list_of_parts(watched, words, tmp_path):
    page = watched.open_text(words, tmp_path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
