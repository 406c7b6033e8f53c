"""The explorer's modules as one script: for a page without addresses, and for a notebook.

A page that may fetch nothing cannot load modules from one another, so they are
laid one after the other: a name at the top of a module is a name of all.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

# Each after those that it imports from.
_MODULES = (
    "elements",
    "blocks",
    "texts",
    "state",
    "colours",
    "raster",
    "maplabels",
    "papermap",
    "mapmoves",
    "shares",
    "trend",
    "timeline",
    "legend",
    "papers",
    "details",
    "downloads",
    "corrections",
    "correcting",
    "app",
)
_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./([a-z]+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)


@cache
def read_static(name: str) -> str:
    """Text of a file of the explorer."""
    return (files("analysis.reports.explorer") / "static" / name).read_text(encoding="utf-8")


@cache
def join_modules() -> str:
    """All modules as one text in one scope, imports and exports taken out.

    Raises
    ------
    ValueError
        If a module imports from one that comes after it.
    """
    parts = []
    for number, name in enumerate(_MODULES):
        text = read_static(f"{name}.js")
        late = [found for found in _IMPORT.findall(text) if found not in _MODULES[:number]]
        if late:
            raise ValueError(f"{name}.js imports from {', '.join(late)}, which must come before it")
        parts.append(_EXPORT.sub("", _IMPORT.sub("", text)).strip())
    return "\n\n".join(parts)


def join_page() -> str:
    """The script of the page that works offline."""
    return f'"use strict";\n(() => {{\n{join_modules()}\nopenPage();\n}})();\n'


def join_widget() -> str:
    """The module that a notebook loads."""
    return f"{join_modules()}\nexport default {{ render: renderWidget }};\n"


def join_styles() -> str:
    """The styles of both; every rule stands under the explorer's own class."""
    return read_static("explorer.css")
