"""Records of one paper made one: the richest speaks, the others fill in what it lacks, none is forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.identity import Identity, Rows, Suspect
from analysis.corpus.likeness import is_preprint_doi, list_words, measure_overlap
from analysis.corpus.table import PREPARED

Row = dict[str, Any]
MERGES = ("source", "position", "rule", "paper_id")
NEAR = ("paper_id", "other_id", "similarity", "relation")
CONFLICTS = ("paper_id", "witness", "stated", "other", "days_apart")
_FINENESS = {"day": 3, "month": 2, "year": 1, "none": 0}
_DATE = (
    "published",
    "published_end",
    "published_precision",
    "published_kind",
    "published_inferred",
    "date_text",
    "date_fault",
)
# Days that two public dates of one paper may lie apart before they are listed: a preprint waits years for its journal.
_APART = 365 * 3
_PAPERS_AT_ONCE = 2000


class Merged(NamedTuple):
    """Papers and the account of what went into them.

    Attributes
    ----------
    table : pyarrow.Table of n_papers rows
        In the order of their first records.
    merges : DataFrame
        ``source``, ``position``, ``rule``, ``paper_id`` of every record that went into another.
    conflicts : list of tuple
        Dates of one paper that lie too far apart, as `CONFLICTS` names them.
    """

    table: Any
    merges: pd.DataFrame
    conflicts: list[tuple[str, str, str, str, int]]


def merge_records(table: Any, identity: Identity) -> Merged:
    """Make one row of all records of each paper."""
    import pyarrow as pa

    n_records = table.num_rows
    rows = np.arange(n_records)
    followers = np.flatnonzero(identity.leader != rows)
    names = pa.array(identity.paper_id, type=pa.large_string())
    table = table.set_column(table.column_names.index("paper_id"), "paper_id", names)
    if not len(followers):
        return Merged(table, pd.DataFrame(columns=list(MERGES), dtype="str"), [])
    heads = np.flatnonzero(identity.leader == rows)
    members = _list_members(identity.leader, followers)
    table, prepared = _set_apart(table)
    merged, conflicts = [], []
    for head, records in _read_members(table, members):
        merged.append(_join_rows(records))
        conflicts += _list_conflicts(str(identity.paper_id[head]), records)
    place = dict(zip(members, range(n_records, n_records + len(merged)), strict=True))
    joined = pa.concat_tables([table, pa.Table.from_pylist(merged, schema=table.schema)])
    taken = joined.take(pa.array([place.get(int(head), int(head)) for head in heads]))
    # What was worked out of one record does not hold for several.
    alone = pa.array([None if int(head) in place else int(head) for head in heads], type=pa.int64())
    for name in prepared.column_names:
        taken = taken.append_column(name, prepared.column(name).take(alone))
    account = table.select(["source", "position"]).take(followers).to_pandas()
    account["rule"] = [identity.rule[row] for row in followers]
    account["paper_id"] = identity.paper_id[followers]
    return Merged(taken, account[list(MERGES)].astype("str"), conflicts)


def _set_apart(table: Any) -> tuple[Any, Any]:
    """The table without the columns that were worked out of single records, and these."""
    prepared = [name for name in table.column_names if name in PREPARED]
    return table.drop_columns(prepared), table.select(prepared)


def _list_members(leader: Rows, followers: Rows) -> dict[int, list[int]]:
    """Head to all rows of its paper, of the papers that have more than one."""
    members: dict[int, list[int]] = {int(head): [int(head)] for head in np.unique(leader[followers])}
    for row in followers:
        members[int(leader[row])].append(int(row))
    return members


def _read_members(table: Any, members: dict[int, list[int]]) -> Iterator[tuple[int, list[Row]]]:
    """The records of each paper, read many papers at a time: one row of a long table costs as much as thousands."""
    groups = list(members.items())
    for start in range(0, len(groups), _PAPERS_AT_ONCE):
        piece = groups[start : start + _PAPERS_AT_ONCE]
        records = iter(table.take([row for _, rows in piece for row in rows]).to_pylist())
        for head, rows in piece:
            yield head, list(islice(records, len(rows)))


def list_suspects(suspects: Iterable[Suspect], table: Any, identity: Identity) -> pd.DataFrame:
    """The pairs that share an id or a title but are not one paper by their words, for review."""
    # Another rule may have joined them since.
    apart = [one for one in dict.fromkeys(suspects) if identity.leader[one.row] != identity.leader[one.other]]
    if not apart:
        return pd.DataFrame(columns=list(NEAR)).astype({"similarity": float})
    texts = table.select(["title", "abstract"]).take([row for one in apart for row in one[:2]]).to_pylist()
    words = [list_words(f"{text['title']} {text['abstract']}") for text in texts]
    ids = identity.paper_id
    rows = [
        (ids[one.row], ids[one.other], round(measure_overlap(*pair), 4), one.relation)
        for one, pair in zip(apart, zip(words[::2], words[1::2], strict=True), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(NEAR)).astype({"similarity": float})


def _join_rows(records: Sequence[Row]) -> Row:
    """One row of several: id, place and tie-breaks go to the first, text to the richest."""
    first = records[0]
    richest = max(records, key=_measure_richness)
    joined: Row = {name: richest[name] for name in richest}
    for record in (first, *records):
        for name, value in record.items():
            if joined[name] in (None, "", []) and value not in (None, "", []):
                joined[name] = value
    joined |= {name: first[name] for name in ("paper_id", "source", "position")}
    joined["title_only"] = not joined["abstract"]
    joined["authors"] = max((record["authors"] for record in records), key=len)
    for name in ("n_authors", "n_comments", "n_upvotes"):
        joined[name] = max((record[name] for record in records if record[name] is not None), default=None)
    dated = _choose_date(records)
    joined |= {name: dated[name] for name in _DATE}
    # The published version's DOI says more than the preprint's.
    dois = [record["doi"] for record in records if record["doi"]]
    joined["doi"] = next((doi for doi in dois if not is_preprint_doi(doi)), dois[0] if dois else None)
    return joined


def _measure_richness(record: Row) -> tuple[bool, bool, int]:
    filled = sum(value not in (None, "", []) for value in record.values())
    return bool(record["abstract"]), bool(record["title"]), filled


def _choose_date(records: Sequence[Row]) -> Row:
    """The record whose date stands: stated before inferred, of overlapping ones the finest, else the earliest."""
    dated = [record for record in records if record["published"]]
    if not dated:
        return max(records, key=lambda record: bool(record["date_text"]))
    stated = [record for record in dated if not record["published_inferred"]] or dated
    best = stated[0]
    for record in stated[1:]:
        overlap = record["published"] <= best["published_end"] and best["published"] <= record["published_end"]
        finer = _FINENESS[record["published_precision"]] - _FINENESS[best["published_precision"]]
        earlier = record["published"] < best["published"]
        if (finer > 0 or (finer == 0 and earlier)) if overlap else earlier:
            best = record
    return best


def _list_conflicts(paper_id: str, records: Sequence[Row]) -> list[tuple[str, str, str, str, int]]:
    taken = _choose_date(records)
    found = []
    for record in records:
        if not record["published"] or record is taken:
            continue
        days = _count_days_apart(taken, record)
        if days > _APART:
            witness = f"{record['published_kind']} date in {record['source']}"
            found.append((paper_id, witness, taken["published"].isoformat(), record["published"].isoformat(), days))
    return found


def _count_days_apart(one: Row, other: Row) -> int:
    gap: dt.timedelta = max(one["published"] - other["published_end"], other["published"] - one["published_end"])
    return max(0, gap.days)
