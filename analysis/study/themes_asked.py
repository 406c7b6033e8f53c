"""Themes that a person names, by id or by label."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from analysis.config import InputError


def find_themes(themes: pd.DataFrame, asked: Sequence[str]) -> list[str]:
    """Ids of the themes that are asked for, each once.

    Parameters
    ----------
    themes : DataFrame
        Columns ``theme`` and ``label``.
    asked : sequence of str
        Ids, or labels whatever their capitals; where both fit, the id counts.

    Raises
    ------
    InputError
        If there is no such theme; all such are named.
    """
    labels = dict(zip(themes["theme"], themes["label"], strict=True))
    by_name = {label.casefold(): theme for theme, label in labels.items()} | {theme: theme for theme in labels}
    unknown = [name for name in asked if name.casefold() not in by_name]
    if unknown:
        near = [found for name in unknown for found in difflib.get_close_matches(name.casefold(), by_name, n=1)]
        hint = f"Did you mean {', '.join(map(repr, near))}?" if near else f"Known: {', '.join(labels)}."
        raise InputError(f"theme: this study has no {', '.join(map(repr, unknown))}. {hint}")
    return list(dict.fromkeys(by_name[name.casefold()] for name in asked))
