"""What axe-core finds in a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")


def find_faults(page: Page, *, impacts: tuple[str, ...] = _GRAVE) -> list[str]:
    """Faults of a page against WCAG 2 and good practice, each with its first place; those of these impacts.

    The layers of a picture of plotly are passed over, with thousands of parts:
    for who listens they are one picture, and of text over shapes axe cannot
    tell the contrast.
    """
    axe, context = Axe(), {"exclude": [["svg.main-svg"]]}
    found = axe.run(page, context=context, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['impact']}: {one['help']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in impacts
    ]
