"""Which columns of a generic table (JSON lines, CSV, Parquet) hold what."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.corpus.dates import DateSpan, parse_date, widen_span
from analysis.corpus.formats.values import (
    is_missing,
    to_arxiv_id,
    to_count,
    to_doi,
    to_id,
    to_labels,
    to_names,
    to_text,
    to_web_address,
)
from analysis.corpus.records import RawRecord

# Our name -> the names accepted, the preferred one first.
ACCEPTED: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "abstract": ("abstract", "summary"),
    "paper_id": ("paper_id", "id"),
    "published": ("published", "publication_date", "date", "publication_year", "year"),
    "precision": ("published_precision", "date_precision"),
    "inferred": ("published_inferred",),
    "authors": ("authors", "author"),
    "n_authors": ("n_authors",),
    "venue": ("venue",),
    "doi": ("doi",),
    "arxiv_id": ("arxiv_id", "arxiv"),
    "n_comments": ("n_comments", "num_comments"),
    "n_upvotes": ("n_upvotes", "upvotes"),
    "url": ("url",),
    "labels": ("labels",),
}
# Follows from the other date columns.
_IMPLIED = {"published_end"}
LABEL_PREFIX = "label_"


@dataclasses.dataclass(frozen=True)
class Columns:
    """How the columns of one table are used.

    Attributes
    ----------
    used : dict of tuple
        Our name -> the table's columns that serve it, the preferred one first.
    labels : dict
        Name of a label -> the table's column.
    unused : tuple
        The other columns.
    """

    used: dict[str, tuple[str, ...]]
    labels: dict[str, str]
    unused: tuple[str, ...]

    @property
    def has_text(self) -> bool:
        """Whether there is a title or an abstract to read."""
        return "title" in self.used or "abstract" in self.used


def match_columns(names: Iterable[str]) -> Columns:
    """Find out which columns of a table are of use, whatever their case.

    Examples
    --------
    >>> match_columns(["Title", "Summary", "label_area", "pages"])
    Columns(used={'title': ('Title',), 'abstract': ('Summary',)}, labels={'area': 'label_area'}, unused=('pages',))
    """
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_key_of(name), name)
    used = {
        ours: tuple(by_key[key] for key in accepted if key in by_key)
        for ours, accepted in ACCEPTED.items()
        if any(key in by_key for key in accepted)
    }
    labels = {
        name.strip()[len(LABEL_PREFIX) :]: name
        for key, name in by_key.items()
        if key.startswith(LABEL_PREFIX) and len(key) > len(LABEL_PREFIX)
    }
    taken = {name for columns in used.values() for name in columns} | set(labels.values())
    unused = tuple(name for key, name in by_key.items() if name not in taken and key not in _IMPLIED)
    return Columns(used, labels, unused)


def describe_columns(name: str, columns: Columns) -> str:
    """Sentence on the columns used and left unused."""
    used = [column for group in columns.used.values() for column in group] + list(columns.labels.values())
    unused = f"; not used: {_shorten(columns.unused)}" if columns.unused else ""
    return f"{name}: columns used: {_shorten(used)}{unused}."


def parse_row(row: Mapping[str, Any], columns: Columns, *, position: str, raw: str) -> RawRecord:
    """Read one row of a generic table.

    Parameters
    ----------
    row : mapping
        Column name -> cell.
    columns : Columns
        From `match_columns`.
    position, raw : str
        Where the row stands, and the row as it was read.
    """

    def first(ours: str) -> Any:
        cells = (row.get(name) for name in columns.used.get(ours, ()))
        return next((cell for cell in cells if not is_missing(cell)), None)

    span, date_text = _parse_dates(row, columns, to_text(first("precision")).strip().casefold())
    if span and first("inferred") in (True, "True", "true", 1):
        span = dataclasses.replace(span, inferred=True)
    authors = to_names(first("authors"))
    url = first("url")
    paper_id = first("paper_id")
    labels = to_labels(first("labels")) if first("labels") is not None else {}
    labels |= {label: to_text(row.get(name)) for label, name in columns.labels.items() if not is_missing(row.get(name))}
    return RawRecord(
        position=position,
        raw=raw,
        title=to_text(first("title")),
        abstract=to_text(first("abstract")),
        paper_id=to_id(paper_id),
        span=span,
        date_text=date_text,
        authors=tuple(name for name in authors if name.strip()),
        n_authors=to_count(first("n_authors")),
        venue=to_text(first("venue")),
        doi=to_doi(first("doi")),
        arxiv_id=to_arxiv_id(first("arxiv_id")) or to_arxiv_id(url),
        n_comments=to_count(first("n_comments")),
        n_upvotes=to_count(first("n_upvotes")),
        url=to_web_address(url),
        labels=labels,
    )


def _parse_dates(row: Mapping[str, Any], columns: Columns, precision: str) -> tuple[DateSpan | None, str]:
    """The first date that can be read, and what was written where none can."""
    written = ""
    for name in columns.used.get("published", ()):
        text = to_text(row.get(name)).strip()
        span = parse_date(text) if text else None
        if span:
            return widen_span(span, precision), text
        written = written or text
    return None, written


def _key_of(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _shorten(names: Iterable[str], most: int = 20) -> str:
    listed = [" ".join(name.split())[:60] for name in names]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
