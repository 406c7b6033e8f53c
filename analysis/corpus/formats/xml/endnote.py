"""EndNote's XML export, which Zotero, Rayyan, Covidence and others write, too.

Source: "EndNote XML" document type (RSXML.dtd, Clarivate), as the exports of
EndNote X7 to 21 follow it. Text may be wrapped in ``<style>``. The dates are
``year`` with ``pub-dates``, and the day of the electronic edition, which what is
imported from PubMed gives in digits alone (``20180327``) or in the notes (``Epub
2016 Aug 30``); the earlier one counts, and where they overlap the finer. A day
with strokes in ``edition`` is that of PubMed's entry and is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.dates import parse_date
from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_language, to_web_address
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, Note, RawRecord

_MARK = re.compile(r"<(ref-type|rec-number|contributors|source-app|electronic-resource-num)[\s>]")
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
# What Ovid writes in place of an accession number; its numbers of MEDLINE are PubMed's.
_OVID = re.compile(r"https?://[\w.]*\bovid\.com/\S*[?&]AN=(\d{1,8})(?!\w)")
_ONLINE_DAY = re.compile(r"\d{8}")
_EPUB = re.compile(r"\bEpub (\d{4} [A-Z][a-z]{2} \d{1,2})\b")


def recognise_endnote_xml(source: Source) -> bool:
    """Whether the source is a list of records with EndNote's field names."""
    root = find_root(source)
    return root is not None and root.name in ("xml", "records", "record") and bool(_MARK.search(root.rest))


def read_endnote_xml(source: Source, _context: Context) -> Iterator[Found]:
    """Every record."""
    n_records = 0
    for part in read_parts(source, ("record",)):
        n_records += isinstance(part, Part)
        yield _read_record(part) if isinstance(part, Part) else part
    if not n_records:
        yield Note(f"{source.name}: this EndNote export holds no whole record.")


def _read_record(part: Part) -> RawRecord:
    record = part.element
    addresses = [address for address in map(to_web_address, list_texts(record, "urls//url")) if address]
    ovid = next(filter(None, map(_OVID.match, addresses)), None)
    accession = find_text(record, "accession-num") or (ovid.group(1) if ovid else "")
    database = f"{find_text(record, 'remote-database-name')} {find_text(record, 'remote-database-provider')}"
    pmid = accession if accession.isascii() and accession.isdigit() and _PUBMED.search(database) else ""
    doi = to_doi(find_text(record, "electronic-resource-num"))
    dates = list(_list_dates(record))
    date = choose_date(dates)
    return RawRecord(
        position=part.position,
        raw=part.raw,
        title=flatten(record.find("titles/title")) or find_text(record, "title"),
        abstract=flatten(record.find("abstract")),
        paper_id=accession,
        span=date.span if date else None,
        date_text=date.text if date else "; ".join(dated.text for dated in dates),
        date_kind=date.kind if date else "publication",
        authors=list_texts(record, "contributors/authors/author"),
        venue=find_text(record, "periodical/full-title") or find_text(record, "titles/secondary-title"),
        doi=doi,
        arxiv_id=next(filter(None, map(to_arxiv_id, (doi.removeprefix("10.48550/arxiv."), *addresses))), ""),
        pmid=pmid,
        url=next(iter(addresses), ""),
        language=to_language(find_text(record, "language")),
        labels=_read_labels(record),
    )


def _list_dates(record: Element) -> Iterator[Dated]:
    year = find_text(record, "dates/year")
    for text in list_texts(record, "dates/pub-dates/date") or ("",):
        written = text if year and year in text else f"{text} {year}".strip()
        if written:
            span = parse_issue_date(text, to_count(year) or 0) if text else parse_date(year)
            yield Dated(written, span or parse_date(year), "publication")
    edition, epub = find_text(record, "edition"), _EPUB.search(find_text(record, "notes"))
    for online in (edition if _ONLINE_DAY.fullmatch(edition) else "", epub.group(1) if epub else ""):
        # The field is that of a book's edition, too: only a whole day is a date for certain.
        span = parse_date(online)
        if span and span.precision == "day":
            yield Dated(online, span, "online")


def _read_labels(record: Element) -> dict[str, str]:
    kind = record.find("ref-type")
    labels = {
        "keywords": "; ".join(list_texts(record, "keywords/keyword")),
        "type": kind.get("name", "") if kind is not None else "",
        "label": find_text(record, "label"),
        "database": find_text(record, "remote-database-name"),
    }
    return {name: label for name, label in labels.items() if label}


ENDNOTE_XML = Format("EndNote XML", recognise_endnote_xml, read_endnote_xml)
