"""The account of a corpus in parts: what `analysis.corpus.write_corpus` writes beside one file, summed over tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.dating import AUDIT
from analysis.corpus.ledger import LEDGER, build_ledger
from analysis.corpus.merging import CONFLICTS, MERGES
from analysis.corpus.records import SourceFacts
from analysis.study.scaling.joining import Joined
from analysis.study.scaling.parts import Part, lay_part, name_part, name_record

SET_ASIDE, ACCOUNT = "corpus.set_aside.jsonl", "corpus.ledger.json"
_STAGES = ("read", "merged", "set_aside", "kept")


def build_account(
    read: Sequence[Part], joined: Joined, settled: Sequence[Part], near: pd.DataFrame, notes: Sequence[str]
) -> dict[str, Any]:
    """Counts, sources, notes and lists, as ``corpus.ledger.json`` holds them."""
    sources = [source for part in read for source in part.facts["sources"]]
    merges = read_merges(joined)
    flow = _sum_flow(read, settled, merges, sources)
    counts = flow.groupby("stage")["n_records"].sum()
    conflicts = [row for part in (*joined.groups, *settled) for row in part.facts["conflicts"]]
    rules = merges["rule"].value_counts(sort=False).items()
    renamed = [pair for part in joined.groups for pair in part.facts["renamed"]]
    told = [note for part in read for note in part.facts["notes"]]
    told += [f"Merged by {rule}: {count} record{'' if count == 1 else 's'}." for rule, count in rules]
    if renamed:
        first = ", ".join(f"{own} is now {new}" for own, new in renamed[:10])
        told.append(f"Same id but another text, both kept, {len(renamed)} papers: {first}.")
    return {
        "ledger": {stage: int(counts.get(stage, 0)) for stage in _STAGES},
        "sources": sources,
        "notes": [*told, *notes],
        "flow": flow.to_dict("records"),
        "merges": merges.to_dict("records"),
        "near_duplicates": json.loads(near.to_json(orient="records", force_ascii=False)),
        "date_audit": _sum_audit(settled),
        "date_conflicts": [dict(zip(CONFLICTS, row, strict=True)) for row in conflicts],
    }


def read_merges(joined: Joined) -> pd.DataFrame:
    """Every record that went into another, in file order."""
    parts = [pd.read_parquet(joined.folder / f"{name}.merges.parquet") for name in joined.names]
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(MERGES), dtype="str")
    return pd.concat(filled).sort_values("row", ignore_index=True)[list(MERGES)].astype("str")


def list_set_aside(read: Sequence[Part], settled: Sequence[Part], workshop: Path) -> Iterator[Path]:
    """The files with the records that were set aside: by the readers, then by what the study leaves out."""
    yield from (workshop / "read" / f"read-{number:05d}.set_aside.jsonl" for number in range(len(read)))
    for number, part in enumerate(settled):
        if part.facts["n_set_aside"]:
            yield workshop / "settled" / f"{name_part(number)}.set_aside.jsonl"


def lay_parts(settled: Sequence[Part], source: Path, folder: Path) -> None:
    """Lay the papers of every part where they will stay; what was worked out of them beside is left behind."""
    for number in range(len(settled)):
        lay_part(source, folder, name_part(number), (".parquet", ".set_aside.jsonl"))


def write_account(
    account: dict[str, Any], set_aside: Iterable[Path], settled: Sequence[Part], folder: Path
) -> set[str]:
    """Write the account of the whole; gives the names of all files that belong to the corpus."""
    with (folder / SET_ASIDE).open("wb") as out:
        for path in set_aside:
            out.write(path.read_bytes())
    text = json.dumps(account, ensure_ascii=False, indent=2)
    (folder / ACCOUNT).write_text(text + "\n", encoding="utf-8")
    names = {SET_ASIDE, ACCOUNT}
    for number, part in enumerate(settled):
        name = name_part(number)
        names |= {name_record(name)}
        names |= {f"{name}.parquet"} if part.facts["n_papers"] else set()
        names |= {f"{name}.set_aside.jsonl"} if part.facts["n_set_aside"] else set()
    return names


def _sum_flow(
    read: Sequence[Part], settled: Sequence[Part], merges: pd.DataFrame, sources: Sequence[dict[str, Any]]
) -> pd.DataFrame:
    empty = pd.DataFrame(columns=["source", "reason", "title_only"], dtype="str")
    facts = [SourceFacts(**source) for source in sources]
    early = build_ledger(facts, merges, empty, empty)
    aside = [row for part in read for row in part.facts["set_aside"]]
    late = [row for part in settled for row in part.facts["flow"]]
    rest = pd.DataFrame([*aside, *late], columns=list(LEDGER))
    summed: pd.DataFrame = rest.groupby(["stage", "source", "reason"])["n_records"].sum().reset_index()[list(LEDGER)]
    whole: pd.DataFrame = pd.concat([early, summed], ignore_index=True) if len(summed) else early
    places = whole["stage"].map({stage: place for place, stage in enumerate(_STAGES)})
    return whole.loc[places.sort_values(kind="stable").index].reset_index(drop=True)


def _sum_audit(settled: Sequence[Part]) -> list[dict[str, Any]]:
    rows = pd.DataFrame([row for part in settled for row in part.facts["date_audit"]], columns=list(AUDIT))
    grouped = rows.groupby(["source", "kind", "precision", "inferred"], sort=False, dropna=False, as_index=False)
    audit = grouped.agg(n_papers=("n_papers", "sum"), earliest=("earliest", "min"), latest=("latest", "max"))
    order = {source: place for place, source in enumerate(rows["source"].unique())}
    # As `analysis.corpus.dating.audit_dates` orders them.
    keys = pd.DataFrame({"place": audit["source"].map(order), "n": -audit["n_papers"]})
    audit = audit.loc[keys.sort_values(["place", "n"], kind="stable").index, list(AUDIT)]
    plain = audit.astype("object")
    return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]
