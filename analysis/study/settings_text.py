"""Change one setting in the text of a study file; all else, comments included, stays as its owner wrote it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from analysis.config import InputError

_START = re.compile(r"(?:sources|\"sources\"|'sources')[ \t]*=[ \t]*\[")
# What an array of strings is made of: text in quotation marks of four kinds, a comment, or its end.
_PART = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|(?P<comment>#[^\n]*)|(?P<comma>,)|(?P<end>\])",
    re.DOTALL,
)


def add_sources(text: str, names: Sequence[str], *, where: str) -> str:
    """The text of a study file with sources added to ``sources`` of ``[corpus]``.

    Parameters
    ----------
    text : str
    names : sequence of str
        Paths relative to the study.
    where : str
        Path of the file, for messages.

    Raises
    ------
    InputError
        If the list of sources is not found, as when it is written in an unusual way.
    """
    held = tomllib.loads(text.removeprefix("\ufeff"))
    wanted: dict[str, Any] = {**held, "corpus": {**held["corpus"], "sources": [*held["corpus"]["sources"], *names]}}
    # As TOML wants it: what JSON escapes it escapes alike, but for one character.
    values = [json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f") for name in names]
    for start in _START.finditer(text):
        changed = _insert(text, start.end(), values)
        # Any of the places found may stand in a comment, in text or in another section: only a right result counts.
        if changed is not None and _parse(changed) == wanted:
            return changed
    raise InputError(
        f"{where} [corpus]: no line `sources = [...]` was found to add to. Add there by hand: {', '.join(values)}. "
        "Then give the same command again."
    )


def _parse(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except ValueError:
        return None


def _insert(text: str, start: int, values: Sequence[str]) -> str | None:
    """The text with values at the end of the array that begins at `start`; None where it has no end."""
    last, comma, indent = start, True, ""
    for part in _PART.finditer(text, start):
        if part["end"]:
            return _join(text, (last, comma), part.start(), values, indent)
        if part["comma"]:
            comma, last = True, part.end()
        elif not part["comment"]:
            comma, last = False, part.end()
            line = text[text.rfind("\n", 0, part.start()) + 1 : part.start()]
            indent = line if not line.strip() else indent
    return None


def _join(text: str, last: tuple[int, bool], end: int, values: Sequence[str], indent: str) -> str:
    place, comma = last
    line = text.rfind("\n", place, end)
    if line < 0:
        before, after = text[:place], text[place:]
        if comma:
            before, after = before.rstrip(" \t"), after.lstrip(" \t")
        glue = "" if before.endswith("[") else " " if comma else ", "
        return f"{before}{glue}{', '.join(values)}{after}"
    head = text[:place] + ("" if comma else ",") + text[place : line + 1]
    newline = "\r\n" if head.endswith("\r\n") else "\n"
    indent = indent or "  "
    return head + "".join(f"{indent}{value},{newline}" for value in values) + text[line + 1 :]
