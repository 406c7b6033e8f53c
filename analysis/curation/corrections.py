"""Corrections by hand: what may stand in a curation.toml, checked whole before anything is done."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, StrictInt, ValidationError, model_validator

from analysis.config import InputError, Section

CURATION = "curation.toml"
LONGEST_LABEL = 80
_MOST_SHOWN, _MOST_FAULTS = 60, 20
# What is asked for, by the setting or by the kind of fault.
_WANTED = {
    "to": "name a theme",
    "topics": "give a list of numbers or labels of topics",
    "tuple_type": "give a list of texts",
    "string_type": "give a text",
    "too_short": "name one at least",
    "string_too_short": "give a text that is not empty",
}
# Joiners belong to words of some scripts; every other invisible sign can make a text read as another one.
_JOINERS = "\u200c\u200d"


def _check_label(label: str) -> str:
    label = unicodedata.normalize("NFC", " ".join(label.split()))
    if any(unicodedata.category(sign)[0] == "C" and sign not in _JOINERS for sign in label):
        raise ValueError("it holds control characters, or signs that turn the direction of text")
    if not any(sign.isalnum() for sign in label):
        raise ValueError("a label needs a letter or a digit")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"a label has at most {LONGEST_LABEL} characters")
    if label.casefold() == "unassigned":
        raise ValueError("this name is kept for the papers that have no theme")
    return label


def _check_word(word: str) -> str:
    word = " ".join(word.split())
    if not any(sign.isalnum() for sign in word):
        raise ValueError("a word needs a letter or a digit")
    return word


def _drop_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


Text = Annotated[str, Field(min_length=1)]
Label = Annotated[str, AfterValidator(_check_label)]
Texts = Annotated[tuple[Text, ...], AfterValidator(_drop_repeats)]
Some = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_drop_repeats)]
Words = Annotated[
    tuple[Annotated[str, AfterValidator(_check_word)], ...], Field(min_length=1), AfterValidator(_drop_repeats)
]
TopicNames = Annotated[tuple[StrictInt | Text, ...], AfterValidator(_drop_repeats)]


class Rename(Section):
    """Another label for a theme; its id and colour stay."""

    do: Literal["rename"] = "rename"
    theme: Text
    label: Label


class Merge(Section):
    """Several themes become one: `into`, or the largest of them."""

    do: Literal["merge"] = "merge"
    themes: Some
    into: Text | None = None
    label: Label | None = None

    @model_validator(mode="after")
    def _are_several(self) -> Merge:
        if len({*self.themes, *([self.into] if self.into else [])}) < 2:
            raise ValueError("name two themes or more")
        return self


class Split(Section):
    """Some papers of a theme, or whole topics of it, become a theme of their own.

    Where `topics` are named, papers that come later follow their topic; a
    topic of another fit goes along when most of its papers are among `papers`.
    Papers that are named alone go along wherever another fit puts them.
    """

    do: Literal["split"] = "split"
    theme: Text
    label: Label
    topics: TopicNames = ()
    papers: Texts = ()

    @model_validator(mode="after")
    def _takes_something(self) -> Split:
        if not self.topics and not self.papers:
            raise ValueError("give topics, papers (their paper_id) or both")
        return self


class Move(Section):
    """Papers go to another theme."""

    do: Literal["move"] = "move"
    papers: Some
    to: Text


class Pin(Section):
    """Papers stay where they are, whatever a new fit says: in one theme, or each in its own."""

    do: Literal["pin"] = "pin"
    papers: Some
    to: Text | tuple[Text, ...]

    @model_validator(mode="after")
    def _each_has_its_theme(self) -> Pin:
        if not isinstance(self.to, str) and len(self.to) != len(self.papers):
            raise ValueError("to: name one theme, or one for each of the papers")
        return self

    def list_themes(self) -> tuple[str, ...]:
        """The theme of each of the papers."""
        return (self.to,) * len(self.papers) if isinstance(self.to, str) else self.to


class Ignore(Section):
    """Words that say nothing here: they leave labels and keyphrases."""

    do: Literal["ignore"] = "ignore"
    words: Words


Correction: TypeAlias = Rename | Merge | Split | Move | Pin | Ignore
KINDS: dict[str, type[Rename | Merge | Split | Move | Pin | Ignore]] = {
    "rename": Rename,
    "merge": Merge,
    "split": Split,
    "move": Move,
    "pin": Pin,
    "ignore": Ignore,
}


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a study, in the order in which they are done; none where there is no file.

    Raises
    ------
    InputError
        If the file cannot be read or is at fault; all faults are named at once.
    """
    return parse_corrections(read_text(path), where=path.name)


def read_text(path: Path) -> str:
    """The text of a curation.toml as it stands, line ends included; empty where there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: this is not UTF-8 text ({error.reason}). Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None


def parse_corrections(text: str, *, where: str = CURATION) -> tuple[Correction, ...]:
    r"""Read the text of a curation.toml.

    Raises
    ------
    InputError
        If it is no TOML, or holds anything but corrections as they may be; all faults are named at once.

    Examples
    --------
    >>> parse_corrections('[[corrections]]\ndo = "ignore"\nwords = ["user"]\n')
    (Ignore(do='ignore', words=('user',)),)
    """
    try:
        settings = tomllib.loads(text)
    # tomllib lets go of more than its own error: of giant numbers and of deep nesting.
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: this is not a TOML file ({error}). Mend that line.") from None
    unknown = [name for name in settings if name != "corrections"]
    faults = [f"{where}: unknown setting {name!r}.{_hint(name, ['corrections'])}" for name in unknown]
    entries = settings.get("corrections", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{where}: corrections is no list of sections. Write each under a line [[corrections]].")
    found: list[Correction] = []
    for number, entry in enumerate(entries, start=1):
        kind = KINDS.get(entry["do"]) if isinstance(entry.get("do"), str) else None
        place = f"{where} correction {number}"
        if kind is None:
            said = f"do = {_shorten(entry['do'])} is not allowed" if "do" in entry else "do is missing"
            faults.append(f"{place}: {said}.{_hint(entry.get('do'), list(KINDS))}")
            continue
        try:
            found.append(kind.model_validate(entry))
        except ValidationError as error:
            faults += [f"{place} ({entry['do']}): {said}" for said in _list_faults(error, kind)]
    if faults:
        more = [f"{where}: {len(faults) - _MOST_FAULTS:,} more like these."] if len(faults) > _MOST_FAULTS else []
        raise InputError("\n".join([*faults[:_MOST_FAULTS], *more]))
    return tuple(found)


def make_correction(do: str, **fields: Any) -> Correction:
    """One correction from what a program gives; fields that are None are left out.

    Raises
    ------
    InputError
        If a field is at fault.
    """
    kind = KINDS[do]
    try:
        return kind.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise InputError("\n".join(f"{do}: {said}" for said in _list_faults(error, kind))) from None


def _list_faults(error: ValidationError, kind: type[Section]) -> list[str]:
    """Each fault in words, once: of a choice of types each type has one of its own."""
    return list(dict.fromkeys(_describe(fault, kind) for fault in error.errors()))


def _describe(fault: Any, kind: type[Section]) -> str:
    # A choice of types puts the name of each into the place; one of them is enough to tell.
    place = [str(part) for part in fault["loc"]]
    name = place[0] if place else ""
    known = [one for one in kind.model_fields if one != "do"]
    if fault["type"] == "missing":
        return f"{name} is missing. Give it."
    if fault["type"] == "extra_forbidden":
        return f"unknown setting {name!r}.{_hint(name, known)}"
    message = fault["msg"].removeprefix("Value error, ")
    if not name:
        return f"{message}."
    if fault["type"] != "value_error":
        message = _WANTED.get(name) or _WANTED.get(fault["type"]) or message[:1].lower() + message[1:]
    return f"{name} = {_shorten(fault['input'])} is not allowed: {message}."


def _hint(name: object, known: list[str]) -> str:
    near = difflib.get_close_matches(str(name), known, n=1)
    return f" Did you mean {near[0]!r}?" if near else f" Known here: {', '.join(sorted(known))}."


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
