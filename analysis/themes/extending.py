"""Add papers to a fit: place the new ones, let the others be, and bring the tables up to date."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.config import Config, InputError
from analysis.themes.build import ThemeTables, join_text
from analysis.themes.embedding import encode_cached, find_encoder
from analysis.themes.model import Model
from analysis.themes.phrase_table import tabulate_overlaps, tabulate_phrases
from analysis.themes.placements import Placements, keep_placements
from analysis.themes.placing import Placed, Placer, join_placed
from analysis.themes.refitted import draw_papers, restore_refits
from analysis.themes.shift import Shift, measure_shift
from analysis.themes.tables import UNASSIGNED_ID
from analysis.themes.updating import update_themes, update_topics
from analysis.themes.watching import Watch, watch_nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Papers that are embedded and placed at a time: what they need beside their tables stays small, and the vectors of
# earlier runs are looked through a few times only.
_CHUNK = 131_072
# Words are counted in so many of the new papers, evenly drawn.
_MOST_READ = 5_000


class Known(NamedTuple):
    """What is known before papers are added: tables as `analysis.results.schema` lists them, and vectors."""

    papers: pd.DataFrame
    topics: pd.DataFrame
    themes: pd.DataFrame
    theme_scores: pd.DataFrame
    theme_phrases: pd.DataFrame
    alternatives: pd.DataFrame
    vectors: NDArray[np.float32]
    rungs: tuple[str, ...]
    placements: Placements


@dataclass(frozen=True)
class Extended:
    """A fit with papers added.

    Attributes
    ----------
    tables : ThemeTables
    is_placed : bool array (n_papers,)
        Papers that had no part in the fit.
    is_new : bool array (n_papers,)
        Those among them that were placed just now.
    shift : Shift or None
        Of the new papers against the fitted ones; None where there is no new one.
    placements : Placements
        What is kept of all papers that were placed, for the next addition.
    """

    tables: ThemeTables
    is_placed: NDArray[np.bool_]
    is_new: NDArray[np.bool_]
    shift: Shift | None
    placements: Placements


def find_kept(papers: pd.DataFrame, known: pd.DataFrame) -> NDArray[np.int64]:
    """Row in `known` of each paper, -1 where it is not there or its text is another by now.

    Parameters
    ----------
    papers, known : DataFrame
        Columns ``paper_id``, ``title``, ``abstract``.
    """
    rows = pd.Index(known["paper_id"]).get_indexer(pd.Index(papers["paper_id"]))
    there = np.flatnonzero(rows >= 0)
    same = np.ones(len(there), dtype=bool)
    for column in ("title", "abstract"):
        held = known[column].iloc[rows[there]].to_numpy(dtype=object)
        same &= papers[column].iloc[there].to_numpy(dtype=object) == held
    rows[there[~same]] = -1
    return np.asarray(rows, dtype=np.int64)


def extend_themes(
    papers: pd.DataFrame,
    known: Known,
    model: Model,
    config: Config,
    *,
    cache: Path | None = None,
    watch: Watch = watch_nothing,
) -> Extended:
    """Place the papers that a study does not have yet.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        All papers, old and new: columns ``paper_id``, ``title``, ``abstract``, ``published``.
    known : Known
    model : Model
        Of the last fit.
    config : Config
    cache : Path, optional
        Folder of vectors from earlier runs.
    watch : Watch, optional
        Told how far embedding and placing are.

    Returns
    -------
    Extended
        Papers that the study has already keep their place; one whose text has
        changed is placed anew. Topics and themes keep ids, labels and measures.

    Raises
    ------
    InputError
        If the encoder is not that of the fit, or `known` is not of one piece.
    """
    kept = find_kept(papers, known.papers)
    is_new = kept < 0
    is_placed = is_new | known.papers["placed"].to_numpy(dtype=bool)[kept]
    meaning = known.vectors[kept]
    seconds = {"embed": 0.0, "place": 0.0}
    new, placed = _place_chunks(papers, is_new, meaning, known, model, config, cache, watch, seconds)
    started = time.perf_counter()
    table = _fill(known.papers[list(placed.table.columns)], kept, placed.table, is_new)
    scores = _fill(known.theme_scores, kept, placed.scores, is_new)
    whole = pd.concat([papers[["paper_id", "published"]].reset_index(drop=True), table], axis=1)
    placements = _gather(known.placements, whole["paper_id"].to_numpy(dtype=object), is_placed & ~is_new, new, placed)
    n_shown = config.report.n_representatives
    tables = ThemeTables(
        placed=table,
        topics=update_topics(known.topics, whole, meaning, n_representatives=n_shown),
        themes=update_themes(known.themes, whole, n_representatives=n_shown),
        theme_scores=scores,
        **_count_named(whole, is_placed, placements, model, known, config),
        alternatives=_extend_alternatives(whole, kept, placed, model, known),
        vectors=meaning,
        model=model,
        rungs=(*(rung for rung in known.rungs if not rung.startswith("Placed: ")), placed.rung),
        encoder=dict(model.encoder),
        seconds=seconds,
    )
    seconds["place"] = round(seconds["place"] + time.perf_counter() - started, 3)
    shift = None
    if len(new):
        read = _join_texts(papers, new[:: -(-len(new) // _MOST_READ)])
        shift = measure_shift(model, placed, read, known.papers, n_placed=int(is_placed.sum()))
    return Extended(tables, is_placed, is_new, shift, placements)


def _place_chunks(
    papers: pd.DataFrame,
    is_new: NDArray[np.bool_],
    meaning: NDArray[np.float32],
    known: Known,
    model: Model,
    config: Config,
    cache: Path | None,
    watch: Watch,
    seconds: dict[str, float],
) -> tuple[NDArray[np.int64], Placed]:
    """Embed and place the new papers a chunk at a time; their vectors go into `meaning`, the time into `seconds`."""
    new = np.flatnonzero(is_new)
    encoder = _find_encoder(model, config) if len(new) else None
    main = known.papers.set_index("paper_id")["theme"]
    refitted = restore_refits(known.alternatives, main, model.paper_ids, model.theme_ids)
    placer, parts = Placer(model, config, refitted), []
    with watch("embed", len(new)) as on_embedded, watch("place", len(new)) as on_placed:
        for start in range(0, max(1, len(new)), _CHUNK):
            rows = new[start : start + _CHUNK]
            texts = _join_texts(papers, rows)
            began = time.perf_counter()
            if len(rows):
                meaning[rows] = encode_cached(texts, encoder, cache=cache, on_done=on_embedded)[0]
            embedded = time.perf_counter()
            parts.append(placer.place(papers[["paper_id"]].iloc[rows], texts, meaning[rows], on_done=on_placed))
            seconds["embed"] = round(seconds["embed"] + embedded - began, 3)
            seconds["place"] = round(seconds["place"] + time.perf_counter() - embedded, 3)
    return new, join_placed(parts)


def _join_texts(papers: pd.DataFrame, rows: NDArray[np.int64]) -> list[str]:
    some = papers[["title", "abstract"]].iloc[rows]
    return [join_text(*pair) for pair in zip(some["title"], some["abstract"], strict=True)]


def _find_encoder(model: Model, config: Config) -> Any:
    encoder = find_encoder(config.embedding.encoder, fitted=model.encoder)
    if encoder.version != model.encoder["version"]:
        raise InputError(
            f"the study was fitted with encoder {model.encoder['name']}, but [embedding] now gives {encoder.name}. "
            "Add the papers with --refit."
        )
    return encoder


def _fill(known: pd.DataFrame, kept: NDArray[np.int64], fresh: pd.DataFrame, is_new: NDArray[np.bool_]) -> pd.DataFrame:
    """Rows of `known` where a paper is kept, of `fresh` where it is new."""
    both = pd.concat([known, fresh], ignore_index=True) if len(fresh) else known
    row = np.where(is_new, len(known) + np.cumsum(is_new) - 1, kept)
    return both.iloc[row].reset_index(drop=True)


def _gather(
    before: Placements,
    ids: NDArray[np.object_],
    stays: NDArray[np.bool_],
    new: NDArray[np.int64],
    placed: Placed,
) -> Placements:
    """What is kept of every placed paper: of those that stay, then of the new ones."""
    rows = pd.Index(before.paper_ids).get_indexer(pd.Index(ids[stays]))
    if (rows < 0).any():
        raise InputError(
            "data/model and data/results are of different fits. Run the study again, or add the papers with --refit."
        )
    return before.gather(rows, keep_placements(ids[new], placed))


def _count_named(
    whole: pd.DataFrame,
    is_placed: NDArray[np.bool_],
    placements: Placements,
    model: Model,
    known: Known,
    config: Config,
) -> dict[str, Any]:
    """Which phrase brought which papers, and the overlaps, over fitted and placed papers alike."""
    ids = whole["paper_id"]
    fitted = pd.Index(model.paper_ids).get_indexer(pd.Index(ids[~is_placed]))
    later = pd.Index(placements.paper_ids).get_indexer(pd.Index(ids[is_placed]))

    def join(of_fit: NDArray[np.float64], of_placed: NDArray[np.float32]) -> NDArray[np.float64]:
        both = np.zeros((len(ids), of_fit.shape[1]))
        both[~is_placed], both[is_placed] = of_fit[fitted], of_placed[later]
        return both

    theme = pd.Index(model.theme_ids).get_indexer(pd.Index(whole["theme"]))
    closeness = [join(one.closeness, other) for one, other in zip(model.asked, placements.closeness, strict=True)]
    lost = known.theme_phrases[known.theme_phrases["kind"] == "phrase"]
    losses = [list(lost.loc[lost["theme"] == slug, "n_lost"]) for slug in model.theme_ids[: len(model.asked)]]
    return {
        "theme_phrases": tabulate_phrases(
            config.themes.named,
            theme,
            losses,
            closeness,
            slugs=model.theme_ids,
            paper_ids=ids.to_numpy(dtype=object),
            n_shown=config.report.n_representatives,
        ),
        "theme_overlaps": tabulate_overlaps(join(model.fit, placements.fit), model.theme_ids[: len(model.asked)]),
    }


def _extend_alternatives(
    whole: pd.DataFrame, kept: NDArray[np.int64], placed: Placed, model: Model, known: Known
) -> pd.DataFrame:
    """The refits with the new papers in them, in corpus order within each run."""
    ids = whole["paper_id"].to_numpy(dtype=object)
    new = np.flatnonzero(kept < 0)
    theme_ids = np.array([*model.theme_ids, UNASSIGNED_ID], dtype=object)
    # Where each paper stood before; those that left, or whose text is another by now, are nowhere.
    place = np.full(len(known.papers) + 1, -1)
    place[kept[kept >= 0]] = np.flatnonzero(kept >= 0)
    before = known.alternatives
    row = place[pd.Index(known.papers["paper_id"]).get_indexer(pd.Index(before["paper_id"]))]
    run, runs = pd.factorize(before["run"])
    themes, parts = before["theme"].to_numpy(dtype=object), [before.iloc[:0]]
    for one, name in enumerate(map(str, runs)):
        theme = np.full(len(ids), None, dtype=object)
        old = (run == one) & (row >= 0)
        theme[row[old]] = themes[old]
        drawn = draw_papers(name, list(ids[new]))
        theme[new[drawn]] = theme_ids[placed.refits[drawn, one]]
        taken = np.flatnonzero(theme != None)  # noqa: E711 -- asked of each
        parts.append(pd.DataFrame({"paper_id": ids[taken], "run": name, "theme": theme[taken]}))
    return pd.concat(parts, ignore_index=True)
