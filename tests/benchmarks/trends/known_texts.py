"""What is expected of the themes, and what was said of the result: two TOML files."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from analysis.config import InputError

HERE = Path(__file__).parent
KNOWN = HERE / "known.toml"
NOTES = HERE / "known_notes.toml"

Expected = Literal["rising", "falling", "level"]
_EXPECTED = ("rising", "falling", "level")


@dataclass(frozen=True)
class Expectation:
    """A named theme and the course that is expected of it.

    Attributes
    ----------
    name, why : str
    expected : {"rising", "falling", "level"}
    phrases : tuple of str
    """

    name: str
    expected: Expected
    why: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """All expectations of one corpus: its file and the period by which it is counted."""

    corpus: str
    period: str
    themes: tuple[Expectation, ...]


@dataclass(frozen=True)
class Note:
    """What explains one theme's verdict.

    Attributes
    ----------
    text : str
        Markdown; ``{column}`` stands for one of `numbers`.
    words : str
        Regular expression, case ignored: a second measure of the theme, by words in title and abstract.
    numbers : dict of str to float or str
        Columns of the table as they were when the text was written.
    right : dict of str to list of int
        By third: titles that were judged to belong to the theme, and titles that were read.
    """

    text: str
    words: str
    numbers: dict[str, Any] = field(default_factory=dict)
    right: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Notes:
    """Everything that was said of one run.

    Attributes
    ----------
    sections : dict of str to str
        Markdown by the name of the page's section.
    themes : dict of str to Note
    drift : str
        Theme whose phrases are shown.
    events : dict of str to str
        Regular expressions by what they stand for.
    """

    sections: dict[str, str]
    themes: dict[str, Note]
    drift: str
    events: dict[str, str]


def read_known(path: Path) -> Known:
    """Read the expectations.

    Raises
    ------
    InputError
        If the file is missing or expects something that no verdict can answer.
    """
    content = _read(path)
    themes = tuple(Expectation(**{**one, "phrases": tuple(one["phrases"])}) for one in content["theme"])
    wrong = [f"{one.name}: {one.expected!r}" for one in themes if one.expected not in _EXPECTED]
    if wrong:
        raise InputError(f"{path}: expected must be one of {', '.join(_EXPECTED)}. Found {'; '.join(wrong)}.")
    return Known(content["corpus"], content["period"], themes)


def read_notes(path: Path, known: Known) -> Notes:
    """Read the notes.

    Raises
    ------
    InputError
        If the file is missing, speaks of a theme that is not expected or of a number that it does not give.
    """
    content = _read(path)
    themes = {one.pop("name"): Note(**one) for one in content.get("theme", [])}
    names = [one.name for one in known.themes]
    strange = sorted({*themes, content["drift"]} - set(names))
    if strange:
        raise InputError(f"{path}: no such theme: {', '.join(strange)}. There are: {', '.join(names)}.")
    lost = [
        f"{name}: {column}"
        for name, note in themes.items()
        for _, column, _, _ in string.Formatter().parse(note.text)
        if column is not None and column not in note.numbers
    ]
    if lost:
        raise InputError(f"{path}: a text speaks of numbers that its note does not give: {', '.join(lost)}.")
    events = {one["name"]: one["words"] for one in content.get("event", [])}
    return Notes(content.get("sections", {}), themes, content["drift"], events)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: this file cannot be read ({error}).") from None
