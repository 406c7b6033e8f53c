"""JSON lines (one object per line), or one JSON array of objects."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from analysis.config import InputError
from analysis.corpus.formats.fields import describe_columns, match_columns, parse_row
from analysis.corpus.records import Format, Payload, Reading, SetAside

_SAMPLE_LINES = 20


def recognise_json(payload: Payload) -> bool:
    """Whether the text is JSON: an array, or lines most of which open an object."""
    if payload.text is None:
        return False
    start = payload.text.lstrip()
    if start.startswith("{") or (start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]", "")):
        return True
    lines = [line for line in payload.text[:1_000_000].split("\n") if line.strip()][:_SAMPLE_LINES]
    return 2 * sum(line.lstrip().startswith("{") for line in lines) >= len(lines)


def read_json(payload: Payload, captured: dt.date | None) -> Reading:
    """Read every object; a line that is not one costs that line alone.

    Raises
    ------
    InputError
        If a JSON array is broken, or no object has a title or an abstract.
    """
    items, set_aside = _list_items(payload)
    names = dict.fromkeys(name for _, _, item in items for name in item)
    columns = match_columns(names)
    if items and not columns.has_text:
        raise InputError(
            f"{payload.name}: no record has a title or an abstract (keys found: {', '.join(list(names)[:20])}). "
            "Name the keys 'title' and 'abstract'."
        )
    records = [parse_row(item, columns, position=position, raw=raw) for position, raw, item in items]
    notes = [describe_columns(payload.name, columns)] if items else []
    return Reading(records, set_aside, notes, captured)


def _list_items(payload: Payload) -> tuple[list[tuple[str, str, dict[str, Any]]], list[SetAside]]:
    text = payload.text or ""
    whole = _parse_whole(payload)
    candidates: list[tuple[str, str, Any]]
    if whole is not None:
        candidates = [(f"item {n}", json.dumps(item, ensure_ascii=False), item) for n, item in enumerate(whole, 1)]
    else:
        # Split at line feeds alone: str.splitlines would cut strings at U+2028.
        lines = ((n, line.strip()) for n, line in enumerate(text.split("\n"), 1))
        candidates = [(f"line {n}", line, _parse_line(line)) for n, line in lines if line]
    items, set_aside = [], []
    for position, raw, item in candidates:
        if isinstance(item, dict):
            items.append((position, raw, item))
        else:
            reason = item if isinstance(item, _Fault) else "not a JSON object"
            set_aside.append(SetAside(payload.name, position, str(reason), raw))
    return items, set_aside


class _Fault(str):
    """Why a line cannot be parsed."""

    __slots__ = ()


def _parse_line(line: str) -> Any:
    try:
        return json.loads(line)
    except RecursionError:
        return _Fault("not JSON that can be read (nested too deeply)")
    except ValueError as error:
        return _Fault(f"not valid JSON ({error})")


def _parse_whole(payload: Payload) -> list[Any] | None:
    """The items of an array, or a single object that spans lines; None for JSON lines."""
    text = (payload.text or "").strip()
    if not text.startswith(("[", "{")):
        return None
    first_line_alone = not isinstance(_parse_line(text.split("\n", 1)[0]), _Fault)
    if first_line_alone and text.startswith("{"):
        return None
    whole = _parse_line(text)
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        return [whole]
    if first_line_alone or text.startswith("{"):
        return None
    raise InputError(f"{payload.name}: {whole}. Mend the array, or give one object per line.")


JSON_LINES = Format("JSON", recognise_json, read_json)
