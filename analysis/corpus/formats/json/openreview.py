"""OpenReview notes, of both versions of its interface.

Source: https://docs.openreview.net (notes: API 1 holds ``content.title``, API 2
``content.title.value``; times are milliseconds since 1970).

The date is that of publication (`pdate`), else the day on which the note
became public (`odate`), else that of submission (`cdate`; `tcdate` is the same
as the server saw it). Reviews, comments and decisions are notes, too, but no papers.
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
    read_milliseconds,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_id, to_text
from analysis.corpus.records import DateKind, RawRecord, SetAside

_DATES: tuple[tuple[str, DateKind], ...] = (
    ("pdate", "publication"),
    ("odate", "online"),
    ("cdate", "submission"),
    ("tcdate", "submission"),
)
# Of these at least one stands beside the content, whatever else was left out.
_KEYS = ("forum", "invitation", "invitations", "signatures", "cdate", "tcdate", "mdate", "tmdate")
_NO_NAMES = frozenset({"anonymous", "anonymous author", "anonymous authors"})


def recognise_note(item: dict[str, Any]) -> bool:
    """Whether it is a note."""
    if not isinstance(item.get("content"), dict):
        return False
    return any(key in item for key in _KEYS)


def read_note(item: dict[str, Any], place: Place) -> RawRecord | SetAside:
    """Read one note; replies are set aside."""
    note_id, forum = to_id(item.get("id")), to_id(item.get("forum"))
    if item.get("ddate"):
        return place.set_aside("a note that was deleted (it has a 'ddate')")
    if item.get("replyto") and note_id != forum:
        kind = to_text(item.get("invitation")) or take_first(item.get("invitations"))
        return place.set_aside(f"a reply ({kind.rsplit('/', 1)[-1][:60] or 'review or comment'}), no paper")
    fields = item.get("content")
    content = {key: _open_value(value) for key, value in fields.items()} if isinstance(fields, dict) else {}
    date: dict[str, Any] = {}
    for key, date_kind in _DATES:
        dates = read_milliseconds(item.get(key), date_kind)
        if dates:
            date = choose_date(dates)
            break
    authors = content.get("authors")
    names = list_texts(authors if isinstance(authors, list) else [authors])
    openreview_id = forum or note_id
    link = take_first(content.get("html"), content.get("pdf"))
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(content.get("title")),
        abstract=to_text(content.get("abstract")),
        paper_id=note_id or forum,
        authors=tuple(name for name in names if name.casefold() not in _NO_NAMES),
        venue=to_text(content.get("venue")),
        doi=to_doi(content.get("doi")),
        arxiv_id=to_arxiv_id(link),
        openreview_id=openreview_id,
        url=f"https://openreview.net/forum?id={openreview_id}" if openreview_id else "",
        labels=keep_labels(
            keywords=content.get("keywords"),
            primary_area=take_first(content.get("primary_area"), content.get("subject_areas")),
            decision=content.get("decision"),
        ),
        **date,
    )


def _open_value(value: Any) -> Any:
    """A field of API 2 without its wrapper."""
    return look_up(value, "value") if isinstance(value, dict) and "value" in value else value


OPENREVIEW = Dialect("OpenReview notes", recognise_note, read_note, experimental=True)
