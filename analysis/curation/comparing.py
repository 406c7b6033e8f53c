"""What became of each theme from one generation to another: born, died, split, merged, grown, shrunk, renamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.curation.matching import UNASSIGNED, Generation, count_shared, find_told, match_themes
from analysis.curation.telling import FEWEST, MOST, PART, Scene, tell_new, tell_old, tell_pair

CHANGES = ("born", "died", "split", "merged", "grown", "shrunk", "renamed", "unchanged", "unknown")
COLUMNS = (
    "change", "old", "new", "old_label", "new_label", "renamed", "told_by", "overlap", "similarity",
    "n_old", "n_new", "n_both", "others", "sentence",
)  # fmt: skip
# Null where there is no such theme.
_TEXTS = ("old", "new", "old_label", "new_label", "told_by")


@dataclass(frozen=True)
class Changes:
    """What became of each theme.

    Attributes
    ----------
    table : DataFrame
        One row per theme of either generation, a pair in one row: ``change``
        (one of `CHANGES`), ``old`` and ``new`` (ids, null where there is
        none), ``old_label``, ``new_label``, ``renamed``, ``told_by`` (name,
        papers, meaning; null of an unpaired theme), ``overlap`` (Jaccard, over the
        papers of both generations), ``similarity`` (cosine, where meaning
        decided), ``n_old``, ``n_new``, ``n_both`` (papers), ``others`` (ids of the
        other themes of a split or merger) and ``sentence``.
    flows : DataFrame
        ``old``, ``new``, ``n_papers``: where the papers went; ``old`` is null of
        papers that only the new generation holds, ``new`` of those that only the old one holds.
    n_old, n_new, n_shared : int
        Papers of each generation, and of both.
    """

    table: pd.DataFrame
    flows: pd.DataFrame
    n_old: int
    n_new: int
    n_shared: int


def compare_themes(old: Generation, new: Generation) -> Changes:
    """Tell what became of each theme.

    A theme is *split* where two or more new themes each hold a quarter of its
    papers or more, and each has half of its own from there; *merged* where the
    same holds the other way round. A theme without a counterpart is *split* off
    where half or more of its papers came from one old theme, *merged* where half or more
    went into one new theme. It is *grown* or *shrunk* where its papers
    are a fifth more or fewer than in step with the whole corpus, and three at
    least; *renamed* where only the label differs; *born* or *died* where it has no
    counterpart by `analysis.curation.matching.match_themes`; *unknown* where
    it has none found but may have one: too few of its papers are shared, and
    there are no vectors of one encoder. The rules follow MONIC [1]_. Shares
    are over the papers that both generations hold, sizes over all.

    Parameters
    ----------
    old, new : Generation

    Returns
    -------
    Changes

    References
    ----------
    .. [1] Spiliopoulou, Ntoutsi, Theodoridis, Schult (2006), MONIC: modeling
       and monitoring cluster transitions, KDD, 706-711.
    """
    shared = count_shared(old, new)
    matches = match_themes(old, new)
    lost = set(old.labels) - {match.old for match in matches}
    found = set(new.labels) - {match.new for match in matches}
    unknown = _find_unknown(old, new, shared, lost, found)
    scene = Scene(old, new, shared, *_find_parts(shared), unknown)
    rows = [tell_pair(scene, match) for match in matches]
    rows += [tell_old(scene, one) for one in old.labels if one in lost]
    rows += [tell_new(scene, one) for one in new.labels if one in found]
    n_shared = int(shared.to_numpy().sum())
    return Changes(_arrange(rows), tabulate_flows(old, new), len(old.paper_ids), len(new.paper_ids), n_shared)


def tabulate_flows(old: Generation, new: Generation) -> pd.DataFrame:
    """Papers by their theme in each generation; null where a generation does not hold them.

    Returns
    -------
    DataFrame
        ``old``, ``new``, ``n_papers``, at least 1; in the order of the themes.
    """
    before = pd.Series(old.theme, index=old.paper_ids, dtype=object)
    after = pd.Series(new.theme, index=new.paper_ids, dtype=object)
    both = pd.DataFrame({"old": before, "new": after})
    counts = both.groupby(["old", "new"], dropna=False).size().rename("n_papers").reset_index()
    place = [
        counts[name].map({theme: i for i, theme in enumerate([*one.labels, UNASSIGNED])}).fillna(len(one.labels) + 1)
        for name, one in (("old", old), ("new", new))
    ]
    order = pd.DataFrame({"first": place[0], "second": place[1]}).sort_values(["first", "second"]).index
    counts = counts.loc[order].reset_index(drop=True)
    return counts.astype(object).where(counts.notna(), None).astype({"n_papers": "int64"})


def _find_parts(shared: pd.DataFrame) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """New themes that each old one was split into, and old themes that each new one was merged of."""
    counts = shared.to_numpy()[:-1, :-1]
    given = counts / shared.to_numpy()[:-1].sum(axis=1, keepdims=True).clip(min=1)
    taken = counts / shared.to_numpy()[:, :-1].sum(axis=0, keepdims=True).clip(min=1)
    split = (given >= PART) & (taken >= MOST) & (counts >= FEWEST)
    merged = (taken >= PART) & (given >= MOST) & (counts >= FEWEST)
    before, after = ([str(one) for one in axis[:-1]] for axis in (shared.index, shared.columns))
    heirs = {one: [after[place] for place in np.flatnonzero(row)] for one, row in zip(before, split, strict=True)}
    parents = {one: [before[place] for place in np.flatnonzero(row)] for one, row in zip(after, merged.T, strict=True)}
    return (
        {one: some for one, some in heirs.items() if len(some) > 1},
        {one: some for one, some in parents.items() if len(some) > 1},
    )


def _find_unknown(
    old: Generation, new: Generation, shared: pd.DataFrame, lost: set[str], found: set[str]
) -> frozenset[tuple[str, str]]:
    """Themes without a counterpart that may have one: on both sides there are such that nothing tells apart."""
    if old.vectors is not None and new.vectors is not None:
        return frozenset()
    before = lost - old.named - find_told(old, shared.sum(axis=1))
    after = found - new.named - find_told(new, shared.sum(axis=0))
    if not before or not after:
        return frozenset()
    return frozenset([*(("old", one) for one in before), *(("new", one) for one in after)])


def _arrange(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows by their change, the largest theme first."""
    rank = {change: place for place, change in enumerate(CHANGES)}

    def place(row: dict[str, Any]) -> tuple[int, int, str, str]:
        return rank[row["change"]], -max(row["n_old"], row["n_new"]), row["old"] or "", row["new"] or ""

    ordered = sorted(rows, key=place)
    table = pd.DataFrame(ordered, columns=list(COLUMNS))
    texts = table[list(_TEXTS)].astype(object)
    return table.assign(**texts.where(texts.notna(), None))
