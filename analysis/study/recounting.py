"""Tables after corrections by hand: corrected, and all that stands on them counted again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.config import InputError
from analysis.curation import Correction, Outcome, Wording, apply_corrections, read_counts
from analysis.curation.corrections import CURATION, Rename
from analysis.results import Tables, read_tables, write_found, write_tables
from analysis.study.computing import limit_algebra
from analysis.study.counting import FieldTotals, count_moves
from analysis.study.places import Place
from analysis.study.writing import Say

_VECTORS = "vectors.npy"


def correct_written(
    place: Place, data: Path, corrections: Sequence[Correction], *, field: FieldTotals | None, say: Say
) -> Tables | None:
    """Correct the tables that a run has just written, as found, into a folder; None where there is nothing to correct.

    Parameters
    ----------
    place : Place
    data : Path
        Holds ``results``, ``derived`` and ``model``.
    corrections : sequence of Correction
    field : FieldTotals or None
    say : callable
    """
    if not corrections:
        return None
    # Read again: on the way through the disk dates get its unit, and corrections made later start from there.
    found = read_tables(data)
    write_found(found, data)
    tables = recount(place, found, corrections, model=data / "model", field=field, say=say)
    write_tables(tables, data)
    return tables


def recount(
    place: Place,
    found: Tables,
    corrections: Sequence[Correction],
    *,
    model: Path,
    field: FieldTotals | None,
    say: Say,
) -> Tables:
    """Correct tables and count everything below them again; the record of the run tells what was done.

    Parameters
    ----------
    place : Place
    found : Tables
        Before corrections.
    corrections : sequence of Correction
    model : Path
        Folder of the model, where counts and vectors lie.
    field : FieldTotals or None
    say : callable
    """
    counts = None
    if any(not isinstance(one, Rename) for one in corrections):
        counts = _open_wording(place, found, model)
    with limit_algebra():
        corrected = apply_corrections(found, corrections, counts)
        tables = _color(corrected.tables)
        moves = count_moves(
            tables.papers,
            tables.themes,
            tables.topics,
            tables.alternatives,
            place.config,
            captured=_find_captured(place, found),
            field=field,
        )
    run = {**found.run, **moves.facts}
    if corrections:
        run["corrections"] = {
            "applied": [dataclasses.asdict(one) for one in corrected.applied],
            "failed": [dataclasses.asdict(one) for one in corrected.failed],
            "merged": corrected.merged,
        }
    _report(corrected.applied, corrected.failed, say)
    return dataclasses.replace(tables, **moves.tables, run=run)


def _report(applied: Sequence[Outcome], failed: Sequence[Outcome], say: Say) -> None:
    if applied:
        n_papers = sum(one.n_papers for one in applied)
        done = "1 correction" if len(applied) == 1 else f"{len(applied)} corrections"
        say(f"correct  {done} by hand done; {n_papers} papers changed their theme")
    for one in applied:
        if one.n_lost:
            say(f"correct  correction {one.number} ({one.do}): {one.n_lost} of its papers are not in the study")
    for one in failed:
        say(f"correct  correction {one.number} ({one.do}) was not done: {one.what}. It stays in {CURATION}.")


def _open_wording(place: Place, found: Tables, model: Path) -> Wording:
    from analysis.themes.embedding import encode_cached, find_encoder

    held: list[Any] = []

    def encode(phrases: list[str]) -> Any:
        if not held:
            # Only now: many corrections meet phrases alone that the fit has met.
            held.append(find_encoder(place.config.embedding.encoder, fitted=found.run["encoder"]))
        return encode_cached(phrases, held[0], cache=place.data / "cache", kept="phrases")[0]

    try:
        vectors = np.load(model / _VECTORS, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{model / _VECTORS}: missing or damaged ({error}). Run the study again.") from None
    return Wording(read_counts(model), vectors, encode)


def _color(tables: Tables) -> Tables:
    """A colour of its own for each theme that is new."""
    from analysis.plots import colors_for

    themes = tables.themes
    known = themes[themes["color"].notna()]
    colors = colors_for(themes["theme"], keep=dict(zip(known["theme"], known["color"], strict=True)))
    return dataclasses.replace(tables, themes=themes.assign(color=themes["color"].fillna(themes["theme"].map(colors))))


def _find_captured(place: Place, found: Tables) -> Any:
    """Last day that the corpus covers, as `analysis.study.counting.find_captured` has it of the sources themselves."""
    days = [source.get("captured") for source in found.run["corpus"]["sources"]]
    known = [dt.date.fromisoformat(str(day)) for day in days if day]
    return place.config.corpus.captured or max(known, default=None)
