"""Read a study.toml into one checked model, or name every fault at once."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from analysis.config.sections import Config, InputError, NamedTheme

_MOST_SHOWN = 60
# What pydantic says of a wrong type, in the words of TOML.
_KINDS = {
    "bool_parsing": "give true or false",
    "bool_type": "give true or false",
    "float_parsing": "give a number",
    "float_type": "give a number",
    "int_parsing": "give a whole number",
    "int_type": "give a whole number",
    "int_from_float": "give a whole number",
    "string_type": "give text in quotation marks",
    "tuple_type": 'give a list, such as ["..."]',
}


def read_config(path: Path) -> Config:
    """Read and check a study file.

    Parameters
    ----------
    path : Path
        A ``study.toml``, or a folder that holds one.

    Raises
    ------
    InputError
        If the file is missing, is not TOML, or holds a setting that is
        unknown or out of range; all such settings are named at once.
    """
    path = Path(path)
    path = path / "study.toml" if path.is_dir() else path
    try:
        text = path.read_bytes().decode("utf-8-sig")
        settings = tomllib.loads(text)
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such study. Give a study.toml, a folder that holds one, or a source file."
        ) from None
    # tomllib lets go of more than its own error: of giant numbers and of deep nesting.
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: this is not a TOML file ({error}). Mend that line.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
    return parse_config(settings, where=path.name)


def parse_config(settings: dict[str, Any], *, where: str = "study.toml") -> Config:
    """Turn nested settings into a `Config`, or raise one `InputError` that names every fault."""
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        faults = [_describe_fault(fault) for fault in error.errors()]
        raise InputError("\n".join(f"{where} {fault}" for fault in faults)) from None


def _describe_fault(fault: Any) -> str:
    *sections, setting = [str(part) for part in fault["loc"]] or ["study"]
    place = f"[{'.'.join(sections)}]" if sections else "(top level)"
    kind, message = fault["type"], fault["msg"].removeprefix("Value error, ")
    if kind == "missing":
        return f"{place}: {setting} is missing. Give it."
    if kind in ("model_type", "model_attributes_type"):
        return f"{place}: {setting} = {_shorten(fault['input'])} is not allowed: it is a section. Write [{setting}]."
    if isinstance(fault["input"], dict | BaseModel):
        return f"[{'.'.join((*sections, setting))}]: {message}."
    if setting in ("captured", "start"):
        message = "give a day, such as 2025-10-17"
    if kind == "extra_forbidden":
        known = list(_settings_at(sections))
        near = difflib.get_close_matches(setting, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(sorted(known))}."
        return f"{place}: unknown setting {setting!r}. {hint}"
    if setting.isdigit():
        place, setting = f"[{'.'.join(sections[:-1])}]", f"{sections[-1]}[{setting}]"
    return f"{place}: {setting} = {_shorten(fault['input'])} is not allowed: {_KINDS.get(kind, message)}."


def _shorten(value: object) -> str:
    text = str(value) if isinstance(value, dt.date) else repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def _settings_at(sections: list[str]) -> dict[str, Any]:
    model: Any = Config
    for section in sections:
        if section.isdigit():
            continue
        field = model.model_fields.get(section)
        model = NamedTheme if section == "named" else (field.annotation if field else Config)
    return dict(model.model_fields)
