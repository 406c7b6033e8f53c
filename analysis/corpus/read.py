"""From files to a corpus: open, recognise, read, clean, identify, and account for every record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Literal

from analysis.config import InputError
from analysis.corpus.clean import clean_abstract, clean_text, make_writable
from analysis.corpus.dates import find_fault
from analysis.corpus.formats import FORMATS
from analysis.corpus.identity import Identified, identify_papers
from analysis.corpus.opening import SUPPORTED, open_source
from analysis.corpus.records import Corpus, Payload, RawRecord, Reading, SetAside, SourceFacts
from analysis.corpus.sidecar import check_hash, read_sidecar
from analysis.corpus.table import build_papers, build_set_aside

Undated = Literal["keep", "drop"]
_MOST_NAMED = 10


def read_corpus(*sources: str | Path, captured: dt.date | None = None, undated: Undated = "keep") -> Corpus:
    """Read papers from one or more files.

    What a file is shows in its content, not in its name. Every record read is
    kept, merged into another or set aside with a reason.

    Parameters
    ----------
    *sources : str or Path
        A listing (text dump of a Daily Papers page), JSON lines or a JSON
        array, CSV, or Parquet; each may be gzipped. Generic tables need a
        ``title`` or ``abstract`` column.
    captured : date, optional
        Day on which the sources were captured. By default that of the sidecar
        (``<stem>.toml`` beside the file); a listing without either takes the
        earliest that its dates allow. No paper can be dated later.
    undated : {"keep", "drop"}, default "keep"
        Whether papers without a readable date stay or are set aside.

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
    facts, readings, faults = [], [], []
    for source in sources:
        try:
            source_facts, reading = _read_source(source, captured)
        except InputError as error:
            faults.append(str(error))
            continue
        facts.append(source_facts)
        readings.append(reading)
    if faults:
        raise InputError("\n".join(faults))
    return _assemble(readings, tuple(facts), undated)


def _read_source(source: str | Path, captured: dt.date | None) -> tuple[SourceFacts, Reading]:
    """Read one file; its records come back clean, those without any text set aside."""
    path = Path(source)
    payload = open_source(path)
    sidecar = read_sidecar(path)
    check_hash(sidecar.sha256, found=payload.sha256, source=path)
    stated = captured or sidecar.captured
    form = next((form for form in FORMATS if form.recognise(payload)), None)
    if form is None:
        raise InputError(f"{path}: {_describe_start(payload)}. Supported: {SUPPORTED}.")
    reading = form.read(payload, stated)
    stated_by = ("argument" if captured else "sidecar") if stated else reading.captured_from
    latest = reading.captured or dt.date.today() + dt.timedelta(days=1)
    records, set_aside = [], list(reading.set_aside)
    for record in reading.records:
        tidy = _tidy_record(record, payload.name, latest)
        if tidy.title or tidy.abstract:
            records.append(tidy)
        else:
            set_aside.append(SetAside(payload.name, record.position, "neither title nor abstract", record.raw))
    facts = SourceFacts(
        name=payload.name,
        path=str(source),
        format=form.name,
        sha256=payload.sha256,
        n_read=len(records) + len(set_aside),
        captured=reading.captured.isoformat() if reading.captured else None,
        captured_from=stated_by,
    )
    return facts, dataclasses.replace(
        reading, records=records, set_aside=set_aside, notes=[*payload.notes, *reading.notes]
    )


def _tidy_record(record: RawRecord, source: str, latest: dt.date) -> RawRecord:
    """Clean all text, and take away a date that cannot be."""
    fault = find_fault(record.span, latest) if record.span else record.date_fault
    authors = tuple(name for name in map(clean_text, record.authors) if name)
    n_authors = max(len(authors), record.n_authors or 0)
    return dataclasses.replace(
        record,
        title=clean_text(record.title),
        abstract=clean_abstract(record.abstract),
        paper_id=clean_text(record.paper_id),
        span=None if fault else record.span,
        date_fault=fault,
        authors=authors,
        n_authors=n_authors or None,
        venue=clean_text(record.venue),
        url=clean_text(record.url),
        doi=clean_text(record.doi),
        labels={clean_text(name): clean_text(label) for name, label in record.labels.items() if clean_text(label)},
        source=clean_text(record.source) or make_writable(source),
    )


def _assemble(readings: list[Reading], facts: tuple[SourceFacts, ...], undated: Undated) -> Corpus:
    identified = identify_papers([record for reading in readings for record in reading.records])
    kept, set_aside = identified.papers, [item for reading in readings for item in reading.set_aside]
    notes = [note for reading in readings for note in reading.notes]
    notes += _describe_merging(identified)
    notes += _describe_undated(kept, undated)
    if undated == "drop":
        reason = 'undated (corpus.undated = "drop")'
        set_aside += [SetAside(paper.source, paper.position, reason, paper.raw) for paper in kept if not paper.span]
        kept = [paper for paper in kept if paper.span]
    if not kept:
        reasons = Counter(item.reason for item in set_aside).most_common(3)
        why = (
            "; ".join(f"{count} {'time' if count == 1 else 'times'} {reason}" for reason, count in reasons)
            or "they hold no record"
        )
        names = ", ".join(source.name for source in facts)
        raise InputError(f"no paper could be read from {names}: {why}. Each paper needs a title or an abstract.")
    n_without = sum(not paper.abstract for paper in kept)
    if n_without:
        notes.append(f"{n_without} of {len(kept)} papers have no abstract; their title alone speaks for them.")
    ledger = {
        "read": sum(source.n_read for source in facts),
        "merged": identified.n_merged,
        "set_aside": len(set_aside),
        "kept": len(kept),
    }
    return Corpus(build_papers(kept), build_set_aside(set_aside), ledger, facts, tuple(map(make_writable, notes)))


def _describe_merging(identified: Identified) -> list[str]:
    notes = []
    if identified.merged_by_id:
        notes.append(f"Same id and same text, merged: {_name_some(identified.merged_by_id)}.")
    if identified.merged_by_text:
        notes.append(f"Same title and abstract under two ids, merged: {_name_some(identified.merged_by_text)}.")
    if identified.merged_versions:
        named = _name_some(identified.merged_versions)
        notes.append(f"Same id and title with a revised abstract in another source, merged; the first stays: {named}.")
    if identified.renamed:
        renamed = [f"{own} is now {paper_id}" for own, paper_id in identified.renamed]
        notes.append(f"Same id but another text, both kept: {_name_some(renamed)}.")
    return notes


def _describe_undated(papers: list[RawRecord], undated: Undated) -> list[str]:
    by_source: dict[str, list[RawRecord]] = {}
    for paper in papers:
        by_source.setdefault(paper.source, []).append(paper)
    end = {
        "keep": 'They are kept undated; set corpus.undated = "drop" to leave them out.',
        "drop": "They are set aside.",
    }[undated]
    notes = []
    for source, members in by_source.items():
        without = [paper for paper in members if not paper.span]
        if not without:
            continue
        if len(without) == len(members) and not any(paper.date_text for paper in without):
            notes.append(f"{source}: none of the {len(members)} papers has a date. {end}")
            continue
        named = [
            f"{paper.paper_id}: {paper.date_text[:40]!r}{f', {paper.date_fault}' if paper.date_fault else ''}"
            for paper in without
        ]
        papers_have = "1 paper has" if len(without) == 1 else f"{len(without)} papers have"
        notes.append(f"{source}: {papers_have} no readable date ({_name_some(named)}). {end}")
    return notes


def _name_some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _describe_start(payload: Payload) -> str:
    start = (payload.text or "").lstrip()
    if start.startswith("<"):
        return "this looks like HTML or XML, which is not read"
    if start.startswith("@"):
        return "this looks like BibTeX, which is not read"
    if start[:5] in ("TY  -", "PMID-"):
        return "this looks like RIS or MEDLINE, which is not read"
    return f"no papers are recognised in it (it begins with {' '.join(start[:60].split())!r})"
