"""CSL JSON: what citation managers (Zotero, Mendeley, Pandoc) exchange, and what this project writes.

Source: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html and
the schema csl-data.json of the Citation Style Language, version 1.0.2.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.corpus.formats.json.csl_own import is_own_item, map_own_item
from analysis.corpus.formats.json.dialects import (
    Dated,
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_objects,
    list_texts,
    look_up,
    read_date,
    read_date_parts,
    take_first,
)
from analysis.corpus.formats.values import (
    to_arxiv_id,
    to_doi,
    to_id,
    to_language,
    to_pmid,
    to_text,
    to_web_address,
)
from analysis.corpus.records import DateKind, RawRecord

_TYPES = frozenset(
    {
        "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
        "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
        "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
    "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical", "personal_communication",
    "post", "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech", "standard",
        "thesis", "treaty", "webpage",
    }
)  # fmt: skip
_FIELDS = ("issued", "container-title", "author", "DOI", "title-short", "citation-key")
# Zotero keeps what CSL has no field for as lines of the note.
_ARXIV = re.compile(r"\barxiv:\s*([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})", re.IGNORECASE)
_PMID = re.compile(r"^PMID:\s*(\d{1,9})\s*$", re.MULTILINE)
_DATES: tuple[tuple[str, DateKind], ...] = (
    ("issued", "publication"),
    ("available-date", "online"),
    ("epub-date", "online"),
)


def recognise_entry(item: dict[str, Any]) -> bool:
    """Whether it is an entry: one of CSL's types, and fields as CSL names them."""
    if is_own_item(item):
        return True
    kind = item.get("type")
    # Others write "type": "article", too.
    is_entry = isinstance(kind, str) and kind in _TYPES and "title" in item and "authors" not in item
    return is_entry and any(field in item for field in _FIELDS)


def read_entry(item: dict[str, Any], place: Place) -> RawRecord:
    """Read one entry; one that this project wrote is read without loss."""
    if is_own_item(item):
        return map_own_item(item, position=place.position, raw=place.raw)
    note = to_text(item.get("note"))
    doi = to_doi(item.get("DOI"))
    dates: list[Dated] = [date for key, kind in _DATES for date in _read_dates(item.get(key), kind)]
    arxiv = _ARXIV.search("\n".join((to_text(item.get("number")), note)))
    pmid = _PMID.search(note)
    return RawRecord(
        place.position,
        place.raw,
        title=take_first(item.get("title")),
        abstract=to_text(item.get("abstract")),
        paper_id=to_id(item.get("id")) or doi,
        authors=list_texts(map(_join_name, list_objects(item.get("author")))),
        venue=take_first(item.get("container-title"), item.get("event-title"), item.get("event")),
        doi=doi,
        arxiv_id=(arxiv.group(1) if arxiv else "") or to_arxiv_id(doi) or to_arxiv_id(item.get("URL")),
        pmid=to_pmid(item.get("PMID")) or (pmid.group(1) if pmid else ""),
        url=to_web_address(item.get("URL")),
        language=to_language(item.get("language")),
        labels=keep_labels(type=item.get("type"), keywords=item.get("keyword")),
        **choose_date(dates, look_up(item, "issued")),
    )


def _read_dates(value: Any, kind: DateKind) -> list[Dated]:
    """A date in parts, or as text (``raw`` or ``literal``)."""
    if not isinstance(value, dict):
        return read_date(value, kind)
    return read_date_parts(value, kind) or read_date(take_first(value.get("raw"), value.get("literal")), kind)


def _join_name(name: dict[str, Any]) -> str:
    """Given name, particles, family name, suffix; a literal name as it is."""
    literal = to_text(name.get("literal"))
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return literal or " ".join(list_texts(name.get(part) for part in parts))


CSL_JSON = Dialect("CSL JSON", recognise_entry, read_entry)
