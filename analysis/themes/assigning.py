"""One theme for every paper: the best of named and discovered on one scale.

Both kinds are scored by the same rule: half is what the paper itself says
(its fit to the phrases of a named theme; its place in the group of a
discovered one), half is the weighted share of its nearest neighbours that
belong. A discovered theme is a group of topics, less the papers that surely
belong to a named theme; a group of which little is left gives no theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.themes.clustering import Clustering
from analysis.themes.named import NamedScores
from analysis.themes.neighbours import NeighbourGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNASSIGNED = -1
LOWEST = 0.25
_LEFT = 0.25
# A discovered theme beside named ones has four papers or more, in a small corpus a fifth of the papers.
_SMALLEST, _SMALLEST_SHARE = 4, 0.2
_FEW = 20


@dataclass(frozen=True)
class Assignment:
    """The theme of every paper.

    Attributes
    ----------
    theme : int64 array (n_papers,)
        Column of `scores`; -1 is unassigned.
    scores : float64 array (n_papers, n_themes)
        In [0, 1]: the named themes in their order, then the discovered ones.
    groups : tuple of int
        Group of the clustering behind each discovered theme.
    n_named : int
    members : bool array (n_papers, n_themes)
        Papers that stand for each theme: those that surely belong to a named
        one, and the others of each group.
    weight : float
        What the neighbours count, against the paper itself, in [0, 0.5].
    """

    theme: NDArray[np.int64]
    scores: NDArray[np.float64]
    groups: tuple[int, ...]
    n_named: int
    members: NDArray[np.bool_]
    weight: float

    def margin(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distance to the runner-up and the runner-up's column (-1: none)."""
        if self.scores.shape[1] < 2:
            return np.full(len(self.theme), np.nan), np.full(len(self.theme), -1)
        order = np.argsort(-self.scores, axis=1, kind="stable")
        best, second = (np.take_along_axis(self.scores, order[:, [rank]], 1).ravel() for rank in (0, 1))
        return best - second, order[:, 1]


def assign_themes(named: NamedScores, clustering: Clustering, graph: NeighbourGraph) -> Assignment:
    """Give every paper its best theme.

    Parameters
    ----------
    named : NamedScores
        With no columns when the study names no theme.
    clustering : Clustering
    graph : NeighbourGraph

    Returns
    -------
    Assignment
    """
    n_named = named.fit.shape[1]
    groups = list(range(int(clustering.group.max()) + 1))
    inside = clustering.group[:, None] == np.array(groups)
    sure = named.sure & (named.fit >= named.fit.max(axis=1, initial=0.0)[:, None])
    rest = inside & ~sure.any(axis=1)[:, None]
    smallest = max(1, min(_SMALLEST, int(_SMALLEST_SHARE * len(inside)))) if n_named else 0
    least = np.maximum(smallest, _LEFT * inside.sum(axis=0)) if n_named else np.zeros(len(groups))
    groups = [one for one in groups if rest[:, one].sum() >= least[one]]
    # In a handful of papers everybody is everybody's neighbour.
    weight = 0.5 * min(1.0, len(inside) / _FEW)
    while True:
        members = np.hstack([sure, rest[:, groups]])
        scores = _score(named.fit, rest[:, groups], graph.shares(members.astype(float)), weight)
        theme = _pick(scores)
        sizes = [(theme == n_named + place).sum() for place in range(len(groups))]
        kept = [one for one, size in zip(groups, sizes, strict=True) if size >= smallest]
        if kept == groups:
            return Assignment(theme, scores, tuple(groups), n_named, members, weight)
        groups = kept


def assign_placed(
    named: NamedScores,
    group: NDArray[np.int64],
    graph: NeighbourGraph,
    *,
    groups: tuple[int, ...],
    members: NDArray[np.bool_],
    weight: float,
) -> Assignment:
    """Give papers that come after a fit their best theme, by the rule of the fit.

    Parameters
    ----------
    named : NamedScores
        Of the new papers, by what the fit learned.
    group : int64 array (n_new,)
        Group of each new paper.
    graph : NeighbourGraph
        From the new papers to those of the fit.
    groups, members, weight
        Of the fit's `Assignment`.

    Returns
    -------
    Assignment
        Of the new papers.
    """
    sure = named.sure & (named.fit >= named.fit.max(axis=1, initial=0.0)[:, None])
    rest = (group[:, None] == np.array(groups, dtype=np.int64)) & ~sure.any(axis=1)[:, None]
    scores = _score(named.fit, rest, graph.shares(members.astype(float)), weight)
    return Assignment(_pick(scores), scores, groups, named.fit.shape[1], np.hstack([sure, rest]), weight)


def _score(
    fit: NDArray[np.float64], rest: NDArray[np.bool_], near: NDArray[np.float64], weight: float
) -> NDArray[np.float64]:
    n_named = fit.shape[1]
    # Being in what is left of the group is half; the other half is that the neighbours are.
    own = (rest + near[:, n_named:]) / 2
    scores = (1 - weight) * np.hstack([fit, own]) + weight * near
    # An example is what the theme is, whatever its neighbours are.
    scores[:, :n_named] = np.where(fit == 1, 1.0, scores[:, :n_named])
    return np.asarray(scores)


def _pick(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    if scores.shape[1] == 0:
        return np.full(len(scores), UNASSIGNED)
    theme = scores.argmax(axis=1)
    theme[scores.max(axis=1) < LOWEST] = UNASSIGNED
    return np.asarray(theme, dtype=np.int64)
