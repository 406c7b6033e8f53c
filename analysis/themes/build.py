"""From papers to the tables of themes: the slow half, in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.config import Config
from analysis.themes.asked import Asked, check_examples, prepare_named
from analysis.themes.assigning import assign_themes
from analysis.themes.checking import check_names
from analysis.themes.clustering import Clustering, cluster
from analysis.themes.consensus import count_runs
from analysis.themes.describing import find_why_here
from analysis.themes.embedding import Embedding, embed_texts, encode_cached, find_encoder
from analysis.themes.inheriting import Inherit, Inherited
from analysis.themes.keeping import Scored, keep_model
from analysis.themes.memory import Memory
from analysis.themes.model import Model
from analysis.themes.named import NamedScores, score_named
from analysis.themes.naming import Named, name_themes, name_topics
from analysis.themes.neighbours import NeighbourGraph, build_graph, draw_graph
from analysis.themes.phrase_table import compare_sources, count_losses, tabulate_overlaps, tabulate_phrases
from analysis.themes.phrases import PhraseBook, collect_phrases
from analysis.themes.projection import project
from analysis.themes.relabel import relabel
from analysis.themes.stability import refit
from analysis.themes.steps import Steps
from analysis.themes.tables import (
    Fitted,
    place_papers,
    tabulate_alternatives,
    tabulate_scores,
    tabulate_themes,
    tabulate_topics,
)
from analysis.themes.watching import Watch, watch_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ThemeTables:
    """The tables above the waist that need a model, and what was done to get them.

    Attributes
    ----------
    placed : DataFrame of n_papers rows
        The columns of ``papers`` from ``topic`` to ``map_y``.
    topics, themes, theme_scores, theme_phrases, theme_overlaps, alternatives : DataFrame
    vectors : float32 array (n_papers, n_dimensions)
        Meaning of each paper, for the search.
    model : Model
        What papers that come later are placed by.
    rungs : tuple of str
        Which way each step took, as sentences.
    encoder : dict
    seconds : dict of str to float
    labels : dict or None
        What an endpoint was asked for labels, and what it answered.
    identity : dict or None
        What was taken over from the last results.
    book : PhraseBook or None
        The phrases of the fitted papers; None where nothing was fitted.
    """

    placed: pd.DataFrame
    topics: pd.DataFrame
    themes: pd.DataFrame
    theme_scores: pd.DataFrame
    theme_phrases: pd.DataFrame
    theme_overlaps: pd.DataFrame
    alternatives: pd.DataFrame
    vectors: NDArray[np.float32]
    model: Model
    rungs: tuple[str, ...]
    encoder: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)
    labels: dict[str, Any] | None = None
    identity: dict[str, Any] | None = None
    book: PhraseBook | None = None


def join_text(title: str, abstract: str) -> str:
    """The text of a paper that is embedded and counted.

    Examples
    --------
    >>> join_text("Robots", "They learn."), join_text("What?", "")
    ('Robots. They learn.', 'What?')
    """
    if not title or not abstract:
        return title or abstract
    return f"{title} {abstract}" if title[-1] in ".?!" else f"{title}. {abstract}"


def build_themes(
    papers: pd.DataFrame,
    config: Config,
    *,
    set_aside: pd.DataFrame | None = None,
    cache: Path | None = None,
    watch: Watch = watch_nothing,
    inherit: Inherit | None = None,
) -> ThemeTables:
    """Find and name the themes of a corpus.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Columns ``paper_id``, ``title``, ``abstract``, ``published``.
    config : Config
    set_aside : DataFrame, optional
        Records that were not kept: an example among them is refused with its reason.
    cache : Path, optional
        Folder of vectors, and of an endpoint's answers, from earlier runs.
    watch : Watch, optional
        Told how far embedding and the refits are.
    inherit : callable, optional
        Gives themes and topics the names that they had in the last results.

    Returns
    -------
    ThemeTables

    Raises
    ------
    InputError
        If an example of a named theme is no paper of the corpus.
    """
    check_examples(config.themes.named, list(papers["paper_id"]), set_aside)
    clock = _Clock()
    texts = [join_text(title, abstract) for title, abstract in zip(papers["title"], papers["abstract"], strict=True)]
    encoder = find_encoder(config.embedding.encoder, len(papers))
    encode = _phrase_encoder(encoder, cache)
    with watch("embed", len(texts)) as on_done:
        embedding = embed_texts(
            texts, config.embedding, seed=config.seed, cache=cache, encoder=encoder, on_done=on_done
        )
    clock.stop("embed")
    steps = Steps(cache, texts, config, embedding.encoder)
    graph = steps.take_graph(
        lambda: build_graph(embedding.joined, n_neighbours=config.neighbours.n_neighbours, seed=config.seed)
    )
    clock.stop("neighbours")
    places, map_rung = steps.take_map(
        lambda: project(embedding.joined, graph, min_dist=config.map.min_dist, seed=config.seed)
    )
    clock.stop("project")
    clustering = steps.take_clusters(lambda: cluster(graph, embedding.joined, config.clustering, seed=config.seed))
    clock.stop("cluster")
    asked = prepare_named(config.themes.named, list(papers["paper_id"]), texts, embedding.meaning, encode)
    scored = _score_asked(asked, embedding, graph)
    losses = count_losses(asked, scored.named, embedding.meaning, embedding.joined, graph)
    assignment = assign_themes(scored.named, clustering, graph)
    clock.stop("assign")
    book = collect_phrases(texts)
    names = name_themes(assignment, config.themes.named, book, embedding.meaning, list(papers["title"]), encode)
    topic_names = name_topics(clustering, book, embedding.meaning, encode)
    clock.stop("describe")
    refits = refit(
        _refitter(config, asked, embedding, graph, scored.named),
        assignment,
        n_papers=len(papers),
        n_refits=config.themes.n_alternatives if len(papers) >= 10 else 0,
        seed=config.seed,
        keep=steps.take_refit,
        watch=watch,
    )
    clock.stop("refit")
    fitted = Fitted(papers, config, embedding.meaning, clustering, assignment, refits)
    relabelled = relabel(fitted, names, topic_names, cache=cache)
    inherited = Inherited(relabelled.themes, relabelled.topics)
    if inherit is not None:
        inherited = inherit(fitted, inherited.themes, inherited.topics, embedding.encoder)
    names, topic_names = inherited.themes, inherited.topics
    clock.stop("label")
    shown = _Shown(fitted, names, topic_names, scored, losses)
    return ThemeTables(
        placed=place_papers(fitted, places, names, find_why_here(assignment.theme, book, texts)),
        **_tabulate(shown, partial(check_names, book=book, vectors=embedding.meaning, encode=encode, seed=config.seed)),
        vectors=embedding.meaning,
        model=keep_model(fitted, embedding, graph, places, scored=scored, names=names, book=book),
        rungs=(embedding.rung, graph.rung, map_rung, clustering.rung, *relabelled.rungs),
        encoder=dict(embedding.encoder),
        seconds=clock.seconds,
        labels=relabelled.record,
        identity=inherited.record,
        book=book,
    )


class _Shown(NamedTuple):
    fitted: Fitted
    names: Named
    topic_names: Named
    scored: Scored
    losses: list[list[int]]


def _tabulate(shown: _Shown, check: Callable[[Named, NDArray[np.int64]], Any]) -> dict[str, pd.DataFrame]:
    fitted, names, topic_names, scored, losses = shown
    assignment = fitted.assignment
    return {
        "topics": tabulate_topics(fitted, topic_names, names, check(topic_names, fitted.clustering.topic)),
        "themes": tabulate_themes(fitted, names, check(names, assignment.theme)),
        "theme_scores": tabulate_scores(fitted, names),
        "theme_phrases": tabulate_phrases(
            scored.asked.themes,
            assignment.theme,
            losses,
            scored.closeness,
            slugs=names.ids,
            paper_ids=fitted.papers["paper_id"].to_numpy(),
            n_shown=fitted.config.report.n_representatives,
        ),
        "theme_overlaps": tabulate_overlaps(scored.named.fit, names.ids[: assignment.n_named]),
        "alternatives": tabulate_alternatives(fitted, names),
    }


def _score_asked(asked: Asked, embedding: Embedding, graph: NeighbourGraph) -> Scored:
    memories = tuple(Memory() for _ in asked.themes)
    named = score_named(asked, embedding.meaning, embedding.joined, graph, memories=memories)
    closeness = tuple(compare_sources(asked, column, embedding.meaning) for column in range(len(asked.themes)))
    return Scored(asked, memories, named, closeness)


def _phrase_encoder(encoder: Any, cache: Path | None) -> Callable[[list[str]], NDArray[np.float32]]:
    def encode(phrases: list[str]) -> NDArray[np.float32]:
        return encode_cached(phrases, encoder, cache=cache, kept="phrases")[0]

    return encode


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now


def _refitter(
    config: Config, asked: Asked, embedding: Embedding, graph: NeighbourGraph, named: NamedScores
) -> Callable[[NDArray[np.int64], int], tuple[NeighbourGraph, Clustering, NamedScores]]:
    again = partial(cluster, settings=config.clustering, n_runs=count_runs(graph.n_papers, again=True))

    def fit(rows: NDArray[np.int64], seed: int) -> tuple[NeighbourGraph, Clustering, NamedScores]:
        if len(rows) == graph.n_papers:  # Another seed moves the clusters alone.
            return graph, again(graph, embedding.joined, seed=seed), named
        joined, meaning = embedding.joined[rows], embedding.meaning[rows]
        drawn = draw_graph(graph, embedding.joined, rows, n_neighbours=config.neighbours.n_neighbours)
        return drawn, again(drawn, joined, seed=seed), score_named(asked.take(rows), meaning, joined, drawn)

    return fit
