"""Papers as Parquet, marked as ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.cleaning import make_writable
from analysis.corpus.formats.tables.parquet import OUR_KEY
from analysis.corpus.table import LABEL_PREFIX, PAPER_COLUMNS, arrow_type

_PIECE = 50_000


def write_parquet(papers: pd.DataFrame, path: Path) -> None:
    """Write the table; our own columns keep their types also where they are null throughout."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([_to_field(papers, name) for name in papers.columns], metadata=_describe_ours())
    # Through a Python file: Arrow takes no path that is not UTF-8.
    with path.open("wb") as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for start in range(0, max(1, len(papers)), _PIECE):
            piece = papers.iloc[start : start + _PIECE]
            arrays = [_to_array(piece[name], field.type) for name, field in zip(papers.columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _describe_ours() -> dict[bytes, bytes]:
    return {OUR_KEY: json.dumps({"corpus": 1, "captured": None}).encode("ascii")}


def _to_field(papers: pd.DataFrame, name: Any) -> Any:
    import pyarrow as pa

    column = str(name)
    kind = PAPER_COLUMNS.get(column, "text" if column.startswith(LABEL_PREFIX) else "")
    found = arrow_type(kind) if kind else pa.Array.from_pandas(papers[name]).type
    return pa.field(column, pa.string() if pa.types.is_null(found) or pa.types.is_large_string(found) else found)


def _to_array(column: pd.Series, kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_list(kind):
        return pa.array([_clean_list(value) for value in column], type=kind)
    if pa.types.is_date(kind):
        return pa.array([None if pd.isna(day) else pd.Timestamp(day).date() for day in column], type=kind)
    if pa.types.is_string(kind):
        return pa.array([None if pd.isna(text) else make_writable(str(text)) for text in column], type=kind)
    return pa.array(column, type=kind, from_pandas=True)


def _clean_list(value: Any) -> list[str] | None:
    return [make_writable(str(item)) for item in value] if pd.api.types.is_list_like(value) else None
