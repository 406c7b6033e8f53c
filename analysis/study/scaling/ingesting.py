"""Sources to a corpus in parts: read, joined, settled and compared by tasks, accounted for as one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cache import hash_code, hash_parts
from analysis.config import InputError
from analysis.corpus.near import NEAR_COLUMNS
from analysis.corpus.read import Undated, list_unmet
from analysis.corpus.records import ColumnMap
from analysis.corpus.table import PAPER_COLUMNS, PASSING, PREPARED
from analysis.study.scaling.accounting import ACCOUNT, build_account, lay_parts, list_set_aside, write_account
from analysis.study.scaling.duplicates import find_duplicates
from analysis.study.scaling.engine import Engine
from analysis.study.scaling.joining import Joined, Raw, join_records
from analysis.study.scaling.parts import Part, hold_workshop, is_made, name_part, publish_folder
from analysis.study.scaling.reading import File, ReadTask, group_files, hash_group, read_group
from analysis.study.scaling.settling import SettleTask, settle_part
from analysis.study.scaling.shuffling import line_up

N_ROWS = 50_000
_MOST_NOTES = 5


def ingest_parts(
    *sources: str | Path,
    out: str | Path,
    engine: Engine,
    n_rows: int = N_ROWS,
    captured: dt.date | None = None,
    undated: Undated = "keep",
    columns: Mapping[str, str] | None = None,
    languages: Sequence[str] = (),
    near_duplicates: bool = True,
) -> dict[str, Any]:
    """Read sources into a folder of Parquet parts that holds what `analysis.corpus.read_corpus` would give.

    Parameters
    ----------
    *sources : str or Path
        As `analysis.corpus.read_corpus` takes them; on a disk that all workers see.
    out : str or Path
        The folder: made as a whole, or left as it was.
    engine : Engine
    n_rows : int, default 50,000
        Records that a part holds at most, before any is merged or set aside.
    captured, undated, columns, languages, near_duplicates
        As for `analysis.corpus.read_corpus`.

    Returns
    -------
    dict
        ``ledger`` (counts ``read``, ``merged``, ``set_aside``, ``kept``),
        ``notes`` and ``n_parts``: as they lie in ``corpus.ledger.json``.

    Raises
    ------
    InputError
        If a source, the folder or a worker is at fault; nothing is changed then.

    Notes
    -----
    Papers, their order, merges and pairs of near-duplicates are those of the
    single-machine way, whatever the number of workers, buckets and parts. Where
    a title or an id that means nothing is shared by very many records, all of
    them meet in one task.
    """
    if not sources:
        raise InputError("no source given. Name at least one file.")
    if n_rows < 1:
        raise InputError(f"--parts {n_rows}: a part holds at least 1 record.")
    folder = Path(out).absolute()
    groups, notes = group_files(sources)
    inside = [file.path for group in groups for file in group if Path(file.path).resolve().is_relative_to(folder)]
    if inside:
        raise InputError(f"--out {folder}: a source lies in it ({inside[0]}). A source is never changed.")
    settings = Settings(n_rows, captured, undated, dict(columns or {}), tuple(languages), near_duplicates)
    with hold_workshop(folder) as workshop:
        engine.check_workers(workshop)
        hashes = engine.map(hash_group, groups)
        key = hash_parts("ingest", hash_code("."), [list(one) for one in hashes], str(groups), str(settings))
        if not is_made(folder, key):
            read, raw, columns_of_all = _read_sources(engine, settings, groups, hashes, workshop)
            joined = join_records(engine, raw, workshop / "joined")
            settled = _settle_parts(engine, settings, read, raw, joined, columns_of_all, workshop)
            near = _compare_papers(engine, settings, joined, settled, workshop)
            account = build_account(read, joined, settled, near, [*notes, *_describe(settled, settings)])
            lay_parts(settled, workshop / "settled", workshop / "out")
            names = write_account(account, list_set_aside(read, settled, workshop), settled, workshop / "out")
            publish_folder(workshop, folder, names, key)
    told: dict[str, Any] = json.loads((folder / ACCOUNT).read_text(encoding="utf-8"))
    return {"ledger": told["ledger"], "notes": told["notes"], "n_parts": len(list(folder.glob("part-*.parquet")))}


def _read_sources(
    engine: Engine,
    settings: Settings,
    groups: Sequence[tuple[File, ...]],
    hashes: Sequence[tuple[str, ...]],
    workshop: Path,
) -> tuple[list[Part], Raw, tuple[str, ...]]:
    """Read every source, and line its parts up; the columns are those of all parts."""
    folder = workshop / "read"
    read: list[Part] = engine.map(
        read_group,
        [
            ReadTask(
                *(number, files, own, settings.n_rows, settings.captured, settings.columns),
                *(settings.near_duplicates, str(folder)),
            )
            for number, (files, own) in enumerate(zip(groups, hashes, strict=True))
        ],
    )
    mapping = ColumnMap(settings.columns)
    for part in read:
        mapping.met |= set(part.facts["met"])
        mapping.seen |= dict.fromkeys(part.facts["seen"])
    faults = [fault for part in read for fault in part.facts["faults"]] or list_unmet(mapping)
    if faults:
        raise InputError("\n".join(faults))
    parts = [part for group in read for part in group.facts["parts"]]
    if not parts:
        told = "".join(f"\n{note}" for group in read for note in group.facts["notes"][:_MOST_NOTES])
        raise InputError(f"no paper could be read from these sources. Each paper needs a title or an abstract.{told}")
    names = dict.fromkeys([*PAPER_COLUMNS, *PASSING, *PREPARED, *(name for part in parts for name in part["columns"])])
    stretches = line_up([folder / part["name"] for part in parts], [part["n_rows"] for part in parts])
    n_keys = sum(part["n_keys"] for part in parts)
    return read, Raw(stretches, n_keys, hash_parts([part.digest for part in read])), tuple(names)


def _settle_parts(
    engine: Engine,
    settings: Settings,
    read: Sequence[Part],
    raw: Raw,
    joined: Joined,
    columns: tuple[str, ...],
    workshop: Path,
) -> list[Part]:
    days = [source["captured"] for part in read for source in part.facts["sources"]]
    # One source of unknown day makes the day of the whole unknown.
    captured = dt.date.fromisoformat(max(days)) if days and all(days) else None
    tasks = [
        SettleTask(
            *(number, stretch, laid, papers, columns, captured, settings.undated, settings.languages),
            *(settings.near_duplicates, str(workshop / "settled"), joined.digest),
        )
        for number, (stretch, laid, papers) in enumerate(zip(raw.stretches, joined.laid, joined.papers, strict=True))
    ]
    return engine.map(settle_part, tasks)


def _compare_papers(
    engine: Engine, settings: Settings, joined: Joined, settled: Sequence[Part], workshop: Path
) -> pd.DataFrame:
    """Pairs to be reviewed: those that share an id or a title, then those with nearly the same text."""
    kept = [number for number, part in enumerate(settled) if part.facts["n_papers"]]
    if not kept:
        raise InputError("no paper is left: all were set aside. Look at [corpus] undated and languages.")
    paths = [workshop / "settled" / name_part(number) for number in kept]
    stretches = line_up(paths, [settled[number].facts["n_papers"] for number in kept])
    suspects = [pd.read_parquet(joined.folder / f"{name}.suspects.parquet") for name in joined.names]
    pairs = pd.concat([part for part in suspects if len(part)] or [pd.DataFrame(columns=list(NEAR_COLUMNS))])
    if settings.near_duplicates:
        digests = [settled[number].digest for number in kept]
        n_keys = sum(settled[number].facts["n_near_keys"] for number in kept)
        pairs = pd.concat([pairs, find_duplicates(engine, stretches, digests, n_keys, workshop / "near")])
    if any(part.facts["n_set_aside"] for part in settled):
        wanted = pd.unique(pairs[["paper_id", "other_id"]].to_numpy().ravel())
        left = set().union(*engine.map(find_ids, [(f"{one.path}.parquet", list(wanted)) for one in stretches]))
        pairs = pairs[pairs["paper_id"].isin(left) & pairs["other_id"].isin(left)]
    return pairs.drop_duplicates(["paper_id", "other_id"]).reset_index(drop=True)


def find_ids(item: tuple[str, list[str]]) -> list[str]:
    """Which of some ids the papers of a part bear."""
    import pyarrow.parquet as pq

    own = set(pq.read_table(item[0], columns=["paper_id"]).column(0).to_pylist())
    return [paper_id for paper_id in item[1] if paper_id in own]


def _describe(settled: Sequence[Part], settings: Settings) -> list[str]:
    """Sentences on the whole, by the counts of its parts."""
    totals = {name: sum(part.facts[name] for part in settled) for name in ("n_papers", "n_title_only", "n_inferred")}
    undated: dict[str, int] = {}
    languages: dict[str, int] = {}
    for part in settled:
        for source, count in part.facts["undated"].items():
            undated[source] = undated.get(source, 0) + count
        for code, count in part.facts["languages"].items():
            languages[code] = languages.get(code, 0) + count
    fate = "kept undated" if settings.undated == "keep" else "set aside"
    notes = [f"{source}: {count} papers without a readable date, {fate}." for source, count in undated.items()]
    foreign = {code: count for code, count in languages.items() if code not in (settings.languages or ("en",))}
    if foreign:
        counts = ", ".join(f"{count} {code}" for code, count in sorted(foreign.items(), key=lambda one: -one[1]))
        notes.append(f"In another language and kept, flagged: {counts}.")
    if totals["n_inferred"]:
        notes.append(f"{totals['n_inferred']} papers state no date and take the month of the arXiv id (inferred).")
    if totals["n_title_only"]:
        count, whole = totals["n_title_only"], totals["n_papers"]
        notes.append(f"{count} of {whole} papers have no abstract; their title alone speaks for them.")
    return notes


@dataclasses.dataclass(frozen=True)
class Settings:
    """How sources are read."""

    n_rows: int
    captured: dt.date | None
    undated: Undated
    columns: dict[str, str]
    languages: tuple[str, ...]
    near_duplicates: bool
