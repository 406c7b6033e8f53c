"""One browser for all tests of this folder, and pages that keep a record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.watching import Watched, start_browser, watch_page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A page without any network, and what was seen in it: ``watched.page``, ``watched.assert_quiet()``."""
    with watch_page(browser) as watching:
        yield watching


@pytest.fixture
def watched_locally(browser: Browser) -> Iterator[Watched]:
    """The same where requests to this machine pass, for pages of a server that the test has started."""
    with watch_page(browser, local=True) as watching:
        yield watching
