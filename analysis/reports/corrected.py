"""Sentences about corrections by hand: which themes were touched, how, and what could not be done."""

from __future__ import annotations

from typing import Any

from analysis.plots.text import clean, count_of, shorten
from analysis.reports.sentences import join_words
from analysis.results import Tables

_N_NAMED = 3
# Figures that show no theme.
_WITHOUT_THEMES = ("ledger", "papers-per-period")
_NOT_MEASURED = "not measured since it was corrected by hand"


def describe_corrected(tables: Tables) -> str:
    """Which themes were touched by hand, by their labels; empty where none was.

    Parameters
    ----------
    tables : Tables
        Of the themes the columns ``label`` and ``edited``.
    """
    touched = tables.themes[tables.themes["edited"].fillna(False).astype(bool)]
    names = [f"“{shorten(label, 36)}”" for label in touched["label"]]
    if not names:
        return ""
    if len(names) > _N_NAMED:
        names = [*names[:_N_NAMED], f"{len(names) - _N_NAMED} more"]
    return f"Corrected by hand: {join_words(names)}."


def summarise_corrections(tables: Tables) -> list[str]:
    """What a reader has to know of corrections by hand first: which themes they touched, and how many found nothing."""
    touched, failed = describe_corrected(tables), list_failed_corrections(tables)
    n_failed = "1 correction by hand was" if len(failed) == 1 else f"{len(failed)} corrections by hand were"
    untold = f"{n_failed} not done, or not in full; which stands under “Not counted or not tested”." if failed else ""
    return [said for said in (touched, untold) if said]


def add_corrected(caution: str, tables: Tables, figure: str) -> str:
    """What stands under a figure: which of its themes were touched by hand, then the caution."""
    said = "" if figure in _WITHOUT_THEMES else describe_corrected(tables)
    return f"{said} {caution}".strip()


def list_corrections(tables: Tables, theme: str | None = None) -> list[str]:
    """What was done by hand, one sentence each, in its order; that of one theme where its id is given."""
    applied = _read(tables, "applied")
    own = [one for one in applied if theme is None or theme in (one.get("themes") or [])]
    return [clean(one.get("what")) for one in own]


def number_corrections(tables: Tables) -> list[str]:
    """What was done by hand, each with its number in the file of corrections."""
    return [f"By hand, {clean(one.get('number'))}: {clean(one.get('what'))}" for one in _read(tables, "applied")]


def mark_corrected(text: str, theme: Any) -> str:
    """A label, with a word behind it where the theme was touched by hand."""
    return f"{text} (by hand)" if _is_edited(theme) else text


def list_failed_corrections(tables: Tables) -> list[str]:
    """Corrections that found nothing to correct, each with the reason; and papers that they name and are not here."""
    failed = [
        f"Correction {clean(one.get('number'))} ({clean(one.get('do'))}) was not done: {clean(one.get('what'))}."
        for one in _read(tables, "failed")
    ]
    lost = [
        f"Correction {clean(one.get('number'))} ({clean(one.get('do'))}) names "
        f"{count_of(one['n_lost'], 'paper')} that {'is' if one['n_lost'] == 1 else 'are'} not here."
        for one in _read(tables, "applied")
        if one.get("n_lost")
    ]
    parts = [
        f"Correction {clean(one.get('number'))} ({clean(one.get('do'))}) was done in part: {clean(one['missing'])}."
        for one in _read(tables, "applied")
        if one.get("missing")
    ]
    return [*failed, *parts, *lost]


def say_measured(said: str, theme: Any) -> str:
    """What is said of a measure of a theme; of one that was touched by hand, that it was measured on another theme."""
    return _NOT_MEASURED if _is_edited(theme) else said


def _is_edited(theme: Any) -> bool:
    return str(theme.get("edited")) == "True"


def _read(tables: Tables, kind: str) -> list[dict[str, Any]]:
    held = tables.run.get("corrections") or {}
    return [one for one in held.get(kind) or [] if isinstance(one, dict)]
