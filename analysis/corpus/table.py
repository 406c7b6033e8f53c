"""Records as columns, in pieces, so that a million of them fit: the same columns and types whatever the source held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from analysis.corpus.cleaning import clean_text, make_writable
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
# Worked out of each record while it is at hand; nothing where its text became another by merging.
PREPARED = {"told_language": "text", "folded_title": "number", "folded_text": "number", "signature": "numbers"}
# Text that may be missing, as opposed to empty.
_NULLABLE = ("venue", "doi", "arxiv_id", "pmid", "openreview_id", "language", "url")
PIECE = 2048
N_SIGNATURE_BYTES = 256
_KNOWN = {**PAPER_COLUMNS, **PASSING}
_OWN = tuple(name for name in RawRecord._fields if name in _KNOWN)

Values = dict[str, list[Any]]


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
    return join_pieces([build_piece(list_values(piece)) for piece in _cut(records)])


def join_pieces(pieces: list[Any]) -> Any:
    """One Arrow table of its pieces; without any, an empty one of the same columns."""
    import pyarrow as pa

    return pa.concat_tables(pieces or [build_piece(list_values([]))], promote_options="default")


def list_values(records: Sequence[RawRecord]) -> Values:
    """The columns of some records as lists, labels last."""
    spans = [record.span for record in records]
    values: Values = {name: [getattr(record, name) for record in records] for name in _OWN}
    values["title_only"] = [not record.abstract for record in records]
    values["published"] = [span.first if span else None for span in spans]
    values["published_end"] = [span.last if span else None for span in spans]
    values["published_precision"] = [span.precision if span else "none" for span in spans]
    values["published_inferred"] = [span.inferred if span else False for span in spans]
    values["published_kind"] = [
        record.date_kind if span else "none" for record, span in zip(records, spans, strict=True)
    ]
    return values | _list_labels(records)


def build_piece(values: Values) -> Any:
    """One Arrow table of the columns of some records."""
    import pyarrow as pa

    # The default pool keeps a quarter more than the columns take; this one a hundredth.
    pool = pa.system_memory_pool()
    columns = {}
    for name, kind in _KNOWN.items():
        column = [value or None for value in values[name]] if name in _NULLABLE else values[name]
        columns[name] = pa.array(column, type=arrow_type(kind), memory_pool=pool)
    for name, column in values.items():
        if name.startswith(LABEL_PREFIX):
            columns[name] = pa.array(column, type=arrow_type("text"), memory_pool=pool)
    return pa.table(columns)


def _list_labels(records: Sequence[RawRecord]) -> Values:
    """One column per label, named by its clean name."""
    columns: Values = {}
    for row, record in enumerate(records):
        if not record.labels:
            continue
        names = _name_columns(tuple(record.labels))
        texts: Iterable[tuple[str, str]] = zip(names, record.labels.values(), strict=True)
        if len(set(names)) < len(names):
            texts = _join_labels(record.labels)
        for name, text in texts:
            if text:
                columns.setdefault(name, [None] * len(records))[row] = text
    return columns


@lru_cache(maxsize=4096)
def _name_columns(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(LABEL_PREFIX + "_".join(clean_text(label).split()) for label in labels)


def _join_labels(labels: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Labels of which some have one name: what is spelt alike is the last text, what is named alike the first."""
    spelt = {clean_text(name): text for name, text in labels.items() if clean_text(text)}
    named: dict[str, str] = {}
    for name, text in spelt.items():
        named.setdefault(LABEL_PREFIX + "_".join(name.split()), text)
    return named.items()


def settle_papers(table: Any) -> pd.DataFrame:
    """The papers as everything after this room knows them."""
    columns = {}
    for name in table.column_names:
        if name in PASSING or name in PREPARED:
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
        "number": pa.uint64(),
        "numbers": pa.binary(N_SIGNATURE_BYTES),
    }[kind]


def _cut(records: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    piece: list[RawRecord] = []
    for record in records:
        piece.append(record)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
