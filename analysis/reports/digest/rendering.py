"""A bulletin as text and as HTML for mail readers."""

from __future__ import annotations

import textwrap

from jinja2 import Environment, PackageLoader, StrictUndefined

from analysis.reports.digest.content import Bulletin
from analysis.reports.templating import html_environment

_WIDTH = 76


def render_digest_html(bulletin: Bulletin) -> str:
    """One page without script, image or address to fetch: styles stand in the elements, as mail readers need it."""
    return html_environment().get_template("digest.html.j2").render(bulletin=bulletin)


def render_digest_text(bulletin: Bulletin) -> str:
    """Plain text in lines of up to 76 characters; addresses are never broken."""
    environment = Environment(
        loader=PackageLoader("analysis.reports"),
        # Plain text: nothing in it is markup, and every value was cleaned where the bulletin was written.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["lines"] = _break_lines
    return environment.get_template("digest.txt.j2").render(bulletin=bulletin)


def _break_lines(text: str, first: str = "", rest: str | None = None) -> str:
    """The text in lines, with what stands before the first and before the others."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
