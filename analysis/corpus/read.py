"""From files to a corpus: open, recognise, read, clean, identify, and account for every record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from analysis.cache import Cache
from analysis.config import InputError
from analysis.corpus.collecting import Collector
from analysis.corpus.crew import Crew, count_workers
from analysis.corpus.dating import audit_dates, find_arxiv_conflicts
from analysis.corpus.identity import identify_records
from analysis.corpus.ledger import build_ledger
from analysis.corpus.merging import CONFLICTS, list_suspects, merge_records
from analysis.corpus.near import find_near_duplicates
from analysis.corpus.preparing import complete_languages, complete_signatures
from analysis.corpus.progress import Meter, OnRead, Size, measure_sources
from analysis.corpus.reading import Reading
from analysis.corpus.recognising import SUPPORTED
from analysis.corpus.records import (
    ColumnMap,
    Context,
    Corpus,
    SetAside,
    shorten_raw,
)
from analysis.corpus.remarks import (
    describe_inferred,
    describe_languages,
    describe_merging,
    describe_suspects,
    describe_undated,
)
from analysis.corpus.table import build_set_aside, settle_papers

Undated = Literal["keep", "drop"]
_MOST_NOTES, _MOST_COLUMNS = 5, 40
# Bytes of text, about 8,000 abstracts, that one process reads alone.
_ALONE = 16 * 2**20


def read_corpus(
    *sources: str | Path | pd.DataFrame,
    captured: dt.date | None = None,
    undated: Undated = "keep",
    columns: Mapping[str, str] | None = None,
    languages: Sequence[str] = (),
    near_duplicates: bool = True,
    on_read: OnRead | None = None,
    cache: Cache | None = None,
) -> Corpus:
    """Read papers from files, folders, patterns, archives or DataFrames.

    What a file is shows in its content, not in its name. Every record read is
    kept, merged into another or set aside with a reason.

    Parameters
    ----------
    *sources : str, Path or DataFrame
        Any supported source (see `analysis.corpus.formats.FORMATS`), plain or
        packed as ``.gz``, ``.zst`` or ``.zip``; folders are read to the bottom.
    captured : date, optional
        Day on which the sources were captured. By default that of the sidecar
        (``<stem>.toml`` beside the file); a listing without either takes the
        earliest that its dates allow. No paper can be dated later.
    undated : {"keep", "drop"}, default "keep"
        Whether papers without a readable date stay or are set aside.
    columns : mapping, optional
        Our name to the table's own, where it is not found by itself:
        ``{"abstract": "Summary"}``.
    languages : sequence of str, optional
        ISO 639-1 codes; papers surely in another language are set aside. By
        default all stay, flagged in ``language``.
    near_duplicates : bool, default True
        Whether pairs of papers with nearly the same text are listed.
    on_read : callable, optional
        Called with an `analysis.corpus.progress.Read` about every thousand records.
    cache : Cache, optional
        Where files are kept as they were read and cleaned, so that only new or changed ones are read. The result is
        the same with and without.

    Returns
    -------
    Corpus
        Papers in file order, and the account of the rest.

    Raises
    ------
    InputError
        If a source is missing, damaged or of no known kind, or if no paper
        can be read; all sources at fault are named at once.

    Notes
    -----
    A date before 1900, or after the day of capture (after today where that is
    unknown), is treated as no date; the notes name the papers.
    """
    if not sources:
        raise InputError(f"no source given. Name at least one file: {SUPPORTED}.")
    if undated not in ("keep", "drop"):
        raise InputError(f"undated = {undated!r} is not allowed. Give 'keep' or 'drop'.")
    mapping = ColumnMap(columns or {})
    size = measure_sources(sources)
    with closing(_start_crew(size, near_duplicates)) as crew:
        collector = Collector(crew)
        reading = Reading(Context(captured, mapping), collector, Meter(on_read, size.n_bytes), cache)
        reading.read_all(sources)
    faults = reading.faults or list_unmet(mapping)
    if faults:
        raise InputError("\n".join(faults))
    return _assemble(collector.take_table(), reading, undated, tuple(languages), near_duplicates)


def _start_crew(size: Size, near_duplicates: bool) -> Crew:
    # A worker takes a second to start.
    return Crew(count_workers() if size.n_unpacked >= _ALONE else 0, with_signatures=near_duplicates)


def _assemble(
    table: Any, reading: Reading, undated: Undated, languages: tuple[str, ...], near_duplicates: bool
) -> Corpus:
    identity = identify_records(table)
    suspects = list_suspects(identity.suspects, table, identity)
    merged = merge_records(table, identity)
    notes = [*reading.notes, *describe_merging(merged.merges, identity.renamed), *describe_suspects(suspects)]
    notes += describe_undated(merged.table, undated)
    papers = tell_languages(settle_papers(merged.table), complete_languages(merged.table))
    signatures = complete_signatures(merged.table) if near_duplicates else None
    del table
    notes += [*describe_inferred(papers), *describe_languages(papers, languages)]
    papers, kept, dropped = drop_papers(papers, undated, languages)
    set_aside = build_set_aside([*reading.collector.list_aside(), *dropped])
    if papers.empty:
        raise InputError(_describe_emptiness(reading, set_aside))
    n_without = int(papers["title_only"].sum())
    if n_without:
        notes.append(f"{n_without} of {len(papers)} papers have no abstract; their title alone speaks for them.")
    near = suspects
    if signatures is not None:
        near = pd.concat([suspects, find_near_duplicates(papers, signatures=signatures[kept])])
    near = near[near["paper_id"].isin(papers["paper_id"]) & near["other_id"].isin(papers["paper_id"])]
    conflicts = [*merged.conflicts, *find_arxiv_conflicts(papers)]
    facts = tuple(reading.facts)
    ledger = {
        "read": sum(source.n_read for source in facts),
        "merged": len(merged.merges),
        "set_aside": len(set_aside),
        "kept": len(papers),
    }
    return Corpus(
        papers=papers,
        set_aside=set_aside,
        merges=merged.merges,
        near_duplicates=near.drop_duplicates(["paper_id", "other_id"]).reset_index(drop=True),
        date_audit=audit_dates(papers),
        date_conflicts=pd.DataFrame(conflicts, columns=list(CONFLICTS)).astype({"days_apart": "int64"}),
        flow=build_ledger(facts, merged.merges, set_aside, papers),
        ledger=ledger,
        sources=facts,
        notes=tuple(notes),
    )


def tell_languages(papers: pd.DataFrame, shown: list[str]) -> pd.DataFrame:
    """What the source states, else what the text shows."""
    detected = pd.Series(shown, dtype="str")
    return papers.assign(language=papers["language"].fillna(detected.where(detected != "", None)))


def drop_papers(
    papers: pd.DataFrame, undated: Undated, languages: tuple[str, ...]
) -> tuple[pd.DataFrame, Any, list[SetAside]]:
    """Set papers aside that the study asks to leave out, and tell which stay; one of no known language does."""
    reasons = pd.Series(None, index=papers.index, dtype="object")
    if languages:
        foreign = papers["language"].notna() & ~papers["language"].isin(languages)
        reasons[foreign] = "language (" + papers.loc[foreign, "language"] + ", corpus.languages)"
    if undated == "drop":
        reasons[papers["published"].isna() & reasons.isna()] = 'undated (corpus.undated = "drop")'
    dropped = papers[reasons.notna()]
    if dropped.empty:
        return papers, slice(None), []
    raws = dropped.to_json(orient="records", lines=True, force_ascii=False, date_format="iso").splitlines()
    aside = [
        SetAside(source, position, reason, shorten_raw(raw))
        for source, position, reason, raw in zip(
            dropped["source"], dropped["position"], reasons.dropna(), raws, strict=True
        )
    ]
    kept = reasons.isna().to_numpy()
    return papers[kept].reset_index(drop=True), kept, aside


def list_unmet(mapping: ColumnMap) -> list[str]:
    """What is wrong with a mapping: columns that no table has; empty where all were met."""
    absent = [f"{ours}={theirs}" for ours, theirs in mapping.items() if ours not in mapping.met]
    if not absent:
        return []
    seen = ", ".join(list(mapping.seen)[:_MOST_COLUMNS]) or "none"
    return [f"--map {' '.join(absent)}: no source has such a column. Columns found: {seen}."]


def _describe_emptiness(reading: Reading, set_aside: pd.DataFrame) -> str:
    reasons = Counter(set_aside["reason"]).most_common(3)
    why = (
        "; ".join(f"{count} {'time' if count == 1 else 'times'} {reason}" for reason, count in reasons)
        or "no record in it"
    )
    names = ", ".join(source.name for source in reading.facts) or "these files"
    told = "".join(f"\n{note}" for note in reading.notes[:_MOST_NOTES])
    return f"no paper could be read from {names}: {why}. Each paper needs a title or an abstract.{told}"
