"""Tables after corrections by hand: corrected, and all that stands on them counted again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.curation import Correction, Outcome, Wording, apply_corrections, read_counts
from analysis.curation.corrections import CURATION, Rename
from analysis.results import Tables, read_tables, write_found, write_tables
from analysis.study.computing import limit_algebra
from analysis.study.counting import FieldTotals, count_moves
from analysis.study.places import Place
from analysis.study.taking import take_counts
from analysis.study.unchanged import hash_corrections
from analysis.study.writing import Say

_VECTORS = "vectors.npy"
# In the record of a run: colours that themes made by hand had before the fit.
_KEPT = "colors_by_hand"


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
    colors = _read_colors(place)
    found = dataclasses.replace(found, run={**found.run, **({_KEPT: colors} if colors else {})})
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
    shown: Tables | None = None,
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
    shown : Tables, optional
        As they are now. Where nothing that is counted differs from these, their counts are taken as they are.
    """
    counts = None
    if any(not isinstance(one, Rename) for one in corrections):
        counts = _open_wording(place, found, model)
    with limit_algebra():
        corrected = apply_corrections(found, corrections, counts)
        colors = _choose_colors(found, corrected.created)
        tables = dataclasses.replace(corrected.tables, themes=_color(corrected.tables.themes, colors))
        moves = None if shown is None else take_counts(shown, tables, field)
        if moves is None:
            moves = count_moves(
                tables.papers,
                tables.themes,
                tables.topics,
                tables.alternatives,
                place.config,
                captured=_find_captured(found),
                field=field,
            )
    run = {**found.run, **moves.facts}
    if corrections:
        run["corrections"] = {
            "sha256": hash_corrections(corrections),
            "applied": [dataclasses.asdict(one) for one in corrected.applied],
            "failed": [dataclasses.asdict(one) for one in corrected.failed],
            "routes": [one._asdict() for one in corrected.routes],
            "colors": colors,
        }
    _report(corrected.applied, corrected.failed, say)
    return dataclasses.replace(tables, **moves.tables, run=run)


def _report(applied: Sequence[Outcome], failed: Sequence[Outcome], say: Say) -> None:
    if applied:
        n_papers = sum(one.n_papers for one in applied)
        done = "1 correction" if len(applied) == 1 else f"{len(applied)} corrections"
        papers = "1 paper" if n_papers == 1 else f"{n_papers:,} papers"
        say(f"correct  {done} by hand done; {papers} changed their theme")
    for one in applied:
        if one.n_lost:
            say(f"correct  correction {one.number} ({one.do}): {one.n_lost} of its papers not in the study")
        if one.missing:
            say(f"correct  correction {one.number} ({one.do}) was done in part: {one.missing}")
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


def _choose_colors(found: Tables, created: Sequence[str]) -> dict[str, str]:
    """A colour for each theme that was made by hand: the one that it had before the fit, else one that few others have.

    Themes that are gone count, too: later corrections must not change colours.
    """
    from analysis.plots.palette import COLORS

    used = Counter(str(color) for color in found.themes["color"])
    # Colours that come round again are shared anyway.
    is_full = all(used[color] for color in COLORS)
    held = found.run.get(_KEPT, {}).items()
    kept = {one: color for one, color in held if color in COLORS and (is_full or not used[color])}
    used.update(kept[one] for one in created if one in kept)
    colors = {}
    for one in created:
        colors[one] = kept.get(one) or min(COLORS, key=lambda color: (used[color], COLORS.index(color)))
        used[colors[one]] += one not in kept
    return colors


def _color(themes: pd.DataFrame, colors: Mapping[str, str]) -> pd.DataFrame:
    return themes.assign(color=themes["color"].fillna(themes["theme"].map(colors)))


def _read_colors(place: Place) -> dict[str, str]:
    """Colours of the themes that were made by hand so far."""
    try:
        run = read_tables(place.data).run
    except InputError:
        return {}
    return {**run.get(_KEPT, {}), **(run.get("corrections") or {}).get("colors", {})}


def _find_captured(found: Tables) -> Any:
    """Last day that the corpus covers, as `analysis.study.counting.find_captured` has it of the sources themselves.

    By the settings of the run: what stands in the study's file now may be younger.
    """
    days = [source.get("captured") for source in found.run["corpus"]["sources"]]
    given = found.run["config"]["corpus"].get("captured")
    return max((dt.date.fromisoformat(str(day)) for day in ([given] if given else days) if day), default=None)
