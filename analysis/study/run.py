"""Run a study, load one, and make its figures and reports again."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.config import ReportFormat
from analysis.corpus import Corpus
from analysis.results import Tables, hash_tables, publish, read_settled, read_tables, write_tables
from analysis.study.adding import add_papers, plan_addition
from analysis.study.computing import count_tables, fit_themes, limit_algebra
from analysis.study.counting import FieldTotals, check_field, read_field
from analysis.study.papers import read_papers
from analysis.study.places import Place, find_study, plan_study
from analysis.study.study import VECTORS, Study
from analysis.study.unchanged import hash_inputs, is_unchanged, list_staged, remember
from analysis.study.writing import (
    Say,
    copy_figures,
    copy_tables,
    draw,
    hold_study,
    keep_specifications,
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
    say = say or (lambda _: None)
    started = time.perf_counter()
    if add or refit:
        place = plan_addition(targets, add, out=out, captured=captured, columns=columns)
        if not refit:
            return add_papers(place, say=say, started=started)
    else:
        place = plan_study(targets, out=out, captured=captured, columns=columns)
    inputs = hash_inputs(place)
    if not refit and is_unchanged(place, inputs):
        say("run      nothing has changed since the last run: not a byte was written.")
        return load(place.root / place.file)
    field = read_field(place.field_totals)
    corpus = read_papers(place.config, place.sources, cache=place.data / "cache")
    read = time.perf_counter() - started
    say(f"read     {corpus.ledger['read']} records, kept {corpus.n_papers}")
    for note in corpus.notes:
        say(f"         {note}")
    if field is not None:
        check_field(field, corpus, place.config)
    with hold_study(place.root) as staging:
        with limit_algebra():
            fitted = fit_themes(place, corpus, say, read=read)
            found = fitted.tables
            tables = _count_fit(place, corpus, fitted, field, say)
        data = staging.folder / "data"
        write_tables(tables, data)
        write_model(found.model, (data / VECTORS).parent)
        write_placements(fitted.placements, (data / VECTORS).parent)
        np.save(data / VECTORS, found.vectors)
        write_settings(place, staging)
        is_complete = draw(tables, place.config, staging, say, started=started)
        made = list_staged(staging) if is_complete else {}
        publish(staging, replaces=list_outputs(place))
        if made:
            remember(place, inputs, made)
        # As `load` reads them: on the way through the disk dates get its unit.
        return Study(place, read_tables(place.data))


def _count_fit(
    place: Place, corpus: Corpus, fitted: Extended, field: FieldTotals | None, say: Say
) -> Tables:
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


def make_report(study: str | Path, *, formats: tuple[ReportFormat, ...] | None = None, say: Say | None = None) -> Study:
    """Write the reports again from the tables, in the study's formats or in those given."""
    from analysis.reports import render_figures, write_manifest, write_report

    opened = load(study)
    with hold_study(opened.root) as staging:
        opened = load(study)
        config = opened.place.config
        copy_tables(opened.place, staging)
        folder = staging.folder / "figures"
        copy_figures(opened.place, folder)
        figures = render_figures(opened.tables, config)
        chosen = formats or config.report.formats
        write_report(opened.tables, folder / "reports", formats=chosen, config=config, figures=figures)
        write_manifest(folder, hash_tables(opened.place.data), figures=figures)
        keep_specifications(opened.place, folder)
        if say:
            say(f"report   {', '.join(chosen)} in {opened.place.figures / 'reports'}")
        publish(staging)
    return opened


def check(study: str | Path) -> list[str]:
    """What in the figures and reports is not what the tables give; empty when all is.

    Returns
    -------
    list of str
        ``"name: what is wrong"``.
    """
    from analysis.reports import check_outputs

    place = find_study(study)

    def compare() -> list[str]:
        return check_outputs(read_tables(place.data), place.figures, hash_tables(place.data), place.config)

    return read_settled(place.root, compare)
