"""The journal of a study's corrections: lines are laid beside the study, and swapped in with what they tell of."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from analysis.curation import Correction
from analysis.curation.journal import JOURNAL, Entry, make_edit_entry, make_entry, read_journal, write_entries
from analysis.results import Staging
from analysis.study.places import Place
from analysis.study.unchanged import hash_corrections

_RECORD = "results/run.json"


def note_act(place: Place, staging: Staging, act: str, correction: Correction, outcome: dict[str, Any]) -> None:
    """Note that a correction was done or undone.

    Parameters
    ----------
    place : Place
    staging : Staging
    act : {"done", "undone"}
    correction : Correction
    outcome : dict
        What became of it, as the record of a run has it.
    """
    what, n_papers = outcome["what"], outcome["n_papers"]
    _add_entry(place, staging, make_entry(act, correction, day=_today(), what=what, n_papers=n_papers))


def note_edit(place: Place, staging: Staging, held: Sequence[Correction], told: dict[str, Any] | None) -> None:
    """Note that a person wrote in the file of corrections, where one did.

    Parameters
    ----------
    place : Place
    staging : Staging
    held : sequence of Correction
        What the file held; others than those that the results on the disk were corrected with were written by a person.
    told : dict or None
        What became of them, as the record of a run has it.
    """
    if hash_corrections(held) == _find_known(place):
        return
    applied, failed = (
        [one for one in (told or {}).get(part, []) if one["number"] <= len(held)] for part in ("applied", "failed")
    )
    n_papers = sum(one["n_papers"] for one in applied)
    entry = make_edit_entry(_today(), n_held=len(held), n_failed=len(failed), n_papers=n_papers)
    _add_entry(place, staging, entry)


def _find_known(place: Place) -> str:
    """Key of the corrections that the results on the disk were corrected with."""
    try:
        record = json.loads((place.data / _RECORD).read_text(encoding="utf-8"))
        return str(record["corrections"]["sha256"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return hash_corrections([])


def _add_entry(place: Place, staging: Staging, entry: Entry) -> None:
    staged = staging.folder / JOURNAL
    entries = read_journal(staged if staged.exists() else place.root / JOURNAL)
    staged.parent.mkdir(parents=True, exist_ok=True)
    staged.write_text(write_entries([*entries, entry]), encoding="utf-8", newline="\n")


def _today() -> str:
    return dt.date.today().isoformat()
