"""RIS, as reference managers and databases export it.

Specification: "RIS Format Specifications" (Research Information Systems,
2001; Thomson Reuters, 2011), read leniently: a byte order mark, one blank
instead of two before the dash, fields over several lines, and records without
an end all occur. Read from Zotero, Mendeley, EndNote, Scopus, Web of Science,
OpenAlex, Embase, Ovid, EBSCOhost, ProQuest, IEEE, Nature and SciELO.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import get_args

from analysis.corpus.dates import DateSpan, parse_date
from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date, parse_ris_date
from analysis.corpus.formats.tagged.lines import Dialect, Fields, pick, pick_all, read_tagged
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_language, to_pmid, to_web_address
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, DateKind, Format, Found, RawRecord

# What our own export puts under U1, as "name: text", because RIS has no tag for it; the first line names us.
OWN_TAG, OWN_MARK = "U1", "Themeline: 1"
RANGE_MARK, INFERRED_MARK = "to ", "inferred"

_START = re.compile(r"TY(?:  -| {0,2}- ?[A-Z]{3,8}\s*$)")
_END = r"ER {1,2}-\s*$"
_RIS = Dialect(
    start=_START,
    end=re.compile(_END),
    field=re.compile(r"(?P<tag>[A-Z][A-Z0-9])  -(?: |$)?(?P<text>.*)", re.DOTALL),
    loose_field=re.compile(r"(?P<tag>[A-Z][A-Z0-9]) {1,2}-(?: |$)?(?P<text>.*)", re.DOTALL),
    start_tag="TY  -",
    # A paragraph of a structured abstract is a line of its own.
    glue="\n",
    passed_over=re.compile(
        _END + r"|(?:Provider|Database|Content):|\d+\.\s*$|Link to the (?:Ovid|External) ", re.IGNORECASE
    ),
)
_EXPORTED = re.compile(r"Export Date: (\d{1,2} \w+ \d{4})")
_ARXIV = re.compile(r"arxiv:?\s*(\S+)", re.IGNORECASE)
_DOI_ARXIV = "10.48550/arxiv."
_EMBASE_ID = re.compile(r"L\d{6,12}")
_ACCESSION = re.compile(r"Accession Number: ([\w.-]+)")
# Ovid's names of its parts of MEDLINE: medl, med27, medall, prem, ppezv.
_OVID_PMID = re.compile(r"https?://[\w.]*\bovid\.com/\S*[?&]D=(?:med|prem|ppez)\w*&(?:\S*&)?AN=(\d{1,8})(?!\w)")
_COCHRANE_PMID = re.compile(r"\bpubmed +(\d{1,8})\b", re.IGNORECASE)
_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
_FIRST_LINES = 20


def recognise_ris(source: Source) -> bool:
    """Whether one of the first lines begins a record (``TY  - JOUR``)."""
    lines = (line for line in source.head_text[:65_536].splitlines() if line.strip())
    return any(_START.match(line.lstrip("\ufeff")) for line, _ in zip(lines, range(_FIRST_LINES), strict=False))


def read_ris(source: Source, _context: Context) -> Iterator[Found]:
    """Every record.

    Notes
    -----
    Of ``DA``, ``PY`` and ``Y1``, the earliest is taken, and the finest of
    those that agree with it. ``Y2`` is the day of access and no date of the
    paper. ``AN``, the accession number, is the id before ``ID``, which is
    often a mere count; Embase has it under ``U2``, EBSCOhost in a note.
    ``T2`` is a journal where no ``JF`` names one: in EBSCOhost's export it is
    the title in another language.
    """
    yield from read_tagged(source, _RIS, _to_record, find_capture=_find_export_day)


def _to_record(fields: Fields, position: str, raw: str) -> RawRecord:
    own = _read_own(fields)
    is_own = OWN_MARK in fields.get(OWN_TAG, ())
    date = _find_date(fields, is_own=is_own)
    doi = to_doi(pick(fields, "DO")) or next(filter(None, map(to_doi, _list_words(fields, "L3", "M3", "UR"))), "")
    labels = {name.removeprefix("label_"): text for name, text in own.items() if name.startswith("label_")}
    keywords = [word.strip() for text in pick_all(fields, "KW") for word in text.split("\n")]
    if keywords:
        labels["keywords"] = "; ".join(filter(None, keywords))
    if not is_own:
        labels["type"] = pick(fields, "M3") if not to_doi(pick(fields, "M3")) else ""
        labels["type"] = labels["type"] or pick(fields, "TY")
    url = next(filter(None, map(to_web_address, _list_words(fields, "UR"))), "")
    authors = tuple(" ".join(name.split()) for name in pick_all(fields, "AU", "A1"))
    return RawRecord(
        position=position,
        raw=raw,
        title=pick(fields, "TI", "T1", "CT", "TT"),
        abstract=pick(fields, "AB", "N2"),
        paper_id=pick(fields, "ID") if is_own else _find_id(fields),
        span=date.span if date else None,
        date_text=date.text if date else pick(fields, "DA", "PY", "Y1"),
        date_kind=_to_kind(own.get("published_kind", "unstated")) if is_own else "publication",
        authors=authors,
        n_authors=to_count(own.get("n_authors")),
        venue=pick(fields, "JF", "T2", "JO", "BT", "JA", "J2"),
        doi=doi,
        arxiv_id=own.get("arxiv_id") or ("" if is_own else _find_arxiv_id(fields, doi)),
        pmid=own.get("pmid", "") if is_own else _find_pmid(fields),
        openreview_id=own.get("openreview_id", ""),
        n_comments=to_count(own.get("n_comments")),
        n_upvotes=to_count(own.get("n_upvotes")),
        url=url,
        language=pick(fields, "LA") if is_own else to_language(pick(fields, "LA")),
        labels={name: text for name, text in labels.items() if text},
        source=own.get("source", ""),
    )


def _read_own(fields: Fields) -> dict[str, str]:
    """What our own export added; empty for a record of anyone else."""
    texts = fields.get(OWN_TAG, [])
    if OWN_MARK not in texts:
        return {}
    named = (text.partition(": ") for text in texts if text != OWN_MARK)
    return {name: text for name, _, text in named}


def _find_date(fields: Fields, *, is_own: bool) -> Dated | None:
    years = [span.first.year for span in map(parse_ris_date, pick_all(fields, "PY", "Y1")) if span]
    dates = []
    for tag in ("DA",) if is_own else ("DA", "PY", "Y1"):
        for text in fields.get(tag, []):
            span = (_parse_own_range(text) if is_own else None) or parse_ris_date(text)
            if span is None and years:
                # Web of Science leaves the year to PY: "SEP 22".
                span = parse_issue_date(text, years[0])
            dates.append(Dated(text, span, "publication"))
    return choose_date(dates)


def _parse_own_range(text: str) -> DateSpan | None:
    """``2018/11//to 2018-12``: what our export writes where the days run over two months, or the year is inferred."""
    start, _, other = text.rpartition("/")
    first = parse_ris_date(start)
    if first is None or not (other.startswith(RANGE_MARK) or other == INFERRED_MARK):
        return None
    notes = other.split("; ")
    last = parse_date(notes[0].removeprefix(RANGE_MARK)) or first
    # A run of days is known no finer than the month.
    precision = "month" if first.precision == "day" and last != first else first.precision
    return DateSpan(first.first, last.last, precision, inferred=INFERRED_MARK in notes)


def _list_words(fields: Fields, *tags: str) -> list[str]:
    return [word for tag in tags for text in fields.get(tag, []) for word in text.split()]


def _find_id(fields: Fields) -> str:
    embase = next(filter(_EMBASE_ID.fullmatch, fields.get("U2", [])), "")
    ebsco = next(filter(None, map(_ACCESSION.match, fields.get("N1", []))), None)
    return pick(fields, "AN") or embase or (ebsco.group(1) if ebsco else "") or pick(fields, "ID")


def _find_pmid(fields: Fields) -> str:
    """The accession number where PubMed gave it; Embase and Cochrane have their own and tell PubMed's beside it."""
    told = [_COCHRANE_PMID.search(text) for text in fields.get("C3", [])]
    told += [_OVID_PMID.match(address[:_LONGEST_ADDRESS]) for address in _list_words(fields, "L2", "UR")]
    if found := next(filter(None, told), None):
        return found.group(1)
    databases = " ".join(fields.get("DB", []) + fields.get("DP", []))
    if not _PUBMED.search(databases):
        return ""
    tag = "C5" if "embase" in databases.casefold() else "AN"
    return next(filter(None, map(to_pmid, fields.get(tag, []))), "")


def _find_arxiv_id(fields: Fields, doi: str) -> str:
    if doi.startswith(_DOI_ARXIV):
        return to_arxiv_id(doi.removeprefix(_DOI_ARXIV))
    for text in (text for tag in ("AN", "M1", "UR", "PB", "T2", "JO", "L1", "L2") for text in fields.get(tag, [])):
        found = _ARXIV.match(text)
        arxiv_id = (
            to_arxiv_id(found.group(1).rstrip(".,;")) if found else to_arxiv_id(text) if "arxiv.org/" in text else ""
        )
        if arxiv_id:
            return arxiv_id
    return ""


def _find_export_day(fields: Fields) -> dt.date | None:
    """The day that Scopus writes into a note."""
    found = next(filter(None, map(_EXPORTED.search, fields.get("N1", []))), None)
    span = parse_date(found.group(1)) if found else None
    return span.first if span else None


def _to_kind(text: str) -> DateKind:
    return text if text in get_args(DateKind) else "unstated"  # type: ignore[return-value]


RIS = Format("RIS", recognise_ris, read_ris)
