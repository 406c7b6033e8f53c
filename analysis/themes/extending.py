"""Add papers to a fit: place the new ones, let the others be, and bring the tables up to date."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.config import Config, InputError
from analysis.themes.build import ThemeTables, join_text
from analysis.themes.encoder import find_encoder
from analysis.themes.model import Model
from analysis.themes.phrase_table import tabulate_overlaps, tabulate_phrases
from analysis.themes.placing import Placed, place_new
from analysis.themes.shift import Shift, measure_shift
from analysis.themes.tables import UNASSIGNED_ID
from analysis.themes.updating import place_alternatives, update_themes, update_topics
from analysis.themes.vectors import encode_cached

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
    """

    tables: ThemeTables
    is_placed: NDArray[np.bool_]
    is_new: NDArray[np.bool_]
    shift: Shift | None


def find_kept(papers: pd.DataFrame, known: pd.DataFrame) -> NDArray[np.int64]:
    """Row in `known` of each paper, -1 where it is not there or its text is another by now.

    Parameters
    ----------
    papers, known : DataFrame
        Columns ``paper_id``, ``title``, ``abstract``.
    """
    rows = pd.Index(known["paper_id"]).get_indexer(pd.Index(papers["paper_id"]))
    same = np.ones(len(rows), dtype=bool)
    for column in ("title", "abstract"):
        same &= papers[column].to_numpy(dtype=object) == known[column].to_numpy(dtype=object)[rows]
    return np.where(same, rows, -1)


def extend_themes(
    papers: pd.DataFrame,
    known: Known,
    model: Model,
    config: Config,
    *,
    cache: Path | None = None,
    on_done: Callable[[int], None] | None = None,
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
    on_done : callable, optional
        Called with the number of texts embedded since the last call.

    Returns
    -------
    Extended
        Papers that the study has already keep their place; one whose text has
        changed is placed anew. Topics and themes keep ids, labels and measures.

    Raises
    ------
    InputError
        If the encoder is not that of the fit.
    """
    started = time.perf_counter()
    kept = find_kept(papers, known.papers)
    is_new = kept < 0
    is_placed = is_new | known.papers["placed"].to_numpy(dtype=bool)[kept]
    texts = np.array([join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)], dtype=object)
    meaning = known.vectors[kept]
    if is_new.any():
        meaning[is_new] = _embed(list(texts[is_new]), model, config, cache, on_done)
    embedded = time.perf_counter()
    # All that were ever placed: a paper is placed by itself, so earlier ones come out as they did.
    placed = place_new(model, papers[is_placed], list(texts[is_placed]), meaning[is_placed], config)
    new = is_new[is_placed]
    columns = list(placed.table.columns)
    table = _fill(known.papers[columns], kept, placed.table[new], is_new)
    scores = _fill(known.theme_scores, kept, placed.scores[new], is_new)
    whole = pd.concat([papers[["paper_id", "published"]].reset_index(drop=True), table], axis=1)
    n_shown = config.report.n_representatives
    tables = ThemeTables(
        placed=table,
        topics=update_topics(known.topics, whole, meaning, n_representatives=n_shown),
        themes=update_themes(known.themes, whole, n_representatives=n_shown),
        theme_scores=scores,
        **_count_named(whole, is_placed, placed, model, known, config),
        alternatives=_extend_alternatives(whole, kept, is_placed, placed, model, known),
        vectors=meaning,
        model=model,
        rungs=(*(rung for rung in known.rungs if not rung.startswith("Placed: ")), placed.graph.rung),
        encoder=dict(model.encoder),
        seconds={
            "embed": round(embedded - started, 3),
            "place": round(time.perf_counter() - embedded, 3),
        },
    )
    shift = measure_shift(model, placed, new, list(texts[is_new]), known.papers) if new.any() else None
    return Extended(tables, is_placed, is_new, shift)


def _embed(
    texts: list[str], model: Model, config: Config, cache: Path | None, on_done: Callable[[int], None] | None
) -> NDArray[np.float32]:
    encoder = find_encoder(config.embedding.encoder)
    if encoder.version != model.encoder["version"]:
        raise InputError(
            f"the study was fitted with encoder {model.encoder['name']}, but [embedding] now gives {encoder.name}. "
            "Add the papers with --refit."
        )
    return encode_cached(texts, encoder, cache=cache, on_done=on_done)[0]


def _fill(known: pd.DataFrame, kept: NDArray[np.int64], fresh: pd.DataFrame, is_new: NDArray[np.bool_]) -> pd.DataFrame:
    """Rows of `known` where a paper is kept, of `fresh` where it is new."""
    both = pd.concat([known, fresh], ignore_index=True) if len(fresh) else known
    row = np.where(is_new, len(known) + np.cumsum(is_new) - 1, kept)
    return both.iloc[row].reset_index(drop=True)


def _count_named(
    whole: pd.DataFrame,
    is_placed: NDArray[np.bool_],
    placed: Placed,
    model: Model,
    known: Known,
    config: Config,
) -> dict[str, Any]:
    """Which phrase brought which papers, and the overlaps, over fitted and placed papers alike."""
    ids = whole["paper_id"]
    row = pd.Index(model.paper_ids).get_indexer(pd.Index(ids[~is_placed]))

    def join(of_fit: NDArray[np.float64], of_placed: NDArray[np.float64]) -> NDArray[np.float64]:
        both = np.zeros((len(ids), of_fit.shape[1]))
        both[~is_placed], both[is_placed] = of_fit[row], of_placed
        return both

    theme = pd.Index(model.theme_ids).get_indexer(pd.Index(whole["theme"]))
    closeness = [join(one.closeness, other) for one, other in zip(model.asked, placed.closeness, strict=True)]
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
        "theme_overlaps": tabulate_overlaps(join(model.fit, placed.fit), model.theme_ids[: len(model.asked)]),
    }


def _extend_alternatives(
    whole: pd.DataFrame,
    kept: NDArray[np.int64],
    is_placed: NDArray[np.bool_],
    placed: Placed,
    model: Model,
    known: Known,
) -> pd.DataFrame:
    """The refits with the new papers in them, in corpus order within each run."""
    ids = whole["paper_id"].to_numpy(dtype=object)
    old = known.alternatives[known.alternatives["paper_id"].isin(ids[kept >= 0])]
    theme_ids = (*model.theme_ids, UNASSIGNED_ID)
    main = pd.Series(pd.Index(theme_ids).get_indexer(pd.Index(known.papers["theme"])), index=known.papers["paper_id"])
    fresh = place_alternatives(
        known.alternatives,
        placed,
        (kept < 0)[is_placed],
        paper_ids=list(ids[is_placed]),
        fitted_ids=model.paper_ids,
        main=main.reindex(model.paper_ids, fill_value=-1).to_numpy(),
        theme_ids=theme_ids,
    )
    both = pd.concat([old, fresh], ignore_index=True)
    runs = {run: place for place, run in enumerate(dict.fromkeys(known.alternatives["run"]))}
    order = np.lexsort((pd.Index(ids).get_indexer(pd.Index(both["paper_id"])), both["run"].map(runs)))
    return both.iloc[order].reset_index(drop=True)
