"""Papers that come after a fit find their place in it: topic, theme, strength, words and spot on the map.

Only the new texts are embedded and nothing is fitted. Each step is that of
the fit with what the fit learned: the neighbour graph is continued to the new
papers by its own rule, the topic is what most of the weight of a paper's
neighbours lies in, and a theme is scored by the function that scored it
before. A paper is placed by itself: what else is added beside it plays no
part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.config import Config
from analysis.themes.asked import Asked
from analysis.themes.assigning import assign_placed
from analysis.themes.clustering import Clustering
from analysis.themes.lexical import make_unit
from analysis.themes.memory import Memory
from analysis.themes.model import Model
from analysis.themes.named import score_named
from analysis.themes.naming import Named
from analysis.themes.neighbours import NeighbourGraph, link_papers
from analysis.themes.phrase_table import compare_sources
from analysis.themes.shift import N_NEAREST, find_far, measure_nearness
from analysis.themes.tables import Fitted, place_papers, tabulate_scores
from analysis.themes.vectors import join_vectors

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

_STEPS = 30
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
    fit : float64 array (n_papers, n_named)
        To each named theme.
    closeness : tuple of n_named float64 arrays (n_papers, n_sources)
        To the phrases and examples of each named theme.
    nearness : float32 array (n_papers,)
        Similarity in meaning to the nearest fitted papers.
    graph : NeighbourGraph
        From these papers to the fitted ones.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    theme: NDArray[np.int64]
    fit: NDArray[np.float64]
    closeness: tuple[NDArray[np.float64], ...]
    nearness: NDArray[np.float32]
    graph: NeighbourGraph


def place_new(
    model: Model, papers: pd.DataFrame, texts: Sequence[str], meaning: NDArray[np.float32], config: Config
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

    Returns
    -------
    Placed
    """
    joined = meaning
    if model.lexical is not None:
        joined = join_vectors(meaning, model.lexical.embed(texts), config.embedding.lexical_weight)
    graph = link_papers(joined, model.joined, model.reach, n_neighbours=model.n_neighbours)
    clustering = _find_topics(model, graph)
    asked = restore_asked(model, texts, config)
    memories = [Memory(one.learned) for one in model.asked]
    named = score_named(asked, meaning, joined, graph, memories=memories)
    assignment = assign_placed(
        named, clustering.group, graph, groups=model.groups, members=model.members, weight=model.weight
    )
    fitted = Fitted(papers, config, meaning, clustering, assignment, [])
    names = Named(model.theme_ids, model.labels, ("",) * len(model.labels), ([],) * len(model.labels))
    table = place_papers(
        fitted, _find_places(graph.weights, model.places), names, model.ties.find(assignment.theme, texts)
    )
    nearness = _measure_nearness(model, meaning, graph)
    far = find_far(nearness, model.nearness)
    return Placed(
        table=table.assign(
            theme_reason=[why + _FAR if one else why for why, one in zip(table["theme_reason"], far, strict=True)]
        ),
        scores=tabulate_scores(fitted, names),
        theme=assignment.theme,
        fit=named.fit,
        closeness=tuple(
            compare_sources(asked, column, meaning, memory=memory) for column, memory in enumerate(memories)
        ),
        nearness=nearness,
        graph=graph,
    )


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


def _measure_nearness(model: Model, meaning: NDArray[np.float32], graph: NeighbourGraph) -> NDArray[np.float32]:
    # The first half of the joined vectors is the meaning, shortened.
    used = np.unique(graph.indices[:, :N_NEAREST])
    of_fit = np.zeros((model.n_papers, meaning.shape[1]), dtype=np.float32)
    of_fit[used] = make_unit(model.joined[used, : meaning.shape[1]])
    return measure_nearness(meaning, of_fit, graph.indices)


def vote(weights: sp.csr_matrix, labels: NDArray[np.int64], n_labels: int) -> NDArray[np.float64]:
    """Share of each paper's neighbours that bear each label, (n_papers, n_labels); a label below 0 counts for none."""
    import scipy.sparse as sp

    borne = np.flatnonzero(labels >= 0)
    members = sp.csr_matrix((np.ones(len(borne)), (borne, labels[borne])), shape=(len(labels), n_labels))
    totals = np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
    return np.asarray((weights @ members).todense()) / np.maximum(totals, 1e-12)[:, None]


def _find_topics(model: Model, graph: NeighbourGraph) -> Clustering:
    shares = vote(graph.weights, model.topic, len(model.group))
    # Rounded: equal shares go to the larger topic, whatever the last bits are.
    topic = shares.round(9).argmax(axis=1)
    strength = np.clip(shares[np.arange(len(topic)), topic], 0.0, 1.0)
    return Clustering(topic, model.group[topic], strength, graph.rung)


def _find_places(weights: sp.csr_matrix, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted geometric median of the places of each paper's neighbours [1]_.

    A mean would put a paper between two groups where none is.

    References
    ----------
    .. [1] Weiszfeld (1937), Tohoku Mathematical Journal 43, 355-386.
    """
    found = np.zeros((weights.shape[0], 2))
    for row in range(len(found)):
        ends = slice(weights.indptr[row], weights.indptr[row + 1])
        near, own = places[weights.indices[ends]], weights.data[ends].astype(np.float64)
        middle = own @ near / max(own.sum(), 1e-12)
        for _ in range(_STEPS):
            pull = own / np.maximum(np.linalg.norm(near - middle, axis=1), 1e-3)
            middle = pull @ near / max(pull.sum(), 1e-12)
        found[row] = middle
    return found
