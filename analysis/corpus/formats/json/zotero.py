"""Zotero's own JSON: items of its web interface, and the export "Better BibTeX JSON".

Source: https://www.zotero.org/support/dev/web_api/v3/types_and_fields. The
interface wraps each item in ``data``; the export lists them under ``items``.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.corpus.formats.issue_dates import parse_issue_date
from analysis.corpus.formats.json.dialects import (
    Dated,
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_objects,
    list_texts,
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
from analysis.corpus.records import DateKind, RawRecord, SetAside

_VENUES = ("publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "websiteTitle", "university")
# What hangs on an item; the interface lists it beside the items.
_NO_PAPERS = ("attachment", "note", "annotation")
_UNDATED_TYPES = ("preprint", "webpage", "document", "manuscript")
# What Zotero has no field for stands in "extra", a line each.
_EXTRA = re.compile(r"^[ \t]*(DOI|PMID|arXiv):[ \t]*(\S+)", re.MULTILINE | re.IGNORECASE)


def recognise_item(item: dict[str, Any]) -> bool:
    """Whether it is an item: Zotero's name for its type, and one of Zotero's own fields."""
    fields = _unwrap(item)
    return isinstance(fields.get("itemType"), str) and ("creators" in fields or "dateAdded" in fields)


def read_item(item: dict[str, Any], place: Place) -> RawRecord | SetAside:
    """Read one item.

    Notes
    -----
    ``date`` is what the user or a translator wrote; ``dateAdded`` is the day
    on which the item was saved, and no date of the paper.
    """
    fields = _unwrap(item)
    kind = to_text(fields.get("itemType"))
    if kind in _NO_PAPERS:
        return place.set_aside(f"an item of type '{kind}', no paper")
    extra = {name.casefold(): text for name, text in _EXTRA.findall(to_text(fields.get("extra")))}
    doi = to_doi(fields.get("DOI")) or to_doi(extra.get("doi"))
    url = to_web_address(fields.get("url"))
    creators = [one for one in list_objects(fields.get("creators")) if one.get("creatorType", "author") == "author"]
    arxiv_ids = map(to_arxiv_id, (fields.get("archiveID"), extra.get("arxiv"), doi, url))
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(fields.get("title")),
        abstract=to_text(fields.get("abstractNote")),
        paper_id=to_id(fields.get("citationKey")) or to_id(fields.get("key")),
        authors=list_texts(map(_join_name, creators)),
        venue=take_first(*(fields.get(name) for name in _VENUES)),
        doi=doi,
        arxiv_id=next(filter(None, arxiv_ids), ""),
        pmid=to_pmid(fields.get("PMID")) or to_pmid(extra.get("pmid")),
        url=url,
        language=to_language(fields.get("language")),
        labels=keep_labels(type=kind, keywords=[one.get("tag") for one in list_objects(fields.get("tags"))]),
        **choose_date(_read_date(fields, kind), fields.get("date")),
    )


def _unwrap(item: dict[str, Any]) -> dict[str, Any]:
    data = item.get("data")
    return data if isinstance(data, dict) and "itemType" in data else item


def _read_date(fields: dict[str, Any], kind: str) -> list[Dated]:
    text = to_text(fields.get("date")).strip()
    span = parse_issue_date(text)
    stated: DateKind = "unstated" if kind in _UNDATED_TYPES else "publication"
    return [Dated(span, text, stated)] if span else []


def _join_name(name: dict[str, Any]) -> str:
    return to_text(name.get("name")) or " ".join(list_texts((name.get("firstName"), name.get("lastName"))))


ZOTERO_JSON = Dialect(
    "Zotero JSON",
    recognise_item,
    read_item,
    advice="Zotero has none for these items: add them there, or join a source that has them.",
)
