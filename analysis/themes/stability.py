"""Refits under other seeds and on subsamples: which themes and topics come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.themes.assigning import Assignment, assign_themes
from analysis.themes.clustering import Clustering
from analysis.themes.named import NamedScores
from analysis.themes.neighbours import NeighbourGraph
from analysis.themes.threads import map_side_by_side
from analysis.themes.watching import Watch, watch_nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWN = 0.8
_SEED_RUNS = 3


@dataclass(frozen=True)
class Refit:
    """One more fit of the same study.

    Attributes
    ----------
    name : str
        ``seed-1``, ``resample-1``, ...
    rows : int64 array (n_drawn,)
        Papers that took part.
    theme : int64 array (n_drawn,)
        Their themes, by the columns of the main run; -1 is unassigned.
    topic : int64 array (n_drawn,)
        Their topics, numbered as this refit did.
    """

    name: str
    rows: NDArray[np.int64]
    theme: NDArray[np.int64]
    topic: NDArray[np.int64]


# What a refit needs: graph, clustering and named fit of the drawn papers under a seed.
Fit = Callable[["NDArray[np.int64]", int], tuple[NeighbourGraph, Clustering, NamedScores]]


def plan_refits(n_papers: int, n_refits: int, seed: int) -> Iterator[tuple[str, NDArray[np.int64], int]]:
    """Name, rows and seed of each refit: the first three reseed, the rest draw 80 % of the papers."""
    draw = np.random.default_rng(seed)
    for number in range(1, n_refits + 1):
        if number <= min(_SEED_RUNS, n_refits):
            yield f"seed-{number}", np.arange(n_papers), seed + number
        else:
            rows = np.sort(draw.choice(n_papers, max(1, round(DRAWN * n_papers)), replace=False))
            yield f"resample-{number - _SEED_RUNS}", rows, seed


# Gives back what was kept under a name, else computes and keeps it.
Keep = Callable[[str, Callable[[], dict[str, Any]]], dict[str, Any]]


def refit(
    fit: Fit,
    main: Assignment,
    *,
    n_papers: int,
    n_refits: int,
    seed: int,
    keep: Keep = lambda _, compute: compute(),
    watch: Watch = watch_nothing,
) -> list[Refit]:
    """Fit the study again and again, side by side, and name each refit's themes by the main run's.

    Parameters
    ----------
    fit : callable
        Rows and seed to graph, clustering and named scores of those papers; called in several threads.
    main : Assignment
    n_papers, n_refits, seed : int
    keep : callable, optional
        Takes the name of a refit and a function that computes its arrays; called in several threads.
    watch : Watch, optional

    Returns
    -------
    list of Refit
    """

    def fit_again(plan: tuple[str, NDArray[np.int64], int]) -> Refit:
        name, rows, run_seed = plan

        def compute() -> dict[str, Any]:
            graph, clustering, named = fit(rows, run_seed)
            found = assign_themes(named, clustering, graph)
            return {"theme": _match(found.theme, main.theme[rows], main), "topic": clustering.topic}

        done = Refit(name, rows, **keep(name, compute))
        on_done(1)
        return done

    with watch("refit", n_refits, unit="refits") as on_done:
        return map_side_by_side(fit_again, plan_refits(n_papers, n_refits, seed))


def measure_theme_stability(refits: list[Refit], main: NDArray[np.int64], n_themes: int) -> NDArray[np.float64]:
    """Median Jaccard overlap of each theme with itself in the resampled refits [1]_; NaN where it has no papers.

    References
    ----------
    .. [1] Hennig (2007), Computational Statistics & Data Analysis 52, 258-271.
    """
    rows = [
        [jaccard(one.theme == theme, main[one.rows] == theme) for theme in range(n_themes)] for one in _drawn(refits)
    ]
    return _median(rows, n_themes)


def measure_topic_stability(refits: list[Refit], main: NDArray[np.int64], n_topics: int) -> NDArray[np.float64]:
    """Median Jaccard overlap of each topic with its best match in the resampled refits."""
    rows = []
    for one in _drawn(refits):
        table = _overlaps(main[one.rows], n_topics, one.topic, int(one.topic.max()) + 1)
        rows.append(list(table.max(axis=1)))
    return _median(rows, n_topics)


def jaccard(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Shared members divided by all members of two sets given as masks; NaN where both are empty.

    Examples
    --------
    >>> jaccard(np.array([True, True, False]), np.array([False, True, False]))
    0.5
    """
    either = int((first | second).sum())
    return float((first & second).sum() / either) if either else float("nan")


def _drawn(refits: list[Refit]) -> list[Refit]:
    return [one for one in refits if one.name.startswith("resample")]


def _median(rows: list[list[float]], n_columns: int) -> NDArray[np.float64]:
    if not rows:
        return np.full(n_columns, np.nan)
    table = np.array(rows, dtype=float)
    known = ~np.isnan(table).all(axis=0)
    medians = np.full(n_columns, np.nan)
    medians[known] = np.nanmedian(table[:, known], axis=0)
    return medians


def _overlaps(first: NDArray[np.int64], n_first: int, second: NDArray[np.int64], n_second: int) -> NDArray[np.float64]:
    """Jaccard overlap of every class of one labelling with every class of the other."""
    counts = np.zeros((n_first, n_second))
    inside = (first >= 0) & (second >= 0)
    np.add.at(counts, (first[inside], second[inside]), 1)
    sizes = np.bincount(first[first >= 0], minlength=n_first)[:, None] + np.bincount(
        second[second >= 0], minlength=n_second
    )
    return np.asarray(counts / np.maximum(sizes - counts, 1))


def _match(found: NDArray[np.int64], main: NDArray[np.int64], assignment: Assignment) -> NDArray[np.int64]:
    """Rename a refit's themes: named ones keep their column, discovered ones pair off by overlap.

    A discovered theme without a partner goes by the main theme that it shares most papers with.
    """
    from scipy.optimize import linear_sum_assignment

    n_named, n_themes = assignment.n_named, assignment.scores.shape[1]
    n_found = max(int(found.max()) + 1, n_named)
    table = _overlaps(found, n_found, main, n_themes)
    renamed = np.r_[np.arange(n_found), -1]
    if n_found > n_named and n_themes:
        renamed[n_named:n_found] = table[n_named:].argmax(axis=1)
        if n_themes > n_named:
            mine, theirs = linear_sum_assignment(-table[n_named:, n_named:])
            good = table[n_named:, n_named:][mine, theirs] > 0
            renamed[n_named + mine[good]] = n_named + theirs[good]
    return np.asarray(renamed[found], dtype=np.int64)
