"""Which theme of one generation is which of another: by name, then by the papers that they share, then by meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNASSIGNED = "unassigned"
# Of 252 themes in fifteen monthly re-fits (figures/benchmarks/identity.md) 243 are found again with 0.3, 245 with 0.2
# and 240 with 0.4 to 0.7; with 0.1 one was another theme.
SAME_PAPERS = 0.3
# Tried on the same themes, by their old papers and by papers of later months alone: of 195 that shared papers show to
# be the same, 171 were found and none was taken for another; so were two that had ended.
SAME_MEANING = 0.9
# A theme is told by its papers where this share of them stands in both generations, but at least, and at most so many.
_SHARED, _FEWEST, _ENOUGH = 0.2, 3, 20
_BONUS = 1e-6
# A theme goes on, too, where half of its papers went to one that nobody else is, and are a fifth of it or more.
_HALF, _FIFTH = 0.5, 0.2


@dataclass(frozen=True)
class Generation:
    """The themes of one fit, and whose paper is whose.

    Attributes
    ----------
    paper_ids : array (n_papers,) of str
        Each once.
    theme : array (n_papers,) of str
        Id of each paper's theme, or ``unassigned``.
    labels : mapping of theme id to label
        Of all themes but the unassigned.
    named : frozenset of str
        Ids of the themes that the study asked for.
    vectors : float32 array (n_papers, n_dimensions) or None
        Meaning of each paper; None where there is nothing to compare it with.
    """

    paper_ids: NDArray[np.object_]
    theme: NDArray[np.object_]
    labels: Mapping[str, str]
    named: frozenset[str] = field(default_factory=frozenset)
    vectors: NDArray[np.float32] | None = None

    def sizes(self) -> pd.Series:
        """Papers of each theme, in the order of `labels`, the unassigned last."""
        counts = pd.Series(self.theme, dtype=object).value_counts()
        return counts.reindex([*self.labels, UNASSIGNED], fill_value=0)


class Match(NamedTuple):
    """One theme in two generations.

    Attributes
    ----------
    old, new : str
        Its ids.
    by : {"name", "papers", "meaning"}
        What it was told by.
    overlap : float
        Jaccard overlap of its papers among those that both generations hold; NaN where it has none there.
    similarity : float
        Cosine of the mean vectors; NaN where it was not needed.
    """

    old: str
    new: str
    by: str
    overlap: float
    similarity: float = float("nan")


def count_shared(old: Generation, new: Generation) -> pd.DataFrame:
    """Papers of both generations by their theme in each.

    Returns
    -------
    DataFrame of n_old + 1 rows and n_new + 1 columns, int64
        By theme id; the unassigned last.
    """
    rows, columns = ([*one.labels, UNASSIGNED] for one in (old, new))
    place = pd.Index(old.paper_ids).get_indexer(pd.Index(new.paper_ids))
    both = place >= 0
    row = pd.Index(rows).get_indexer(pd.Index(old.theme[place[both]]))
    column = pd.Index(columns).get_indexer(pd.Index(new.theme[both]))
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    np.add.at(counts, (row, column), 1)
    return pd.DataFrame(counts, index=rows, columns=columns)


def measure_overlap(shared: pd.DataFrame) -> pd.DataFrame:
    """Jaccard overlap of every two themes, from the counts of `count_shared`; NaN where neither has a paper."""
    counts = shared.to_numpy()
    either = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) - counts
    overlap = np.divide(counts, either, out=np.full(counts.shape, np.nan), where=either > 0)
    return pd.DataFrame(overlap, index=shared.index, columns=shared.columns)


def find_told(generation: Generation, n_shared: pd.Series) -> frozenset[str]:
    """Themes that have enough papers in the other generation to be told by them.

    Parameters
    ----------
    generation : Generation
    n_shared : Series
        Papers of each theme that the other generation holds, by theme id.

    Returns
    -------
    frozenset of str
        Those with a fifth of their papers there, and three at least (all, where it has fewer); twenty are always
        enough.
    """
    sizes = generation.sizes()
    wanted = (sizes * _SHARED).clip(lower=_FEWEST, upper=_ENOUGH).clip(upper=sizes)
    enough = n_shared.reindex(wanted.index, fill_value=0) >= wanted
    return frozenset(enough.index[enough]) - {UNASSIGNED}


def match_themes(
    old: Generation, new: Generation, *, same_papers: float = SAME_PAPERS, same_meaning: float = SAME_MEANING
) -> tuple[Match, ...]:
    """Find the themes of an old generation in a new one.

    A theme that the study names is the old one of that name, whatever its
    papers. The others are paired so that the sum of their overlaps is highest
    [1]_, no pair with less than `same_papers`; then, where half or more of the
    papers of an old theme are in one new theme that is nobody's heir, and a fifth of it or
    more, the two are paired. Those that have too few papers in both
    generations are paired so that the similarity of their mean vectors is
    highest, no pair with less than `same_meaning`.

    Parameters
    ----------
    old, new : Generation
    same_papers : float, default 0.3
        Least Jaccard overlap, in (0, 1], over the papers that both hold.
    same_meaning : float, default 0.9
        Least cosine of the mean vectors, in [-1, 1].

    Returns
    -------
    tuple of Match, in the order of the new themes
        Each theme once at most.

    References
    ----------
    .. [1] Kuhn (1955), Naval Research Logistics Quarterly 2, 83-97; here
       `scipy.optimize.linear_sum_assignment`.
    """
    shared = count_shared(old, new)
    overlap = measure_overlap(shared)
    by_name = [(one, other) for other, one in _match_names(old, new).items()]
    # A name that the study gave is never inherited by a theme that was found.
    rest = _without(_in_order(old), old.named | {one for one, _ in by_name})
    free = _without(_in_order(new), new.named)
    told_old, told_new = find_told(old, shared.sum(axis=1)), find_told(new, shared.sum(axis=0))
    # One paper of hundreds is no evidence.
    told = np.array([[one in told_old or other in told_new for other in free] for one in rest], dtype=bool)
    # Of two as likely heirs the one that would be called the same.
    alike = [[_BONUS * (old.labels[one] == new.labels[other]) for other in free] for one in rest]
    shape = (len(rest), len(free))
    likely = overlap.loc[rest, free] + np.reshape(np.array(alike, dtype=float), shape)
    by_papers = _pair(likely.where(told.reshape(shape)), same_papers)
    followed = _follow_most(shared).loc[rest, free].where(told.reshape(shape))
    by_papers += _pair(_leave_out(followed, by_papers), _HALF)
    found = [
        Match(one, other, by, _take(overlap, one, other))
        for by, pairs in (("name", by_name), ("papers", by_papers))
        for one, other in pairs
    ]
    if old.vectors is not None and new.vectors is not None:
        few_old = _without(rest, told_old | {one for one, _ in by_papers})
        few_new = _without(free, told_new | {other for _, other in by_papers})
        means = _compare_means(old, few_old, new, few_new)
        found += [
            Match(one, other, "meaning", _take(overlap, one, other), _take(means, one, other))
            for one, other in _pair(means, same_meaning)
        ]
    place = {theme: rank for rank, theme in enumerate(new.labels)}
    return tuple(sorted(found, key=lambda match: place[match.new]))


def _match_names(old: Generation, new: Generation) -> dict[str, str]:
    """Old id of each named theme of the new generation: of the same name, else of the same id."""
    # A theme that was found, and is asked for by its name from now on, stays the same; one named before goes first.
    ids = sorted(old.labels, key=lambda one: one in old.named)
    by_label = {old.labels[one].casefold(): one for one in ids}
    pairs = {one: by_label[new.labels[one].casefold()] for one in new.labels if _is_known(one, new, by_label)}
    taken = set(pairs.values())
    by_id = [one for one in new.labels if one in new.named and one not in pairs and one in old.named - taken]
    return pairs | {one: one for one in by_id}


def _is_known(theme: str, new: Generation, by_label: Mapping[str, str]) -> bool:
    return theme in new.named and new.labels[theme].casefold() in by_label


def _in_order(generation: Generation) -> list[str]:
    """Themes by the first of their papers: of two pairings as good the same is taken, whatever they are called."""
    papers = pd.DataFrame({"theme": generation.theme, "paper_id": generation.paper_ids})
    first = papers.groupby("theme")["paper_id"].min().to_dict()
    return sorted(generation.labels, key=lambda one: (first.get(one, ""), one))


def _without(themes: list[str], others: frozenset[str] | set[str]) -> list[str]:
    return [one for one in themes if one not in others]


def _pair(likeness: pd.DataFrame, least: float) -> list[tuple[str, str]]:
    """Rows and columns paired one to one, so that the sum is highest of what is not below `least`."""
    from scipy.optimize import linear_sum_assignment

    values = likeness.fillna(-1.0).to_numpy(dtype=float)
    good = values >= least
    # What does not count must not push aside what does.
    rows, columns = linear_sum_assignment(np.where(good, values, 0.0), maximize=True)
    return [
        (str(likeness.index[row]), str(likeness.columns[column]))
        for row, column in zip(rows, columns, strict=True)
        if good[row, column]
    ]


def _follow_most(shared: pd.DataFrame) -> pd.DataFrame:
    """Share of each old theme's papers that a new one has; NaN where they are too few of the new one's."""
    counts = shared.to_numpy()
    given = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    taken = counts / counts.sum(axis=0, keepdims=True).clip(min=1)
    return pd.DataFrame(np.where(taken >= _FIFTH, given, np.nan), index=shared.index, columns=shared.columns)


def _leave_out(likeness: pd.DataFrame, pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return likeness.drop(index=[one for one, _ in pairs], columns=[other for _, other in pairs])


def _take(table: pd.DataFrame, row: str, column: str) -> float:
    value: Any = table.loc[row, column]
    return float(value)


def _compare_means(old: Generation, rows: list[str], new: Generation, columns: list[str]) -> pd.DataFrame:
    cosines = _average(old, rows) @ _average(new, columns).T
    return pd.DataFrame(cosines.round(6), index=rows, columns=columns)


def _average(generation: Generation, themes: list[str]) -> NDArray[np.float64]:
    """Mean vector of each theme, of length 1."""
    vectors = generation.vectors
    assert vectors is not None
    means = np.zeros((len(themes), vectors.shape[1]))
    for row, theme in enumerate(themes):
        inside = generation.theme == theme
        if inside.any():
            means[row] = vectors[inside].astype(np.float64).mean(axis=0)
    lengths: NDArray[np.float64] = np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return means / lengths
