"""Items of CSL JSON that our own export wrote: what CSL has no field for stands under ``custom``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from analysis.corpus.dates import DateSpan, make_span
from analysis.corpus.formats.values import to_count, to_text
from analysis.corpus.records import DateKind, RawRecord

OWN_KEY, OWN_VERSION = "themeline", 1
LABEL_PREFIX = "label_"


def is_own_item(item: Mapping[str, Any]) -> bool:
    """Whether our own export wrote the item."""
    custom = item.get("custom")
    return isinstance(custom, dict) and custom.get(OWN_KEY) == OWN_VERSION


def map_own_item(item: Mapping[str, Any], *, position: str, raw: str) -> RawRecord:
    """The record of an item for which `is_own_item` holds; wrong types in it count as unknown."""
    custom = item["custom"]
    authors = custom.get("authors")
    kind = to_text(custom.get("published_kind"))
    labels = {
        name.removeprefix(LABEL_PREFIX): to_text(text) for name, text in custom.items() if name.startswith(LABEL_PREFIX)
    }
    if item.get("keyword"):
        labels["keywords"] = to_text(item["keyword"])
    issued = item.get("issued")
    return RawRecord(
        position=position,
        raw=raw,
        title=to_text(item.get("title")),
        abstract=to_text(item.get("abstract")),
        paper_id=to_text(item.get("id")),
        span=_read_span(issued) if isinstance(issued, dict) else None,
        date_text=to_text(issued),
        date_kind=kind if kind in get_args(DateKind) else "unstated",  # type: ignore[arg-type]
        authors=tuple(name for name in authors if isinstance(name, str)) if isinstance(authors, list) else (),
        n_authors=to_count(custom.get("n_authors")),
        venue=to_text(item.get("container-title")),
        doi=to_text(item.get("DOI")),
        arxiv_id=to_text(custom.get("arxiv_id")),
        pmid=to_text(item.get("PMID")),
        openreview_id=to_text(custom.get("openreview_id")),
        n_comments=to_count(custom.get("n_comments")),
        n_upvotes=to_count(custom.get("n_upvotes")),
        url=to_text(item.get("URL")),
        language=to_text(item.get("language")),
        labels=labels,
        source=to_text(custom.get("source")),
    )


def _read_span(issued: Mapping[str, Any]) -> DateSpan | None:
    ends = issued.get("date-parts")
    if not isinstance(ends, list) or not 1 <= len(ends) <= 2:
        return None
    spans = [_read_end(end) for end in ends]
    first, last = spans[0], spans[-1]
    if first is None or last is None:
        return None
    # A run of days is known no finer than the month.
    precision = "month" if first.precision == "day" and len(spans) == 2 else first.precision
    return DateSpan(first.first, last.last, precision, inferred=issued.get("circa") is True)


def _read_end(end: Any) -> DateSpan | None:
    if not isinstance(end, list) or not 1 <= len(end) <= 3 or not all(isinstance(part, int) for part in end):
        return None
    return make_span(*end)
