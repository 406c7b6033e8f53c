"""How templates are read: every value is escaped unless it is marked as safe."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from analysis.plots.text import clean

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~$#!&^])")
# These mean something at the start of a line only.
_START = re.compile(r"^(\s*)([-+=])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")


@cache
def html_environment() -> Environment:
    """Templates of HTML: autoescape on, an unknown name is an error."""
    return Environment(
        loader=PackageLoader("analysis.reports"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


@cache
def markdown_environment() -> Environment:
    """Templates of Markdown: each value goes through `escape_markdown`."""
    environment = Environment(
        loader=PackageLoader("analysis.reports"),
        # Markup passes, all else is escaped by `finalize` first: as Markdown, not as HTML.
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        keep_trailing_newline=True,
    )
    environment.filters["address"] = lambda url: Markup(f"<{url}>")
    return environment


def _finalize(value: Any) -> Markup:
    return value if isinstance(value, Markup) else Markup(escape_markdown(value))


def escape_markdown(value: object) -> str:
    r"""Text that Markdown shows as it stands, without links, HTML, formulas or table cells of its own.

    Examples
    --------
    >>> print(escape_markdown("*a* | <b>"))
    \*a\* \| &lt;b&gt;
    """
    plain = _MARKDOWN.sub(r"\\\1", clean_keep_edges(value))
    plain = plain.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")
    # A bare address would become a link, and one of a paper's own choice.
    plain = re.sub(r"(?i)\b(https?|ftp|mailto|javascript|data)(:)", r"\1&#58;", plain)
    plain = re.sub(r"(?i)\bwww\.", "www&#46;", plain)
    return _NUMBERED.sub(r"\1\\\2", _START.sub(r"\1\\\2", plain))


def clean_keep_edges(value: object) -> str:
    """Cleaned text with a blank kept at either end: a template joins words by them."""
    text = str(value)
    core = clean(text)
    return (" " if text[:1] == " " and core else "") + core + (" " if text[-1:] == " " and core else "")
