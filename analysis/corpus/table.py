"""Records as tables, with the same columns and types whatever the source held."""

from __future__ import annotations

import pandas as pd

from analysis.corpus.clean import make_writable
from analysis.corpus.records import RawRecord, SetAside

LABEL_PREFIX = "label_"
# analysis.results.schema.PAPERS, from paper_id to source: what is known before any analysis.
PAPER_COLUMNS: dict[str, str] = {
    "paper_id": "text",
    "title": "text",
    "abstract": "text",
    "published": "date",
    "published_end": "date",
    "published_precision": "text",
    "published_inferred": "bool",
    "authors": "texts",
    "n_authors": "int",
    "venue": "text",
    "doi": "text",
    "n_comments": "int",
    "n_upvotes": "int",
    "url": "text",
    "source": "text",
}
_DTYPES = {"text": "str", "date": "datetime64[s]", "bool": "bool", "texts": "object", "int": "Int64"}


def build_papers(records: list[RawRecord]) -> pd.DataFrame:
    """One row per record; label columns follow, in the order in which they are first met."""
    rows = [_to_row(record) for record in records]
    columns: dict[str, pd.Series] = {}
    for name, kind in PAPER_COLUMNS.items():
        columns[name] = pd.Series([row[name] for row in rows], dtype=_DTYPES[kind])
    for label in dict.fromkeys(label for record in records for label in record.labels):
        name = LABEL_PREFIX + "_".join(label.split())
        values = pd.Series([record.labels.get(label) for record in records], dtype="str")
        columns[name] = columns[name].fillna(values) if name in columns else values
    return pd.DataFrame(columns)


def build_set_aside(items: list[SetAside]) -> pd.DataFrame:
    """One row per record that was not kept."""
    return pd.DataFrame([list(map(make_writable, item)) for item in items], columns=SetAside._fields, dtype="str")


def _to_row(record: RawRecord) -> dict[str, object]:
    span = record.span
    return {
        "paper_id": record.paper_id,
        "title": record.title,
        "abstract": record.abstract,
        "published": span.first if span else None,
        "published_end": span.last if span else None,
        "published_precision": span.precision if span else "none",
        "published_inferred": span.inferred if span else False,
        "authors": list(record.authors),
        "n_authors": record.n_authors,
        "venue": record.venue or None,
        "doi": record.doi or None,
        "n_comments": record.n_comments,
        "n_upvotes": record.n_upvotes,
        "url": record.url or None,
        "source": record.source,
    }
