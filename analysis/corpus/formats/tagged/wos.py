"""Web of Science tagged text ("plain text file", also ``.ciw``).

Specification: "Web of Science Core Collection Field Tags", Clarivate. Two
letters in the first columns, three blanks before a line that goes on, ``ER``
after each record.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from analysis.corpus.dates import parse_date
from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.tagged.lines import Dialect, Fields, pick, pick_all, read_tagged
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_language
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, RawRecord

_FIELD = re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<text>.*)|\s*$)", re.DOTALL)
_WOS = Dialect(
    start=re.compile(r"PT [A-Z]\s*$"),
    end=re.compile(r"ER\s*$"),
    field=_FIELD,
    loose_field=_FIELD,
    start_tag="PT",
    glue="\n",
    passed_over=re.compile(r"(?:FN|VR) |(?:EF|ER)\s*$"),
)
_HEAD = re.compile(
    r"\s*(?:FN [^\n]*\b(?:Web of (?:Science|Knowledge)|Clarivate|Thomson|ISI)\b[^\n]*\s+)?"
    r"(?:VR [\d.]+\s+)?PT [A-Z]\s*\n"
)
_DOI_ARXIV = "10.48550/arxiv."


def recognise_wos(source: Source) -> bool:
    """Whether it begins as an export does: ``FN`` and ``VR``, or at once with ``PT J``."""
    return _HEAD.match(source.head_text[:4096]) is not None


def read_wos(source: Source, _context: Context) -> Iterator[Found]:
    """Every record.

    Notes
    -----
    ``EA`` (early access) and ``PD`` with ``PY`` (issue): the earlier, or the
    finer where they agree. ``DA`` is the day of the export and tells when the
    source was captured.
    """
    yield from read_tagged(source, _WOS, _to_record, find_capture=_find_export_day)


def _to_record(fields: Fields, position: str, raw: str) -> RawRecord:
    date = choose_date(_list_dates(fields))
    doi = to_doi(pick(fields, "DI"))
    keywords = {"keywords": "DE", "keywords_plus": "ID", "type": "DT", "categories": "WC"}
    labels = {name: _unfold(pick(fields, tag)) for name, tag in keywords.items()}
    names = (name.strip() for text in pick_all(fields, "AF", "AU", "CA") for name in text.split("\n"))
    return RawRecord(
        position=position,
        raw=raw,
        title=_unfold(pick(fields, "TI")),
        abstract=pick(fields, "AB"),
        paper_id=pick(fields, "UT"),
        span=date.span if date else None,
        date_text=date.text if date else pick(fields, "PD", "PY", "EA"),
        date_kind=date.kind if date else "unstated",
        authors=tuple(filter(None, names)),
        venue=_unfold(pick(fields, "SO", "BS", "SE")),
        doi=doi,
        arxiv_id=to_arxiv_id(doi.removeprefix(_DOI_ARXIV)) if doi.startswith(_DOI_ARXIV) else "",
        pmid=pick(fields, "PM"),
        language=to_language(pick(fields, "LA")),
        labels={name: text for name, text in labels.items() if text},
    )


def _list_dates(fields: Fields) -> list[Dated]:
    years = pick(fields, "PY")
    dates = [Dated(text, parse_issue_date(text), "online") for text in fields.get("EA", [])]
    if years.isdigit() and len(years) == 4:
        dates.append(Dated(years, parse_date(years), "publication"))
        day = pick(fields, "PD")
        if day:
            written = day if years in day else f"{day} {years}"
            dates.append(Dated(written, parse_issue_date(day, int(years)), "publication"))
    return dates


def _find_export_day(fields: Fields) -> dt.date | None:
    span = parse_date(pick(fields, "DA"))
    return span.first if span and span.precision == "day" else None


def _unfold(text: str) -> str:
    return text.replace("\n", " ")


WOS_TAGGED = Format("Web of Science tagged text", recognise_wos, read_wos)
