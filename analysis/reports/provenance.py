"""What a report says of where the papers come from: sources, ledger, dates, merged records, pairs alike."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.plots.text import clean, count_of, shorten
from analysis.reports.sentences import count_text, date_text, describe_ledger, iso, join_words, number
from analysis.results import Tables

Row = dict[str, Any]
# Longer lists are cut with a line that says so; the CSV files hold all.
_LONGEST, _N_DATES, _N_SOURCES = 20, 100, 200
_STAGES = {"read": "Read", "merged": "Merged with another", "set_aside": "Set aside", "kept": "Kept"}
_KINDS = {
    "first_version": "first version",
    "publication": "publication",
    "online": "publication online",
    "submission": "submission",
    "listing": "day shown on a list",
    "unstated": "not said by the source",
    "none": "no date",
}


@dataclass(frozen=True)
class Provenance:
    """The section on where the papers come from: plain, unescaped text; each list of rows is a table.

    Attributes
    ----------
    sentences, notes, placed : list of str
        In short; what was noticed while reading; what was added after the fit.
    flow, sources, merges, alike, dates, conflicts, set_aside : list of dict
    experimental : str
        Whose reader has met no real file yet; empty where all have.
    more : dict of table to str
        How many rows are left out and where they stand; empty where none is.
    """

    sentences: list[str]
    notes: list[str]
    placed: list[str]
    flow: list[Row]
    sources: list[Row]
    merges: list[Row]
    alike: list[Row]
    dates: list[Row]
    conflicts: list[Row]
    set_aside: list[Row]
    experimental: str
    more: dict[str, str]


def describe_provenance(tables: Tables) -> Provenance:
    """Collect what is said of where the papers come from.

    Parameters
    ----------
    tables : Tables
        Reads ``papers``, ``ledger``, ``merges``, ``near_duplicates``,
        ``date_audit``, ``date_conflicts``, ``set_aside`` and of the run
        ``corpus``, ``lineage`` and ``placement``, where they are there.
    """
    account = tables.run.get("corpus") or {}
    titles = dict(zip(tables.papers["paper_id"], tables.papers["title"], strict=True))
    alike = tables.near_duplicates.sort_values("similarity", ascending=False, kind="stable")
    conflicts = tables.date_conflicts.sort_values("days_apart", ascending=False, kind="stable")
    notes, sources = [clean(note) for note in account.get("notes") or []], account.get("sources") or []
    whole: dict[str, tuple[Sized, str, str]] = {
        "notes": (notes, "note", "data/results/run.json"),
        "merges": (tables.merges, "record", "merges.csv"),
        "alike": (alike, "pair", "near_duplicates.csv"),
        "conflicts": (conflicts, "date", "date_conflicts.csv"),
        "set_aside": (tables.set_aside, "record", "set_aside.csv and data/results/set_aside.jsonl"),
    }
    return Provenance(
        sentences=[line for line in (_add_up(tables), *_describe_papers(tables.papers), _say_nothing(tables)) if line],
        notes=notes[:_LONGEST],
        placed=_describe_placing(tables),
        flow=_list_flow(tables.ledger),
        sources=[_source_row(source, tables.ledger) for source in sources[:_N_SOURCES]],
        merges=[_merge_row(row, titles) for _, row in tables.merges.head(_LONGEST).iterrows()],
        alike=[_pair_row(row, titles) for _, row in alike.head(_LONGEST).iterrows()],
        dates=[_date_row(row) for _, row in tables.date_audit.head(_N_DATES).iterrows()],
        conflicts=[_conflict_row(row, titles) for _, row in conflicts.head(_LONGEST).iterrows()],
        set_aside=[_aside_row(row) for _, row in tables.set_aside.head(_LONGEST).iterrows()],
        experimental=_name_experimental(sources),
        more={
            **{name: _count_more(len(rows) - _LONGEST, noun, file) for name, (rows, noun, file) in whole.items()},
            "dates": _count_more(len(tables.date_audit) - _N_DATES, "row", "date_audit.csv"),
            "sources": _count_more(len(sources) - _N_SOURCES, "source", "data/results/run.json"),
        },
    )


def _count_more(n_more: int, noun: str, file: str) -> str:
    return f"{count_of(n_more, f'more {noun}')}: see {file}." if n_more > 0 else ""


def _add_up(tables: Tables) -> str:
    """The sentence on the ledger, from the table where there is one, else from the run."""
    if tables.ledger.empty:
        return describe_ledger((tables.run.get("corpus") or {}).get("ledger") or {})
    counts = tables.ledger.groupby("stage")["n_records"].sum()
    ledger = {stage: int(counts.get(stage, 0)) for stage in _STAGES}
    left = ledger["read"] - ledger["merged"] - ledger["set_aside"] - ledger["kept"]
    fault = f" This account does not add up: {count_of(abs(left), 'record')} too {'few' if left > 0 else 'many'}."
    return describe_ledger(ledger) + (fault if left else "")


def _say_nothing(tables: Tables) -> str:
    """What was looked for and not found: it has no table of its own."""
    corpus = (tables.run.get("config") or {}).get("corpus") or {}
    alike = (
        "No two papers are much alike."
        if corpus.get("near_duplicates", True)
        else "Papers much alike were not looked for (corpus.near_duplicates = false)."
    )
    said = (
        ("No record was set aside.", tables.set_aside),
        ("No record was merged with another.", tables.merges),
        (alike, tables.near_duplicates),
        ("No date is contradicted by another witness.", tables.date_conflicts),
    )
    return " ".join(sentence for sentence, rows in said if rows.empty)


def _describe_papers(papers: pd.DataFrame) -> list[str]:
    """Languages, and papers with a title alone."""
    counts = papers["language"].value_counts()
    n_unknown = int(papers["language"].isna().sum())
    named = [f"{clean(code)} {count_text(n)}" for code, n in counts.head(_LONGEST).items()]
    if len(counts) > _LONGEST:
        named.append(f"others {count_text(counts.iloc[_LONGEST:].sum())}")
    if n_unknown and named:
        named.append(f"unknown {count_text(n_unknown)}")
    languages = f"Languages, as ISO 639-1 codes: {join_words(named)}." if named else ""
    n_bare = int(papers["title_only"].fillna(False).astype(bool).sum())
    have = "1 paper has" if n_bare == 1 else f"{n_bare:,} papers have"
    bare = f"{have} no abstract: only the title speaks for such a paper; it is marked “title only”." if n_bare else ""
    return [languages, bare]


def _describe_placing(tables: Tables) -> list[str]:
    """Which papers made the themes, and which were placed among them later."""
    sentences = []
    n_placed = int(tables.papers["placed"].fillna(False).astype(bool).sum())
    lineage = [step for step in tables.run.get("lineage") or [] if isinstance(step, dict)]
    # A study that was fitted once has no history to tell.
    for step in lineage if n_placed or len(lineage) > 1 else []:
        names = [shorten(name, 80) for name in step.get("sources") or []]
        origin = f" from {join_words(names)}" if names else ""
        n_papers = int(step.get("n_papers") or 0)
        verb = "was" if n_papers == 1 else "were"
        how = "placed by the fitted model" if step.get("how") == "placed" else "part of the fit"
        sentences.append(f"{count_of(n_papers, 'paper')}{origin} {verb} {how}.")
    if n_placed:
        sentences.append(
            f"{count_of(n_placed, 'paper')} of {len(tables.papers):,} "
            f"{'is' if n_placed == 1 else 'are'} marked “placed”: such papers bear themes, but had no part in making "
            "them."
        )
    placement = tables.run.get("placement") or {}
    told = placement.get("sentences") if isinstance(placement, dict) else None
    return [*sentences, *(clean(sentence) for sentence in told or [])]


def _list_flow(ledger: pd.DataFrame) -> list[Row]:
    """Every stage with its total, then its reasons; of what was read, the formats."""
    rows: list[Row] = []
    for stage, name in _STAGES.items() if len(ledger) else ():
        own = ledger[ledger["stage"] == stage]
        rows.append({"stage": name, "what": "in all", "n_records": f"{int(own['n_records'].sum()):,}"})
        parts = own.groupby("reason", sort=False)["n_records"].agg(["sum", "size"])
        parts = parts.sort_values("sum", ascending=False, kind="stable")
        for reason, n_records, n_sources in parts.head(_LONGEST).itertuples():
            files = f", {count_of(int(n_sources), 'source')}" if stage == "read" else ""
            what = f"{shorten(reason, 160)}{files}"
            rows.append({"stage": name, "what": what, "n_records": f"{int(n_records):,}"})
        if len(parts) > _LONGEST:
            rest = parts.iloc[_LONGEST:]
            what = f"{count_of(len(rest), 'other')}: see ledger.csv"
            rows.append({"stage": name, "what": what, "n_records": f"{int(rest['sum'].sum()):,}"})
    return rows


def _name_experimental(sources: list[Row]) -> str:
    formats = dict.fromkeys(clean(one.get("format")) for one in sources if one.get("experimental") is True)
    if not formats:
        return ""
    return (
        f"Experimental: the reading of {join_words(list(formats))} follows the published specification and met no "
        "real file before; check what came of it."
    )


def _source_row(source: Row, ledger: pd.DataFrame) -> Row:
    row = {name: shorten(source.get(name), 80) for name in ("name", "captured", "sha256")}
    form = clean(source.get("format"))
    own = ledger[ledger["source"] == source.get("name")].groupby("stage")["n_records"].sum()
    n_read = int(source.get("n_read") or 0)
    parts = [int(own.get(stage, 0)) for stage in ("merged", "set_aside", "kept")]
    # A file that this software wrote names the sources of its records, which then count there.
    known = sum(parts) == n_read == int(own.get("read", 0))
    merged, aside, kept = (f"{part:,}" if known else "–" for part in parts)  # noqa: RUF001
    return row | {
        "format": f"{form} (experimental)" if source.get("experimental") is True else form,
        "n_read": f"{n_read:,}",
        "merged": merged,
        "set_aside": aside,
        "kept": kept,
    }


def _title_of(paper_id: Any, titles: dict[Any, Any]) -> str:
    return shorten(titles.get(paper_id), 140) or clean(paper_id)


def _merge_row(row: pd.Series, titles: dict[Any, Any]) -> Row:
    return {
        "where": _place_of(row),
        "rule": shorten(row["rule"], 160),
        "paper": _title_of(row["paper_id"], titles),
    }


def _pair_row(row: pd.Series, titles: dict[Any, Any]) -> Row:
    return {
        "similarity": number(row["similarity"]),
        "relation": shorten(row["relation"], 160),
        "paper": _title_of(row["paper_id"], titles),
        "other": _title_of(row["other_id"], titles),
    }


def _date_row(row: pd.Series) -> Row:
    undated = pd.isna(row["earliest"])
    return {
        "source": shorten(row["source"], 80),
        "kind": _KINDS.get(str(row["kind"]), clean(row["kind"])),
        "precision": "" if undated else clean(row["precision"]),
        "year": "" if undated else "inferred" if bool(row["inferred"]) else "stated",
        "n_papers": f"{int(row['n_papers']):,}",
        "span": "" if undated else f"{iso(row['earliest'])} to {iso(row['latest'])}",
    }


def _conflict_row(row: pd.Series, titles: dict[Any, Any]) -> Row:
    return {
        "paper": _title_of(row["paper_id"], titles),
        "stated": date_text(row["stated"], "day"),
        "witness": shorten(row["witness"], 160),
        "other": date_text(row["other"], "day"),
        "days_apart": f"{int(row['days_apart']):,}",
    }


def _aside_row(row: pd.Series) -> Row:
    return {"where": _place_of(row), "reason": clean(row["reason"]), "raw": shorten(row["raw"], 120)}


def _place_of(row: pd.Series) -> str:
    return f"{shorten(row['source'], 80)}, {shorten(row['position'], 60)}"
