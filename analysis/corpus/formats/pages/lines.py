"""A listing taken apart: kinds of line, blocks of text between them, cards out of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from analysis.corpus.dates import parse_month

Kind = Literal["blank", "authors", "dot", "date", "number", "text"]

_BULLETS = r"[\s•·*\u2013-]*"
AUTHORS_LINE = re.compile(rf"^{_BULLETS}(\d[\d,]*)\s+authors?\b\s*(?:[·•|]\s*(.*\S)\s*)?$", re.IGNORECASE)
_DATE_LINE = re.compile(
    rf"^{_BULLETS}([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}})(?:\s*,\s*(\d{{4}})|\s+((?:19|20)\d\d))?(?:\s+(\d[\d,]*))?\s*$",
    re.ASCII,
)
_DOT_LINE = re.compile(r"^\s*[·•|]\s*$")
_NUMBER_LINE = re.compile(r"^\s*\d[\d,]*\s*$", re.ASCII)
PAGE_NAME = "daily papers"
_PAGE_WORDS = {
    "new", "get trending papers in your email inbox!", "subscribe", PAGE_NAME, "byak and the research community",
    "by ak and the research community", "hugging face", "models", "datasets", "spaces", "community", "docs",
    "enterprise", "pricing", "log in", "sign up", "papers", "trending papers", "previous", "next", "submitted by",
}  # fmt: skip
# A title is rarely longer than this, an abstract rarely shorter.
_LONG = 300


class CardDate(NamedTuple):
    """A date as a card shows it; `year` is 0 where the card leaves it out."""

    month: int
    day: int
    year: int
    n_comments: int | None
    text: str


class Line(NamedTuple):
    """One line: its number from 1, its kind and its text."""

    number: int
    kind: Kind
    text: str


@dataclass
class Card:
    """The lines of one card, gathered."""

    title: str = ""
    abstract: str = ""
    n_upvotes: int | None = None
    n_authors: int | None = None
    date: CardDate | None = None
    first_line: int = 0
    last_line: int = 0


@dataclass
class Segment:
    """The blocks of text down to the line of authors and date that ends them, if any does."""

    blocks: list[list[Line]] = field(default_factory=list)
    n_authors: int | None = None
    date: CardDate | None = None
    last_line: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether a line of authors or a date ends it."""
        return self.n_authors is not None or self.date is not None


def parse_card_date(text: str) -> CardDate | None:
    """Read ``Aug 23, 2023``, ``Aug 8``, ``Jun 16 2`` or ``Dec 1, 2023 4``: a last number counts comments.

    >>> parse_card_date("Jun 16 2")
    CardDate(month=6, day=16, year=0, n_comments=2, text='Jun 16 2')
    """
    found = _DATE_LINE.match(text)
    month = parse_month(found.group(1)) if found else None
    if found is None or month is None:
        return None
    _, day, year, bare_year, n_comments = found.groups()
    count = int(n_comments.replace(",", "")) if n_comments else None
    return CardDate(month, int(day), int(year or bare_year or 0), count, text.strip(" \t·•"))


def classify_lines(lines: list[str]) -> list[Line]:
    """Tell the kind of each line; words of the page around the cards count as blank."""
    classified: list[Line] = []
    for number, text in enumerate(lines, 1):
        after_text = bool(classified) and classified[-1].kind == "text"
        classified.append(Line(number, _kind_of(text, after_text=after_text), text))
    return classified


def split_segments(lines: list[Line]) -> list[Segment]:
    """Cut after every run of author counts, dots and dates."""
    segments, current = [], Segment()
    open_block = False
    for line in lines:
        if line.kind in ("text", "number"):
            if current.is_closed:
                if line.kind == "number" and current.date and lines[line.number - 2].kind == "date":
                    # The count of comments on a line of its own, right below the date.
                    current.date = current.date._replace(n_comments=int(line.text.replace(",", "")))
                    current.last_line = line.number
                    continue
                segments.append(current)
                current, open_block = Segment(), False
            if not open_block or line.kind == "number" or current.blocks[-1][-1].kind == "number":
                current.blocks.append([])
            current.blocks[-1].append(line)
            open_block = True
        else:
            open_block = False
            if line.kind == "authors" and current.n_authors is not None:
                segments.append(current)
                current = Segment()
            _close_segment(current, line)
    return [*segments, current] if current.blocks or current.is_closed else segments


def split_cards(segment: Segment, *, is_first: bool) -> tuple[list[Card], list[list[Line]]]:
    """Cards of a segment, and blocks that belong to none.

    Several cards share a segment where a card lacks its line of authors and
    date. The first segment also holds the head of the page.
    """
    blocks = [block for block in _split_glued(segment.blocks) if block[0].kind == "text"]
    if not blocks and segment.is_closed:
        # Neither title nor abstract: a record all the same, to be set aside.
        line = segment.last_line
        return [Card(n_authors=segment.n_authors, date=segment.date, first_line=line, last_line=line)], []
    starts = [n for n, block in enumerate(blocks) if _opens_card(block, blocks[n + 1] if n + 1 < len(blocks) else None)]
    if not is_first and blocks and (segment.is_closed or len(blocks) > 1) and 0 not in starts:
        starts = [0, *starts]
    if segment.is_closed and blocks and not starts:
        # A title alone, above its line of authors and date.
        starts = [len(blocks) - 1]
    # A block cannot be the abstract of one card and the title of the next.
    starts = [n for n in starts if n - 1 not in starts or n == 0]
    if not starts:
        return [], blocks
    upvotes = {line.number: int(line.text.replace(",", "")) for line in _numbers(segment)}
    cards = []
    for start, stop in zip(starts, [*starts[1:], len(blocks)], strict=True):
        card = Card(title=_join(blocks[start : start + 1]), abstract=_join(blocks[start + 1 : stop]))
        card.first_line, card.last_line = blocks[start][0].number, blocks[stop - 1][-1].number
        above = blocks[start - 1][-1].number if start else 0
        between = [count for number, count in upvotes.items() if above < number < card.first_line]
        card.n_upvotes = between[-1] if between else None
        cards.append(card)
    cards[-1].n_authors, cards[-1].date = segment.n_authors, segment.date
    cards[-1].last_line = max(cards[-1].last_line, segment.last_line)
    return cards, blocks[: starts[0]]


def _kind_of(text: str, *, after_text: bool) -> Kind:
    if not text.strip() or (not after_text and text.strip().casefold() in _PAGE_WORDS):
        return "blank"
    if AUTHORS_LINE.match(text):
        return "authors"
    if _DOT_LINE.match(text):
        return "dot"
    # Inside a broken paragraph a line may hold a date or a number by chance.
    if not after_text and parse_card_date(text):
        return "date"
    return "number" if not after_text and _NUMBER_LINE.match(text) else "text"


def _close_segment(segment: Segment, line: Line) -> None:
    if line.kind == "blank" or (line.kind == "dot" and not segment.is_closed):
        return
    segment.last_line = line.number
    found = AUTHORS_LINE.match(line.text) if line.kind == "authors" else None
    if found:
        segment.n_authors = int(found.group(1).replace(",", ""))
        segment.date = parse_card_date(found.group(2) or "") or segment.date
    elif line.kind == "date":
        segment.date = segment.date or parse_card_date(line.text)


def _split_glued(blocks: list[list[Line]]) -> list[list[Line]]:
    """Part title and abstract where no blank line stands between them."""
    if len([block for block in blocks if block[0].kind == "text"]) != 1:
        return blocks
    parted: list[list[Line]] = []
    for block in blocks:
        glued = block[0].kind == "text" and len(block) > 1 and _is_title(_join([block[:1]]))
        parted += [block[:1], block[1:]] if glued else [block]
    return parted


def _opens_card(block: list[Line], following: list[Line] | None) -> bool:
    if following is None or not _is_title(_join([block])):
        return False
    text = _join([following])
    return len(text) >= _LONG or text.endswith(".")


def _is_title(text: str) -> bool:
    return len(text) <= _LONG and not text.endswith(".") and any(character.isalpha() for character in text)


def _numbers(segment: Segment) -> Iterator[Line]:
    return (line for block in segment.blocks for line in block if line.kind == "number")


def _join(blocks: list[list[Line]]) -> str:
    return "\n".join(line.text.strip() for block in blocks for line in block)
