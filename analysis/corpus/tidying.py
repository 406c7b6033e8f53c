"""Records made clean, a column at a time: text as people read it, names without blanks, no date that cannot be."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any, NamedTuple

from analysis.corpus.cleaning import clean_abstract, clean_column, clean_text, make_writable
from analysis.corpus.dates import find_fault
from analysis.corpus.dating import infer_month
from analysis.corpus.records import RawRecord
from analysis.corpus.table import LABEL_PREFIX, Values

_PRINTED_AHEAD = dt.timedelta(days=366)
_CLEANED = ("title", "paper_id", "venue", "doi", "pmid", "openreview_id")
_WRITABLE = ("position", "date_text")


def settle_record(record: RawRecord, source: str, latest: dt.date) -> RawRecord:
    """Name a record's source, take away a date that cannot be, and infer the month from the arXiv id without one.

    Parameters
    ----------
    record : RawRecord
        As a reader gave it.
    source : str
        Name of the source, for a record that states none.
    latest : date
        No paper can be dated later, but for the issue of a journal: by a year.
    """
    if record.date_kind == "publication":
        # A printed issue bears the date of a day to come.
        latest += _PRINTED_AHEAD
    fault = find_fault(record.span, latest) if record.span else record.date_fault
    arxiv_id = clean_text(record.arxiv_id) if record.arxiv_id else ""
    span, kind = (None if fault else record.span), record.date_kind
    if span is None and arxiv_id:
        # Undated, but its arXiv id names the month.
        month = infer_month(arxiv_id)
        span, kind = (month, "first_version") if month and not find_fault(month, latest) else (None, kind)
    return record._replace(
        span=span,
        date_kind=kind,
        date_fault=fault,
        arxiv_id=arxiv_id,
        source=(clean_text(record.source) if record.source else "") or _name_source(source),
    )


class Tidy(NamedTuple):
    """Clean columns of those records that have some text, and the rows of those that have none."""

    values: Values
    empty: list[int]


def tidy_values(values: Values) -> Tidy:
    """Clean all text of some records.

    Parameters
    ----------
    values : mapping of str to list
        From `analysis.corpus.table.list_values`.
    """
    tidy: Values = {name: column for name, column in values.items() if not name.startswith(LABEL_PREFIX)}
    for name in _CLEANED:
        tidy[name] = clean_column(values[name])
    tidy["abstract"] = [clean_abstract(abstract) if abstract else "" for abstract in values["abstract"]]
    tidy["title_only"] = [not abstract for abstract in tidy["abstract"]]
    tidy["authors"] = _clean_lists(values["authors"])
    tidy["n_authors"] = [
        max(len(names), stated or 0) or None for names, stated in zip(tidy["authors"], values["n_authors"], strict=True)
    ]
    tidy["url"] = [make_writable(url.strip()) for url in values["url"]]
    tidy["language"] = [_clean_language(language) if language else "" for language in values["language"]]
    for name in _WRITABLE:
        tidy[name] = list(map(make_writable, values[name]))
    texts = zip(tidy["title"], tidy["abstract"], strict=True)
    empty = [row for row, (title, abstract) in enumerate(texts) if not title and not abstract]
    labels = {name: clean_column([text or "" for text in values[name]]) for name in values if name not in tidy}
    if empty:
        kept = sorted(set(range(len(values["title"]))) - set(empty))
        tidy, labels = ({name: [column[row] for row in kept] for name, column in one.items()} for one in (tidy, labels))
    return Tidy(tidy | _order_labels(labels), empty)


def _clean_lists(lists: list[Any]) -> list[list[str]]:
    """Lists of names, clean, without the empty ones."""
    cleaned = clean_column([name for names in lists for name in names])
    tidy, start = [], 0
    for names in lists:
        tidy.append([name for name in cleaned[start : start + len(names)] if name])
        start += len(names)
    return tidy


def _order_labels(labels: Values) -> Values:
    """Columns of labels in the order in which a text is first met in them; those without any are left out."""
    first = {name: next((row for row, text in enumerate(texts) if text), -1) for name, texts in labels.items()}
    met = sorted((name for name in labels if first[name] >= 0), key=lambda name: first[name])
    return {name: [text or None for text in labels[name]] for name in met}


_name_source = lru_cache(maxsize=1024)(make_writable)


@lru_cache(maxsize=1024)
def _clean_language(language: str) -> str:
    # "en-US" is English.
    return re.split(r"[-_]", clean_text(language).casefold())[0]
