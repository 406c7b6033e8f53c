"""Answers of arXiv's query interface, as Atom.

Source: arXiv API User's Manual, section 3.3 (info.arxiv.org/help/api). The
date is ``published``, the day of the first version; ``updated`` is that of the
latest. The feed's own ``updated`` is the day of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.dates import parse_date
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_web_address
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Captured, Context, Format, Found, Note, RawRecord, SetAside


def recognise_arxiv_atom(source: Source) -> bool:
    """Whether the source is an Atom feed, or an entry of one, that names arXiv."""
    root = find_root(source)
    return root is not None and root.name in ("feed", "entry") and "arxiv.org" in f"{root.tag}{root.rest}".casefold()


def read_arxiv_atom(source: Source, context: Context) -> Iterator[Found]:
    """Every entry, the day of the answer, and a note where the query found more or nothing."""
    n_entries, n_found = 0, 0
    for part in read_parts(source, ("entry",), beside=("updated", "totalResults")):
        if not isinstance(part, Part):
            yield part
        elif part.name == "entry":
            n_entries += 1
            yield _read_entry(source, part)
        elif part.name == "totalResults":
            n_found += to_count(flatten(part.element)) or 0
        elif day := parse_date(flatten(part.element)):
            yield Captured(day.first, "file")
    if not n_entries:
        yield Note(f"{source.name}: the query found nothing; the feed holds no entry.")
    elif n_found > n_entries and not context.is_fetched:
        yield Note(f"{source.name}: holds {n_entries:,} of the {n_found:,} papers that the query found.")


def _read_entry(source: Source, part: Part) -> RawRecord | SetAside:
    entry = part.element
    address = find_text(entry, "id")
    if "/api/errors" in address:
        said = " ".join(find_text(entry, "summary").split())
        return SetAside(source.name, part.position, f"arXiv answered with an error: {said or 'unknown'}", part.raw)
    arxiv_id = to_arxiv_id(address)
    published = find_text(entry, "published")
    return RawRecord(
        position=part.position,
        raw=part.raw,
        title=flatten(entry.find("title")),
        abstract=flatten(entry.find("summary")),
        paper_id=arxiv_id or address,
        span=parse_date(published),
        date_text=published,
        date_kind="first_version",
        authors=list_texts(entry, "author/name"),
        venue=find_text(entry, "journal_ref"),
        doi=to_doi(next(iter(find_text(entry, "doi").split()), "")),
        arxiv_id=arxiv_id,
        url=_find_page(entry) or to_web_address(address),
        labels=_read_labels(entry),
    )


def _find_page(entry: Element) -> str:
    links = (link.get("href", "") for link in entry.iterfind("link") if link.get("rel") == "alternate")
    return to_web_address(next(links, ""))


def _read_labels(entry: Element) -> dict[str, str]:
    primary = entry.find("primary_category")
    labels = {
        "arxiv_primary": primary.get("term", "") if primary is not None else "",
        "categories": "; ".join(category.get("term", "") for category in entry.iterfind("category")),
        "comment": find_text(entry, "comment"),
    }
    return {name: label for name, label in labels.items() if label}


ARXIV_ATOM = Format("arXiv Atom", recognise_arxiv_atom, read_arxiv_atom)
