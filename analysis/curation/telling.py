"""What became of one theme, as a row and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.curation.matching import UNASSIGNED, Generation, Match

# A part of a theme counts from a quarter of its papers on, and where most of what it is part of comes from there.
PART, MOST = 0.25, 0.5
# Grown or shrunk: a fifth more or less than the corpus as a whole, and three papers at least.
FACTOR, FEWEST = 1.2, 3


@dataclass(frozen=True)
class Scene:
    """Two generations, and what every row needs to know of them.

    Attributes
    ----------
    old, new : Generation
    shared : DataFrame
        Of `analysis.curation.matching.count_shared`.
    heirs, parents : dict of str to list of str
        New themes that an old one was split into; old themes that a new one was merged of.
    unknown : frozenset of (side, theme id)
        Themes of which nothing tells whether the other side, ``old`` or ``new``, has them.
    """

    old: Generation
    new: Generation
    shared: pd.DataFrame
    heirs: dict[str, list[str]]
    parents: dict[str, list[str]]
    unknown: frozenset[tuple[str, str]]

    def given(self, one: str, other: str) -> float:
        """Share of an old theme's papers that a new one has."""
        return float(self.count(one, other) / max(1, self.shared.loc[one].to_numpy().sum()))

    def taken(self, one: str, other: str) -> float:
        """Share of a new theme's papers that an old one had."""
        return float(self.count(one, other) / max(1, self.shared[other].to_numpy().sum()))

    def count(self, one: str, other: str) -> int:
        """Papers of an old theme that a new one has."""
        number: Any = self.shared.loc[one, other]
        return int(number)


def tell_pair(scene: Scene, match: Match) -> dict[str, Any]:
    """What became of a theme that is in both generations."""
    n_old, n_new = int((scene.old.theme == match.old).sum()), int((scene.new.theme == match.new).sum())
    before, after = scene.old.labels[match.old], scene.new.labels[match.new]
    renamed = before != after
    row = _row(scene, match.old, match.new) | {
        "renamed": renamed, "told_by": match.by, "overlap": match.overlap, "similarity": match.similarity
    }  # fmt: skip
    if match.old in scene.heirs:
        return row | _tell_split(scene, match.old, match.new)
    if match.new in scene.parents:
        return row | _tell_merger(scene, match.new, match.old)
    expected = n_old * len(scene.new.paper_ids) / max(1, len(scene.old.paper_ids))
    sizes = f"{f'Was called “{before}”; ' if renamed else ''}{_count(n_old)} before, {n_new:,} now"
    if abs(n_new - expected) >= FEWEST and not expected / FACTOR < n_new < expected * FACTOR:
        change = "grown" if n_new > expected else "shrunk"
        shares = [100 * n / max(1, len(one.paper_ids)) for n, one in ((n_old, scene.old), (n_new, scene.new))]
        sentence = f"{sizes}: {shares[0]:.1f} % of all papers, then {shares[1]:.1f} %."
        return row | {"change": change, "sentence": sentence}
    if renamed:
        return row | {"change": "renamed", "sentence": f"{sizes}."}
    return row | {"change": "unchanged", "sentence": f"{sizes}."}


def tell_old(scene: Scene, one: str) -> dict[str, Any]:
    """What became of an old theme that no new one is."""
    row = _row(scene, one, None)
    if one in scene.heirs:
        return row | _tell_split(scene, one, None)
    for heir, parents in scene.parents.items():
        if one in parents:
            label, share = scene.new.labels[heir], _percent(scene.taken(one, heir))
            others = [other for other in parents if other != one]
            sentence = f"Merged into “{label}”, which has {share} of its papers from here."
            return row | {"change": "merged", "others": others, "sentence": sentence}
    goal = _find_most(scene.shared.T[one], row["n_old"])
    if goal is not None:
        share = _percent(scene.count(one, goal) / row["n_old"])
        sentence = f"{share} of its papers went into “{scene.new.labels[goal]}”."
        return row | {"change": "merged", "others": [goal], "sentence": sentence}
    if ("old", one) in scene.unknown:
        sentence = "Too few of its papers are in the new corpus to tell whether it is there."
        return row | {"change": "unknown", "sentence": sentence}
    return row | {"change": "died", "sentence": _say_where(scene, scene.shared.T[one], scene.new, "Its papers")}


def tell_new(scene: Scene, one: str) -> dict[str, Any]:
    """Where a new theme comes from that no old one is."""
    row = _row(scene, None, one)
    for parent, heirs in scene.heirs.items():
        if one in heirs:
            label, share = scene.old.labels[parent], _percent(scene.given(parent, one))
            others = [other for other in heirs if other != one]
            sentence = f"Split off from “{label}”, of whose papers it has {share}."
            return row | {"change": "split", "others": others, "sentence": sentence}
    if one in scene.parents:
        return row | _tell_merger(scene, one, None)
    source = _find_most(scene.shared[one], row["n_new"])
    if source is not None:
        share = _percent(scene.count(source, one) / row["n_new"])
        sentence = f"{share} of its papers came from “{scene.old.labels[source]}”."
        return row | {"change": "split", "others": [source], "sentence": sentence}
    if ("new", one) in scene.unknown:
        sentence = "Too few of its papers are in the old corpus to tell whether it was there."
        return row | {"change": "unknown", "sentence": sentence}
    n_new = int((scene.new.theme == one).sum())
    n_fresh = n_new - int(scene.shared[one].sum())
    part = "All" if n_fresh == n_new else f"{n_fresh:,}" if n_fresh else "None"
    start = f"{part} of its {_count(n_new)} {'is' if n_fresh == 1 else 'are'} new to the corpus"
    return row | {"change": "born", "sentence": _say_where(scene, scene.shared[one], scene.old, start + "; the others")}


def _find_most(counts: pd.Series, size: int) -> str | None:
    """The theme that holds half or more of the papers of another, if one does."""
    most = counts.drop(UNASSIGNED)
    if most.empty or most.max() < max(FEWEST, MOST * size):
        return None
    return str(most.idxmax())


def _tell_split(scene: Scene, one: str, kept: str | None) -> dict[str, Any]:
    heirs = sorted(scene.heirs[one], key=lambda other: -scene.given(one, other))
    parts = [f"“{scene.new.labels[other]}” ({_percent(scene.given(one, other))})" for other in heirs]
    sentence = f"The papers of “{scene.old.labels[one]}” went into {_join(parts)}."
    others = [other for other in heirs if other != kept]
    return {"change": "split", "others": others, "sentence": sentence}


def _tell_merger(scene: Scene, other: str, kept: str | None) -> dict[str, Any]:
    parents = sorted(scene.parents[other], key=lambda one: -scene.taken(one, other))
    parts = [f"“{scene.old.labels[one]}” ({_percent(scene.taken(one, other))})" for one in parents]
    sentence = f"“{scene.new.labels[other]}” has its papers from {_join(parts)}."
    return {"change": "merged", "others": [one for one in parents if one != kept], "sentence": sentence}


def _row(scene: Scene, one: str | None, other: str | None) -> dict[str, Any]:
    old, new = scene.old, scene.new
    return {
        "old": one,
        "new": other,
        "old_label": None if one is None else old.labels[one],
        "new_label": None if other is None else new.labels[other],
        "renamed": False,
        "told_by": None,
        "overlap": float("nan"),
        "similarity": float("nan"),
        "n_old": 0 if one is None else int((old.theme == one).sum()),
        "n_new": 0 if other is None else int((new.theme == other).sum()),
        "n_both": 0 if one is None or other is None else scene.count(one, other),
        "others": [],
    }


def _say_where(scene: Scene, counts: pd.Series, other: Generation, start: str) -> str:
    """Where most of the papers are, or were."""
    found = counts[counts > 0].sort_values(ascending=False, kind="stable").head(3)
    if found.empty:
        return start.removesuffix("; the others") + ("." if ";" in start else " are no longer in the corpus.")
    labels = {**{one: f"“{label}”" for one, label in other.labels.items()}, UNASSIGNED: "no theme"}
    parts = [f"{labels[str(one)]} ({n:,})" for one, n in found.items()]
    verb = "came from" if other is scene.old else "are now in"
    return f"{start} {verb} {_join(parts)}{', and others' if (counts > 0).sum() > len(found) else ''}."


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _count(number: int) -> str:
    return f"{number:,} paper{'' if number == 1 else 's'}"
