"""Corrections by hand on the disk: done to the tables as they were found, counted again, and swapped in at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis.config import InputError
from analysis.curation import Correction, parse_corrections
from analysis.curation.corrections import read_text
from analysis.curation.curation_text import add_correction, drop_last
from analysis.curation.journal import JOURNAL, Entry, find_undone, make_entry, read_journal, write_entries
from analysis.results import Staging, Tables, list_found, publish, read_found, read_tables, write_found, write_tables
from analysis.study.counting import read_field
from analysis.study.places import Place
from analysis.study.recounting import recount
from analysis.study.unchanged import hash_corrections, list_staged, remember_correction
from analysis.study.writing import Say, draw, hold_study, list_outputs


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
    with hold_study(place.root) as staging:
        correction = make(read_tables(place.data))
        text = add_correction(read_text(place.curation), correction)
        corrections = parse_corrections(text)
        tables = _stage(place, staging, text, say)
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
        return _finish(place, staging, tables, corrections, ("done", correction, last), draws=draws, say=say)


def undo_study(place: Place, *, draws: bool, say: Say) -> Tables:
    """Take the last correction back.

    Raises
    ------
    InputError
        If there is none.
    """
    with hold_study(place.root) as staging:
        text = read_text(place.curation)
        held = parse_corrections(text)
        if not held:
            raise InputError(f"undo: {place.curation} holds no correction.")
        told = (read_tables(place.data).run.get("corrections") or {}).get("applied", [])
        last = next((one for one in told if one["number"] == len(held)), {"what": "", "n_papers": 0})
        tables = _stage(place, staging, drop_last(text), say)
        return _finish(place, staging, tables, held[:-1], ("undone", held[-1], last), draws=draws, say=say)


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
    with hold_study(place.root) as staging:
        text = read_text(place.curation)
        corrections = parse_corrections(text, where=place.curation.name)
        tables = _stage(place, staging, text, say)
        return _finish(place, staging, tables, corrections, None, draws=draws, say=say)


def _stage(place: Place, staging: Staging, text: str, say: Say) -> Tables:
    """Lay corrected tables and the text of the corrections beside the study."""
    corrections = parse_corrections(text, where=place.curation.name)
    found, data = read_found(place.data), staging.folder / "data"
    _check_settings(place, found)
    field = read_field(place.field_totals)
    tables = recount(place, found, corrections, model=place.data / "model", field=field, say=say)
    write_tables(tables, data)
    if corrections:
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
    act: tuple[str, Correction, dict[str, Any]] | None,
    *,
    draws: bool,
    say: Say,
) -> Tables:
    """Draw where it is asked for, write the journal, and swap everything in."""
    is_complete = draw(tables, place.config, staging, say) if draws else True
    if act is not None:
        entries = [*read_journal(place.root / JOURNAL), _note(*act)]
        (staging.folder / JOURNAL).write_text(write_entries(entries), encoding="utf-8", newline="\n")
    files = list_staged(staging)
    replaces = [*list_found(), place.curation.name, *(list_outputs(place) if draws else [])]
    curation = hash_corrections(corrections) if draws else None
    gone = [name for name in replaces if not (staging.folder / name).exists()]
    publish(staging, replaces=replaces)
    remember_correction(place, files, gone, curation=curation, is_complete=is_complete)
    return read_tables(place.data)


def _note(act: str, correction: Correction, outcome: dict[str, Any]) -> Entry:
    day = dt.date.today().isoformat()
    return make_entry(act, correction, day=day, what=outcome["what"], n_papers=outcome["n_papers"])
