"""Named themes: how well each paper fits the phrases and examples of a theme that the study asks for.

Weak supervision. Phrases are compared with every paper by meaning and by
words; the papers that rank highest, and the examples, teach a classifier and
a word contrast that are applied to all; and what neighbours say is mixed in.
That gives the order of the papers. How many of them belong is read off
another scale, on which themes and corpora compare: how far a paper is above
what subjects reach that the corpus does not hold. A theme that is not there
stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.asked import Asked
from analysis.themes.decoys import judge_similarity
from analysis.themes.evidence import learn_evidence, make_unit, seed_papers, take_examples, take_pairs
from analysis.themes.memory import Memory
from analysis.themes.neighbours import NeighbourGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

BORDER = 0.5
# Chosen by the mean AUC over the 29 areas of tests/benchmarks/themes/named_areas.toml.
_NEIGHBOURS = 0.4
_FEW = 20
_SURE = 0.6


@dataclass(frozen=True)
class Calibration:
    """The map from what is known of a paper to the chance that its authors would name the theme.

    A logistic regression, each theme weighing the same, over
    `Signals.tabulate`: an intercept and one slope per column.
    """

    intercept: float
    slopes: tuple[float, ...]


# Fitted on the labelled corpora, without the themes that are held out:
# `python -m tests.benchmarks.themes.named --corpora DIR --calibrate`.
CALIBRATION = Calibration(-7.86, (0.52, 4.03, 0.43))
# For themes that examples alone define: there papers are measured against papers, and presence is always 1.
BY_EXAMPLES = Calibration(-1.51, (0.36, -1.51, 0.7))


@dataclass(frozen=True)
class NamedScores:
    """Fit of every paper to every named theme.

    Attributes
    ----------
    fit : float64 array (n_papers, n_themes)
        In [0, 1]; 0.5 is the border of membership; 1 for an example.
    sure : bool array (n_papers, n_themes)
        The best three fifths of the members of each theme, by fit, and its examples.
    """

    fit: NDArray[np.float64]
    sure: NDArray[np.bool_]


@dataclass(frozen=True)
class Signals:
    """What is known of every paper about one theme, before it becomes a fit.

    Attributes
    ----------
    evidence : float64 array (n_papers,)
        Order of the papers within the corpus, about 0 on average.
    near : float64 array (n_papers,)
        Closeness of the paper and its neighbours, in spreads above unrelated subjects.
    presence : float
        In [0, 1]: 0 where the corpus surely lacks the theme.
    by_examples : bool
        The theme has no phrase.
    """

    evidence: NDArray[np.float64]
    near: NDArray[np.float64]
    presence: float
    by_examples: bool

    def tabulate(self) -> NDArray[np.float64]:
        """The columns that the calibration weighs, (n_papers, 3)."""
        present = np.full(len(self.near), self.presence)
        return np.column_stack([self.near, present, self.presence * self.evidence])


def score_named(
    asked: Asked,
    meaning: NDArray[np.float32],
    joined: NDArray[np.float32],
    graph: NeighbourGraph,
    *,
    memories: Sequence[Memory] | None = None,
) -> NamedScores:
    """Score the papers for each named theme.

    Parameters
    ----------
    asked : Asked
        n_themes named themes, over these n_papers papers.
    meaning : float32 array (n_papers, n_dimensions)
        Vectors of the space that the phrases lie in.
    joined : float32 array (n_papers, n_features)
        Vectors that the classifier learns from.
    graph : NeighbourGraph
    memories : sequence of n_themes Memory, optional
        Empty ones keep what this fit learns. With those of a fit the papers
        are scored by what it learned, and `graph` leads from them to its papers.

    Returns
    -------
    NamedScores
        Scores, not probabilities: how they relate to what authors say was
        measured on labelled corpora (``figures/benchmarks/named.md``), and
        yours may differ.
    """
    fit = np.zeros((len(meaning), len(asked.themes)))
    sure = np.zeros(fit.shape, dtype=bool)
    for column in range(len(asked.themes)):
        examples = asked.examples[column]
        memory = memories[column] if memories else Memory()
        if memory.learns and not len(asked.phrases[column]) and not len(examples):
            continue  # All examples were left out of this refit.
        elsewhere = _mean_something_else(asked, column, meaning, memory)
        elsewhere[examples] = False
        own = place_border(collect_signals(asked, column, meaning, joined, graph, elsewhere, memory=memory), memory)
        own[elsewhere] = np.minimum(own[elsewhere], BORDER / 2)
        own[examples] = 1.0
        fit[:, column] = own
        if not memory.learns:
            sure[:, column] = own >= memory.kept["sure_from"]
            continue
        members = np.flatnonzero(own > BORDER)
        best = members[np.argsort(-own[members], kind="stable")]
        best = best[: max(len(examples), int(np.ceil(_SURE * len(best))))]
        sure[best, column] = True
        memory.keep("sure_from", own[best].min(initial=np.inf))
    return NamedScores(fit, sure)


def collect_signals(
    asked: Asked,
    column: int,
    meaning: NDArray[np.float32],
    joined: NDArray[np.float32],
    graph: NeighbourGraph,
    elsewhere: NDArray[np.bool_] | None = None,
    *,
    memory: Memory | None = None,
) -> Signals:
    """Order the papers by one theme, and measure how far they are above unrelated subjects.

    `elsewhere` marks papers that mean something else by the same words.
    """
    memory = memory or Memory()
    phrases, examples = asked.phrases[column], take_examples(asked, column, meaning, memory)
    steps = []
    if len(phrases):
        steps.append(asked.unrelated.count_steps(judge_similarity(meaning, phrases, asked.described[column])))
    if len(examples):
        centre = make_unit(examples.mean(axis=0)[None])[0]
        pairs = take_pairs(asked, column, meaning, memory)
        steps.append(pairs.count_steps(judge_similarity(meaning, examples, centre)))
    above = np.max(steps, axis=0)
    seeds = seed_papers(asked, column, meaning, memory)
    lowest = memory.take("lowest_seed", seeds.min)
    if elsewhere is not None:
        above[elsewhere], seeds[elsewhere] = 0.0, lowest
    # In a handful of papers everybody is everybody's neighbour.
    few = float(memory.take("few", lambda: min(1.0, len(meaning) / _FEW)))
    near = (1 - few / 2) * above + few / 2 * _average_near(graph, above, memory.take("above", lambda: above))
    presence = float(memory.take("presence", lambda: _find_presence(asked, column, meaning, near, elsewhere)))
    evidence = memory.standardise("alone", learn_evidence(seeds, joined, asked, column, memory))
    of_fit = memory.take("evidence", lambda: evidence)
    evidence = (1 - few * _NEIGHBOURS) * evidence + few * _NEIGHBOURS * _average_near(graph, evidence, of_fit)
    return Signals(evidence, near, presence, not len(phrases))


# In spreads above unrelated subjects. Themes that four corpora of 78 to 17,145 papers do not
# hold reach 4.6 at most, areas that they do hold 7 to 14; papers that are close without the words, 3 more.
_ABSENT, _CERTAIN, _OTHER_WORDS = 4.0, 8.0, 3.0


def _find_presence(
    asked: Asked,
    column: int,
    meaning: NDArray[np.float32],
    near: NDArray[np.float64],
    elsewhere: NDArray[np.bool_] | None,
) -> float:
    presence, phrases = float(len(asked.examples[column]) > 0), asked.phrases[column]
    if not len(phrases):
        return presence
    # A paper that holds the words of a phrase and is close to it shows that the theme is there;
    # so do papers, close to it with all their neighbours, that use other words.
    heard = asked.words.cover(asked.themes[column].phrases) * np.maximum(
        asked.unrelated.count_steps(meaning @ phrases.T), 0
    )
    heard = heard if elsewhere is None else heard[~elsewhere]
    strongest = max(float(heard.max(initial=0.0)), float(near.max()) - _OTHER_WORDS)
    return max(presence, float(np.clip((strongest - _ABSENT) / (_CERTAIN - _ABSENT), 0, 1)))


def place_border(signals: Signals, memory: Memory | None = None) -> NDArray[np.float64]:
    """Turn signals into a fit in [0, 1]: ordered by the evidence, with as many members as the calibration counts."""
    columns, evidence = signals.tabulate(), signals.evidence
    calibration = BY_EXAMPLES if signals.by_examples else CALIBRATION
    chance = 1 / (1 + np.exp(-(calibration.intercept + columns @ np.array(calibration.slopes))))
    n_members, border = (memory or Memory()).take("border", lambda: _find_border(chance, evidence))
    if n_members == 0 or np.isnan(border):
        # Nothing here is like the theme: no ranking within the corpus can make it so.
        return np.asarray(np.minimum(chance, BORDER - 0.01) if n_members == 0 else chance, dtype=np.float64)
    return np.asarray(1 / (1 + np.exp(-(evidence - border))))


def _find_border(chance: NDArray[np.float64], evidence: NDArray[np.float64]) -> tuple[int, float]:
    """Number of members, and the evidence at their border: NaN where there are none or all papers are alike."""
    n_members = int((chance > BORDER).sum())
    if n_members == 0 or np.ptp(evidence) == 0:
        return n_members, np.nan
    ranked = np.sort(evidence)[::-1]
    return n_members, (ranked[n_members - 1] + ranked[min(n_members, len(ranked) - 1)]) / 2


def _mean_something_else(asked: Asked, column: int, meaning: NDArray[np.float32], memory: Memory) -> NDArray[np.bool_]:
    if not len(asked.unlike[column]):
        return np.zeros(len(meaning), dtype=bool)
    other = (meaning @ asked.unlike[column].T).max(axis=1)
    if len(asked.phrases[column]):
        return np.asarray(other > (meaning @ asked.phrases[column].T).max(axis=1))
    # Papers are closer to papers than to phrases: each is compared with its own kind of unrelated.
    examples, pairs = take_examples(asked, column, meaning, memory), take_pairs(asked, column, meaning, memory)
    return np.asarray(asked.unrelated.count_steps(other) > pairs.count_steps((meaning @ examples.T).max(axis=1)))


def _average_near(
    graph: NeighbourGraph, values: NDArray[np.float64], of_fit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weighted mean of the values `of_fit` over the neighbours of each paper; its own value where it has none."""
    totals = np.asarray(graph.weights.sum(axis=1), dtype=np.float64).ravel()
    return np.where(totals > 0, graph.weights @ of_fit / np.maximum(totals, 1e-12), values)
