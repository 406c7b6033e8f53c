"""Phrases and overlaps of named themes after corrections, counted again from what each paper is closest to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.curation.counts import TermCounts
from analysis.curation.draft import Draft


def tabulate_sources(draft: Draft, counts: TermCounts) -> pd.DataFrame:
    """The table ``theme_phrases`` again; phrases of a theme that went into another named one go along.

    Parameters
    ----------
    draft : Draft
    counts : TermCounts
        With its rows in the order of the papers.
    """
    table = draft.tables.theme_phrases
    standing = {part: theme for theme, parts in draft.standing.items() for part in parts}
    ids = draft.tables.papers["paper_id"].to_numpy(dtype=object)
    sizes = {theme: int((draft.theme == theme).sum()) for theme in draft.standing}
    rows: list[tuple[int, dict[str, Any]]] = []
    for source, own in table.groupby("theme", sort=False):
        theme = standing.get(str(source))
        if theme is None or str(source) not in counts.named:
            continue
        inside = draft.source == source
        closest = counts.closest[:, counts.named.index(str(source))]
        held = set(ids[inside])
        for place, found in enumerate(own.to_dict("records")):
            row: dict[str, Any] = {str(name): value for name, value in found.items()} | {"theme": theme}
            if theme in draft.members:
                n_papers = int((inside & (closest == place)).sum())
                share = round(n_papers / sizes[theme], 6) if sizes[theme] else None
                row |= {"n_papers": n_papers, "share": share}
                row["paper_ids"] = [one for one in row["paper_ids"] if one in held]
            rows.append((list(draft.standing).index(theme), row))
    rows.sort(key=lambda one: one[0])
    table = pd.DataFrame([row for _, row in rows], columns=table.columns)
    return table.astype({"n_papers": "int64", "share": "float64", "n_lost": "Int64"})


def overlap_themes(draft: Draft, counts: TermCounts) -> pd.DataFrame:
    """The table ``theme_overlaps`` again where named themes were merged."""
    from analysis.themes.phrase_table import tabulate_overlaps

    if list(draft.standing.values()) == [[one] for one in counts.named]:
        return draft.tables.theme_overlaps
    fits = np.zeros((len(counts.paper_ids), len(draft.standing)))
    for column, parts in enumerate(draft.standing.values()):
        fits[:, column] = counts.fits[:, [counts.named.index(part) for part in parts]].any(axis=1)
    return tabulate_overlaps(fits, list(draft.standing))
