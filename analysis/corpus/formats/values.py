"""Cells of generic tables, turned into the values of a record."""

from __future__ import annotations

import ast
import datetime as dt
import json
import math
import re
from typing import Any

_MAX_COUNT = 2**63 - 1
_MAX_LITERAL = 100_000
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_NEW = r"\d{4}\.\d{4,5}"
_ARXIV = re.compile(
    rf"(?:arxiv:|https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/))?"
    rf"({_ARXIV_NEW}|[a-z-]+(?:\.[A-Z]{{2}})?/\d{{7}})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: null, not a number, blank text, an empty list or mapping."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str | list | dict | tuple) and not (value.strip() if isinstance(value, str) else value)


def to_text(value: Any) -> str:
    """A cell as text; lists are joined by ``; ``, whole floats lose their ``.0``.

    >>> to_text(["robotics", "vision"]), to_text(7.0), to_text(None)
    ('robotics; vision', '7', '')
    """
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(text for text in map(to_text, value) if text)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)


def to_id(value: Any) -> str:
    """An id as it stands; an arXiv id that was read as a number gets its lost zeros back.

    >>> to_id(" a17 "), to_id(2503.1173), to_id(3)
    ('a17', '2503.11730', '3')
    """
    if isinstance(value, float) and 700 < value < 10_000 and not value.is_integer():
        # Five digits after the dot since January 2015, four before.
        return f"{value:010.5f}" if value >= 1501 else f"{value:09.4f}"
    return to_text(value).strip()


def to_count(value: Any) -> int | None:
    """A whole number from 0 up; None for anything else.

    >>> to_count("1,024"), to_count(3.0), to_count("many"), to_count(-1)
    (1024, 3, None, None)
    """
    if isinstance(value, bool) or is_missing(value):
        return None
    if isinstance(value, str):
        digits = value.strip().replace(",", "").removesuffix(".0")
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and 0 <= value <= _MAX_COUNT else None


def to_names(value: Any) -> tuple[str, ...]:
    """Author names of a list, or of text that separates them.

    >>> to_names("Ng, A.; Bee, C."), to_names("Ann Ng, Cy Bee"), to_names("Ng, A. and Bee, C.")
    (('Ng, A.', 'Bee, C.'), ('Ann Ng', 'Cy Bee'), ('Ng, A.', 'Bee, C.'))
    """
    if isinstance(value, dict):
        value = value.get("name") or " ".join(str(value.get(key) or "") for key in ("given", "family"))
    if isinstance(value, list | tuple):
        return tuple(
            name for item in value for name in ([*to_names(item)] if isinstance(item, dict) else [to_text(item)])
        )
    text = to_text(value).strip()
    listed = _parse_list(text)
    if listed is not None:
        return to_names(listed)
    if ";" in text:
        return tuple(name.strip() for name in text.split(";"))
    names = re.split(r"\s+and\s+|\s+&\s+", text)
    parts = names[0].split(",")
    # "Ann Ng, Cy Bee" are two names; "Ng, Ann" is one.
    if len(parts) > 1 and all(" " in part.strip() for part in parts):
        names = [*parts, *names[1:]]
    return tuple(name.strip(" ,") for name in names)


def to_web_address(value: Any) -> str:
    """The address when it is plain http or https; else empty."""
    text = to_text(value).strip()
    return text if _WEB.fullmatch(text) else ""


def to_doi(value: Any) -> str:
    """A DOI in lower case, without a resolver; empty when it is none.

    >>> to_doi("https://doi.org/10.1000/XYZ")
    '10.1000/xyz'
    """
    found = _DOI.fullmatch(to_text(value).strip())
    return found.group(1).casefold() if found else ""


def to_arxiv_id(value: Any) -> str:
    """An arXiv id without its version, from the id or from an address; empty when there is none.

    >>> to_arxiv_id("https://arxiv.org/abs/2503.11731v2")
    '2503.11731'
    """
    found = _ARXIV.fullmatch(to_id(value))
    return found.group(1) if found else ""


def to_labels(value: Any) -> dict[str, str]:
    """Labels by name, each as text.

    >>> to_labels({"area": "robots", "keywords": ["a", "b"], "none": None})
    {'area': 'robots', 'keywords': 'a; b'}
    """
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = {"label": value}
    if not isinstance(value, dict):
        value = {"label": value}
    return {str(name): to_text(label) for name, label in value.items() if not is_missing(label)}


def _parse_list(text: str) -> list[Any] | None:
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _MAX_LITERAL:
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            listed = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return listed if isinstance(listed, list) else None
    return None
