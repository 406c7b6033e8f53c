"""MEDLINE text, as PubMed and ERIC export it (``.nbib``, or ``.txt`` in "PubMed" form).

Specification: "MEDLINE/PubMed Data Element (Field) Descriptions", National
Library of Medicine. A tag of up to four letters, a dash in the fifth column,
and six blanks before a line that goes on. ERIC's records have no PMID and begin
with their owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.tagged.lines import Dialect, Fields, pick, pick_all, read_tagged
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_language, to_web_address
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, RawRecord

_FIELD = re.compile(r"(?P<tag>[A-Z]{2,4}) {0,2}-(?: |$)(?P<text>.*)", re.DOTALL)
_NBIB = Dialect(
    start=re.compile(r"PMID ?- *\d|OWN ?- *ERIC\b"),
    end=re.compile(r"(?!)"),
    field=_FIELD,
    loose_field=_FIELD,
    start_tag="PMID-",
    # Lines are folded at blanks, so nothing else was there.
    glue=" ",
    passed_over=re.compile(r"(?!)"),
)
_FIRST_LINES = 20
_DOI_ARXIV = "10.48550/arxiv."


def recognise_nbib(source: Source) -> bool:
    """Whether one of the first lines is ``PMID- `` and a number, or ``OWN - ERIC``."""
    lines = (line for line in source.head_text[:65_536].splitlines() if line.strip())
    return any(_NBIB.start.match(line) for line, _ in zip(lines, range(_FIRST_LINES), strict=False))


def read_nbib(source: Source, _context: Context) -> Iterator[Found]:
    """Every record.

    Notes
    -----
    ``DEP`` (electronic publication) and ``DP`` (issue): the earlier, or the
    finer where they agree. ``EDAT`` and ``CRDT`` say when the record entered
    PubMed and are not taken. Author keywords (``OT``) become the label
    ``keywords``, the headings of MeSH (``MH``) the label ``mesh``.
    """
    yield from read_tagged(source, _NBIB, _to_record)


def _to_record(fields: Fields, position: str, raw: str) -> RawRecord:
    date = choose_date(
        [Dated(text, parse_issue_date(text), "online") for text in fields.get("DEP", [])]
        + [Dated(text, parse_issue_date(text), "publication") for text in fields.get("DP", [])]
    )
    doi = _find_doi(fields)
    labels = {
        "keywords": "; ".join(fields.get("OT", [])),
        "mesh": "; ".join(fields.get("MH", [])),
        "type": "; ".join(fields.get("PT", [])),
    }
    return RawRecord(
        position=position,
        raw=raw,
        title=pick(fields, "TI", "BTI", "TT"),
        abstract=pick(fields, "AB", "OAB"),
        paper_id=pick(fields, "PMID", "OID"),
        span=date.span if date else None,
        date_text=date.text if date else pick(fields, "DP", "DEP"),
        date_kind=date.kind if date else "unstated",
        authors=tuple(pick_all(fields, "FAU", "AU")) or tuple(fields.get("CN", [])),
        venue=pick(fields, "JT", "TA", "CTI"),
        doi=doi,
        arxiv_id=to_arxiv_id(doi.removeprefix(_DOI_ARXIV)) if doi.startswith(_DOI_ARXIV) else "",
        pmid=pick(fields, "PMID"),
        url=next(filter(None, map(to_web_address, fields.get("LID", []))), ""),
        language=to_language(pick(fields, "LA")),
        labels={name: text for name, text in labels.items() if text},
    )


def _find_doi(fields: Fields) -> str:
    """The DOI among the ids of the article: ``10.1000/x [doi]``, or its address."""
    ids = [text for tag in ("LID", "AID") for text in fields.get(tag, [])]
    dois = (to_doi(text.removesuffix("[doi]")) for text in ids if text.endswith("[doi]") or text.startswith("http"))
    return next(filter(None, dois), "")


NBIB = Format("MEDLINE (nbib)", recognise_nbib, read_nbib)
