"""Names by which a table's columns are known, whoever wrote it, and what a vendor may say beyond them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from analysis.corpus.dates import DateSpan
from analysis.corpus.formats.values import to_span
from analysis.corpus.records import DateKind


class DateColumn(NamedTuple):
    """A date in a table.

    Attributes
    ----------
    names : tuple of str
        The columns whose cells, joined by a blank, make the date.
    kind : DateKind
        What it is the date of.
    is_sure : bool
        Whether it is surely the paper's; if not, it only stands in for one, or makes one finer.
    parse : callable
        Text to span.
    """

    names: tuple[str, ...]
    kind: DateKind
    is_sure: bool = True
    parse: Callable[[str], DateSpan | None] = to_span


class Vendor(NamedTuple):
    """Whose table it is.

    Attributes
    ----------
    name : str
    marks : tuple of tuple
        Columns by which it is known: all those of any one tuple.
    columns : mapping
        Our name to theirs, where it differs from `ACCEPTED`, the preferred one first.
    dates : tuple of DateColumn
        None: `DATES`.
    separator : pattern or None
        What stands between two authors; None where it must be guessed.
    advice : str
        How to export with abstracts.
    id_prefix : str
        What stands before the id proper.
    is_tried : bool
        Whether a real export was read.
    """

    name: str
    marks: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = {}
    dates: tuple[DateColumn, ...] = ()
    separator: re.Pattern[str] | None = None
    advice: str = ""
    id_prefix: str = ""
    is_tried: bool = False


# Our name -> the names accepted, the preferred one first. Case, blanks and signs do not count.
ACCEPTED: dict[str, tuple[str, ...]] = {
    "title": ("title", "paper title", "article title", "document title", "display name", "primary title", "item title"),
    "abstract": ("abstract", "summary", "abstract note", "abstracts", "abstract text", "abstract inverted index"),
    "paper_id": ("paper_id", "id", "record id"),
    "authors": ("authors", "author", "author names", "author full names"),
    "n_authors": ("n_authors", "author count"),
    "venue": ("venue", "journal", "source title", "publication title", "journal title", "container title", "booktitle"),
    "doi": ("doi", "item doi"),
    "arxiv_id": ("arxiv_id", "arxiv"),
    "pmid": ("pmid", "pubmed id", "medline pmid"),
    "openreview_id": ("openreview_id",),
    "n_comments": ("n_comments", "num comments"),
    "n_upvotes": ("n_upvotes", "upvotes"),
    "url": ("url", "link", "article url", "web address"),
    "language": ("language", "article language", "language of original document", "languages"),
    "keywords": ("keywords", "author keywords", "key words"),
    "type": ("type", "document type", "publication type", "item type"),
    "categories": ("categories",),
    "arxiv_primary": ("arxiv_primary", "primary category"),
    "included": ("included",),
}
# Fields of a record that hold no value of their own but are labels.
AS_LABELS = frozenset({"keywords", "type", "categories", "arxiv_primary", "included", "openalex_topic"})
DATES = (
    DateColumn(("published",), "unstated"),
    *(
        DateColumn((name,), "publication")
        for name in ("publication date", "date published", "published date", "published at", "pub date",
                     "date of publication", "cover date", "issue date", "issued")
    ),
    DateColumn(("online date",), "online"),
    *(DateColumn((name,), "publication") for name in ("publication year", "year", "pub year", "year of publication")),
    DateColumn(("date",), "unstated", is_sure=False),
)  # fmt: skip
GENERIC = Vendor("", advice="If another column holds them, name it: --map abstract=COLUMN.")
