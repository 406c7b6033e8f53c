"""What speaks for a paper: phrases and examples by themselves, and what the papers closest to them teach.

Every number that depends on the papers of a fit goes through a
`analysis.themes.memory.Memory`, so that a paper that comes later is judged by
the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.asked import Asked
from analysis.themes.decoys import Unrelated, measure_pairs
from analysis.themes.memory import Memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Chosen by the mean AUC over the 29 areas of tests/benchmarks/themes/named_areas.toml.
_TOP, _FEWEST, _MOST_CONTRASTED = 0.01, 6, 4000
_WORDS = 0.6
# What is learned from that many papers weighs as much as the seeds themselves.
_HALF_TRUSTED = 8


def take_examples(asked: Asked, column: int, meaning: NDArray[np.float32], memory: Memory) -> NDArray[np.float32]:
    """Vectors of the examples of a theme, (n_examples, n_dimensions)."""
    return memory.take("examples", lambda: meaning[asked.examples[column]])


def take_pairs(asked: Asked, column: int, meaning: NDArray[np.float32], memory: Memory) -> Unrelated:
    """How close the papers of the fit come to the examples of a theme."""

    def measure() -> tuple[float, float]:
        pairs = measure_pairs(meaning, asked.examples[column])
        return pairs.centre, pairs.spread

    centre, spread = memory.take("pairs", measure)
    return Unrelated(float(centre), float(spread))


def seed_papers(asked: Asked, column: int, meaning: NDArray[np.float32], memory: Memory) -> NDArray[np.float64]:
    """Papers ranked by meaning and words alone, before anything is learned."""
    # Once what all papers share is taken off, what sets them apart counts.
    centre = memory.take("centre", lambda: meaning.mean(axis=0))
    papers = make_unit(meaning - centre)
    seeds = np.zeros(len(meaning))
    if len(asked.phrases[column]):
        wanted = make_unit(np.vstack([asked.phrases[column], asked.described[column]]) - centre)
        closeness = papers @ wanted.T
        seeds += memory.standardise("words", asked.words.match(" ".join(asked.themes[column].phrases)))
        seeds += memory.standardise("described", closeness[:, -1]) + memory.standardise(
            "phrases", closeness[:, :-1].max(axis=1)
        )
    examples = take_examples(asked, column, meaning, memory)
    if len(examples):
        closeness = papers @ make_unit(examples - centre).T
        seeds += memory.standardise("nearest_example", closeness.max(axis=1)) + memory.standardise(
            "all_examples", closeness.mean(axis=1)
        )
    return seeds


def learn_evidence(
    seeds: NDArray[np.float64], joined: NDArray[np.float32], asked: Asked, column: int, memory: Memory
) -> NDArray[np.float64]:
    """Evidence from the seeds and from what the best of them teach: by meaning, and by words."""
    if memory.learns:
        _teach(seeds, joined, asked, asked.examples[column], memory)
    lesson = memory.kept
    trust = float(lesson["trust"])
    if np.isnan(trust):
        return seeds
    by_meaning = (joined @ lesson["slopes"].T + lesson["intercept"]).ravel()
    learned = memory.standardise("by_meaning", by_meaning) + _WORDS * memory.standardise(
        "by_words", asked.words.weigh_words(lesson["telling"])
    )
    return trust * memory.standardise("learned", learned) + (1 - trust) * memory.standardise("seeds", seeds)


def _teach(
    seeds: NDArray[np.float64],
    joined: NDArray[np.float32],
    asked: Asked,
    examples: NDArray[np.int64],
    memory: Memory,
) -> None:
    """Learn from the best papers against the lower half; nothing where there are too few."""
    from sklearn.linear_model import LogisticRegression

    n_papers = len(seeds)
    if n_papers < 4 * _FEWEST or np.ptp(seeds) == 0:
        memory.keep("trust", np.nan)
        return
    order = np.argsort(-seeds, kind="stable")
    best = np.unique(np.r_[order[: max(_FEWEST, int(_TOP * n_papers))], examples])
    rest = np.setdiff1d(order[n_papers // 2 :], examples)
    rest = rest[:: int(np.ceil(len(rest) / _MOST_CONTRASTED))]
    classifier = LogisticRegression(C=1.0, class_weight="balanced", max_iter=500)
    classifier.fit(joined[np.r_[best, rest]], np.arange(len(best) + len(rest)) < len(best))
    memory.keep("slopes", classifier.coef_)
    memory.keep("intercept", classifier.intercept_)
    memory.keep("telling", asked.words.contrast(best, rest))
    memory.keep("trust", len(best) / (len(best) + _HALF_TRUSTED))


def make_unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
