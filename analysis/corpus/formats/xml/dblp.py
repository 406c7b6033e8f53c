"""DBLP's XML: the dump, the page of a person or a record, and the answers of its search.

Source: "DBLP XML Records" and "How to use the dblp search API?" (dblp.org/faq).
DBLP has no abstracts. The date is the year (and month, where one is given);
for arXiv preprints (CoRR) that of the first version.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.formats.issue_dates import parse_issue_date
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_web_address
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, Note, RawRecord, SetAside

_PAPERS = ("article", "inproceedings", "incollection", "book", "phdthesis", "mastersthesis", "data", "hit")
_OTHERS = {
    "proceedings": "a volume of proceedings, no paper",
    "www": "the page of a person, no paper",
    "person": "the page of a person, no paper",
}


def recognise_dblp_xml(source: Source) -> bool:
    """Whether the source is a file of DBLP's, by its outermost element and what is in it."""
    root = find_root(source)
    if root is None:
        return False
    if root.name == "result":
        return "<hits" in root.rest and "dblp" in root.rest
    return root.name in ("dblp", "dblpperson", "dblpcites")


def read_dblp_xml(source: Source, _context: Context) -> Iterator[Found]:
    """Every publication; volumes and pages of people are set aside."""
    n_papers = 0
    for part in read_parts(source, (*_PAPERS, *_OTHERS)):
        if not isinstance(part, Part):
            yield part
            continue
        kind = _find_kind(part)
        if part.name in _OTHERS or kind == "Editorship":
            reason = _OTHERS.get(part.name, _OTHERS["proceedings"])
            yield SetAside(source.name, part.position, reason, part.raw)
            continue
        n_papers += 1
        yield _read_paper(part, kind)
    if not n_papers:
        yield Note(f"{source.name}: this DBLP file holds no publication.")


def _find_kind(part: Part) -> str:
    return find_text(part.element, "info/type") if part.name == "hit" else part.name


def _read_paper(part: Part, kind: str) -> RawRecord:
    info = part.element.find("info") if part.name == "hit" else part.element
    paper = part.element if info is None else info
    key = find_text(paper, "key") or paper.get("key", "")
    links = list_texts(paper, "ee")
    doi = next(filter(None, map(to_doi, (find_text(paper, "doi"), *links))), "")
    arxiv_id = _find_arxiv_id(paper, doi, links)
    year, month = find_text(paper, "year"), find_text(paper, "month")
    own_page = f"https://dblp.org/rec/{key}" if key else ""
    names = (*list_texts(paper, "author"), *list_texts(paper, "authors/author"))
    return RawRecord(
        position=part.position,
        raw=part.raw,
        # DBLP ends every title in a full stop.
        title=flatten(paper.find("title")).strip().removesuffix("."),
        paper_id=key,
        span=parse_issue_date(f"{month} {year}".strip(), to_count(year) or 0),
        date_text=f"{month} {year}".strip(),
        date_kind="first_version" if arxiv_id else "publication",
        authors=tuple(map(_drop_number, names)),
        venue=_find_venue(paper),
        doi=doi,
        arxiv_id=arxiv_id,
        url=next(filter(None, map(to_web_address, (*links, own_page))), ""),
        labels=_read_labels(paper, kind),
    )


def _drop_number(name: str) -> str:
    """DBLP numbers people of one name: "Wei Wang 0001"."""
    bare, _, last = name.rpartition(" ")
    return bare.rstrip() if bare and len(last) == 4 and last.isdigit() else name


def _find_venue(paper: Element) -> str:
    names = ("journal", "booktitle", "venue", "school")
    return next(filter(None, (find_text(paper, name) for name in names)), "")


def _find_arxiv_id(paper: Element, doi: str, links: tuple[str, ...]) -> str:
    if _find_venue(paper) != "CoRR":
        return ""
    candidates = (find_text(paper, "volume").removeprefix("abs/"), doi.removeprefix("10.48550/arxiv."), *links)
    return next(filter(None, map(to_arxiv_id, candidates)), "")


def _read_labels(paper: Element, kind: str) -> dict[str, str]:
    labels = {"type": kind, "status": paper.get("publtype", ""), "note": find_text(paper, "note")}
    return {name: label for name, label in labels.items() if label}


DBLP_XML = Format("DBLP XML", recognise_dblp_xml, read_dblp_xml)
