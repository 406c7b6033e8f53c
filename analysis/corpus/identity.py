"""Which records are the same paper, and the one name that each paper bears."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePath

from analysis.corpus.dates import DateSpan
from analysis.corpus.records import RawRecord

_SIGNS = re.compile(r"[\W_]+")
_FINENESS = {"day": 3, "month": 2, "year": 1}


@dataclass
class Identified:
    """Papers with unique ids in file order, how many records went into others, and what is to be said of it."""

    papers: list[RawRecord] = field(default_factory=list)
    merged_by_id: list[str] = field(default_factory=list)
    merged_by_text: list[str] = field(default_factory=list)
    merged_versions: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def n_merged(self) -> int:
        """How many records repeated another."""
        return len(self.merged_by_id) + len(self.merged_by_text) + len(self.merged_versions)


def identify_papers(records: list[RawRecord]) -> Identified:
    """Give every paper one id and merge the records that repeat a paper.

    The same id with the same text is one paper, and so is the same title with
    the same abstract under two ids. The same id with the same title but a
    revised abstract is one paper when it comes from two sources. Any other
    text under the same id is another paper: it gets its source's stem in
    front (another source) or a number behind (the same source).

    Returns
    -------
    Identified
        Its papers are new records; `records` stay as they are.
    """
    wanted = [make_id(record) for record in records]
    found = Identified()
    names = _Names(set(wanted))
    # Three ways to find a twin; each maps to the place of a paper. Without an abstract, id and title must do.
    by_id: dict[tuple[str, str], int] = {}
    by_title: dict[tuple[str, str], int] = {}
    by_text: dict[str, int] = {}
    for record, own in zip(records, wanted, strict=True):
        title, text = _normalise(record.title), make_text_key(record)
        named, merged = by_title.get((own, title)), found.merged_by_id
        # Without an abstract on either side, id and title must do.
        twin = by_id.get((own, text), by_id.get((own, title))) if text else named
        if twin is None and text in by_text:
            twin, merged = by_text[text], found.merged_by_text
        if twin is None and named is not None and title and found.papers[named].source != record.source:
            twin, merged = named, found.merged_versions
        if twin is None:
            twin = len(found.papers)
            paper_id = names.claim(own, record.source)
            if paper_id != own:
                found.renamed.append((own, paper_id))
            found.papers.append(dataclasses.replace(record, paper_id=paper_id))
        else:
            found.papers[twin] = merge_records(found.papers[twin], record)
            kept = found.papers[twin].paper_id
            merged.append(own if own == kept else f"{own} into {kept}")
        by_title.setdefault((own, title), twin)
        by_id.setdefault((own, text or title), twin)
        if text:
            by_text.setdefault(text, twin)
    return found


def make_id(record: RawRecord) -> str:
    """The source's own id, else the DOI, else the arXiv id, else a hash of title and abstract."""
    if record.paper_id or record.doi or record.arxiv_id:
        return record.paper_id or record.doi or record.arxiv_id
    text = f"{_normalise(record.title)}\n{_normalise(record.abstract)}"
    return "h" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def make_text_key(record: RawRecord) -> str:
    """What two records share when title and abstract differ only in case, spacing and punctuation.

    Empty without an abstract: two papers may both be called "Editorial".
    """
    return f"{_normalise(record.title)}\n{_normalise(record.abstract)}" if record.abstract else ""


def merge_records(first: RawRecord, second: RawRecord) -> RawRecord:
    """One record with what either knows: the first's id, place and text, the finer or else earlier date."""
    authors = max(first.authors, second.authors, key=len)
    dated = first if _is_better_date(first.span, second.span) else second
    return dataclasses.replace(
        first,
        title=first.title or second.title,
        abstract=first.abstract or second.abstract,
        span=dated.span,
        date_text=dated.date_text,
        date_fault=dated.date_fault,
        authors=authors,
        n_authors=_larger(first.n_authors, second.n_authors),
        venue=first.venue or second.venue,
        doi=first.doi or second.doi,
        arxiv_id=first.arxiv_id or second.arxiv_id,
        n_comments=_larger(first.n_comments, second.n_comments),
        n_upvotes=_larger(first.n_upvotes, second.n_upvotes),
        url=first.url or second.url,
        labels={**second.labels, **first.labels},
    )


def _is_better_date(first: DateSpan | None, second: DateSpan | None) -> bool:
    """Whether the first is to be kept: it is finer, or stated and not inferred, or no later."""
    if first is None or second is None:
        return second is None
    first_rank = (_FINENESS[first.precision], not first.inferred)
    second_rank = (_FINENESS[second.precision], not second.inferred)
    return first_rank > second_rank or (first_rank == second_rank and first.first <= second.first)


class _Names:
    """Hands out ids, each once; one that some record states itself goes to no other."""

    def __init__(self, stated: set[str]) -> None:
        self._stated = stated
        self._given: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def claim(self, own: str, source: str) -> str:
        """The id wanted if it is free, else one made from it."""
        if own not in self._given:
            self._given[own] = source
            return own
        base = own if self._given[own] == source else f"{_stem_of(source)}:{own}"
        free = base
        while free in self._given or free in self._stated:
            self._numbers[base] = self._numbers.get(base, 1) + 1
            free = f"{base}-{self._numbers[base]}"
        self._given[free] = source
        return free


def _stem_of(source: str) -> str:
    return PurePath(source.removesuffix(".gz")).stem or "source"


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = _SIGNS.sub("", folded)
    # A text of signs alone (formulas, emoji) is compared as it stands.
    return letters or folded


def _larger(first: int | None, second: int | None) -> int | None:
    counts = [count for count in (first, second) if count is not None]
    return max(counts) if counts else None
