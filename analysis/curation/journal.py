"""The journal of corrections: what was done, undone and edited, when, to how many papers; one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.config import InputError
from analysis.curation.corrections import CURATION, Correction, make_correction

JOURNAL = "data/journal.jsonl"
_COLUMNS = ["day", "act", "do", "what", "n_papers"]

Entry = dict[str, Any]


def read_journal(path: Path) -> list[Entry]:
    """The entries of a journal, the oldest first; none where there is no file.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        entries = [json.loads(line) for line in lines if line.strip()]
        if not all(isinstance(entry, dict) and entry.keys() >= {*_COLUMNS, "correction"} for entry in entries):
            raise ValueError("a line is no entry")
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: the journal is damaged ({error}). Move it away; no correction is lost.") from None
    return entries


def make_entry(act: str, correction: Correction, *, day: str, what: str, n_papers: int) -> Entry:
    """One entry.

    Parameters
    ----------
    act : {"done", "undone"}
    correction : Correction
    day : str
        ISO, in the place of the person: a journal tells when, and no table holds it.
    what : str
        One sentence.
    n_papers : int
        Papers that changed their theme.
    """
    held = correction.model_dump(mode="json", exclude_defaults=True)
    return {
        "day": day,
        "act": act,
        "do": correction.do,
        "what": what,
        "n_papers": n_papers,
        "correction": {"do": correction.do, **held},
    }


def make_edit_entry(day: str, *, n_held: int, n_failed: int, n_papers: int) -> Entry:
    """One entry on a curation.toml that a person wrote in: all of it was read again.

    Parameters
    ----------
    day : str
        ISO.
    n_held, n_failed : int
        Corrections that it holds, and those of them that could not be done.
    n_papers : int
        Papers whose theme it changes.
    """
    held = "no correction" if not n_held else "1 correction" if n_held == 1 else f"{n_held:,} corrections"
    what = f"Read {CURATION} as edited: {held}{f', {n_failed:,} not done' if n_failed else ''}."
    return {"day": day, "act": "edited", "do": "", "what": what, "n_papers": n_papers, "correction": {}}


def write_entries(entries: Sequence[Entry]) -> str:
    """The text of a journal."""
    return "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)


def find_undone(entries: Sequence[Entry]) -> Correction | None:
    """The correction that was undone last, where nothing was corrected since; None elsewhere.

    Of several undone in a row the last comes back first.
    """
    undone: list[Entry] = []
    for entry in entries:
        if entry["act"] == "undone":
            undone.append(entry)
        elif undone and entry["correction"] == undone[-1]["correction"]:
            undone.pop()
        else:
            undone.clear()
    return make_correction(**undone[-1]["correction"]) if undone else None


def tabulate_journal(entries: Sequence[Entry]) -> pd.DataFrame:
    """The journal as a table: ``day``, ``act`` (done, undone, edited), ``do``, ``what``, ``n_papers``; oldest first."""
    return pd.DataFrame([{name: entry[name] for name in _COLUMNS} for entry in entries], columns=_COLUMNS)
