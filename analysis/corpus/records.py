"""What passes between the steps of reading: one record per paper, one per source, and the corpus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pandas as pd

from analysis.corpus.dates import DateSpan

if TYPE_CHECKING:
    from analysis.corpus.opening import Source

CapturedFrom = Literal["argument", "sidecar", "file", "rule"]
# What the date of a paper is the date of; "unstated" where the source does not say.
DateKind = Literal["first_version", "publication", "online", "submission", "listing", "unstated"]
NO_LABELS: Mapping[str, str] = MappingProxyType({})
MAX_RAW = 20_000


@dataclass(frozen=True)
class SourceFacts:
    """What is known of one source file.

    Attributes
    ----------
    name, path : str
        File name (for a member of an archive, with the archive's in front), and the path as it was given.
    format : str
        Name of the format that its content showed.
    sha256 : str
        Hash of the file as it lies on disk.
    n_read : int
        Records found in it.
    captured : str or None
        Day on which the source was captured (ISO 8601); None when unknown.
    captured_from : {"argument", "sidecar", "file", "rule"} or None
        Who says so; ``rule`` means that it was inferred from the dates on the page.
    experimental : bool
        Whether the reader follows the published specification alone and has met no real file yet.
    """

    name: str
    path: str
    format: str
    sha256: str
    n_read: int
    captured: str | None = None
    captured_from: CapturedFrom | None = None
    experimental: bool = False


@dataclass(frozen=True)
class Corpus:
    """The papers that were read, and an account of every record that was not kept.

    Attributes
    ----------
    papers : DataFrame of n_papers rows
        ``paper_id`` to ``source`` as `analysis.results.schema.PAPERS` lists
        them, then one ``label_*`` column per label of the sources. Row order
        is file order.
    set_aside : DataFrame
        ``source``, ``position``, ``reason``, ``raw`` of each record not kept.
    merges : DataFrame
        ``source``, ``position``, ``rule``, ``paper_id``: each record that went into another, and which.
    near_duplicates : DataFrame
        ``paper_id``, ``other_id``, ``similarity``, ``relation``: pairs to be reviewed; none is merged.
    date_audit : DataFrame
        ``source``, ``kind``, ``precision``, ``inferred``, ``n_papers``, ``earliest``, ``latest``: what each date is.
    date_conflicts : DataFrame
        ``paper_id``, ``witness``, ``stated``, ``other``, ``days_apart``: dates that another witness contradicts.
    flow : DataFrame
        ``stage``, ``source``, ``reason``, ``n_records``: the ledger by source and reason.
    ledger : dict
        Counts ``read``, ``merged``, ``set_aside``, ``kept``; the last three
        add up to the first.
    sources : tuple of SourceFacts
        One per source, in the order given.
    notes : tuple of str
        Sentences on what was inferred, merged, left undated or left unused.
    """

    papers: pd.DataFrame
    set_aside: pd.DataFrame
    merges: pd.DataFrame
    near_duplicates: pd.DataFrame
    date_audit: pd.DataFrame
    date_conflicts: pd.DataFrame
    flow: pd.DataFrame
    ledger: dict[str, int]
    sources: tuple[SourceFacts, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_papers(self) -> int:
        """How many papers were kept."""
        return len(self.papers)


class RawRecord(NamedTuple):
    """One paper as its source states it, in our words; text is cleaned later, in one place.

    Attributes
    ----------
    position, raw : str
        Where it stands in the source, and the record as it was read.
    paper_id : str
        The source's own id; empty when it has none.
    span : DateSpan or None
        Days on which it may have been published.
    date_text, date_fault : str
        The date as written, and why it was not taken (empty when it simply cannot be read).
    date_kind : DateKind
        What the date is the date of.
    n_authors, n_comments, n_upvotes : int or None
        None means unknown.
    doi, arxiv_id, pmid, openreview_id : str
        Bare identifiers: a DOI in lower case without resolver, an arXiv id
        without version, digits, a forum id.
    language : str
        As the source states it (ISO 639-1 where it can be told); empty when it does not.
    labels : mapping
        Name to text; keywords go under ``keywords``, joined by ``; ``.
    source : str
        Empty: the reading loop fills it in. A file of ours states its own.
    """

    position: str
    raw: str = ""
    title: str = ""
    abstract: str = ""
    paper_id: str = ""
    span: DateSpan | None = None
    date_text: str = ""
    date_fault: str = ""
    date_kind: DateKind = "unstated"
    authors: tuple[str, ...] = ()
    n_authors: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    pmid: str = ""
    openreview_id: str = ""
    n_comments: int | None = None
    n_upvotes: int | None = None
    url: str = ""
    language: str = ""
    labels: Mapping[str, str] = NO_LABELS
    source: str = ""


class SetAside(NamedTuple):
    """A record that is not among the papers, and why."""

    source: str
    position: str
    reason: str
    raw: str


class Note(NamedTuple):
    """A sentence on what a reader made of its source."""

    text: str


class Captured(NamedTuple):
    """The day on which a source was captured, as a reader learns it from the source itself."""

    day: dt.date
    stated_by: CapturedFrom


Found = RawRecord | SetAside | Note | Captured


class ColumnMap(dict[str, str]):
    """Our names to a table's own, as the user gave them, and which of them the tables had.

    Of several sources each may have columns of its own, so that only a name
    that none of them has is a fault.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.met: set[str] = set()
        self.seen: dict[str, None] = {}

    def meet(self, ours: Iterable[str], names: Iterable[str]) -> None:
        """Note which were met among the columns of a table."""
        self.met |= set(ours)
        self.seen |= dict.fromkeys(names)


@dataclass(frozen=True)
class Context:
    """What a reader is told beside the source.

    Attributes
    ----------
    captured : date or None
        Day of capture, when it is stated outside the source.
    columns : mapping
        Our name to the table's own, as the user gave it (``{"abstract": "Summary"}``).
    is_fetched : bool
        Whether the source is one of the pages that `analysis.corpus.fetch` brought, so that others hold the rest.
    """

    captured: dt.date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    is_fetched: bool = False


class Format(NamedTuple):
    """A kind of source: how it is recognised by its first bytes, and how it is read.

    `recognise` looks at `Source.head` and `Source.head_text` alone. `read`
    yields what it finds in file order, without holding the file in memory, and
    raises `InputError` where the whole file is at fault.
    """

    name: str
    recognise: Callable[[Source], bool]
    read: Callable[[Source, Context], Iterator[Found]]
    experimental: bool = False


def shorten_raw(raw: Any) -> str:
    """A record as it was read, cut where it is longer than anyone will read."""
    text = raw if isinstance(raw, str) else str(raw)
    return text if len(text) <= MAX_RAW else f"{text[:MAX_RAW]} [... {len(text) - MAX_RAW} more characters]"
