"""Pages harvested by OAI-PMH, with metadata as ``oai_dc``, ``arXiv`` or ``arXivRaw``.

Sources: Open Archives Initiative Protocol for Metadata Harvesting 2.0
(openarchives.org/OAI/openarchivesprotocol.html); arXiv's schemas
(info.arxiv.org/help/oa). The day of the answer is ``responseDate``; a header's
``datestamp`` is a day of the repository's and never taken for a paper's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from analysis.corpus.dates import parse_date
from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.languages import LANGUAGES
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_web_address
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Captured, Context, Format, Found, Note, RawRecord, SetAside

_BESIDE = ("header", "resumptionToken", "error", "responseDate")
_ARXIV_OAI = re.compile(r"oai:arxiv\.org:", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r",? and |, ?| ?; ?")


def recognise_oai_pmh(source: Source) -> bool:
    """Whether the source is an OAI-PMH answer, or the records of one."""
    root = find_root(source)
    return root is not None and (
        root.name == "OAI-PMH"
        or (root.name in ("ListRecords", "GetRecord", "record") and "openarchives.org/OAI/2.0" in root.tag + root.rest)
    )


def read_oai_pmh(source: Source, context: Context) -> Iterator[Found]:
    """Every record; headers without metadata are set aside, errors and a missing rest are noted."""
    for part in read_parts(source, ("record",), beside=_BESIDE):
        if not isinstance(part, Part):
            yield part
        elif part.name in ("record", "header"):
            yield _read_record(source, part)
        elif part.name == "error":
            code, said = part.element.get("code", "unknown"), " ".join(flatten(part.element).split())
            yield Note(f"{source.name}: the repository answered with the error {code}{f' ({said})' if said else ''}.")
        elif part.name == "responseDate":
            if day := parse_date(flatten(part.element).strip()):
                yield Captured(day.first, "file")
        elif flatten(part.element).strip() and not context.is_fetched:
            size = part.element.get("completeListSize")
            of = f" of a list of {size}" if size else ""
            yield Note(f"{source.name}: this is one page{of}; its resumption token leads to more.")


def _read_record(source: Source, part: Part) -> RawRecord | SetAside:
    record = part.element
    header = record if part.name == "header" else record.find("header")
    if header is not None and header.get("status") == "deleted":
        return SetAside(source.name, part.position, "deleted by the repository", part.raw)
    metadata = record.find("metadata")
    content = next(iter(metadata), None) if metadata is not None else None
    if content is None:
        return SetAside(source.name, part.position, "a header without metadata (ask with verb=ListRecords)", part.raw)
    if content.tag not in _READERS:
        reason = f"metadata of a kind that is not read: <{content.tag}> (ask with metadataPrefix=oai_dc)"
        return SetAside(source.name, part.position, reason, part.raw)
    own_id = find_text(header, "identifier") if header is not None else ""
    fields = _READERS[content.tag](content, own_id)
    return RawRecord(position=part.position, raw=part.raw, **fields)


def _read_arxiv(content: Element, own_id: str) -> dict[str, Any]:
    """``arXiv`` and ``arXivRaw``; the date is that of the first version."""
    arxiv_id = to_arxiv_id(find_text(content, "id") or _ARXIV_OAI.sub("", own_id))
    date = find_text(content, "created") or _find_first_version(content)
    categories = find_text(content, "categories").split()
    labels = {
        "arxiv_primary": categories[0] if categories else "",
        "categories": "; ".join(categories),
        "comment": find_text(content, "comments"),
    }
    return {
        "title": flatten(content.find("title")),
        "abstract": flatten(content.find("abstract")),
        "paper_id": arxiv_id or own_id,
        "span": parse_date(date),
        "date_text": date,
        "date_kind": "first_version",
        "authors": _list_authors(content),
        "venue": find_text(content, "journal-ref"),
        "doi": to_doi(next(iter(find_text(content, "doi").split()), "")),
        "arxiv_id": arxiv_id,
        "url": f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "",
        "labels": {name: label for name, label in labels.items() if label},
    }


def _find_first_version(content: Element) -> str:
    versions = [version for version in content.iter("version") if find_text(version, "date")]
    first = next((version for version in versions if version.get("version") == "v1"), None)
    # Without numbers the order of the file tells: versions are listed from the first on.
    first = versions[0] if first is None and versions else first
    return find_text(first, "date") if first is not None else ""


def _list_authors(content: Element) -> tuple[str, ...]:
    authors = content.find("authors")
    if authors is None:
        return ()
    if len(authors):
        parts = ("forenames", "keyname", "suffix")
        return tuple(" ".join(filter(None, (find_text(one, part) for part in parts))) for one in authors)
    text = " ".join(_drop_brackets(flatten(authors)).split())
    return tuple(name for name in map(str.strip, _BETWEEN_NAMES.split(text)) if name)


def _drop_brackets(text: str) -> str:
    """Affiliations stand in brackets, which may be nested."""
    kept, depth = [], 0
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return "".join(kept)


def _read_dublin_core(content: Element, own_id: str) -> dict[str, Any]:
    """``oai_dc``: of several descriptions the longest is the abstract, of several dates the earliest counts."""
    identifiers = list_texts(content, "identifier")
    arxiv_id = to_arxiv_id(_ARXIV_OAI.sub("", own_id)) if _ARXIV_OAI.match(own_id) else ""
    arxiv_id = arxiv_id or next(filter(None, map(to_arxiv_id, identifiers)), "")
    dates = list_texts(content, "date")
    kind = "first_version" if arxiv_id else "unstated"
    date = choose_date(Dated(text, parse_issue_date(text), "unstated") for text in dates)
    language = find_text(content, "language")
    labels = {
        "keywords": "; ".join(list_texts(content, "subject")),
        "type": "; ".join(list_texts(content, "type")),
        "publisher": find_text(content, "publisher"),
    }
    return {
        "title": flatten(content.find("title")),
        "abstract": max(map(flatten, content.iterfind("description")), key=len, default=""),
        "paper_id": arxiv_id or own_id or next(iter(identifiers), ""),
        "span": date.span if date else None,
        "date_text": date.text if date else "; ".join(dates),
        "date_kind": kind,
        "authors": list_texts(content, "creator"),
        "venue": find_text(content, "source"),
        "doi": next(filter(None, map(to_doi, identifiers)), ""),
        "arxiv_id": arxiv_id,
        "url": next(filter(None, map(to_web_address, identifiers)), ""),
        "language": LANGUAGES.get(language.casefold(), language),
        "labels": {name: label for name, label in labels.items() if label},
    }


_READERS: dict[str, Callable[[Element, str], dict[str, Any]]] = {
    "arXiv": _read_arxiv,
    "arXivRaw": _read_arxiv,
    "dc": _read_dublin_core,
}
OAI_PMH = Format("OAI-PMH", recognise_oai_pmh, read_oai_pmh)
