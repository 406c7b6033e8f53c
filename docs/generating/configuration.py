"""The settings of `study.toml` as Markdown, read from the models that check them."""

import inspect
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

Meanings = dict[str, dict[str, str]]


def list_settings(config: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Every section and setting by its name in ``study.toml``; the section of what stands above all is empty."""
    for section, model in _list_sections(config):
        for name in model.model_fields:
            if not (section == "themes" and name == "named") and _model_of(model, name) is None:
                yield section, name


def read_meanings(path: Path) -> Meanings:
    """One sentence for each setting, by section; those above all sections under ``study``."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def describe_settings(config: type[BaseModel], meanings: Meanings) -> str:
    """The page of all settings.

    Parameters
    ----------
    config : the model of the whole configuration
    meanings : mapping of section to setting to sentence
    """
    parts = [
        "# The settings of a study\n",
        "All of them stand in `study.toml`. Every setting has a default that serves, and a study can do without the "
        "file. An unknown setting is refused, with the nearest known one, before anything is computed.\n",
    ]
    for section, model in _list_sections(config):
        head = f"`[{section}]`" if section and "." not in section else f"`[[{section}]]`" if section else "Above all"
        parts.append(f"## {head}\n\n{_first_lines(model)}\n")
        schema, known = model.model_json_schema(), meanings.get(section or "study", {})
        rows = []
        for name, field in model.model_fields.items():
            if (section, name) in set(list_settings(config)):
                allowed = _allowed(schema["properties"][name], schema.get("$defs", {}))
                default = field.get_default(call_default_factory=True)
                rows.append(f"| `{name}` | {allowed} | {_default(default)} | {known.get(name, '')} |")
        parts.append("| setting | allowed | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _list_sections(config: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    yield "", config
    for name in config.model_fields:
        model = _model_of(config, name)
        if model is not None:
            yield name, model
            if name == "themes":
                yield "themes.named", model.model_fields["named"].annotation.__args__[0]  # type: ignore[union-attr]


def _model_of(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    kind = model.model_fields[name].annotation
    return kind if inspect.isclass(kind) and issubclass(kind, BaseModel) else None


def _first_lines(model: type[BaseModel]) -> str:
    words = inspect.cleandoc(model.__doc__ or "").replace("\n", " ").replace("  ", "\n\n")
    return re.sub(r"figures/benchmarks/(\w+)\.md", r"[\1](../measured/\1.md)", words)


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return "unset"
    return f"`{json.dumps(value, ensure_ascii=False, default=str)}`"


def _allowed(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _allowed(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "anyOf" in schema:
        kinds = [_allowed(one, definitions) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(kinds)
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{json.dumps(one)}`" for one in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "array":
        return f"list of {_allowed(schema.get('items', {}), definitions)}"
    if kind == "object":
        return f"table of {_allowed(schema.get('additionalProperties') or {}, definitions)}"
    if kind == "string":
        return "day, such as `2025-10-17`" if schema.get("format") == "date" else "text"
    words = {"integer": "whole number", "number": "number", "boolean": "`true`, `false`"}.get(str(kind), "text")
    bounds = [("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<")]
    return ", ".join([words, *(f"{sign} {schema[key]:.10g}" for key, sign in bounds if key in schema)])
