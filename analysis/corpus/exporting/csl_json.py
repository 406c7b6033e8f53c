"""Papers as CSL JSON, which Zotero, pandoc and citation processors read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.corpus.dates import DateSpan
from analysis.corpus.exporting.entries import Entry, list_entries, tell_ends
from analysis.corpus.formats.json.csl_own import OWN_KEY, OWN_VERSION

_TYPES = {"journal": "article-journal", "conference": "paper-conference", "other": "article"}


def render_csl_json(papers: pd.DataFrame) -> Iterator[str]:
    """The file, item by item."""
    yield "["
    for number, entry in enumerate(list_entries(papers)):
        yield (",\n" if number else "") + json.dumps(_to_item(entry), ensure_ascii=False)
    yield "]\n"


def _to_item(entry: Entry) -> dict[str, Any]:
    texts = entry.texts
    custom: dict[str, Any] = {OWN_KEY: OWN_VERSION, "authors": list(entry.authors)}
    custom |= {name: texts[name] for name in ("arxiv_id",) if texts[name]} | entry.remainder
    custom |= {f"label_{name}": text for name, text in entry.labels.items() if name != "keywords"}
    item = {
        "id": texts["paper_id"],
        "type": _TYPES[entry.kind],
        "title": texts["title"],
        "author": [_part_name(name) for name in entry.authors],
        "issued": _write_date(entry.span) if entry.span else None,
        "container-title": texts["venue"],
        "abstract": texts["abstract"],
        "DOI": texts["doi"],
        "PMID": texts["pmid"],
        "URL": texts["url"],
        "language": texts["language"],
        "keyword": entry.labels.get("keywords", ""),
    }
    return {name: value for name, value in item.items() if value} | {"custom": custom}


def _part_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    if comma and family and given:
        return {"family": family, "given": given}
    given, blank, family = name.rpartition(" ")
    return {"family": family, "given": given} if blank else {"literal": name}


def _write_date(span: DateSpan) -> dict[str, Any]:
    """``circa`` where the year is inferred."""
    first, last = tell_ends(span)
    ends = [first] if first == last else [first, last]
    date: dict[str, Any] = {"date-parts": [[int(part) for part in end.split("-")] for end in ends]}
    return date | {"circa": True} if span.inferred else date
