"""Read and write the tables."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.config import InputError
from analysis.results.columns import Column
from analysis.results.schema import SCHEMA_VERSION, TABLES

_TYPES = {
    "text": pa.string(),
    "date": pa.date32(),
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "number": pa.float64(),
    "texts": pa.list_(pa.string()),
    "phrases": pa.list_(pa.struct([("phrase", pa.string()), ("weight", pa.float64())])),
}
SET_ASIDE_LINES = "results/set_aside.jsonl"


@dataclasses.dataclass(frozen=True)
class Tables:
    """Everything that figures and reports may read: the tables and the record of the run.

    Attributes
    ----------
    papers, topics, themes, theme_scores, theme_phrases, theme_overlaps, alternatives : DataFrame
    set_aside, merges, near_duplicates, date_audit, date_conflicts, ledger : DataFrame
    shares, trends, topic_trends, bursts, newcomers, drift, drivers, rates : DataFrame
        As `analysis.results.schema` lists them. Dates are ``datetime64``; a
        number is int64 where all of its column are whole, else float64.
    run : dict
        ``run.json``: sources, configuration, encoder, seed, versions, seconds, counts.
    """

    papers: pd.DataFrame
    topics: pd.DataFrame
    themes: pd.DataFrame
    theme_scores: pd.DataFrame
    theme_phrases: pd.DataFrame
    theme_overlaps: pd.DataFrame
    alternatives: pd.DataFrame
    set_aside: pd.DataFrame
    merges: pd.DataFrame
    near_duplicates: pd.DataFrame
    date_audit: pd.DataFrame
    date_conflicts: pd.DataFrame
    ledger: pd.DataFrame
    shares: pd.DataFrame
    trends: pd.DataFrame
    topic_trends: pd.DataFrame
    bursts: pd.DataFrame
    newcomers: pd.DataFrame
    drift: pd.DataFrame
    drivers: pd.DataFrame
    rates: pd.DataFrame
    run: dict[str, Any]


def write_tables(tables: Tables, data: Path) -> list[str]:
    """Write every table and run.json under the folder `data`; return their names relative to it.

    The records set aside are written once more, one JSON object a line, for
    whoever has no reader of Parquet at hand.
    """
    names = []
    for name, columns in TABLES.items():
        path = data / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame: pd.DataFrame = getattr(tables, path.stem)
        write_table(frame, columns, path)
        names.append(f"{name}.parquet")
    run = json.dumps({"schema": SCHEMA_VERSION, **tables.run}, indent=2, ensure_ascii=False)
    (data / "results/run.json").write_text(run + "\n", encoding="utf-8")
    (data / SET_ASIDE_LINES).write_bytes(_to_lines(tables.set_aside))
    return [*names, "results/run.json", SET_ASIDE_LINES]


def write_table(frame: pd.DataFrame, columns: tuple[Column, ...], path: Path) -> None:
    """Write one table; its folder is there."""
    # A file, not a path: Arrow takes no path that is not UTF-8.
    with path.open("wb") as file:
        pq.write_table(_to_arrow(frame, columns), file, compression="zstd")


def read_tables(data: Path) -> Tables:
    """Read what `write_tables` wrote.

    Raises
    ------
    InputError
        If a table is missing, damaged or of another schema version.
    """
    where = data / "results/run.json"
    try:
        run = json.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{data.parent}: this study has no results yet. Run `themeline run {data.parent}` first."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{where}: damaged ({error}). Run the study again.") from None
    if not isinstance(run, dict):
        raise InputError(f"{where}: damaged (not a JSON object). Run the study again.")
    if run.get("schema") != SCHEMA_VERSION:
        raise InputError(
            f"{where}: results of schema version {run.get('schema')}, but this version reads "
            f"{SCHEMA_VERSION}. Run the study again."
        )
    frames = {Path(name).name: read_table(data / f"{name}.parquet", columns) for name, columns in TABLES.items()}
    return Tables(**frames, run=run)


def hash_tables(data: Path) -> dict[str, str]:
    """SHA-256 of each table file by its name, for the manifest of figures and reports."""
    return {name: hashlib.sha256((data / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}


def _to_lines(frame: pd.DataFrame) -> bytes:
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8")


def _to_arrow(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pa.Table:
    named = [column for column in columns if column.name != "*"]
    missing = [column.name for column in named if column.name not in frame]
    if missing:
        raise KeyError(f"table lacks the columns {', '.join(missing)}")
    known = {column.name for column in named}
    extra = [str(name) for name in frame.columns if name not in known]
    star = next((column.type for column in columns if column.name == "*"), "text")
    fields = [pa.field(column.name, _TYPES[column.type]) for column in named]
    fields += [pa.field(name, _TYPES[star]) for name in extra]
    schema = pa.schema(fields)
    arrays = [_to_array(frame[field.name], field.type) for field in fields]
    return pa.Table.from_arrays(arrays, schema=schema)


def _to_array(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        return pa.array([None if value is None else list(value) for value in values], type=kind)
    if pa.types.is_date(kind):
        return pa.array(pd.to_datetime(values).to_numpy().astype("datetime64[D]"), type=kind)
    return pa.array(values, type=kind, from_pandas=True)


def _to_lists(column: pa.ChunkedArray) -> list[list[Any] | None]:
    """A column of lists as Python's: what Arrow's own ``to_pylist`` gives, in a quarter of the time."""
    lists: list[list[Any] | None] = []
    for chunk in column.chunks:
        values, ends = chunk.values.to_pylist(), chunk.offsets.to_pylist()
        valid = chunk.is_valid().to_pylist()
        lists += [
            values[begin:end] if known else None for begin, end, known in zip(ends[:-1], ends[1:], valid, strict=True)
        ]
    return lists


def read_table(path: Path, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Read one table.

    Raises
    ------
    InputError
        If it is missing, damaged or has other columns.
    """
    try:
        # The bytes, not the path: for a folder of that name Arrow would read the files in it.
        table = pq.read_table(pa.BufferReader(path.read_bytes()))
        frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    except FileNotFoundError:
        raise InputError(f"{path}: this table is missing. Run the study again.") from None
    # A damaged file can make Arrow raise any of these.
    except (OSError, ValueError, KeyError, OverflowError, MemoryError, pa.ArrowException) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(f"{path}: damaged ({reason}). Run the study again.") from None
    found = {field.name: field.type for field in table.schema}
    wrong = [column.name for column in columns if column.name != "*" and found.get(column.name) != _TYPES[column.type]]
    if wrong:
        raise InputError(f"{path}: columns missing or of another type: {', '.join(wrong)}. Run the study again.")
    numbers = {column.name for column in columns if column.type == "number"}
    for field in table.schema:
        if pa.types.is_list(field.type):
            frame[field.name] = pd.Series(_to_lists(table[field.name]), dtype=object)
        elif pa.types.is_integer(field.type):
            frame[field.name] = frame[field.name].astype("Int64" if table[field.name].null_count else "int64")
        elif pa.types.is_boolean(field.type):
            frame[field.name] = frame[field.name].astype("boolean" if table[field.name].null_count else "bool")
        elif field.name in numbers and (frame[field.name] % 1 == 0).all():
            frame[field.name] = frame[field.name].astype("int64")
    return frame
