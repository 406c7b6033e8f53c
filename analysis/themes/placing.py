"""Papers that come after a fit find their place in it: topic, theme, strength, words and spot on the map.

Only the new texts are embedded and nothing is fitted. Each step is that of
the fit with what the fit learned: the neighbour graph is continued to the new
papers by its own rule, the topic is what most of the weight of a paper's
neighbours lies in, and a theme is scored by the function that scored it
before. A paper is placed by itself: what else is added beside it plays no
part, nor does the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.config import Config
from analysis.themes.asked import Asked
from analysis.themes.assigning import Assignment, assign_placed
from analysis.themes.clustering import Clustering
from analysis.themes.embedding import join_vectors, make_unit
from analysis.themes.linking import link_papers
from analysis.themes.memory import Memory
from analysis.themes.model import Model
from analysis.themes.named import score_named
from analysis.themes.naming import Named
from analysis.themes.neighbours import NeighbourGraph
from analysis.themes.phrase_table import compare_sources
from analysis.themes.refitted import Refitted
from analysis.themes.shift import find_far, measure_nearness
from analysis.themes.tables import Fitted, place_papers, tabulate_scores
from analysis.themes.threads import count_cores, map_side_by_side
from analysis.themes.voting import find_places, find_topics
from analysis.themes.watching import Advance

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH, _MOST_WORKERS = 2_048, 8
_FAR = "; farther from the fitted papers than 99 in 100 of them are from each other"


@dataclass(frozen=True)
class Placed:
    """Papers that were placed, in the order given.

    Attributes
    ----------
    table : DataFrame of n_papers rows
        The columns of ``papers`` from ``topic`` to ``map_y``.
    scores : DataFrame
        As ``results/theme_scores``.
    theme : int64 array (n_papers,)
        By the order of the model's themes; -1 is unassigned.
    fit : float32 array (n_papers, n_named)
        To each named theme.
    closeness : tuple of n_named float32 arrays (n_papers, n_sources)
        To the phrases and examples of each named theme.
    nearness : float32 array (n_papers,)
        Similarity in meaning to the nearest fitted papers.
    refits : int16 array (n_papers, n_runs)
        Theme in each refit, by the order of the model's themes, then
        unassigned; without columns where no refits were given.
    rung : str
        How they were placed, as a sentence.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    theme: NDArray[np.int64]
    fit: NDArray[np.float32]
    closeness: tuple[NDArray[np.float32], ...]
    nearness: NDArray[np.float32]
    refits: NDArray[np.int16]
    rung: str


def place_new(
    model: Model,
    papers: pd.DataFrame,
    texts: Sequence[str],
    meaning: NDArray[np.float32],
    config: Config,
    *,
    refitted: Refitted | None = None,
    n_workers: int | None = None,
) -> Placed:
    """Place papers in a fitted model.

    Parameters
    ----------
    model : Model
    papers : DataFrame of n_papers rows
        Column ``paper_id``.
    texts : sequence of n_papers str
    meaning : float32 array (n_papers, n_dimensions)
        Their vectors, by the encoder of the model.
    config : Config
        The settings of the fit.
    refitted : Refitted, optional
        The refits of the fit, in which the papers then find their themes too.
    n_workers : int, optional
        Threads; default one per core, eight at most. The result does not depend on it.

    Returns
    -------
    Placed
    """
    return Placer(model, config, refitted).place(papers, texts, meaning, n_workers=n_workers)


@dataclass(frozen=True)
class Placer:
    """A model made ready once to place any number of papers.

    Attributes
    ----------
    model : Model
    config : Config
        The settings of the fit.
    refitted : Refitted or None
    """

    model: Model
    config: Config
    refitted: Refitted | None = None
    _memories: list[Memory] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memories", [Memory(one.learned) for one in self.model.asked])

    @cached_property
    def _of_fit(self) -> NDArray[np.float32]:
        """Meaning of the fitted papers: the first part of the joined vectors, shortened there."""
        words = self.model.lexical
        n_words = 0 if words is None else len(words.components)
        return make_unit(self.model.joined[:, : self.model.joined.shape[1] - n_words])

    def place(
        self,
        papers: pd.DataFrame,
        texts: Sequence[str],
        meaning: NDArray[np.float32],
        *,
        n_workers: int | None = None,
        on_done: Advance = lambda _: None,
    ) -> Placed:
        """As `place_new`; `on_done` is told the number of papers placed since its last call."""
        import scipy.linalg  # noqa: F401 -- brings its own BLAS; the limit reaches only what is loaded
        from threadpoolctl import threadpool_limits

        self._of_fit  # noqa: B018 -- made once, before there are threads

        def place_batch(start: int) -> _Spots:
            spots = self._place(texts[start : start + _BATCH], meaning[start : start + _BATCH])
            on_done(len(spots.topic))
            return spots

        # One thread for each product: the threads here have a batch each, and sums stay in one order.
        with threadpool_limits(1, user_api="blas"):
            starts = range(0, max(1, len(texts)), _BATCH)
            spots = map_side_by_side(place_batch, starts, n_threads=n_workers or min(count_cores(), _MOST_WORKERS))
        return self._tabulate(papers, spots, meaning)

    def _place(self, texts: Sequence[str], meaning: NDArray[np.float32]) -> _Spots:
        """One batch; filled up to its full length, for a product of another shape may be summed in another order."""
        model, n_papers = self.model, len(texts)
        texts = [*texts, *[""] * (_BATCH - n_papers)]
        meaning = np.vstack([meaning, np.zeros((_BATCH - n_papers, meaning.shape[1]), np.float32)])
        joined = meaning
        if model.lexical is not None:
            joined = join_vectors(meaning, model.lexical.embed(texts), self.config.embedding.lexical_weight)
        graph = link_papers(joined[:n_papers], model.joined, model.reach, n_neighbours=model.n_neighbours)
        topic, strength = find_topics(graph.weights, model.topic, len(model.group))
        asked = restore_asked(model, texts, self.config)
        whole = _fill_up(graph)
        named = score_named(asked, meaning, joined, whole, memories=self._memories)
        group = np.r_[model.group[topic], np.zeros(_BATCH - n_papers, dtype=np.int64)]
        assignment = assign_placed(named, group, whole, groups=model.groups, members=model.members, weight=model.weight)
        theme = assignment.theme[:n_papers]
        closeness = [
            compare_sources(asked, column, meaning, memory=memory)[:n_papers].astype(np.float32)
            for column, memory in enumerate(self._memories)
        ]
        return _Spots(
            topic,
            strength,
            theme,
            assignment.scores[:n_papers],
            named.fit[:n_papers].astype(np.float32),
            closeness,
            measure_nearness(meaning[:n_papers], self._of_fit, graph.indices),
            find_places(graph.weights, model.places),
            model.ties.find(theme, texts[:n_papers]),
            self.refitted.vote(graph.weights, theme) if self.refitted else np.zeros((n_papers, 0), np.int16),
            graph.rung,
        )

    def _tabulate(self, papers: pd.DataFrame, spots: list[_Spots], meaning: NDArray[np.float32]) -> Placed:
        model = self.model

        def join(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(spot, name) for spot in spots])

        topic, theme, nearness = join("topic"), join("theme"), join("nearness")
        clustering = Clustering(topic, model.group[topic], join("strength"), spots[0].rung)
        nobody = np.zeros((0, len(model.theme_ids)), dtype=bool)
        assignment = Assignment(theme, join("scores"), model.groups, len(model.asked), nobody, model.weight)
        fitted = Fitted(papers, self.config, meaning, clustering, assignment, [])
        names = Named(model.theme_ids, model.labels, ("",) * len(model.labels), ([],) * len(model.labels))
        table = place_papers(fitted, join("places"), names, [words for spot in spots for words in spot.why_here])
        far = find_far(nearness, model.nearness)
        reason = np.array(table["theme_reason"], dtype=object)
        reason[far] = reason[far] + _FAR
        return Placed(
            table=table.assign(theme_reason=reason),
            scores=tabulate_scores(fitted, names),
            theme=theme,
            fit=join("fit"),
            closeness=tuple(np.concatenate([spot.closeness[one] for spot in spots]) for one in range(len(model.asked))),
            nearness=nearness,
            refits=join("refits"),
            rung=spots[0].rung,
        )


def join_placed(parts: Sequence[Placed]) -> Placed:
    """Papers that one `Placer` placed in parts, as if placed at once."""
    if len(parts) == 1:
        return parts[0]
    return Placed(
        table=pd.concat([one.table for one in parts], ignore_index=True),
        scores=pd.concat([one.scores for one in parts], ignore_index=True),
        theme=np.concatenate([one.theme for one in parts]),
        fit=np.concatenate([one.fit for one in parts]),
        closeness=tuple(np.concatenate(same) for same in zip(*(one.closeness for one in parts), strict=True)),
        nearness=np.concatenate([one.nearness for one in parts]),
        refits=np.concatenate([one.refits for one in parts]),
        rung=parts[0].rung,
    )


class _Spots(NamedTuple):
    """What is found out about the papers of one batch, before it becomes tables."""

    topic: NDArray[np.int64]
    strength: NDArray[np.float64]
    theme: NDArray[np.int64]
    scores: NDArray[np.float64]
    fit: NDArray[np.float32]
    closeness: list[NDArray[np.float32]]
    nearness: NDArray[np.float32]
    places: NDArray[np.float64]
    why_here: list[list[str]]
    refits: NDArray[np.int16]
    rung: str


def restore_asked(model: Model, texts: Sequence[str], config: Config) -> Asked:
    """The named themes of a fit, made ready for other texts; no example is among these."""
    return Asked(
        themes=config.themes.named,
        phrases=tuple(one.phrases for one in model.asked),
        unlike=tuple(one.unlike for one in model.asked),
        described=tuple(one.described for one in model.asked),
        examples=tuple(np.zeros(0, dtype=np.int64) for _ in model.asked),
        words=model.vocabulary.index(texts),
        unrelated=model.unrelated,
    )


def _fill_up(graph: NeighbourGraph) -> NeighbourGraph:
    """The graph with papers without any neighbour at its end, a whole batch of papers."""
    weights = graph.weights.copy()
    weights.resize((_BATCH, weights.shape[1]))
    return NeighbourGraph(graph.indices, graph.distances, weights, graph.rung)
