"""Volumes of the ACL Anthology as it keeps them: one file per collection.

Source: schema and documentation of the Anthology (github.com/acl-org/acl-anthology,
``data/xml/schema.rnc`` and ``docs``). The date is month and year of the volume.
Formulas (``<tex-math>``) are put between dollar signs, as the Anthology's own
BibTeX does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.formats.issue_dates import parse_issue_date
from analysis.corpus.formats.languages import LANGUAGES
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_web_address
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, RawRecord, SetAside

_ANTHOLOGY_ID = re.compile(r"[A-Z]\d\d-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+")
_NO_META = Element("meta")


def recognise_acl_anthology(source: Source) -> bool:
    """Whether the source is a collection, or a volume, that holds volumes or papers with an id."""
    root = find_root(source)
    if root is None or root.name not in ("collection", "volume") or not re.search(r"\bid\s*=", root.tag):
        return False
    return bool(re.search(r"<(volume|paper|frontmatter)[\s>]", root.rest))


def read_acl_anthology(source: Source, _context: Context) -> Iterator[Found]:
    """Every paper of every volume; front matter is set aside."""
    meta = _NO_META
    meta_of = None
    for part in read_parts(source, ("paper", "frontmatter"), beside=("meta",)):
        if not isinstance(part, Part):
            yield part
            continue
        volume = part.within.get("volume", {}).get("id", "")
        if part.name == "meta":
            # An event has a meta element, too, and says nothing of papers.
            if "volume" in part.within:
                meta, meta_of = part.element, volume
        elif part.name == "frontmatter" or _is_front_matter(part):
            yield SetAside(source.name, part.position, "front matter of a volume, no paper", part.raw)
        else:
            yield _read_paper(part, meta if meta_of == volume else _NO_META)


def _read_paper(part: Part, meta: Element) -> RawRecord:
    paper = part.element
    for formula in paper.iter("tex-math"):
        formula.text = f"${flatten(formula)}$"
    year, month = (find_text(paper, name) or find_text(meta, name) for name in ("year", "month"))
    written = f"{month} {year}".strip()
    own_id = _find_anthology_id(part)
    doi = to_doi(find_text(paper, "doi"))
    url = to_web_address(find_text(paper, "url"))
    language = find_text(paper, "language")
    names = ((find_text(one, "first"), find_text(one, "last")) for one in paper.iterfind("author"))
    venue = find_text(paper, "booktitle") or find_text(meta, "booktitle")
    return RawRecord(
        position=part.position,
        raw=part.raw,
        title=flatten(paper.find("title")),
        abstract=flatten(paper.find("abstract")),
        paper_id=own_id,
        span=parse_issue_date(written, to_count(year) or 0),
        date_text=written,
        date_kind="publication",
        authors=tuple(name for name in (" ".join(filter(None, parts)) for parts in names) if name),
        venue=find_text(paper, "journal") or find_text(meta, "journal-title") or venue,
        doi=doi,
        arxiv_id=to_arxiv_id(url),
        url=url or (f"https://aclanthology.org/{own_id}" if own_id else ""),
        language=LANGUAGES.get(language.casefold(), language),
        labels=_read_labels(paper, meta),
    )


def _find_anthology_id(part: Part) -> str:
    """The id that the paper's address states, or the one that its place gives (the Anthology's own rule)."""
    stated = find_text(part.element, "url").rpartition("/")[2]
    if _ANTHOLOGY_ID.fullmatch(stated):
        return stated
    collection = part.within.get("collection", {}).get("id", "")
    volume, paper = part.within.get("volume", {}).get("id", ""), part.element.get("id", "")
    if not collection:
        return f"{volume}-{paper.zfill(4)}" if volume and paper else ""
    if not (volume and paper):
        return ""
    if collection[0].isdigit() or not (volume.isdigit() and paper.isdigit()):
        return f"{collection}-{volume}.{paper}"
    is_workshop = collection[0] == "W" or collection == "C69" or (collection == "D19" and int(volume) >= 5)
    return (
        f"{collection}-{int(volume):02d}{int(paper):02d}" if is_workshop else f"{collection}-{volume}{int(paper):03d}"
    )


def _is_front_matter(part: Part) -> bool:
    """Papers with the number 0; in files without collections, with a number that ends in that of a volume."""
    number = part.element.get("id", "")
    if "collection" in part.within:
        return number in ("0", "00", "000")
    is_workshop = part.within.get("volume", {}).get("id", "").startswith("W")
    return number.endswith("00" if is_workshop else "000")


def _read_labels(paper: Element, meta: Element) -> dict[str, str]:
    labels = {
        "bibkey": find_text(paper, "bibkey"),
        "venue_id": "; ".join(list_texts(meta, "venue")),
        "retracted": "yes" if paper.find("retracted") is not None else "",
        "award": "; ".join(list_texts(paper, "award")),
    }
    return {name: label for name, label in labels.items() if label}


ACL_ANTHOLOGY = Format("ACL Anthology XML", recognise_acl_anthology, read_acl_anthology)
