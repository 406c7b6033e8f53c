"""A corpus on disk: one Parquet file, and beside it what was set aside and the account."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.exporting.writing import replace_file
from analysis.corpus.formats.tables.parquet import OUR_KEY
from analysis.corpus.records import Corpus
from analysis.corpus.table import PAPER_COLUMNS

_ACCOUNTS = ("flow", "merges", "near_duplicates", "date_audit", "date_conflicts")
_PIECE = 100_000


def write_corpus(corpus: Corpus, path: str | Path) -> list[Path]:
    """Write the papers as Parquet; `read_corpus` reads them back as they are.

    Parameters
    ----------
    corpus : Corpus
        What `read_corpus` gave.
    path : str or Path
        The Parquet file; missing folders are made, an old file is replaced.

    Returns
    -------
    list of Path
        The three files written: ``<stem>.set_aside.jsonl`` and
        ``<stem>.ledger.json`` (counts, sources, notes), then `path` itself.

    Notes
    -----
    Each file is written aside and moved into place, so a reader never meets
    half a file. The Parquet file comes last.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    set_aside_path, ledger_path = path.with_suffix(".set_aside.jsonl"), path.with_suffix(".ledger.json")
    rows = corpus.set_aside.to_dict(orient="records")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    account = {
        "ledger": corpus.ledger,
        "sources": [dataclasses.asdict(source) for source in corpus.sources],
        "notes": list(corpus.notes),
        **{name: _list_rows(getattr(corpus, name)) for name in _ACCOUNTS},
    }
    ledger = json.dumps(account, ensure_ascii=False, indent=2) + "\n"
    table = _to_arrow(corpus)
    replace_file(set_aside_path, lambda aside: aside.write_bytes(lines.encode("utf-8")))
    replace_file(ledger_path, lambda aside: aside.write_bytes(ledger.encode("utf-8")))
    # As bytes: Arrow takes no path that is not UTF-8.
    content = pa.BufferOutputStream()
    pq.write_table(table, content, compression="zstd")
    replace_file(path, lambda aside: aside.write_bytes(content.getvalue()))
    return [set_aside_path, ledger_path, path]


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", date_format="iso", force_ascii=False))
    return rows


def _to_arrow(corpus: Corpus) -> Any:
    """The papers with fixed types, also for a column that is null throughout."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "date": pa.date32(),
        "bool": pa.bool_(),
        "int": pa.int64(),
        "texts": pa.list_(pa.string()),
    }
    fields = [pa.field(str(name), types[PAPER_COLUMNS.get(str(name), "text")]) for name in corpus.papers.columns]
    schema = pa.schema(fields)
    # In pieces: an Arrow text array holds 2 GiB at most.
    starts = range(0, max(1, corpus.n_papers), _PIECE)
    pieces = [_to_piece(corpus.papers.iloc[start : start + _PIECE], schema) for start in starts]
    days = [source.captured for source in corpus.sources]
    # One source of unknown day makes the day of the whole unknown.
    captured = max(day for day in days if day) if days and all(days) else None
    ours = json.dumps({"corpus": 1, "captured": captured}).encode("ascii")
    return pa.concat_tables(pieces).replace_schema_metadata({OUR_KEY: ours})


def _to_piece(papers: pd.DataFrame, schema: Any) -> Any:
    import pyarrow as pa

    arrays = []
    for field in schema:
        column = papers[field.name]
        if pa.types.is_list(field.type):
            arrays.append(pa.array([list(value) for value in column], type=field.type))
        elif pa.types.is_date(field.type):
            arrays.append(pa.array([None if pd.isna(day) else day.date() for day in column], type=field.type))
        else:
            arrays.append(pa.array(column, type=field.type, from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=schema)
