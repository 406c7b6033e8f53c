"""Papers as BibTeX that BibLaTeX and Zotero read, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from analysis.corpus.dates import DateSpan
from analysis.corpus.exporting.entries import Entry, list_entries, tell_ends
from analysis.corpus.formats.bibtex.escapes import OWN_HEADER, escape_name, escape_text, escape_verbatim
from analysis.corpus.formats.bibtex.fields import LABEL_PREFIX, needs_braces

_HEADER = (
    f"{OWN_HEADER}: fields that BibTeX does not know (label_..., published_kind) are for reading this file again.\n"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TYPES = {"journal": "article", "conference": "inproceedings", "other": "misc"}
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./+_-]*")
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9:./+_-]+")
_LONGEST_KEY = 60


def render_bibtex(papers: pd.DataFrame) -> Iterator[str]:
    """The file, entry by entry.

    Notes
    -----
    The key is the `paper_id` where BibTeX allows it; else one made from it,
    and the id stands in a field of its own.
    """
    yield _HEADER
    keys: set[str] = set()
    for entry in list_entries(papers):
        paper_id = entry.texts["paper_id"]
        key = _make_key(paper_id, keys)
        fields = _list_fields(entry)
        if key != paper_id:
            fields["paper_id"] = escape_verbatim(paper_id)
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        if entry.span and entry.span.precision != "year":
            # A macro, so that styles may print it in their own language.
            lines.append(f"  month = {_MONTHS[entry.span.first.month - 1]}")
        yield f"\n@{_TYPES[entry.kind]}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _list_fields(entry: Entry) -> dict[str, str]:
    texts = entry.texts
    venue = "booktitle" if entry.kind == "conference" else "journal"
    fields = {
        "title": escape_text(texts["title"]),
        "author": " and ".join(map(_write_name, entry.authors)),
        venue: escape_text(texts["venue"]),
        "date": _write_date(entry.span),
        "year": f"{entry.span.first.year:04}" if entry.span else "",
        "doi": escape_verbatim(texts["doi"]),
        "eprint": escape_verbatim(texts["arxiv_id"]),
        "archiveprefix": "arXiv" if texts["arxiv_id"] else "",
        "primaryclass": escape_text(entry.labels.get("arxiv_primary", "")),
        "pmid": escape_verbatim(texts["pmid"]),
        "url": escape_verbatim(texts["url"]),
        "language": escape_text(texts["language"]),
        "keywords": escape_text(entry.labels.get("keywords", "")),
        "abstract": escape_text(texts["abstract"]),
    }
    own = {"keywords", "arxiv_primary"}
    labels = {name: text for name, text in entry.labels.items() if name not in own}
    fields |= {LABEL_PREFIX + escape_name(name): escape_text(text) for name, text in labels.items()}
    return fields | {name: escape_text(text) for name, text in entry.remainder.items()}


def _write_name(name: str) -> str:
    escaped = escape_text(name)
    return f"{{{escaped}}}" if needs_braces(name) else escaped


def _write_date(span: DateSpan | None) -> str:
    """A date of BibLaTeX; ``?`` where the year is inferred."""
    if span is None:
        return ""
    first, last = tell_ends(span)
    return (first if first == last else f"{first}/{last}") + ("?" if span.inferred else "")


def _make_key(paper_id: str, keys: set[str]) -> str:
    """A key that no entry above has; BibTeX takes capitals and small letters for the same."""
    stem = paper_id
    if not _KEY.fullmatch(paper_id):
        stem = _NOT_IN_KEY.sub("-", paper_id).strip("-./:+_")[:_LONGEST_KEY] or "paper"
    key, number = stem, 1
    while key.lower() in keys:
        number += 1
        key = f"{stem}-{number}"
    keys.add(key.lower())
    return key
