"""One record made clean: text as people read it, names without blanks, no date that cannot be."""

from __future__ import annotations

import datetime as dt
import re

from analysis.corpus.cleaning import clean_abstract, clean_text, make_writable
from analysis.corpus.dates import find_fault
from analysis.corpus.dating import infer_month
from analysis.corpus.records import NO_LABELS, RawRecord

_PRINTED_AHEAD = dt.timedelta(days=366)


def tidy_record(record: RawRecord, source: str, latest: dt.date) -> RawRecord:
    """Clean all text of a record, take away a date that cannot be, and infer the month from the arXiv id.

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
    arxiv_id = clean_text(record.arxiv_id)
    span, kind = (None if fault else record.span), record.date_kind
    if span is None and arxiv_id:
        # Undated, but its arXiv id names the month.
        month = infer_month(arxiv_id)
        span, kind = (month, "first_version") if month and not find_fault(month, latest) else (None, kind)
    authors = tuple(name for name in map(clean_text, record.authors) if name)
    labels = NO_LABELS
    if record.labels:
        cleaned = ((clean_text(name), clean_text(label)) for name, label in record.labels.items())
        labels = {name: label for name, label in cleaned if label}
    return record._replace(
        raw="",
        title=clean_text(record.title),
        abstract=clean_abstract(record.abstract),
        paper_id=clean_text(record.paper_id),
        span=span,
        date_kind=kind,
        date_fault=fault,
        authors=authors,
        n_authors=max(len(authors), record.n_authors or 0) or None,
        venue=clean_text(record.venue),
        url=make_writable(record.url.strip()),
        doi=clean_text(record.doi),
        arxiv_id=arxiv_id,
        pmid=clean_text(record.pmid),
        openreview_id=clean_text(record.openreview_id),
        # "en-US" is English.
        language=re.split(r"[-_]", clean_text(record.language).casefold())[0],
        labels=labels,
        source=clean_text(record.source) or make_writable(source),
        position=make_writable(record.position),
        date_text=make_writable(record.date_text),
    )
