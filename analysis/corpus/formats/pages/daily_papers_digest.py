"""Digests of Hugging Face Daily Papers in Markdown: a heading with the day, and a table of its papers.

Source: the digests themselves (``## Papers for 2025-01-31``, then rows of
``| Title (Read more on [arXiv](...) or [HuggingFace](...)) | Authors | Summary |``).

The summary is the digest's own and no abstract of the authors'; the label
`abstract_kind` says so. Of the authors a digest names five at most, some by
their account, so their list counts as unknown and is kept as a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.corpus.dates import DateSpan, parse_date
from analysis.corpus.formats.values import to_arxiv_id
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, Note, RawRecord, SetAside, shorten_raw

_HEADING = re.compile(r"^#{1,6}\s*Papers for\s+(?P<day>\S.*?)\s*#*\s*$", re.IGNORECASE)
_HEADER = re.compile(r"^\|\s*Title\s*\|\s*Authors\s*\|\s*Summary\s*\|", re.IGNORECASE)
_RULE = re.compile(r"^\|[\s:|-]+\|?\s*$")
# A title may hold a bar; the links that end it tell where it stops.
_ROW = re.compile(r"^\|\s*(?P<title>.*?\)\s*\)?|[^|]*?)\s*\|(?P<authors>[^|]*)\|(?P<summary>.*?)\|?\s*$")
_LINKS = re.compile(r"\s*\(?\s*Read more on\b.*$", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\((https?://[^)\s]+)\)")


def recognise_digest(source: Source) -> bool:
    """Whether a heading names a day of papers and a table has the digest's columns."""
    lines = source.head_text.splitlines()
    return any(map(_HEADING.match, lines)) and any(map(_HEADER.match, lines))


def read_digest(source: Source, context: Context) -> Iterator[Found]:  # noqa: ARG001 -- all readers are called alike
    """Read every row; its date is that of the heading above it, a day of listing."""
    day, span = "", None
    n_rows = 0
    for number, text in source.lines():
        heading = _HEADING.match(text)
        if heading:
            day = heading["day"]
            span = parse_date(day)
        elif text.startswith("|") and not _HEADER.match(text) and not _RULE.match(text):
            n_rows += 1
            yield _read_row(source.name, number, text, day, span)
    if n_rows:
        yield Note(f"{source.name}: the summaries are the digest's own, not the authors' abstracts.")


def _read_row(name: str, number: int, text: str, day: str, span: DateSpan | None) -> RawRecord | SetAside:
    position, raw = f"line {number}", shorten_raw(text)
    row = _ROW.match(text)
    if row is None:
        return SetAside(name, position, "a row of fewer than three cells: title, authors, summary", raw)
    addresses = _ADDRESS.findall(row["title"])
    arxiv_id = next(filter(None, map(to_arxiv_id, addresses)), "")
    summary = row["summary"].strip().replace("\\|", "|")
    labels = {"authors_named": row["authors"].strip(), "abstract_kind": "summary of a digest" if summary else ""}
    return RawRecord(
        position,
        raw,
        title=_LINKS.sub("", row["title"]).replace("\\|", "|"),
        abstract=summary,
        paper_id=arxiv_id,
        span=span,
        date_text=day,
        date_kind="listing" if span else "unstated",
        arxiv_id=arxiv_id,
        url=addresses[-1] if addresses else "",
        labels={label: text for label, text in labels.items() if text},
    )


DAILY_PAPERS_DIGEST = Format("Daily Papers digest", recognise_digest, read_digest)
