"""What passes between the steps of reading: one record per paper, one per source, and the corpus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import pandas as pd

from analysis.corpus.dates import DateSpan

CapturedFrom = Literal["argument", "sidecar", "file", "rule"]


@dataclass(frozen=True)
class SourceFacts:
    """What is known of one source file.

    Attributes
    ----------
    name, path : str
        File name, and the path as it was given.
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
    """

    name: str
    path: str
    format: str
    sha256: str
    n_read: int
    captured: str | None = None
    captured_from: CapturedFrom | None = None


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
    ledger: dict[str, int]
    sources: tuple[SourceFacts, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_papers(self) -> int:
        """How many papers were kept."""
        return len(self.papers)


@dataclass(frozen=True)
class RawRecord:
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
    n_authors, n_comments, n_upvotes : int or None
        None means unknown.
    """

    position: str
    raw: str
    title: str = ""
    abstract: str = ""
    paper_id: str = ""
    span: DateSpan | None = None
    date_text: str = ""
    date_fault: str = ""
    authors: tuple[str, ...] = ()
    n_authors: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    n_comments: int | None = None
    n_upvotes: int | None = None
    url: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    source: str = ""


class SetAside(NamedTuple):
    """A record that is not among the papers, and why."""

    source: str
    position: str
    reason: str
    raw: str


@dataclass(frozen=True)
class Reading:
    """What one format found in one source."""

    records: list[RawRecord]
    set_aside: list[SetAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    captured: dt.date | None = None
    captured_from: CapturedFrom | None = None


@dataclass(frozen=True)
class Payload:
    """A source in memory: unpacked bytes and, when it is text, the text.

    Attributes
    ----------
    name : str
        File name, for messages.
    content : bytes
        The file, without its gzip wrapper.
    text : str or None
        Decoded content; None when the file is a known binary format.
    sha256 : str
        Hash of the file as it lies on disk.
    notes : tuple of str
        Sentences on the encoding.
    """

    name: str
    content: bytes
    text: str | None
    sha256: str
    notes: tuple[str, ...] = ()


class Format(NamedTuple):
    """A kind of source: how it is recognised by its content, and how it is read.

    `read` takes the payload and the capture day, if that is known.
    """

    name: str
    recognise: Callable[[Payload], bool]
    read: Callable[[Payload, dt.date | None], Reading]
