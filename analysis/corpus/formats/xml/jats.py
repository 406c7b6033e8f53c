"""Articles as JATS, one or many in a file: PubMed Central, publishers and preprint servers.

Source: Journal Article Tag Suite (ANSI/NISO Z39.96), Archiving and Publishing
tag sets. Only the front of an article is read. Of its dates the earliest
public one counts, and of those that overlap with it the finest; days of
receipt and acceptance are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.languages import LANGUAGES
from analysis.corpus.formats.values import to_arxiv_id, to_doi
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, DateKind, Format, Found, RawRecord

_META = re.compile(r"<(?:[\w.-]+:)?article-meta[\s>]")
# The text itself, footnotes, and formulas as whole LaTeX documents beside their MathML.
_SKIPPED = ("body", "back", "sub-article", "response", "floats-group", "author-notes", "aff", "fn", "tex-math")
_ONLINE = ("epub", "epub-ppub", "epreprint", "electronic", "preprint")
_NOT_ABSTRACTS = ("graphical", "teaser", "toc", "key-points", "precis", "web-summary", "executive-summary", "video")


def recognise_jats_xml(source: Source) -> bool:
    """Whether the source is an article, or a set of them, with JATS front matter."""
    root = find_root(source)
    return root is not None and root.name in ("article", "pmc-articleset", "articles") and bool(_META.search(root.rest))


def read_jats_xml(source: Source, _context: Context) -> Iterator[Found]:
    """Every article."""
    for part in read_parts(source, ("article",), skipped=_SKIPPED):
        yield _read_article(part) if isinstance(part, Part) else part


def _read_article(part: Part) -> RawRecord:
    article = part.element
    found = article.find("front/article-meta")
    meta = article if found is None else found
    ids = {one.get("pub-id-type", ""): flatten(one).strip() for one in meta.iterfind("article-id")}
    dates = list(_list_dates(meta))
    date = choose_date(dates)
    doi, language = to_doi(ids.get("doi", "")), article.get("xml:lang", "").partition("-")[0]
    pmcid = ids.get("pmcid") or ids.get("pmc") or ids.get("pmcaid") or ""
    return RawRecord(
        position=part.position,
        raw=part.raw,
        title=flatten(meta.find("title-group/article-title")),
        abstract=_join_abstract(meta),
        paper_id=doi or ids.get("pmid", "") or pmcid,
        span=date.span if date else None,
        date_text=date.text if date else "; ".join(dated.text for dated in dates),
        date_kind=date.kind if date else "unstated",
        authors=tuple(filter(None, map(_read_name, _list_contributors(meta)))),
        venue=next(iter(list_texts(article, "front/journal-meta//journal-title")), ""),
        doi=doi,
        arxiv_id=to_arxiv_id(ids.get("arxiv", "") or doi.removeprefix("10.48550/arxiv.")),
        pmid=ids.get("pmid", ""),
        url=f"https://doi.org/{doi}" if doi else "",
        language=LANGUAGES.get(language.casefold(), language),
        labels=_read_labels(article, meta, pmcid),
    )


def _join_abstract(meta: Element) -> str:
    """The abstract in the article's own language, each section with its heading."""
    abstracts = [one for one in meta.iterfind("abstract") if one.get("abstract-type", "") not in _NOT_ABSTRACTS]
    if not abstracts:
        return ""
    parts = []
    for piece in abstracts[0]:
        heading = find_text(piece, "title")
        text = flatten(piece).strip().removeprefix(heading).strip()
        if piece.tag != "title" and text:
            # Some write the colon into the heading.
            parts.append(f"{heading.rstrip(' :')}: {text}" if heading else text)
    return " ".join(parts) or flatten(abstracts[0])


def _list_dates(meta: Element) -> Iterator[Dated]:
    for date in meta.iterfind("pub-date"):
        kind: DateKind = "publication"
        if date.get("pub-type", "") in _ONLINE or date.get("publication-format", "") in _ONLINE:
            kind = "online"
        parts = (find_text(date, name) for name in ("year", "month", "day", "season"))
        written = [part for part in parts if part]
        text = ("-" if all(part.isdigit() for part in written) else " ").join(written)
        # "collection" is the year of a volume, "pmc-release" the end of an embargo.
        if text and date.get("pub-type") != "pmc-release":
            yield Dated(text, parse_issue_date(text), kind)


def _list_contributors(meta: Element) -> Iterator[Element]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") == "author":
            yield contributor


def _read_name(contributor: Element) -> str:
    name = contributor.find(".//name")
    if name is not None:
        parts = (find_text(name, part) for part in ("given-names", "surname", "suffix"))
        return " ".join(filter(None, parts))
    return find_text(contributor, "string-name") or find_text(contributor, "collab")


def _read_labels(article: Element, meta: Element, pmcid: str) -> dict[str, str]:
    labels = {
        "keywords": "; ".join(list_texts(meta, "kwd-group/kwd")),
        "categories": "; ".join(list_texts(meta, "article-categories/subj-group/subject")),
        "type": article.get("article-type", ""),
        "pmcid": pmcid,
    }
    return {name: label for name, label in labels.items() if label}


JATS_XML = Format("JATS XML", recognise_jats_xml, read_jats_xml)
