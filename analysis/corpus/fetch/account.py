"""``fetch.toml``: what was asked for, from whom, under which terms, when, and how much came."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

_HEAD = "# What `themeline fetch` asked for and got. The pages beside it are as the source sent them."


def format_account(stated: Mapping[str, object], query: Mapping[str, str]) -> str:
    """The account as TOML.

    Parameters
    ----------
    stated : mapping
        Names to text, numbers, days and truth values.
    query : mapping
        What was asked, in the words of the source.
    """
    lines = [_HEAD, *(f"{name} = {_to_toml(value)}" for name, value in stated.items()), "", "[query]"]
    lines += [f"{_to_toml(name)} = {_to_toml(value)}" for name, value in query.items()]
    return "\n".join(lines) + "\n"


def _to_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | dt.date):
        return str(value)
    # A JSON string is a TOML string, but for the one control character that JSON lets through.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
