"""Crossref works, as its REST interface gives them.

Source: https://api.crossref.org/swagger-ui and the "metadata format" pages:
titles and venues are lists, the abstract is JATS markup (kept as it is; it is
cleaned later), dates are `date-parts` cut short where less is known and
``[[null]]`` where nothing is.

The date is the earliest of posted, online, print and issued. `created` and
`deposited` are days of registration and are not used.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.formats.json.dialects import (
    Dated,
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_objects,
    list_texts,
    look_up,
    read_date_parts,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_text, to_web_address
from analysis.corpus.records import DateKind, RawRecord, SetAside

_DATES: tuple[tuple[str, DateKind], ...] = (
    ("posted", "online"),
    ("published-online", "online"),
    ("published-print", "publication"),
    ("published", "publication"),
    ("issued", "publication"),
)
# Types of works that hold papers but are none.
_NO_PAPERS = frozenset(
    {"journal", "journal-issue", "journal-volume", "proceedings", "proceedings-series", "book-series", "book-set",
     "report-series", "component", "peer-review", "grant", "database"}
)  # fmt: skip
_OWN_KEYS = ("reference-count", "references-count", "is-referenced-by-count", "member", "indexed", "deposited")


def recognise_work(item: dict[str, Any]) -> bool:
    """Whether it is a work: keys of Crossref's own, or a title that is a list."""
    if "DOI" not in item:
        return False
    return isinstance(item.get("title"), list) or any(key in item for key in _OWN_KEYS)


def read_work(item: dict[str, Any], place: Place) -> RawRecord | SetAside:
    """Read one work; journals, issues, proceedings volumes, components and reviews are set aside."""
    kind = to_text(item.get("type"))
    if kind in _NO_PAPERS:
        return place.set_aside(f"a Crossref record of type '{kind}', no paper")
    doi = to_doi(item.get("DOI"))
    dates: list[Dated] = [date for key, date_kind in _DATES for date in read_date_parts(item.get(key), date_kind)]
    updates = [one.get("type") for one in list_objects(item.get("updated-by"))]
    return RawRecord(
        place.position,
        place.raw,
        title=_join_title(take_first(item.get("title")), take_first(item.get("subtitle"))),
        abstract=to_text(item.get("abstract")),
        paper_id=doi,
        authors=list_texts(map(_join_name, list_objects(item.get("author")))),
        venue=take_first(item.get("container-title"), look_up(item, "event", "name"), item.get("institution")),
        doi=doi,
        arxiv_id=to_arxiv_id(doi),
        url=f"https://doi.org/{doi}" if doi else to_web_address(item.get("URL")),
        language=to_text(item.get("language")),
        labels=keep_labels(
            type=kind, keywords=item.get("subject"), retracted="true" if "retraction" in updates else ""
        ),
        **choose_date(dates),
    )


def _join_title(title: str, subtitle: str) -> str:
    if not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title}: {subtitle}" if title else subtitle


def _join_name(author: dict[str, Any]) -> str:
    """Given name, family name and suffix; the name of a group stands alone."""
    parts = list_texts((author.get("given"), author.get("family"), author.get("suffix")))
    return " ".join(parts) or to_text(author.get("name"))


CROSSREF = Dialect(
    "Crossref works",
    recognise_work,
    read_work,
    advice="Many publishers give Crossref none: look the DOIs up in OpenAlex.",
)
