"""Sentences on what reading a corpus found: merged, alike, undated, in another language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

_MOST_NAMED = 10


def describe_merging(merges: pd.DataFrame, renamed: Sequence[tuple[str, str]]) -> list[str]:
    """One sentence per rule that merged records, and one on ids that were taken."""
    notes = []
    for rule, members in merges.groupby("rule", sort=False):
        named = name_some([str(paper_id) for paper_id in members["paper_id"].unique()])
        records = "1 record" if len(members) == 1 else f"{len(members)} records"
        notes.append(f"Merged by {rule}, {records}: {named}.")
    if renamed:
        changes = [f"{own} is now {paper_id}" for own, paper_id in renamed]
        notes.append(f"Same id but another text, both kept: {name_some(changes)}.")
    return notes


def describe_suspects(suspects: pd.DataFrame) -> list[str]:
    """A sentence on records that share an id or a title and were not merged."""
    pairs = [f"{row.paper_id} and {row.other_id} ({row.relation})" for row in suspects.itertuples()]
    return [f"Not merged, look at them: {name_some(pairs)}."] if pairs else []


def describe_undated(table: Any, undated: str) -> list[str]:
    """A sentence per source with papers whose date is missing or cannot be."""
    import pyarrow.compute as pc

    end = {
        "keep": 'They are kept undated; set corpus.undated = "drop" to leave them out.',
        "drop": "They are set aside.",
    }[undated]
    without = table.filter(pc.is_null(table["published"])).select(["paper_id", "source", "date_text", "date_fault"])
    totals = {row["values"]: row["counts"] for row in pc.value_counts(table["source"]).to_pylist()}
    by_source: dict[str, list[dict[str, str]]] = {}
    for row in without.to_pylist():
        by_source.setdefault(row["source"], []).append(row)
    notes = []
    for source, members in by_source.items():
        if len(members) == totals[source] and not any(row["date_text"] for row in members):
            advice = 'If a column holds it, say so: --map published=COLUMN (Python: columns={"published": "COLUMN"}).'
            notes.append(f"{source}: none of the {len(members)} papers has a date. {end} {advice}")
            continue
        named = [", ".join(filter(None, (_quote_date(row), row["date_fault"]))) for row in members]
        papers_have = "1 paper has" if len(members) == 1 else f"{len(members)} papers have"
        notes.append(f"{source}: {papers_have} no readable date ({name_some(named)}). {end}")
    return notes


def describe_inferred(papers: pd.DataFrame) -> list[str]:
    """A sentence on papers that take the month of their arXiv id for want of a date."""
    inferred = papers[papers["published_inferred"] & (papers["published_kind"] == "first_version")]
    if inferred.empty:
        return []
    papers_take = (
        "1 paper states no date and takes" if len(inferred) == 1 else f"{len(inferred)} papers state no date and take"
    )
    return [f"{papers_take} the month of the arXiv id (inferred): {name_some(inferred['paper_id'].tolist())}."]


def _quote_date(row: dict[str, str]) -> str:
    return f"{row['paper_id']}: {row['date_text'][:40]!r}"


def describe_languages(papers: pd.DataFrame, languages: Sequence[str]) -> list[str]:
    """A sentence on papers in other languages than English, or than those that the study keeps."""
    kept = languages or ("en",)
    foreign = papers[papers["language"].notna() & ~papers["language"].isin(kept)]
    if foreign.empty:
        return []
    counts = ", ".join(f"{count} {code}" for code, count in foreign["language"].value_counts().items())
    end = (
        "They are set aside."
        if languages
        else 'They are kept and flagged; set corpus.languages = ["en"] to leave them out.'
    )
    named = name_some(foreign["paper_id"].tolist())
    papers_are = "1 paper is" if len(foreign) == 1 else f"{len(foreign)} papers are"
    return [f"{papers_are} in another language than {', '.join(kept)} ({counts}): {named}. {end}"]


def name_some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
