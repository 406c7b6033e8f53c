"""Add papers to a study: the model of its last fit places them, and everything below the waist is made again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from analysis.config import Config, InputError, parse_config
from analysis.corpus import Corpus
from analysis.curation import read_corrections
from analysis.results import Tables, list_found, publish, read_found, read_tables, write_tables
from analysis.study.computing import count_tables, limit_algebra
from analysis.study.counting import FieldTotals, check_field, read_field
from analysis.study.journaling import note_edit
from analysis.study.papers import read_papers
from analysis.study.places import Place, find_study, plan_study, relate_sources
from analysis.study.progress import show_progress
from analysis.study.recounting import correct_written
from analysis.study.settings_text import add_sources
from analysis.study.study import VECTORS, Study
from analysis.study.terms import extend_counts
from analysis.study.writing import Say, draw, hold_study, list_outputs, write_settings
from analysis.themes.extending import Extended, Known, extend_themes, find_kept
from analysis.themes.model import Model, read_model
from analysis.themes.placements import read_placements, write_placements
from analysis.themes.shift import describe_shift

# What the model was fitted with; a change of any of these needs a new fit.
_OF_THE_FIT = ("embedding", "fit", "neighbours", "map", "clustering", "themes", "labels")


def plan_addition(
    targets: Sequence[str | Path],
    add: Sequence[str | Path],
    *,
    out: str | Path | None = None,
    captured: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Place:
    """The study that papers are added to, with the new sources in its settings.

    Parameters
    ----------
    targets : sequence of path
        One study; none for the ``study.toml`` of this folder.
    add : sequence of path
        New sources; one that the study names already is read where it stands. None: a new fit on what there is.
    out, captured, columns
        As for `analysis.study.run`; `out` is refused.

    Raises
    ------
    InputError
        If this is no study, or the new sources cannot be written into its file.
    """
    if out is not None:
        raise InputError(f"--out {out}: papers are added to a study where it lies. Leave --out away.")
    target = Path(targets[0]) if targets else Path("study.toml")
    file = target / "study.toml" if target.is_dir() else target
    if len(targets) > 1 or (file.suffix != ".toml" and target.exists()) or (target.is_dir() and not file.exists()):
        given = ", ".join(str(one) for one in targets)
        raise InputError(
            f"{given}: --add and --refit need one study, and this is none. Give a folder with a study.toml: "
            "themeline run STUDY --add FILE"
        )
    find_study(target)
    place = plan_study(tuple(targets), captured=captured, columns=columns)
    new = [Path(one).resolve() for one in add]
    new = [one for one in dict.fromkeys(new) if one not in place.sources]
    if not new:
        return place
    names = relate_sources(new, place.root)
    sources = [*place.config.corpus.sources, *names]
    settings = place.config.model_dump(mode="json", exclude_unset=True)
    settings["corpus"] = {**settings["corpus"], "sources": sources}
    text = add_sources(place.toml or file.read_bytes().decode("utf-8"), names, where=str(file))
    return Place(place.root, parse_config(settings), (*place.sources, *new), text, file.name)


def add_papers(place: Place, *, say: Say, started: float) -> Study:
    """Place the papers that a study does not have yet, and make everything that is counted over them again.

    Parameters
    ----------
    place : Place
        Of `plan_addition`.
    say : callable
        Receives one line per step.
    started : float
        `time.perf_counter` at the start of the run.

    Returns
    -------
    Study
        As it was, not a byte changed, where the sources hold nothing new.
    """
    field = read_field(place.field_totals)
    read_corrections(place.curation)
    before = read_found(place.data)
    check_fit(place.config, before)
    model = read_model((place.data / VECTORS).parent)
    corpus = read_papers(place.config, place.sources, cache=place.data / "cache")
    say(f"read     {corpus.ledger['read']} records, kept {corpus.n_papers}")
    if field is not None:
        check_field(field, corpus, place.config)
    with hold_study(place.root) as staging:
        # Again, for now no other run can replace them.
        before, corrections = read_found(place.data), read_corrections(place.curation)
        model = read_model((place.data / VECTORS).parent)
        check_papers(corpus, before, model)
        if holds_nothing_new(corpus, before):
            say(f"added    nothing: the study has all {corpus.n_papers} papers already. Not a byte was changed.")
            return Study(Place(place.root, place.config, place.sources), read_tables(place.data))
        for note in corpus.notes:
            say(f"         {note}")
        with limit_algebra():
            extended = _extend(place, corpus, before, model)
            tables = _count(place, corpus, before, extended, field, say)
        data = staging.folder / "data"
        write_tables(tables, data)
        (data / VECTORS).parent.mkdir(parents=True, exist_ok=True)
        np.save(data / VECTORS, extended.tables.vectors)
        write_placements(extended.placements, (data / VECTORS).parent)
        extend_counts(place, data, extended, corpus.papers)
        tables = correct_written(place, data, corrections, field=field, say=say) or tables
        note_edit(place, staging, corrections, tables.run.get("corrections"))
        write_settings(place, staging)
        draw(tables, place.config, staging, say, started=started)
        publish(staging, replaces=[*list_outputs(place), *list_found()])
        return Study(place, read_tables(place.data))


def check_fit(config: Config, before: Tables) -> None:
    """See that the settings are still those of the fit.

    Raises
    ------
    InputError
        If a setting that the model depends on has changed since; all such sections are named.
    """
    # A setting that is younger than the fit had its default there.
    held, now = {**Config().model_dump(mode="json"), **before.run["config"]}, config.model_dump(mode="json")
    changed = [f"[{name}]" for name in _OF_THE_FIT if held[name] != now[name]]
    if held.get("seed") != now["seed"]:
        changed.insert(0, "seed")
    if changed:
        raise InputError(
            f"study.toml {', '.join(changed)}: changed since the study was fitted, so its model places no papers. "
            "Add them with --refit, or take the change back."
        )


def check_papers(corpus: Corpus, before: Tables, model: Model) -> None:
    """See that the papers of the study are still there, and that the model is theirs.

    Raises
    ------
    InputError
        If a source has lost papers since the last run, or the model is that of another fit.
    """
    fitted = before.papers.loc[~before.papers["placed"].astype(bool), "paper_id"]
    if not set(fitted) <= set(model.paper_ids):
        raise InputError(
            "data/model and data/results are of different fits. Run the study again, or add the papers with --refit."
        )
    gone = before.papers.loc[~before.papers["paper_id"].isin(corpus.papers["paper_id"]), "paper_id"]
    # A record that came in may show two papers to be one: then no source has changed.
    changed = {source["sha256"] for source in before.run["corpus"]["sources"]} - {one.sha256 for one in corpus.sources}
    if len(gone) and changed:
        raise InputError(
            f"{len(gone)} of the study's {len(before.papers)} papers are no longer in its sources "
            f"({', '.join(gone[:3])}{', ...' if len(gone) > 3 else ''}): a source has changed since the last run. "
            "Add with --refit to fit the study anew on what there is."
        )


def holds_nothing_new(corpus: Corpus, before: Tables) -> bool:
    """Whether every source is one that the study has read already, or a copy of one, and no paper has changed."""
    known = {source["sha256"] for source in before.run["corpus"]["sources"]}
    same = len(corpus.papers) == len(before.papers) and (find_kept(corpus.papers, before.papers) >= 0).all()
    return bool(same) and {source.sha256 for source in corpus.sources} <= known


def _extend(place: Place, corpus: Corpus, before: Tables, model: Model) -> Extended:
    from analysis.plots import colors_for

    known = Known(
        before.papers,
        before.topics,
        before.themes,
        before.theme_scores,
        before.theme_phrases,
        before.alternatives,
        Study(place, before).vectors,
        tuple(before.run["rungs"]),
        read_placements((place.data / VECTORS).parent, [one.closeness.shape[1] for one in model.asked]),
    )
    extended = extend_themes(corpus.papers, known, model, place.config, cache=place.data / "cache", watch=show_progress)
    themes = extended.tables.themes
    colors = colors_for(themes["theme"])
    themes = themes.assign(color=themes["color"].fillna(themes["theme"].map(colors)))
    run = before.run
    tables = dataclasses.replace(extended.tables, themes=themes, labels=run.get("labels"), identity=run.get("identity"))
    return dataclasses.replace(extended, tables=tables)


def _count(
    place: Place,
    corpus: Corpus,
    before: Tables,
    extended: Extended,
    field: FieldTotals | None,
    say: Say,
) -> Tables:
    known = {(source["name"], source["sha256"]) for source in before.run["corpus"]["sources"]}
    names = [source.name for source in corpus.sources if (source.name, source.sha256) not in known]
    n_new = int(extended.is_new.sum())
    placement = describe_shift(extended.shift) if extended.shift else before.run.get("placement")
    papers = "1 paper" if n_new == 1 else f"{n_new} papers"
    say(f"placed   {papers} by the model of {extended.tables.model.n_papers} fitted ones")
    for sentence in placement["sentences"] if placement and n_new else ():
        say(f"         {sentence}")
    return count_tables(
        place,
        corpus,
        extended.tables,
        is_placed=extended.is_placed,
        field=field,
        lineage=[*before.run["lineage"], {"how": "placed", "sources": names, "n_papers": n_new}],
        placement=placement,
        say=say,
    )
