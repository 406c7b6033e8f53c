"""What a report says of the named themes: which phrase brought which papers, and where themes overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.plots.text import clean, count_of
from analysis.reports.sentences import NONE, join_words, number, percent
from analysis.results import Tables

Row = dict[str, Any]


@dataclass(frozen=True)
class NamedSection:
    """The section on named themes: plain, unescaped text; empty where the study names none."""

    sentences: list[str] = field(default_factory=list)
    phrases: list[Row] = field(default_factory=list)
    overlaps: list[Row] = field(default_factory=list)
    apart: str = ""


def describe_named(tables: Tables) -> NamedSection:
    """Collect what is said of the named themes.

    Parameters
    ----------
    tables : Tables
        Reads ``papers``, ``themes``, ``theme_phrases`` and ``theme_overlaps``.
    """
    phrases, overlaps = tables.theme_phrases, tables.theme_overlaps
    if phrases.empty:
        return NamedSection()
    labels = {str(row["theme"]): clean(row["label"]) for _, row in tables.themes.iterrows()}
    titles = dict(zip(tables.papers["paper_id"], tables.papers["title"], strict=True))
    sentences = [
        _describe_theme(labels.get(str(theme), clean(theme)), own)
        for theme, own in phrases.groupby("theme", sort=False)
    ]
    return NamedSection(
        sentences=sentences,
        phrases=[_phrase_row(row, labels, titles) for _, row in phrases.iterrows()],
        overlaps=[_overlap_row(row, labels) for _, row in overlaps[overlaps["n_both"] > 0].iterrows()],
        apart=_count_apart(int((overlaps["n_both"] == 0).sum()), len(overlaps)),
    )


def _describe_theme(label: str, phrases: pd.DataFrame) -> str:
    given = phrases[phrases["kind"] == "phrase"]
    # A phrase may be the closest of no paper and yet, with the others, be what made some of them fit.
    without = (given["n_papers"] == 0) & (given["n_lost"] == 0)
    idle = [f"“{clean(phrase)}”" for phrase in given.loc[without, "phrase"]]
    if not phrases["n_papers"].any():
        return f"{label}: no paper bears this theme; the corpus may not hold it."
    if not len(given):
        return f"{label}: asked for by {count_of(len(phrases), 'example')} alone."
    if not idle:
        return f"{label}: every phrase brought papers."
    return f"{label}: {join_words(idle)} brought no paper."


def _phrase_row(row: pd.Series, labels: dict[str, str], titles: dict[Any, Any]) -> Row:
    example = row["kind"] == "example"
    lost = 0 if pd.isna(row["n_lost"]) else int(row["n_lost"])
    shown = [clean(titles.get(one, "")) or clean(one) for one in row["paper_ids"] or []]
    return {
        "theme": labels.get(str(row["theme"]), clean(row["theme"])),
        "phrase": f"example: {clean(titles.get(row['phrase'], row['phrase']))}" if example else clean(row["phrase"]),
        "n_papers": int(row["n_papers"]),
        "share": NONE if pd.isna(row["share"]) else percent(float(row["share"])),
        "n_lost": NONE if pd.isna(row["n_lost"]) else f"{lost:,}",
        "closest": shown[0] if shown else "none is closest to it" if lost else "brought no paper",
    }


def _count_apart(n_apart: int, n_pairs: int) -> str:
    if not n_apart:
        return ""
    if n_apart == n_pairs:
        return "No paper fits two of the named themes."
    verb = "shares" if n_apart == 1 else "share"
    return f"{count_of(n_apart, 'other pair')} of named themes {verb} no paper."


def _overlap_row(row: pd.Series, labels: dict[str, str]) -> Row:
    return {
        "theme": labels.get(str(row["theme"]), clean(row["theme"])),
        "other": labels.get(str(row["other"]), clean(row["other"])),
        "sizes": f"{int(row['n_theme']):,} and {int(row['n_other']):,}",
        "n_both": int(row["n_both"]),
        "jaccard": number(row["jaccard"]),
    }
