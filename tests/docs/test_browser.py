"""The site in a real browser: no serious fault of accessibility, nothing asked for, nothing refused."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.watching import start_browser, watch_page

pytestmark = pytest.mark.slow

PAGES = (
    "index", "tutorial", "howto/index", "howto/own-file", "reading-trends", "methods", "gallery/index",
    "reference/library", "reference/commands", "reference/configuration", "reference/tables", "reference/citing",
    "reference/api/analysis.run", "reference/api/analysis.Study", "measured/index", "digest", "scaling",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with start_browser() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(scheme, site, browser):
    faults = {}
    with watch_page(browser) as watched:
        watched.page.emulate_media(color_scheme=scheme)
        for name in PAGES:
            watched.open(site.folder / f"{name}.html")
            assert watched.page.evaluate("document.documentElement.dataset.theme") == scheme
            # What axe would fetch beside the page, to look at its style sheets, a page from the disk may not.
            found = Axe().run(watched.page, options={"preload": False}).response["violations"]
            faults[name] = [(one["id"], one["nodes"][0]["html"]) for one in found
                            if one["impact"] in ("serious", "critical")]  # fmt: skip
        watched.assert_quiet()
    assert {name: found for name, found in faults.items() if found} == {}


def test_the_search_of_the_site_finds_a_word_without_a_server(site, browser):
    with watch_page(browser) as watched:
        page = watched.page
        watched.open(f"{(site.folder / 'search.html').as_uri()}?q=stability")
        page.locator("#search-results li a").first.wait_for()
        assert page.locator("#search-results li a", has_text="How to read a trend").count() == 1
        watched.assert_quiet()


def test_a_narrow_screen_is_not_scrolled_sideways(site, browser):
    with watch_page(browser) as watched:
        watched.page.set_viewport_size({"width": 390, "height": 800})
        for name in PAGES:
            watched.open(site.folder / f"{name}.html")
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390, name
