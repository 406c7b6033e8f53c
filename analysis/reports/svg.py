"""SVG files that are the same in every run."""

from __future__ import annotations

import re

_ATTRIBUTE = re.compile(r'\s+[\w:.-]+="[^"]*"')
_TAG = re.compile(r'<([\w:.-]+)((?:\s+[\w:.-]+="[^"]*")+)(\s*/?>)')


def steady_svg(text: str) -> str:
    """An SVG whose ids are the same in every run: plotly draws six random hex digits for each picture.

    Examples
    --------
    >>> steady_svg('<g id="topdefs-1a2b3c"/><g clip-path="url(#clip1a2b3cxyplot)"/>')
    '<g id="topdefs-fixed0"/><g clip-path="url(#clipfixed0xyplot)"/>'
    """
    text = _TAG.sub(_sort_attributes, text)
    found = re.search(r'id="(?:top)?defs-([0-9a-f]{6})"', text)
    if not found:
        return text
    random_id = found.group(1)

    def settle(match: re.Match[str]) -> str:
        return match.group(0).replace(random_id, "fixed0")

    # Only where ids are given or used: elsewhere the six digits could be a colour.
    return re.sub(r"""(?:\bid|href|class)=["'][^"']*["']|url\([^)]*\)""", settle, text)


def _sort_attributes(tag: re.Match[str]) -> str:
    """A tag with its attributes by name: a style comes before or after a width, as the browser had time."""
    return f"<{tag[1]}" + "".join(sorted(_ATTRIBUTE.findall(tag[2]))) + tag[3]
