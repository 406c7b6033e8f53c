"""Papers as RIS."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.corpus.dates import DateSpan
from analysis.corpus.exporting.entries import Entry, list_entries, tell_ends
from analysis.corpus.formats.tagged.ris import INFERRED_MARK, OWN_MARK, OWN_TAG, RANGE_MARK

_TYPES = {"journal": "JOUR", "conference": "CONF", "other": "GEN"}


def render_ris(papers: pd.DataFrame) -> Iterator[str]:
    """The file, record by record; every field is one line, so no text can begin a tag."""
    for entry in list_entries(papers):
        lines = [f"{tag}  - {text}\n" for tag, text in _list_fields(entry) if text]
        yield "".join([f"TY  - {_TYPES[entry.kind]}\n", *lines, "ER  - \n\n"])


def _list_fields(entry: Entry) -> Iterator[tuple[str, str]]:
    texts = entry.texts
    yield "TI", texts["title"]
    for name in entry.authors:
        yield "AU", name
    yield "T2", texts["venue"]
    if entry.span:
        yield "PY", f"{entry.span.first.year:04}"
        yield "DA", _write_date(entry.span)
    yield "AB", texts["abstract"]
    yield "DO", texts["doi"]
    yield "UR", texts["url"]
    yield "LA", texts["language"]
    for keyword in _part_keywords(entry.labels.get("keywords", "")):
        yield "KW", keyword
    yield "ID", texts["paper_id"]
    yield OWN_TAG, OWN_MARK
    own = {name: texts[name] for name in ("arxiv_id", "pmid") if texts[name]}
    own |= {f"label_{name}": text for name, text in entry.labels.items() if name != "keywords"}
    for name, text in (own | entry.remainder).items():
        yield OWN_TAG, f"{name}: {text}"


def _part_keywords(text: str) -> list[str]:
    """One keyword a line, where that can be put together again."""
    words = text.split("; ")
    return words if all(word and word == word.strip() for word in words) else [text]


def _write_date(span: DateSpan) -> str:
    """``YYYY/MM/DD/other``: the last end and the doubt stand in the last part."""
    first, last = tell_ends(span)
    year, month, day, *_ = [*first.split("-"), "", ""]
    other = [f"{RANGE_MARK}{last}"] if last != first else []
    if span.inferred:
        other.append(INFERRED_MARK)
    return f"{year}/{month}/{day}/{'; '.join(other)}"
