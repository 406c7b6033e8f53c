"""Records as columns, in pieces, so that a million of them fit: the same columns and types whatever the source held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from analysis.corpus.cleaning import make_writable
from analysis.corpus.records import RawRecord, SetAside

LABEL_PREFIX = "label_"
# analysis.results.schema.PAPERS, from paper_id to position: what is known before any analysis.
PAPER_COLUMNS: dict[str, str] = {
    "paper_id": "text",
    "title": "text",
    "abstract": "text",
    "title_only": "bool",
    "published": "date",
    "published_end": "date",
    "published_precision": "text",
    "published_kind": "text",
    "published_inferred": "bool",
    "authors": "texts",
    "n_authors": "int",
    "venue": "text",
    "doi": "text",
    "arxiv_id": "text",
    "pmid": "text",
    "openreview_id": "text",
    "language": "text",
    "n_comments": "int",
    "n_upvotes": "int",
    "url": "text",
    "source": "text",
    "position": "text",
}
# Known while records are read and merged; `settle_papers` takes them away.
PASSING = {"date_text": "text", "date_fault": "text"}
# Text that may be missing, as opposed to empty.
_NULLABLE = ("venue", "doi", "arxiv_id", "pmid", "openreview_id", "language", "url")
_PIECE = 4096


def collect_records(records: Iterable[RawRecord]) -> Any:
    """All records as one Arrow table, built piece by piece.

    Parameters
    ----------
    records : iterable of RawRecord
        Clean records; their `raw` is not kept.

    Returns
    -------
    pyarrow.Table
        The columns of `PAPER_COLUMNS` and `PASSING`, then one per label in
        the order in which they are first met.
    """
    import pyarrow as pa

    pieces = [build_piece(piece) for piece in _cut(records)] or [build_piece([])]
    return pa.concat_tables(pieces, promote_options="default")


def build_piece(records: list[RawRecord]) -> Any:
    """One Arrow table of some records."""
    import pyarrow as pa

    spans = [record.span for record in records]
    values: dict[str, list[Any]] = {
        name: [getattr(record, name) for record in records] for name in RawRecord._fields if name in _known()
    }
    values["title_only"] = [not record.abstract for record in records]
    values["published"] = [span.first if span else None for span in spans]
    values["published_end"] = [span.last if span else None for span in spans]
    values["published_precision"] = [span.precision if span else "none" for span in spans]
    values["published_inferred"] = [span.inferred if span else False for span in spans]
    values["published_kind"] = [
        record.date_kind if span else "none" for record, span in zip(records, spans, strict=True)
    ]
    for name in _NULLABLE:
        values[name] = [value or None for value in values[name]]
    kinds = _known()
    # The default pool keeps a quarter more than the columns take; this one a hundredth.
    pool = pa.system_memory_pool()
    columns = {name: pa.array(values[name], type=arrow_type(kind), memory_pool=pool) for name, kind in kinds.items()}
    labels: dict[str, list[str | None]] = {}
    for row, record in enumerate(records):
        for label, value in record.labels.items():
            name = LABEL_PREFIX + "_".join(label.split())
            column = labels.setdefault(name, [None] * len(records))
            column[row] = column[row] or value
    columns |= {name: pa.array(column, type=arrow_type("text"), memory_pool=pool) for name, column in labels.items()}
    return pa.table(columns)


def settle_papers(table: Any) -> pd.DataFrame:
    """The papers as everything after this room knows them."""
    columns = {}
    for name in table.column_names:
        if name in PASSING:
            continue
        kind = PAPER_COLUMNS.get(name, "text")
        column = table.column(name)
        if kind == "texts":
            columns[name] = pd.Series(column.to_pylist(), dtype="object")
        elif kind == "int":
            columns[name] = column.to_pandas(integer_object_nulls=True).astype("Int64")
        elif kind == "date":
            columns[name] = pd.Series(column.to_numpy(zero_copy_only=False).astype("datetime64[s]"))
        elif kind == "bool":
            columns[name] = pd.Series(column.to_numpy(zero_copy_only=False).astype(bool))
        else:
            columns[name] = column.to_pandas().astype("str")
    return pd.DataFrame(columns)


def build_set_aside(items: list[SetAside]) -> pd.DataFrame:
    """One row per record that was not kept."""
    return pd.DataFrame([list(map(make_writable, item)) for item in items], columns=SetAside._fields, dtype="str")


def arrow_type(kind: str) -> Any:
    """The Arrow type of a column; text of any total length."""
    import pyarrow as pa

    return {
        "text": pa.large_string(),
        "date": pa.date32(),
        "bool": pa.bool_(),
        "int": pa.int64(),
        "texts": pa.list_(pa.string()),
    }[kind]


def _known() -> dict[str, str]:
    return {**PAPER_COLUMNS, **PASSING}


def _cut(records: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    piece: list[RawRecord] = []
    for record in records:
        piece.append(record)
        if len(piece) == _PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
