"""From the steps of a fit to the model that papers are placed by later."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.themes.asked import Asked
from analysis.themes.clustering import Clustering
from analysis.themes.describing import collect_ties
from analysis.themes.embedding import Embedding
from analysis.themes.memory import Memory
from analysis.themes.model import AskedModel, Model
from analysis.themes.named import NamedScores
from analysis.themes.naming import Named
from analysis.themes.neighbours import NeighbourGraph, measure_reach
from analysis.themes.phrases import PhraseBook
from analysis.themes.shift import measure_nearness
from analysis.themes.tables import Fitted
from analysis.themes.wording import keep_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Scored(NamedTuple):
    """The named themes of a fit.

    Attributes
    ----------
    asked : Asked
    memories : tuple of n_named Memory
        What `score_named` learned.
    named : NamedScores
    closeness : tuple of n_named float64 arrays (n_papers, n_sources)
        Of `compare_sources`.
    """

    asked: Asked
    memories: tuple[Memory, ...]
    named: NamedScores
    closeness: tuple[NDArray[np.float64], ...]


def keep_model(
    fitted: Fitted,
    embedding: Embedding,
    graph: NeighbourGraph,
    places: NDArray[np.float64],
    *,
    scored: Scored,
    names: Named,
    book: PhraseBook,
) -> Model:
    """Gather what a fit knows.

    Parameters
    ----------
    fitted : Fitted
    embedding : Embedding
    graph : NeighbourGraph
    places : float64 array (n_papers, 2)
        On the map.
    scored : Scored
    names : Named
        Of the themes.
    book : PhraseBook

    Returns
    -------
    Model
    """
    asked = scored.asked
    assignment = fitted.assignment
    own = graph.indices[:, 1:]
    phrases = [phrase for theme in asked.themes for phrase in theme.phrases]
    return Model(
        paper_ids=tuple(str(one) for one in fitted.papers["paper_id"]),
        encoder=dict(embedding.encoder),
        joined=embedding.joined,
        n_neighbours=graph.indices.shape[1],
        reach=measure_reach(graph),
        nearness=measure_nearness(embedding.meaning, embedding.meaning, own),
        places=places,
        topic=fitted.clustering.topic,
        group=_list_groups(fitted.clustering),
        members=assignment.members,
        groups=assignment.groups,
        weight=assignment.weight,
        fit=scored.named.fit,
        theme_ids=names.ids,
        labels=names.labels,
        asked=tuple(
            AskedModel(asked.phrases[one], asked.unlike[one], asked.described[one], scored.closeness[one], memory.kept)
            for one, memory in enumerate(scored.memories)
        ),
        vocabulary=keep_vocabulary(asked.words, phrases),
        unrelated=asked.unrelated,
        lexical=embedding.words,
        ties=collect_ties(assignment.theme, book, n_classes=len(names.ids)),
        n_drawn_from=len(fitted.papers),
    )


def _list_groups(clustering: Clustering) -> NDArray[np.int64]:
    """Group of each topic: topics nest in groups."""
    _, first = np.unique(clustering.topic, return_index=True)
    return clustering.group[first]
