"""A row of the papers table as the parts that a reference is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from analysis.corpus.cleaning import make_writable
from analysis.corpus.dates import DateSpan, Precision, make_span
from analysis.corpus.table import LABEL_PREFIX

Kind = Literal["journal", "conference", "other"]

_TEXTS = (
    "paper_id", "title", "abstract", "venue", "doi", "arxiv_id", "pmid", "openreview_id", "url", "language", "source",
)  # fmt: skip
_COUNTS = ("n_authors", "n_comments", "n_upvotes")
_OF_A_STUDY = ("topic", "theme")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_CONFERENCE = re.compile(r"\b(?:proc(?:eedings)?|conference|symposium|workshop|meeting)\b", re.IGNORECASE)
_CONFERENCE_TYPES = {"inproceedings", "conference", "conf", "cpaper", "paper-conference", "conference paper"}


@dataclass(frozen=True)
class Entry:
    """One paper, ready to be written: plain texts on one line, empty where unknown.

    Attributes
    ----------
    texts : dict
        ``paper_id``, ``title``, ``abstract``, ``venue``, ``doi``, ``arxiv_id``, ``pmid``, ``openreview_id``,
        ``url``, ``language``, ``source``.
    span : DateSpan or None
        Days of publication.
    date_kind : str
        What the date is the date of; empty when there is none.
    authors : tuple of str
    counts : dict
        ``n_authors`` (where it is not simply that of the names), ``n_comments``, ``n_upvotes``; the unknown are absent.
    labels : dict
        Name without ``label_`` to text.
    study : dict
        ``topic`` and ``theme``, where a study has told them.
    """

    texts: dict[str, str]
    span: DateSpan | None = None
    date_kind: str = ""
    authors: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    study: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What it appeared in, by its venue and the type that its source states."""
        if not self.texts["venue"]:
            return "other"
        stated = self.labels.get("type", "").casefold() in _CONFERENCE_TYPES
        return "conference" if stated or _CONFERENCE.search(self.texts["venue"]) else "journal"

    @property
    def remainder(self) -> dict[str, str]:
        """What few formats have a field for, by our names."""
        named = {
            "published_kind": self.date_kind,
            "source": self.texts["source"],
            "openreview_id": self.texts["openreview_id"],
        }
        named |= {name: str(count) for name, count in self.counts.items()}
        return {name: text for name, text in (named | self.study).items() if text}


def list_entries(papers: pd.DataFrame) -> Iterator[Entry]:
    """Every paper of a table, in its order; columns that are absent are unknown.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Columns as `analysis.corpus.table.PAPER_COLUMNS` lists them, ``label_*``, and those of a study.
    """
    labels = [str(name) for name in papers.columns if str(name).startswith(LABEL_PREFIX)]
    names = [str(name) for name in papers.columns]
    for values in zip(*(papers[name].tolist() for name in papers.columns), strict=True):
        yield _to_entry(dict(zip(names, values, strict=True)), labels)


def flatten_text(value: Any) -> str:
    r"""A value as text on one line, without control characters; empty for null.

    Examples
    --------
    >>> flatten_text("two\nlines"), flatten_text(None), flatten_text(3.0)
    ('two lines', '', '3')
    """
    if _is_null(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(_CONTROLS.sub(" ", make_writable(str(value))).split())


def _to_entry(row: Mapping[str, Any], labels: list[str]) -> Entry:
    authors: Any = row.get("authors")
    names = () if _is_null(authors) else tuple(filter(None, map(flatten_text, authors)))
    span = _read_span(row)
    counts = {name: int(row[name]) for name in _COUNTS if not _is_null(row.get(name))}
    if counts.get("n_authors") == len(names):
        del counts["n_authors"]
    stated = {name: flatten_text(row[name]) for name in labels}
    return Entry(
        texts={name: flatten_text(row.get(name)) for name in _TEXTS},
        span=span,
        date_kind=flatten_text(row.get("published_kind")) if span else "",
        authors=names,
        counts=counts,
        labels={name.removeprefix(LABEL_PREFIX): text for name, text in stated.items() if text},
        study={name: text for name in _OF_A_STUDY if (text := flatten_text(row.get(name)))},
    )


def _read_span(row: Mapping[str, Any]) -> DateSpan | None:
    first: Any = row.get("published")
    last: Any = row.get("published_end")
    if _is_null(first):
        return None
    start = pd.Timestamp(first).date()
    end = start if _is_null(last) else pd.Timestamp(last).date()
    precision: Precision = "day"
    if row.get("published_precision") in ("month", "year"):
        precision = row["published_precision"]
    return DateSpan(start, end, precision, inferred=bool(row.get("published_inferred") is True))


def tell_ends(span: DateSpan) -> tuple[str, str]:
    """First and last end in ISO 8601, as coarse as they may be written: days, months or years.

    Both are the same for one day, month or year.

    Examples
    --------
    >>> import datetime as dt
    >>> tell_ends(DateSpan(dt.date(2018, 11, 1), dt.date(2018, 12, 31), "month"))
    ('2018-11', '2018-12')
    """
    if span.precision != "day":
        years = make_span(span.first.year), make_span(span.last.year)
        if span.precision == "year" and years[0] and years[1] and _fits(span, years[0], years[1]):
            return f"{span.first.year:04}", f"{span.last.year:04}"
        months = make_span(span.first.year, span.first.month), make_span(span.last.year, span.last.month)
        if months[0] and months[1] and _fits(span, months[0], months[1]):
            return span.first.isoformat()[:7], span.last.isoformat()[:7]
    return span.first.isoformat(), span.last.isoformat()


def _fits(span: DateSpan, start: DateSpan, end: DateSpan) -> bool:
    return span.first == start.first and span.last == end.last


def _is_null(value: Any) -> bool:
    if value is None:
        return True
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))
