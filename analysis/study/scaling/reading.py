"""Source files read by tasks: each a few files, into parts of clean records and the keys that records may share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cache import Cache, hash_code, hash_parts
from analysis.corpus.collecting import Collector
from analysis.corpus.crew import Crew
from analysis.corpus.gathering import list_files
from analysis.corpus.identity import RecordKeys
from analysis.corpus.ledger import summarise_reason
from analysis.corpus.opening import hash_file
from analysis.corpus.preparing import Prepared
from analysis.corpus.progress import Meter
from analysis.corpus.reading import Reading
from analysis.corpus.records import ColumnMap, Context
from analysis.corpus.sidecar import find_sidecar
from analysis.corpus.table import build_set_aside
from analysis.study.scaling.parts import Part, keep_part
from analysis.study.scaling.shuffling import write_keys

# Smaller files are read together by one task.
BYTES_A_TASK = 64 * 2**20
# A column of raw parts: the id that a paper bears when no other claims it.
WANTED = "wanted_id"
KEYS = "keys"


class File(NamedTuple):
    """A source file: whether the user named it, and whether one before it has the same name."""

    path: str
    is_named: bool
    is_second: bool


class ReadTask(NamedTuple):
    """Files to read into parts of at most `n_rows` records."""

    number: int
    files: tuple[File, ...]
    hashes: tuple[str, ...]
    n_rows: int
    captured: dt.date | None
    columns: Mapping[str, str]
    with_signatures: bool
    folder: str

    @property
    def name(self) -> str:
        """Of the part that its answer is kept as."""
        return f"read-{self.number:05d}"


class _Any(set[str]):
    """A set that holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


class _Cutter(Collector):
    """Collects records, and writes them as parts of so many."""

    def __init__(self, crew: Crew, n_rows: int, write: Callable[[Any], object]) -> None:
        super().__init__(crew)
        self._n_rows, self._write = n_rows, write

    def cut(self, *, fewest: int) -> None:
        """Write what is ready, but for a rest that fills no part, as long as that has less than `fewest` records."""
        while (n_ready := sum(table.num_rows for table in self.tables)) >= fewest:
            table = self.take_table()
            self._write(table.slice(0, self._n_rows).combine_chunks())
            self.tables = [table.slice(self._n_rows)] if n_ready > self._n_rows else []

    def keep(self, prepared: Prepared) -> None:
        super().keep(prepared)
        self.cut(fewest=self._n_rows)


class _GroupReading(Reading):
    """Reads a few files of many, each as if all were read by one."""

    def read_group(self, files: Sequence[File]) -> None:
        """Hand every record to the collector."""
        for file in files:
            taken: set[str] = _Any() if file.is_second else set()
            with self._guard():
                self._read_file(Path(file.path), file.is_named, taken)
        self.collector.finish()


def group_files(sources: Sequence[str | Path]) -> tuple[list[tuple[File, ...]], list[str]]:
    """The files of each task, in file order, and notes on those that were named twice.

    Raises
    ------
    InputError
        If a source is missing; all are named at once.
    """
    list_files(sources)
    found: dict[Path, tuple[Path, bool]] = {}
    notes = []
    for source in sources:
        for path, is_named in list_files([source]):
            whole = path.resolve()
            if whole in found:
                notes.append(f"{path}: named twice, read once.")
            found[whole] = (path, is_named or found.get(whole, (path, False))[1])
    groups: list[list[File]] = []
    seen: set[str] = set()
    n_bytes = BYTES_A_TASK
    for whole, (path, is_named) in found.items():
        if n_bytes + whole.stat().st_size > BYTES_A_TASK:
            groups.append([])
            n_bytes = 0
        groups[-1].append(File(str(path.absolute()), is_named, path.name in seen))
        n_bytes += whole.stat().st_size
        seen.add(path.name)
    return [tuple(group) for group in groups], notes


def hash_group(files: Sequence[File]) -> tuple[str, ...]:
    """SHA-256 of each file and of its sidecar."""
    paths = [Path(file.path) for file in files]
    sidecars = [find_sidecar(path) for path in paths]
    return tuple(
        hash_file(path) + (hash_file(sidecar) if sidecar else "") for path, sidecar in zip(paths, sidecars, strict=True)
    )


def read_group(task: ReadTask) -> Part:
    """Read the files of one task."""
    # Without a day of capture a date after today is none.
    today = "" if task.captured else dt.date.today().isoformat()
    key = hash_parts(
        *("read", hash_code("."), [list(file) for file in task.files], list(task.hashes), task.n_rows),
        *(str(task.captured), dict(task.columns), task.with_signatures, today),
    )
    return keep_part(Path(task.folder), task.name, key, partial(_read, task))


def _read(task: ReadTask, beside: Path) -> dict[str, Any]:
    mapping = ColumnMap(task.columns)
    parts: list[dict[str, Any]] = []

    def write(table: Any) -> None:
        name = f"{task.name}-{len(parts):04d}"
        n_keys = _write_raw(table, beside / name)
        parts.append({"name": name, "n_rows": table.num_rows, "n_keys": n_keys, "columns": table.column_names})

    cutter = _Cutter(Crew(0, with_signatures=task.with_signatures), task.n_rows, write)
    reading = _GroupReading(Context(task.captured, mapping), cutter, Meter(None, 0), Cache(None))
    reading.read_group(task.files)
    cutter.cut(fewest=1)
    set_aside = build_set_aside(cutter.list_aside())
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in set_aside.to_dict("records"))
    (beside / f"{task.name}.set_aside.jsonl").write_bytes(lines.encode("utf-8"))
    return {
        "parts": parts,
        "sources": [dataclasses.asdict(facts) for facts in reading.facts],
        "notes": reading.notes,
        "faults": reading.faults,
        "set_aside": _count_reasons(set_aside),
        "met": sorted(mapping.met),
        "seen": list(mapping.seen),
    }


def _write_raw(table: Any, path: Path) -> int:
    """Write one part and its keys; gives their number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = RecordKeys.of(table)
    wanted = pa.array(keys.wanted.tolist(), type=pa.large_string())
    pq.write_table(table.append_column(WANTED, wanted), path.with_name(f"{path.name}.parquet"), compression="zstd")
    hashed, rows = [], []
    for field in dataclasses.fields(keys):
        values = getattr(keys, field.name)
        known = np.flatnonzero(values.notna().to_numpy())
        hashed.append(hash_values(values.iloc[known], field.name))
        rows.append(known)
    write_keys(path.with_name(f"{path.name}.{KEYS}"), np.concatenate(hashed), np.concatenate(rows))
    return sum(map(len, rows))


def hash_values(values: pd.Series, kind: str) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """A number of 64 bits for each value, another for the same value as another kind of key."""
    # A column of numbers is one of floats as soon as one is missing: the same for all parts.
    plain = values.astype("float64") if pd.api.types.is_numeric_dtype(values) else values.astype("object")
    own = pd.util.hash_array(np.array([kind], dtype=object))[0]
    return np.asarray(pd.util.hash_array(plain.to_numpy(), categorize=False) ^ own, dtype=np.uint64)


def _count_reasons(set_aside: pd.DataFrame) -> list[dict[str, Any]]:
    """How many records of each source were set aside for which reason, as the flow counts them."""
    counts: dict[tuple[str, str], int] = {}
    for source, reason in zip(set_aside["source"], set_aside["reason"], strict=True):
        pair = source, summarise_reason(reason)
        counts[pair] = counts.get(pair, 0) + 1
    return [{"stage": "set_aside", "source": pair[0], "reason": pair[1], "n_records": n} for pair, n in counts.items()]
