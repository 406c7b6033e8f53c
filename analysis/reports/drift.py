"""Sentences about the phrases that a theme's early and late papers use."""

from __future__ import annotations

import pandas as pd

from analysis.plots.text import shorten
from analysis.reports.sentences import iso
from analysis.trends.parting import MIN_PAPERS_PER_PART
from analysis.trends.sentences import say_p, say_share

_MOST = 5
_NEEDED = (
    f"that takes {MIN_PAPERS_PER_PART} dated papers of a theme early, as many late, and words that enough of them share"
)


def describe_words(drift: pd.DataFrame, *, alpha: float) -> list[str]:
    """The phrases of one theme whose use is shown to have changed, or why there are none.

    Parameters
    ----------
    drift : DataFrame
        The rows of ``derived/drift`` of one theme; none where it has too few papers.
    alpha : float
        Bound on q.
    """
    if drift.empty:
        return [f"Its phrases were not compared over time: {_NEEDED}."]
    split = iso(drift["split"].iloc[0])
    shown = drift[drift["q"] < alpha].sort_values(["z", "phrase"], ascending=[False, True])
    sides = (("more", shown[shown["z"] > 0]), ("fewer", shown[shown["z"] < 0].iloc[::-1]))
    said = [f"From {split} on, {word} of its papers use {_list_phrases(rows)}." for word, rows in sides if len(rows)]
    return said or [f"No phrase is shown to rise or fall within it (before {split} against from then on)."]


def explain_words(drift: pd.DataFrame) -> str:
    """What the phrases of early and late papers are, and what they are not; or why no theme has any.

    Parameters
    ----------
    drift : DataFrame
        The table ``derived/drift``, of all themes.
    """
    if drift.empty:
        return f"The phrases of no theme were compared over time: {_NEEDED}."
    return (
        "Phrases of early and late papers: the share of the theme's papers that use a phrase in each of two halves, "
        "for phrases whose use differs beyond chance (q after correction within the theme). They say what the papers "
        "say, not why a theme moved: fashions of writing pass through every theme."
    )


def _list_phrases(rows: pd.DataFrame) -> str:
    said = [
        f"“{shorten(row['phrase'], 60)}” ({say_share(float(row['share_early']))} → "
        f"{say_share(float(row['share_late']))}, q {say_p(float(row['q']))})"
        for _, row in rows.head(_MOST).iterrows()
    ]
    return "; ".join([*said, f"{len(rows) - _MOST:,} more in drift.csv"] if len(rows) > _MOST else said)
