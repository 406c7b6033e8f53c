"""HTML, JATS and PubMed markup: entities become characters, known tags go, their text stays.

Only tags of known names are markup, and inline ones only in pairs: a language
model's ``<think>`` or a formula's "a<b>c" is what the authors wrote. Names
follow HTML and the Journal Article Tag Suite [1]_.

References
----------
.. [1] ANSI/NISO Z39.96-2021, JATS: Journal Article Tag Suite.
"""

from __future__ import annotations

import html
import re

from analysis.corpus.cleaning.mathml import flatten_mathml

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# "&amp;amp;lt;": however often an ampersand was escaped, it is one.
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)+")
_TAG = re.compile(r"<(/?)((?:jats|mml|xhtml):)?([A-Za-z][A-Za-z0-9-]{0,30})(?:\s[^<>=]{0,100}=[^<>]{0,500})?\s?/?>")
_BLOCKS = frozenset("p br div li ul ol hr h1 h2 h3 h4 h5 h6 blockquote sec title list list-item para".split())  # noqa: SIM905
_INLINE = frozenset(
    "a b i u em strong sub sup small span sc font big italic bold underline monospace xref ext-link named-content "  # noqa: SIM905
    "inline-formula disp-formula styled-content tex-math alternatives".split()
)
_HEADINGS = frozenset("title h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905
# Tags that are often written without their partner.
_SINGLE = frozenset(("p", "br", "hr", "li"))
_POWER = re.compile(r"[-+\u2212\u2013]?\d")
_HEADING_END = tuple(".:;!?")


def resolve_entities(text: str) -> str:
    """Turn HTML entities into their characters; what is no entity (``AT&T``, ``?a=1&copy=2``) stays.

    Examples
    --------
    >>> resolve_entities("R&amp;amp;D &lt; 5&#37; &unknown; AT&T")
    'R&D < 5% &unknown; AT&T'
    """
    if "&" not in text or ";" not in text:
        return text
    return _ENTITY.sub(lambda found: html.unescape(found.group()), _AMPERSANDS.sub("&", text))


def flatten_tags(text: str) -> str:
    """Take known tags away and keep what they hold; headings get a colon, powers of ten a caret.

    Examples
    --------
    >>> flatten_tags("<jats:title>Aims</jats:title><jats:p>CO<jats:sub>2</jats:sub> below 10<sup>-5</sup></jats:p>")
    ' Aims:  CO2 below 10^-5 '
    >>> flatten_tags("The <think> token, a<b>c and x < y > z")
    'The <think> token, a<b>c and x < y > z'
    """
    if "<" not in text or ">" not in text:
        return text
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    tags = [found for found in _TAG.finditer(text) if _is_known(found)]
    if not tags:
        return text
    opened = {_name(tag) for tag in tags if not tag.group(1)}
    closed = {_name(tag) for tag in tags if tag.group(1)}
    has_tex = "tex-math" in opened & closed
    parts, place, math_from = [], 0, -1
    for tag in tags:
        name, closing = _name(tag), bool(tag.group(1))
        if name == "math":
            if closing and math_from >= 0:
                parts.append("" if has_tex else flatten_mathml(text[math_from : tag.start()]))
                place, math_from = tag.end(), -1
            elif not closing and math_from < 0 and name in closed:
                parts.append(text[place : tag.start()])
                math_from = place = tag.end()
        elif math_from < 0 and (tag.group(2) or name in _SINGLE or name in opened & closed):
            parts += (text[place : tag.start()], _replace_tag(text, tag, name))
            place = tag.end()
    parts.append(text[place:])
    return "".join(parts)


def _name(tag: re.Match[str]) -> str:
    return tag.group(3).lower()


def _is_known(tag: re.Match[str]) -> bool:
    name = _name(tag)
    return bool(tag.group(2)) or name in _BLOCKS or name in _INLINE or name == "math"


def _replace_tag(text: str, tag: re.Match[str], name: str) -> str:
    """What stands in a tag's place."""
    start, end, closing = tag.start(), tag.end(), bool(tag.group(1))
    if closing and name in _HEADINGS:
        before = text[max(0, start - 200) : start].rstrip()
        return " " if before.endswith(_HEADING_END) or before.endswith(">") else ": "
    if name == "sup" and not closing and text[start - 1 : start].isdigit() and _POWER.match(text, end):
        return "^"
    if name == "tex-math":
        return "" if "$" in (text[start - 1 : start] if closing else text[end : end + 1]) else "$"
    return " " if name in _BLOCKS else ""
