"""Counts that are taken over: a correction that changes labels alone changes no number."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.results import Tables
from analysis.results.derived import DERIVED
from analysis.study.counting import FieldTotals, Moves

# What `analysis.study.counting.count_moves` reads, but for what no correction changes.
_READ = {
    "papers": ("paper_id", "topic", "theme", "theme_score", "theme_margin", "theme_runner_up"),
    "themes": ("theme", "kind", "size", "keyphrases"),
    "topics": ("topic", "theme", "keyphrases"),
    "alternatives": ("paper_id", "run", "theme"),
}


def take_counts(shown: Tables, corrected: Tables, field: FieldTotals | None) -> Moves | None:
    """The counts of a study for the same study with other labels; None where they have to be counted again.

    Parameters
    ----------
    shown : Tables
        As they lie on the disk, counted with the settings of now.
    corrected : Tables
        The same study after corrections.
    field : FieldTotals or None
    """
    held = (shown.run.get("field_totals") or {}).get("sha256")
    if held != (field.sha256 if field else None):
        return None
    for name, columns in _READ.items():
        before, after = getattr(shown, name), getattr(corrected, name)
        if len(before) != len(after) or not all(_are_equal(before[one], after[one]) for one in columns):
            return None
    tables = {Path(name).name: getattr(shown, Path(name).name) for name in DERIVED}
    labels = dict(zip(shown.themes["label"], corrected.themes["label"], strict=True))
    said = [_rename(sentence, labels) for sentence in shown.run.get("left_out") or []]
    return Moves(tables, {"left_out": said})


def _are_equal(one: pd.Series, other: pd.Series) -> bool:
    first, second = (column.astype(object).where(column.notna(), None).tolist() for column in (one, other))
    return bool(first == second)


def _rename(sentence: str, labels: dict[str, str]) -> str:
    """A sentence with the labels of now; all at once, for one theme may bear what another bore."""
    called = "|".join(re.escape(label) for label in labels)
    return re.sub(f"“({called})”", lambda found: f"“{labels[found[1]]}”", sentence)
