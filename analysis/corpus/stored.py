"""Single files kept as they were read and cleaned, so that a source added to others is the only one read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis.cache import Cache, hash_code, hash_parts
from analysis.corpus.records import ColumnMap, Context, SetAside, SourceFacts

_KIND = "source"
# Below, reading takes no longer than looking it up.
FEWEST_BYTES = 500_000


class ReadFile(NamedTuple):
    """What was read from one file.

    Attributes
    ----------
    table : pyarrow.Table
        Its records, prepared.
    facts : list of SourceFacts
    notes : list of str
    aside : list of (int, SetAside)
        What was set aside, and which of the records it was.
    n_read : int
    columns : ColumnMap
        Which of the user's columns it has.
    is_lasting : bool
        False where some date was refused as one of the future: another day may tell otherwise.
    """

    table: Any
    facts: list[SourceFacts]
    notes: list[str]
    aside: list[tuple[int, SetAside]]
    n_read: int
    columns: ColumnMap
    is_lasting: bool


def make_file_key(
    sha256: str, path: str, names: Sequence[str], context: Context, *, is_named: bool, with_signatures: bool
) -> str:
    """A key for what reading a file gives, by all that it depends on but the day."""
    captured = context.captured.isoformat() if context.captured else None
    told = [captured, dict(context.columns), context.is_fetched, is_named, with_signatures]
    return hash_parts("source", hash_code("corpus"), sha256, path, list(names), told)


def keep_file(cache: Cache, key: str, read: ReadFile) -> None:
    """Keep what was read from a file."""
    values = {
        "facts": [dataclasses.asdict(facts) for facts in read.facts],
        "notes": read.notes,
        "aside": [[number, *item] for number, item in read.aside],
        "n_read": read.n_read,
        "met": sorted(read.columns.met),
        "seen": list(read.columns.seen),
        "is_lasting": read.is_lasting,
        "day": dt.date.today().isoformat(),
    }
    cache.write(_KIND, key, {"records": read.table, **values})


def find_file(cache: Cache, key: str, columns: ColumnMap) -> ReadFile | None:
    """What was read from a file before; None where there is nothing that holds today."""
    found = cache.read(_KIND, key)
    if found is None:
        return None
    today = dt.date.today().isoformat()
    if today < found["day"] or (today > found["day"] and not found["is_lasting"]):
        return None
    met = ColumnMap(columns)
    met.meet(found["met"], found["seen"])
    return ReadFile(
        table=found["records"],
        facts=[SourceFacts(**facts) for facts in found["facts"]],
        notes=found["notes"],
        aside=[(number, SetAside(*item)) for number, *item in found["aside"]],
        n_read=found["n_read"],
        columns=met,
        is_lasting=found["is_lasting"],
    )
