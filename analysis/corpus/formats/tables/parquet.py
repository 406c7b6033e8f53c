"""Parquet tables, those that `write_corpus` wrote among them.

Source: the Apache Parquet format, as read by Apache Arrow.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from analysis.config import InputError
from analysis.corpus.formats.tables.fields import match_columns, require_text
from analysis.corpus.formats.tables.rows import MAX_COLUMNS, Row, dump_row, read_rows
from analysis.corpus.formats.tables.seekable import open_seekable
from analysis.corpus.opening import MAX_RATIO, Source
from analysis.corpus.records import Captured, Context, Format, Found, Note

# Key in a Parquet file's metadata by which we know our own.
OUR_KEY = b"themeline"
PARQUET_MAGIC = b"PAR1"
_BATCH_ROWS = 1_000
_BUFFER_BYTES = 2**20
_MAX_PACKED = 64 * 2**30
_UNPACKED_FROM = 256 * 2**20


def recognise_parquet(source: Source) -> bool:
    """Whether the content bears Parquet's mark."""
    return source.head.startswith(PARQUET_MAGIC)


def read_parquet(source: Source, context: Context) -> Iterator[Found]:
    """Read every row, in batches; a file of ours keeps the names of its own sources and its capture day.

    Only the columns that are of use are read.

    Raises
    ------
    InputError
        If the file is damaged, unpacks to more than a table would, or no column holds titles or abstracts.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    damage = (pa.ArrowException, OSError, ValueError, OverflowError, KeyError)
    with open_seekable(source, max_bytes=_MAX_PACKED) as file:
        try:
            # Texts that repeat stay packed until it is known how long they are together.
            texts = _list_text_columns(pq.ParquetFile(file))
            table = pq.ParquetFile(file, read_dictionary=texts, buffer_size=_BUFFER_BYTES, pre_buffer=False)
            names = table.schema_arrow.names
        except damage as error:
            raise _describe_damage(source, error) from None
        if len(names) > MAX_COLUMNS:
            raise InputError(f"{source.name}: {len(names)} columns; at most {MAX_COLUMNS} are read. Keep what matters.")
        columns = match_columns(dict.fromkeys(names), context.columns)
        require_text(columns, source.name)
        ours = (table.schema_arrow.metadata or {}).get(OUR_KEY)
        stated = _read_capture(ours) if ours else None
        if stated and not context.captured:
            yield Captured(stated, "file")
        rows = _list_rows(table, columns.taken, source)
        for found in read_rows(rows, columns, source.name):
            # Of a file of ours nothing needs to be said.
            if not (ours and isinstance(found, Note)):
                yield found


def _list_rows(table: Any, names: tuple[str, ...], source: Source) -> Iterator[Row]:
    import pyarrow as pa

    number, n_bytes = 0, 0
    bound = max(_UNPACKED_FROM, MAX_RATIO * source.packed_bytes)
    batches = table.iter_batches(batch_size=_BATCH_ROWS, columns=list(names))
    while True:
        try:
            batch = next(batches)
            n_bytes += _count_bytes(batch)
            rows = batch.to_pylist() if n_bytes <= bound else []
        except StopIteration:
            return
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise _describe_damage(source, error) from None
        if n_bytes > bound:
            raise InputError(
                f"{source.name}: unpacks to more than {bound // 2**20} MiB, as no table of papers does. It is not read."
            )
        for row in rows:
            number += 1
            yield Row(f"row {number}", row, dump_row(row))


def _list_text_columns(table: Any) -> list[str]:
    leaves = (table.schema.column(place) for place in range(len(table.schema)))
    return [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]


def _count_bytes(array: Any) -> int:
    """Bytes that a column or batch will have once its texts are no longer packed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.RecordBatch):
        return sum(map(_count_bytes, array.columns))
    if pa.types.is_nested(array.type) and not pa.types.is_map(array.type):
        inner = array.flatten()
        return sum(map(_count_bytes, inner)) if isinstance(inner, list) else _count_bytes(inner)
    if pa.types.is_dictionary(array.type):
        return pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0
    return int(array.nbytes)


def _read_capture(metadata: bytes) -> dt.date | None:
    try:
        stated = json.loads(metadata).get("captured")
        return dt.date.fromisoformat(stated) if stated else None
    except (ValueError, TypeError, AttributeError):
        return None


def _describe_damage(source: Source, error: Exception) -> InputError:
    message = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return InputError(f"{source.name}: damaged Parquet file ({message}). Write or copy it again.")


PARQUET = Format("Parquet", recognise_parquet, read_parquet)
