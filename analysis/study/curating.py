"""Corrections by hand on the disk: done to the tables as they were found, counted again, and swapped in at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis.config import InputError
from analysis.curation import Correction, parse_corrections
from analysis.curation.corrections import read_text
from analysis.curation.curation_text import add_correction, drop_last
from analysis.curation.journal import JOURNAL, find_undone, read_journal
from analysis.results import (
    Staging,
    Tables,
    holds_found,
    list_found,
    publish,
    read_found,
    read_tables,
    write_found,
    write_tables,
)
from analysis.study.counting import read_field
from analysis.study.journaling import note_act, note_edit
from analysis.study.places import Place
from analysis.study.recounting import recount
from analysis.study.unchanged import hash_corrections, list_staged, remember_correction
from analysis.study.writing import Say, draw, hold_study, list_outputs

# Seconds: another correction is done by then; a run that goes on longer is told of.
_LONGEST_WAIT = 20.0


def correct_study(place: Place, make: Callable[[Tables], Correction], *, draws: bool, say: Say) -> Tables:
    """Do one correction more, and write it at the end of curation.toml and into the journal.

    Parameters
    ----------
    place : Place
    make : callable
        Makes the correction from the tables as they are now, while no other run can change them.
    draws : bool
        Whether figures and reports are made again.
    say : callable

    Raises
    ------
    InputError
        If it cannot be done; nothing is changed then.
    """
    with hold_study(place.root, wait=_LONGEST_WAIT) as staging:
        shown = read_tables(place.data)
        correction = make(shown)
        before = read_text(place.curation)
        text = add_correction(before, correction)
        corrections = parse_corrections(text)
        tables = _stage(place, staging, text, shown, say)
        done = tables.run["corrections"]
        last = next((one for one in done["failed"] if one["number"] == len(corrections)), None)
        if last is not None:
            raise InputError(f"{correction.do}: {last['what']}. Nothing was changed.")
        last = done["applied"][-1]
        if last["n_lost"]:
            raise InputError(
                f"{correction.do}: {last['n_lost']} of the papers named are not in the study. Nothing was changed. "
                "Give paper_ids as the table of papers has them."
            )
        note_edit(place, staging, parse_corrections(before), done)
        note_act(place, staging, "done", correction, last)
        return _finish(place, staging, tables, corrections, draws=draws, say=say)


def undo_study(place: Place, *, everything: bool, draws: bool, say: Say) -> Tables:
    """Take the last correction back, or every one.

    Raises
    ------
    InputError
        If there is none.
    """
    with hold_study(place.root, wait=_LONGEST_WAIT) as staging:
        text = read_text(place.curation)
        held = parse_corrections(text)
        if not held:
            raise InputError(f"undo: {place.curation} holds no correction.")
        shown = read_tables(place.data)
        known = shown.run.get("corrections") or {}
        told = known.get("applied", []) if known.get("sha256") == hash_corrections(held) else []
        outcomes = {one["number"]: one for one in told}
        n_left = 0 if everything else len(held) - 1
        for _ in held[n_left:]:
            text = drop_last(text)
        tables = _stage(place, staging, text, shown, say)
        note_edit(place, staging, held, tables.run.get("corrections"))
        for number in range(len(held), n_left, -1):
            correction = held[number - 1]
            unknown = {"what": f"Correction {number} ({correction.do}), which was not in force.", "n_papers": 0}
            note_act(place, staging, "undone", correction, outcomes.get(number, unknown))
        return _finish(place, staging, tables, held[:n_left], draws=draws, say=say)


def redo_study(place: Place, *, draws: bool, say: Say) -> Tables:
    """Do again what was undone last.

    Raises
    ------
    InputError
        If nothing was undone, or something was corrected since.
    """
    correction = find_undone(read_journal(place.root / JOURNAL))
    if correction is None:
        raise InputError("redo: nothing was undone since the last correction.")
    return correct_study(place, lambda _: correction, draws=draws, say=say)


def apply_again(place: Place, *, draws: bool = True, say: Say) -> Tables:
    """Do what curation.toml says, as after it was written by hand; nothing is fitted."""
    with hold_study(place.root, wait=_LONGEST_WAIT) as staging:
        text = read_text(place.curation)
        shown, corrections = read_tables(place.data), parse_corrections(text, where=place.curation.name)
        tables = _stage(place, staging, text, shown, say)
        note_edit(place, staging, corrections, tables.run.get("corrections"))
        return _finish(place, staging, tables, corrections, draws=draws, say=say)


def _stage(place: Place, staging: Staging, text: str, shown: Tables, say: Say) -> Tables:
    """Lay corrected tables and the text of the corrections beside the study."""
    corrections = parse_corrections(text, where=place.curation.name)
    found, data = read_found(place.data, tables=shown), staging.folder / "data"
    _check_settings(place, found)
    field = read_field(place.field_totals)
    tables = recount(place, found, corrections, model=place.data / "model", field=field, say=say, shown=shown)
    write_tables(tables, data)
    if corrections and not holds_found(place.data):
        write_found(found, data)
    if text:
        staging.folder.joinpath(place.curation.name).write_text(text, encoding="utf-8", newline="")
    return tables


def _check_settings(place: Place, found: Tables) -> None:
    """See that nothing else would change with the corrections."""
    held, now = found.run["config"], place.config.model_dump(mode="json")
    changed = [name for name in ("trends", "seed") if _bare(held.get(name)) != _bare(now[name])]
    if changed:
        raise InputError(
            f"study.toml {', '.join(changed)}: changed since the study was run. Run it again; that applies the "
            "corrections, too."
        )


def _bare(settings: Any) -> Any:
    # Of the path of the totals the record holds the name.
    if isinstance(settings, dict) and "field_totals" in settings:
        return {**settings, "field_totals": Path(settings["field_totals"]).name}
    return settings


def _finish(
    place: Place,
    staging: Staging,
    tables: Tables,
    corrections: Sequence[Correction],
    *,
    draws: bool,
    say: Say,
) -> Tables:
    """Draw where it is asked for, and swap everything in."""
    is_complete = draw(tables, place.config, staging, say) if draws else True
    files = list_staged(staging)
    # While there are corrections, what they start from stays as it is.
    found = [] if corrections else list_found()
    replaces = [*found, place.curation.name, *(list_outputs(place) if draws else [])]
    curation = hash_corrections(corrections) if draws else None
    gone = [name for name in replaces if not (staging.folder / name).exists()]
    publish(staging, replaces=replaces)
    remember_correction(place, files, gone, curation=curation, is_complete=is_complete)
    return read_tables(place.data)
