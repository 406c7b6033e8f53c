"""Parquet tables, those that `write_corpus` wrote among them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from analysis.config import InputError
from analysis.corpus.formats.fields import describe_columns, match_columns, parse_row
from analysis.corpus.formats.values import to_text
from analysis.corpus.opening import PARQUET_MAGIC
from analysis.corpus.records import Format, Payload, Reading

# Key in a Parquet file's metadata by which we know our own.
OUR_KEY = b"themeline"


def recognise_parquet(payload: Payload) -> bool:
    """Whether the content bears Parquet's mark."""
    return payload.text is None and payload.content.startswith(PARQUET_MAGIC)


def read_parquet(payload: Payload, captured: dt.date | None) -> Reading:
    """Read every row; a file of ours keeps the names of its own sources and its capture day.

    Raises
    ------
    InputError
        If the file is damaged, or no column holds titles or abstracts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(payload.content))
        rows: list[dict[str, Any]] = table.to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        message = str(error).splitlines()[0][:200]
        raise InputError(f"{payload.name}: damaged Parquet file ({message}). Write or copy it again.") from None
    columns = match_columns(table.column_names)
    if not columns.has_text:
        raise InputError(
            f"{payload.name}: no column 'title' or 'abstract' (columns found: {', '.join(table.column_names)[:500]}). "
            "Rename the columns that hold them."
        )
    ours = (table.schema.metadata or {}).get(OUR_KEY)
    records = []
    for number, row in enumerate(rows, 1):
        raw = json.dumps(row, ensure_ascii=False, default=str)
        record = parse_row(row, columns, position=f"row {number}", raw=raw)
        records.append(dataclasses.replace(record, source=to_text(row.get("source"))) if ours else record)
    if ours:
        stated = _read_capture(ours)
        kept = captured or stated
        return Reading(records, captured=kept, captured_from="file" if stated and not captured else None)
    return Reading(records, notes=[describe_columns(payload.name, columns)], captured=captured)


def _read_capture(metadata: bytes) -> dt.date | None:
    try:
        stated = json.loads(metadata).get("captured")
        return dt.date.fromisoformat(stated) if stated else None
    except (ValueError, TypeError, AttributeError):
        return None


PARQUET = Format("Parquet", recognise_parquet, read_parquet)
