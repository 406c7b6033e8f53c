"""Run a study, load one, and make its figures and reports again."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.config import InputError
from analysis.corpus import Corpus
from analysis.results import Tables, list_found, publish, read_settled, read_tables, write_tables
from analysis.study.adding import add_papers, plan_addition
from analysis.study.computing import count_tables, fit_themes, limit_algebra
from analysis.study.counting import FieldTotals, check_field, read_field
from analysis.study.curating import apply_again
from analysis.study.journaling import note_edit
from analysis.study.papers import read_papers
from analysis.study.places import Place, find_corrections, find_study, plan_study
from analysis.study.recounting import correct_written
from analysis.study.study import VECTORS, Study
from analysis.study.templates import locate_templates
from analysis.study.terms import keep_counts
from analysis.study.unchanged import hash_corrections, hash_inputs, list_staged, remember, tell_change
from analysis.study.writing import (
    Say,
    copy_tables,
    draw,
    hold_study,
    list_outputs,
    write_settings,
)
from analysis.themes.extending import Extended
from analysis.themes.model import write_model
from analysis.themes.placements import write_placements
from analysis.themes.shift import describe_shift


def load(study: str | Path) -> Study:
    """Open a study that has been run; nothing is computed.

    Parameters
    ----------
    study : path
        A ``study.toml`` or the folder that holds it.

    Raises
    ------
    InputError
        If there is no such study, or it has no results yet.
    """
    place = find_study(study)
    return Study(place, read_settled(place.root, lambda: read_tables(place.data)))


def run(
    *targets: str | Path,
    out: str | Path | None = None,
    captured: str | None = None,
    columns: Mapping[str, str] | None = None,
    add: Sequence[str | Path] = (),
    refit: bool = False,
    fresh: bool = False,
    say: Say | None = None,
) -> Study:
    """Do everything: read, find themes, count, test, draw and report.

    Parameters
    ----------
    *targets : path
        One study (folder or ``.toml``), or sources: files, folders, patterns,
        archives; with none, the ``study.toml`` of this folder.
    out : path, optional
        Folder for the results; default the study's own, or
        ``./<stem>-themeline`` for source files.
    captured : str, optional
        Day on which the sources were captured, ISO (``2025-10-17``).
    columns : mapping, optional
        Our name to the table's own, where it is not found by itself: ``{"abstract": "Summary"}``.
    add : sequence of path, optional
        Sources to add to a study that has been run. The new papers are placed
        by the model of its last fit; the others stay as they are.
    refit : bool, default False
        With `add`: fit anew on all papers instead.
    fresh : bool, default False
        Name and colour the themes as if there were no results yet. Else those that are the same as in the last
        results keep id, label and colour.
    say : callable, optional
        Receives one line per step.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        If the input or a setting is at fault; nothing is written then.
    """
    from analysis.reports.study_templates import check_templates

    say = say or (lambda _: None)
    started = time.perf_counter()
    if fresh and add and not refit:
        raise InputError("--fresh names the themes of a new fit, and --add alone makes none. Give --refit, too.")
    if add or refit:
        place = plan_addition(targets, add, out=out, captured=captured, columns=columns)
        if not refit:
            return add_papers(place, say=say, started=started)
    else:
        place = plan_study(targets, out=out, captured=captured, columns=columns)
    inputs = hash_inputs(place)
    change = tell_change(place, inputs)
    if not refit and not fresh and change == "nothing":
        say("run      nothing has changed since the last run: not a byte was written.")
        return load(place.root / place.file)
    if not refit and not fresh and change == "corrections":
        say(f"run      nothing but {place.curation.name} has changed since the last run: nothing is fitted again.")
        return Study(place, apply_again(place, say=say))
    check_templates(locate_templates(place.config, place.root).report.templates)
    field = read_field(place.field_totals)
    corpus = read_papers(place.config, place.sources, cache=place.data / "cache")
    read = time.perf_counter() - started
    say(f"read     {corpus.ledger['read']} records, kept {corpus.n_papers}")
    for note in corpus.notes:
        say(f"         {note}")
    if field is not None:
        check_field(field, corpus, place.config)
    with hold_study(place.root) as staging:
        # Checked above, and read here: now no correction can come in between.
        corrections = find_corrections(place)
        with limit_algebra():
            fitted = fit_themes(place, corpus, say, read=read, fresh=fresh)
            found = fitted.tables
            tables = _count_fit(place, corpus, fitted, field, say)
        data = staging.folder / "data"
        write_tables(tables, data)
        write_model(found.model, (data / VECTORS).parent)
        write_placements(fitted.placements, (data / VECTORS).parent)
        np.save(data / VECTORS, found.vectors)
        keep_counts(data, fitted, found.model.paper_ids, corpus.papers)
        tables = correct_written(place, data, corrections, field=field, say=say) or tables
        note_edit(place, staging, corrections, tables.run.get("corrections"))
        write_settings(place, staging)
        is_complete = draw(tables, place.config, staging, say, started=started)
        made = list_staged(staging) if is_complete else {}
        publish(staging, replaces=[*list_outputs(place), *list_found()])
        if made:
            remember(place, inputs, made, curation=hash_corrections(corrections))
        # As `load` reads them: on the way through the disk dates get its unit.
        return Study(place, read_tables(place.data))


def _count_fit(place: Place, corpus: Corpus, fitted: Extended, field: FieldTotals | None, say: Say) -> Tables:
    names, n_placed = [source.name for source in corpus.sources], int(fitted.is_placed.sum())
    lineage: list[dict[str, Any]] = [{"how": "fitted", "sources": names, "n_papers": corpus.n_papers - n_placed}]
    if n_placed:
        lineage.append({"how": "placed", "sources": names, "n_papers": n_placed})
    placement = describe_shift(fitted.shift) if fitted.shift else None
    for sentence in placement["sentences"] if placement else ():
        say(f"placed   {sentence}")
    return count_tables(
        place,
        corpus,
        fitted.tables,
        is_placed=fitted.is_placed,
        field=field,
        lineage=lineage,
        placement=placement,
        say=say,
    )


def apply_corrections_again(study: str | Path, *, draw: bool = True, say: Say | None = None) -> Study:
    """Do what ``curation.toml`` says to what the last fit found; nothing is fitted.

    Parameters
    ----------
    study : path
    draw : bool, default True
        Make figures and reports again.
    say : callable, optional
        Receives one line per step.

    Raises
    ------
    InputError
        If the study or its corrections are at fault; nothing is changed then.
    """
    place = find_study(study)
    return Study(place, apply_again(place, draws=draw, say=say or (lambda _: None)))


def make_figures(study: str | Path, *, say: Say | None = None) -> Study:
    """Draw every figure and write every report again from the tables; no model is loaded."""
    opened = load(study)
    with hold_study(opened.root) as staging:
        # Again, for now no other run can replace them.
        opened = load(study)
        copy_tables(opened.place, staging)
        draw(opened.tables, opened.place.config, staging, say or (lambda _: None))
        publish(staging, replaces=list_outputs(opened.place))
    return opened
