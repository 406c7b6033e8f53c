"""Run a study, load one, and make its figures and reports again."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import Config, ReportFormat
from analysis.corpus import Corpus, read_corpus
from analysis.results import Staging, Tables, hash_tables, lock_study, publish, read_settled, read_tables, write_tables
from analysis.study.counting import FieldTotals, check_field, count_moves, find_captured, read_field
from analysis.study.places import Place, find_study, plan_study
from analysis.study.record import describe_run
from analysis.study.study import VECTORS, Study

Say = Callable[[str], None]


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
    *targets: str | Path, out: str | Path | None = None, captured: str | None = None, say: Say | None = None
) -> Study:
    """Do everything: read, find themes, count, test, draw and report.

    Parameters
    ----------
    *targets : path
        One study (folder or ``.toml``), or source files (CSV, JSON lines,
        Parquet, a listing); with none, the ``study.toml`` of this folder.
    out : path, optional
        Folder for the results; default the study's own, or
        ``./<stem>-themeline`` for source files.
    captured : str, optional
        Day on which the sources were captured, ISO (``2025-10-17``).
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
    place = plan_study(targets, out=out, captured=captured)
    config = place.config
    field = read_field(place.field_totals)
    corpus = read_corpus(*place.sources, captured=config.corpus.captured, undated=config.corpus.undated)
    say(f"read     {corpus.ledger['read']} records, kept {corpus.n_papers}")
    for note in corpus.notes:
        say(f"         {note}")
    if field is not None:
        check_field(field, corpus, config)
    with _hold(place.root) as staging:
        with limit_algebra():
            tables, vectors = _compute(place, corpus, field, started, say)
        data = staging.folder / "data"
        write_tables(tables, data)
        (data / VECTORS).parent.mkdir(parents=True)
        np.save(data / VECTORS, vectors)
        if place.toml is not None:
            (staging.folder / "study.toml").write_text(place.toml, encoding="utf-8")
        _draw(tables, config, staging, say)
        publish(staging, replaces=_list_outputs(place))
        # As `load` reads them: on the way through the disk dates get its unit.
        return Study(place, read_tables(place.data))


def make_figures(study: str | Path, *, say: Say | None = None) -> Study:
    """Draw every figure and write every report again from the tables; no model is loaded."""
    opened = load(study)
    with _hold(opened.root) as staging:
        # Again, for now no other run can replace them.
        opened = load(study)
        _copy_tables(opened.place, staging)
        _draw(opened.tables, opened.place.config, staging, say or (lambda _: None))
        publish(staging, replaces=_list_outputs(opened.place))
    return opened


def make_report(study: str | Path, *, formats: tuple[ReportFormat, ...] | None = None, say: Say | None = None) -> Study:
    """Write the reports again from the tables, in the study's formats or in those given."""
    from analysis.reports import render_figures, write_manifest, write_report

    opened = load(study)
    with _hold(opened.root) as staging:
        opened = load(study)
        config = opened.place.config
        _copy_tables(opened.place, staging)
        folder = staging.folder / "figures"
        _copy_figures(opened.place, folder)
        figures = render_figures(opened.tables, config)
        chosen = formats or config.report.formats
        write_report(opened.tables, folder / "reports", formats=chosen, config=config, figures=figures)
        write_manifest(folder, hash_tables(opened.place.data), figures=figures)
        _keep_specifications(opened.place, folder)
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


def _compute(
    place: Place, corpus: Corpus, field: FieldTotals | None, started: float, say: Say
) -> tuple[Tables, np.ndarray[Any, np.dtype[np.float32]]]:
    from tqdm import tqdm

    from analysis.plots import colors_for
    from analysis.themes import build_themes

    config = place.config
    with tqdm(total=corpus.n_papers, desc="embed", unit=" papers", disable=None, leave=False) as bar:
        found = build_themes(
            corpus.papers, config, set_aside=corpus.set_aside, cache=place.data / "cache", on_done=bar.update
        )
    for rung in found.rungs:
        say(f"themes   {rung}")
    colors = colors_for(found.themes["theme"])
    themes = found.themes.assign(color=found.themes["theme"].map(colors))
    columns = list(corpus.papers.columns)
    labels = [name for name in columns if name.startswith("label_")]
    plain = [name for name in columns if name not in labels]
    papers = pd.concat([corpus.papers[plain], found.placed, corpus.papers[labels]], axis=1)
    moves = count_moves(
        papers,
        themes,
        found.topics,
        found.alternatives,
        config,
        captured=find_captured(corpus, config),
        field=field,
    )
    tables = Tables(
        papers=papers,
        topics=found.topics,
        themes=themes,
        theme_scores=found.theme_scores,
        theme_phrases=found.theme_phrases,
        theme_overlaps=found.theme_overlaps,
        alternatives=found.alternatives,
        set_aside=corpus.set_aside,
        **moves.tables,
        run={},
    )
    run_record = describe_run(config, corpus, found, moves.facts, started=started)
    say(f"trends   {moves.facts['period']['reason']}")
    for fact in ("global_change", "field"):
        if moves.facts[fact]:
            say(f"         {moves.facts[fact]}")
    return dataclasses.replace(tables, run=run_record), found.vectors


@contextmanager
def limit_algebra() -> Iterator[None]:
    """Sums in one order: with more threads the last digits differ, and the map turns on them."""
    import scipy.linalg  # noqa: F401 -- brings its own BLAS; the limit reaches only what is loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield


def _draw(tables: Tables, config: Config, staging: Staging, say: Say) -> None:
    from analysis.reports import render_figures, write_figures, write_manifest, write_report

    folder = staging.folder / "figures"
    figures = render_figures(tables, config)
    for note in write_figures(figures, folder, formats=config.figures.formats):
        say(f"figures  {note}")
    write_report(tables, folder / "reports", formats=config.report.formats, config=config, figures=figures)
    write_manifest(folder, hash_tables(staging.folder / "data"), figures=figures)
    say(f"figures  {len(figures)} figures and the report in {staging.root / 'figures'}")


@contextmanager
def _hold(root: Path) -> Iterator[Staging]:
    """Lock a study; a folder that did not exist before a failed run does not exist after it."""
    absent = next((part for part in [*reversed(root.parents), root] if not part.exists()), None)
    with lock_study(root) as staging:
        try:
            yield staging
        except Exception:
            # Still under the lock: a folder that another run has just made is not ours to remove.
            if absent is not None and not (root / "study.toml").exists():
                shutil.rmtree(absent, ignore_errors=True)
            raise


def _copy_tables(place: Place, staging: Staging) -> None:
    """Lay a copy of the tables beside the new figures, so that their hashes are of one generation."""
    for part in ("results", "derived"):
        shutil.copytree(place.data / part, staging.folder / "data" / part)


def _copy_figures(place: Place, folder: Path) -> None:
    for name in _list_outputs(place):
        source = place.root / name
        if name.startswith("figures/") and source.exists():
            target = folder / Path(name).relative_to("figures")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _keep_specifications(place: Place, folder: Path) -> None:
    """Let the new manifest say of the figures what the old one said: a report draws none of them again."""
    old, new = (_read_manifest(path / "manifest.json") for path in (place.figures, folder))
    if isinstance(old.get("figures"), dict):
        text = json.dumps({**new, "figures": old["figures"]}, indent=2, sort_keys=True, ensure_ascii=False)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _list_outputs(place: Place) -> list[str]:
    """Files of the last generation of figures and reports, by their path in the study."""
    files = _read_manifest(place.figures / "manifest.json").get("files")
    names = [PurePosixPath(name) for name in files] if isinstance(files, dict) else []
    # A study may come from someone else: its list must not lead out of it.
    return [str(name) for name in names if name.parts[:1] == ("figures",) and ".." not in name.parts]
