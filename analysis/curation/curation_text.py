"""The text of a curation.toml: corrections are added at its end and taken from there; all else stays as written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from analysis.config import InputError
from analysis.curation.corrections import CURATION, Correction, parse_corrections

_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*corrections[ \t]*\]\]", re.MULTILINE)
_LINE = 100
_FIRST = "# Corrections by hand, done in this order after every fit: see `themeline correct --help`.\n"


def add_correction(text: str, correction: Correction) -> str:
    """The text with one correction more at its end.

    Parameters
    ----------
    text : str
        Of a curation.toml; empty where there is none yet.
    correction : Correction

    Raises
    ------
    InputError
        If the text holds its corrections in a way that none can be added to.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    block = write_correction(correction)
    before = text or _FIRST
    glue = "" if before.endswith("\n") else "\n"
    added = before + (f"{glue}\n{block}").replace("\n", newline)
    wanted = (*parse_corrections(text), correction)
    try:
        if parse_corrections(added) == wanted:
            return added
    except InputError:
        pass
    raise InputError(f"{CURATION}: its list stands in one line. Write [[corrections]] over each of its parts instead.")


def drop_last(text: str) -> str:
    """The text without its last correction; empty where nothing but our own first line is left.

    Raises
    ------
    InputError
        If the last correction does not stand under a line of its own.
    """
    held = parse_corrections(text)
    # A line that looks like one may stand inside a text: only a right result counts.
    for head in reversed(list(_HEAD.finditer(text))):
        left = re.sub(r"(\r?\n)\r?\n\Z", r"\1", text[: head.start()])
        try:
            if parse_corrections(left) == held[:-1]:
                return "" if left.strip() in ("", _FIRST.strip()) else left
        except InputError:
            continue
    raise InputError(f"{CURATION}: its last part does not stand under a line [[corrections]]. Take it out by hand.")


def write_correction(correction: Correction) -> str:
    """One correction as TOML.

    Examples
    --------
    >>> from analysis.curation.corrections import make_correction
    >>> print(write_correction(make_correction("rename", theme="robotics", label="Robots")), end="")
    [[corrections]]
    do = "rename"
    theme = "robotics"
    label = "Robots"
    """
    held = correction.model_dump(mode="json", exclude_defaults=True)
    lines = [f"{name} = {_write_value(value)}" for name, value in held.items()]
    return "\n".join(["[[corrections]]", f'do = "{correction.do}"', *lines, ""])


def _write_value(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_write_value(one) for one in value]
        line = f"[{', '.join(parts)}]"
        return line if len(line) <= _LINE else "[\n" + "".join(f"  {part},\n" for part in parts) + "]"
    # What JSON escapes TOML escapes alike, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
