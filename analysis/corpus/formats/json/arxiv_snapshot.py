"""arXiv metadata as JSON: the snapshot of all papers, and daily lists made from arXiv's pages.

Sources: the arXiv dataset (Cornell University, CC0: `id`, `submitter`,
`authors_parsed`, `categories`, `versions`, `update_date`, ...), and the lists
of daily-arxiv projects (`id`, `abs`, `pdf`, `categories`, `summary`).

The date is that of the first version. `update_date` is the day of the latest
change to the record and no date of publication.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.formats.json.dialects import (
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_texts,
    look_up,
    read_date,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_id, to_names, to_text
from analysis.corpus.records import RawRecord


def recognise_snapshot(item: dict[str, Any]) -> bool:
    """Whether it is a record of the snapshot."""
    return "categories" in item and "abstract" in item and ("versions" in item or "authors_parsed" in item)


def recognise_list(item: dict[str, Any]) -> bool:
    """Whether it is a record of a daily list."""
    return "categories" in item and "summary" in item and ("abs" in item or "pdf" in item)


def read_snapshot(item: dict[str, Any], place: Place) -> RawRecord:
    """Read one record of the snapshot."""
    arxiv_id = to_arxiv_id(item.get("id"))
    dates = read_date(look_up(item, "versions", 0, "created"), "first_version")
    date = choose_date(dates, item.get("update_date"))
    if not dates and date:
        date["date_fault"] = "the day of the last change, not of the first version"
    parsed = item.get("authors_parsed")
    authors = tuple(map(_join_name, parsed)) if isinstance(parsed, list) else to_names(item.get("authors"))
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(item.get("title")),
        abstract=to_text(item.get("abstract")),
        paper_id=arxiv_id or to_id(item.get("id")),
        authors=tuple(name for name in authors if name),
        venue=to_text(item.get("journal-ref")),
        doi=to_doi(item.get("doi")),
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "",
        labels=_label_categories(item.get("categories")),
        **date,
    )


def read_list(item: dict[str, Any], place: Place) -> RawRecord:
    """Read one record of a daily list; such a list states no dates of its papers."""
    arxiv_id = to_arxiv_id(item.get("id")) or to_arxiv_id(item.get("abs")) or to_arxiv_id(item.get("pdf"))
    written = take_first(item.get("published"), item.get("date"))
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(item.get("title")),
        abstract=to_text(item.get("summary")),
        paper_id=arxiv_id or to_id(item.get("id")),
        authors=to_names(item.get("authors")),
        doi=to_doi(item.get("doi")),
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "",
        labels=_label_categories(item.get("categories")),
        **choose_date(
            read_date(item.get("published"), "first_version") or read_date(item.get("date"), "unstated"), written
        ),
    )


def _label_categories(value: Any) -> dict[str, str]:
    """The categories, the first of which is the primary one."""
    categories = list_texts(value) if isinstance(value, list) else tuple(to_text(value).split())
    return keep_labels(arxiv_primary=take_first(list(categories)), arxiv_categories=categories)


def _join_name(parts: Any) -> str:
    """Given name, family name and suffix of ``["Family", "Given", "Jr."]``."""
    family, given, suffix = ([*(parts if isinstance(parts, list) else []), "", "", ""])[:3]
    return " ".join(list_texts((given, family, suffix)))


ARXIV_SNAPSHOT = Dialect("arXiv snapshot", recognise_snapshot, read_snapshot)
ARXIV_LIST = Dialect("arXiv daily list", recognise_list, read_list)
