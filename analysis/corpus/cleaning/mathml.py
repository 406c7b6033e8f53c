"""MathML to a line of text: its TeX annotation where it has one, else its letters with ^, _ and /."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# A formula in an abstract is short; a longer one is made to harm.
_MAX_LENGTH, _MAX_DEPTH = 20_000, 40
_PREFIX = re.compile(r"(</?)[A-Za-z]{1,8}:")
_SIMPLE = re.compile(r"[-+\u2212]?\w+")
_INVISIBLE_OPERATORS = dict.fromkeys((0x2061, 0x2062, 0x2063, 0x2064))


def flatten_mathml(fragment: str) -> str:
    """The inside of a ``<math>`` element as text.

    Examples
    --------
    >>> flatten_mathml("<mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup><mml:mo>=</mml:mo><mml:mn>4</mml:mn>")
    'x^2=4'
    """
    from selectolax.lexbor import LexborHTMLParser

    if len(fragment) > _MAX_LENGTH:
        return re.sub(r"<[^<>]{0,500}>", "", fragment)
    root = LexborHTMLParser(_PREFIX.sub(r"\1", f"<body><math>{fragment}</math></body>")).css_first("math")
    if root is None:
        return ""
    annotation = root.css_first('annotation[encoding="application/x-tex"]')
    if annotation is not None and (tex := annotation.text().strip()):
        return f"${tex.strip('$')}$"
    return _flatten(root, 0).translate(_INVISIBLE_OPERATORS)


def _flatten(node: LexborNode, depth: int) -> str:
    name = node.tag or ""
    if name in ("annotation", "annotation-xml"):
        return ""
    children = list(node.iter(include_text=True))
    if depth > _MAX_DEPTH or not children:
        return " ".join((node.text() or "").split())
    parts = [part for part in (_flatten(child, depth + 1) for child in children) if part]
    if name in ("msup", "mover") and len(parts) == 2:
        return f"{parts[0]}^{_enclose(parts[1])}" if name == "msup" else parts[0]
    if name == "msub" and len(parts) == 2:
        return f"{parts[0]}_{_enclose(parts[1])}"
    if name == "msubsup" and len(parts) == 3:
        return f"{parts[0]}_{_enclose(parts[1])}^{_enclose(parts[2])}"
    if name == "mfrac" and len(parts) == 2:
        return f"{_enclose(parts[0])}/{_enclose(parts[1])}"
    if name == "msqrt":
        return f"\u221a{_enclose(''.join(parts))}"
    return "".join(parts)


def _enclose(part: str) -> str:
    return part if _SIMPLE.fullmatch(part) else f"({part})"
