"""A page of a browser without a network, and a record of all that happens in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, Request, Route, sync_playwright

# What comes from the disk or from the page itself; all else would go through a network.
_OWN = re.compile(r"^(file|data|blob|about):")
_THIS_MACHINE = re.compile(r"^(https?|wss?)://(127\.0\.0\.1|localhost)[:/]")
# Resolves no name and reaches no host, were the routing of requests ever at fault.
_OFFLINE = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
_WATCH_POLICY = """
addEventListener("securitypolicyviolation", event => console.error(
  "policy violation: " + event.effectiveDirective + " " + event.blockedURI + " " + event.sample));
"""


@dataclass
class Watched:
    """A page and what was seen in it.

    Attributes
    ----------
    page : playwright.sync_api.Page
    alerts : list of str
        Messages of the dialogs that opened (and were closed at once): the trap for texts that run.
    errors : list of str
        Errors of the console and of scripts, violations of the content security policy among them.
    asked : list of str
        Addresses outside the page's own disk that something wanted to open; refused, all of them
        (for `local`: all but those of this machine).
    popups : list of str
        Addresses of windows that opened.
    """

    page: Page
    alerts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    popups: list[str] = field(default_factory=list)

    @property
    def violations(self) -> list[str]:
        """The errors that tell of a broken content security policy."""
        return [one for one in self.errors if re.search("(?i)content security policy|policy violation", one)]

    def open(self, place: Path | str, **options: Any) -> Page:
        """Go to a file or an address and wait until it is loaded."""
        self.page.goto(place.resolve().as_uri() if isinstance(place, Path) else place, **options)
        return self.page

    def open_text(self, html: str, folder: Path, *, name: str = "page.html") -> Page:
        """Write a page to a folder and open it from there: a file has the rights that a user's copy has."""
        path = folder / name
        path.write_text(html, encoding="utf-8")
        return self.open(path)

    def wait_until(self, expression: str, *, seconds: float = 20) -> None:
        """Wait until a JavaScript expression holds: Playwright's own way to wait is eval, which our policies refuse."""
        for _ in range(round(20 * seconds)):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        message = f"after {seconds:g} s this did not hold: {expression}"
        raise TimeoutError(message)

    def assert_quiet(self) -> None:
        """Nothing ran that should not, nothing was asked of a network, no error was told."""
        seen = {name: getattr(self, name) for name in ("alerts", "errors", "asked", "popups")}
        assert not any(seen.values()), seen


@contextmanager
def start_browser() -> Iterator[Browser]:
    """A chromium without a network; it ends with the block."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "no chromium on the PATH: `apt install chromium`"
        raise FileNotFoundError(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OFFLINE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watch_page(browser: Browser, *, local: bool = False, **options: Any) -> Iterator[Watched]:
    """A fresh page that keeps a record.

    Parameters
    ----------
    browser : Browser
    local : bool
        Let requests to this machine pass, as a page of JupyterLab needs.
    **options
        As ``Browser.new_context`` takes them: ``color_scheme``, ``viewport``, ``reduced_motion``.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(30_000)
    context.add_init_script(_WATCH_POLICY)
    watched = Watched(context.new_page())

    def settle(route: Route, request: Request) -> None:
        if _OWN.match(request.url) or (local and _THIS_MACHINE.match(request.url)):
            route.continue_()
        else:
            watched.asked.append(request.url)
            route.abort()

    def close(dialog: Dialog) -> None:
        watched.alerts.append(dialog.message)
        dialog.dismiss()

    context.route("**/*", settle)
    context.on("page", lambda popup: watched.popups.append(popup.url))
    watched.page.on("dialog", close)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("console", lambda said: watched.errors.append(said.text) if said.type == "error" else None)
    try:
        yield watched
    finally:
        context.close()
