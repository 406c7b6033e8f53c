"""The text dump of a Daily Papers page: cards of title, abstract, author count and date.

The page leaves out the year of a date that lies in the year in which the page
was rendered, and writes the number of comments behind the date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from analysis.config import InputError
from analysis.corpus.dates import make_span
from analysis.corpus.formats.pages.lines import (
    AUTHORS_LINE,
    PAGE_NAME,
    Card,
    CardDate,
    Line,
    Segment,
    classify_lines,
    split_cards,
    split_segments,
)
from analysis.corpus.opening import Source
from analysis.corpus.records import Captured, CapturedFrom, Context, Format, Found, Note, RawRecord, SetAside


class Capture(NamedTuple):
    """When the page was captured: the year that its year-less dates take, the day if known, and who says so."""

    year: int | None
    day: dt.date | None
    stated_by: CapturedFrom | None
    sentence: str


def recognise_listing(source: Source) -> bool:
    """Whether a line counts authors (``• 5 authors``) or names the page."""
    lines = source.head_text.splitlines()
    return any(AUTHORS_LINE.match(line) for line in lines) or any(
        line.strip().casefold() == PAGE_NAME for line in lines[:50]
    )


def read_listing(source: Source, context: Context) -> Iterator[Found]:
    """Read every card.

    Raises
    ------
    InputError
        If there is no card.
    """
    yield from read_cards(source.name, source.text(), context)


def read_cards(name: str, text: str, context: Context) -> Iterator[Found]:
    """Read the cards of a page's text; first the day of capture, where the page tells it.

    Parameters
    ----------
    name : str
        What messages call the page.
    text : str
        The page as a reader sees it, copied whole.
    context : Context

    Raises
    ------
    InputError
        If there is no card.
    """
    lines = text.splitlines()
    cards, page_date, leftover, head = _find_cards(lines)
    if not cards:
        raise InputError(
            f"{name}: this is the head of a listing ({len(lines)} lines), but no card follows it. "
            "A card is a title, an abstract and a line such as '• 5 authors'. Copy the page again, down to its end."
        )
    dates = [card.date for card in cards if card.date]
    capture = infer_capture(page_date, dates, captured=context.captured, today=dt.date.today())
    if capture.day and capture.stated_by:
        yield Captured(capture.day, capture.stated_by)
    if head:
        yield Note(f"{name}: head of the page, not read as papers: {'; '.join(head)}.")
    records = [_to_record(card, number, lines, capture) for number, card in enumerate(cards, 1)]
    n_inferred = sum(record.span is not None and record.span.inferred for record in records)
    if any(not date.year for date in dates):
        yield Note(f"{name}: {n_inferred} dates leave out the year and take {capture.year}. {capture.sentence}")
    reason = "text that is no card: it has no abstract, no author count and no date"
    for block in leftover:
        yield SetAside(name, f"line {block[0].number}", reason, "\n".join(line.text for line in block))
    yield from records


def infer_capture(
    page_date: CardDate | None, dates: list[CardDate], *, captured: dt.date | None, today: dt.date
) -> Capture:
    """When the page was captured, from what is stated or else from the dates on it.

    Parameters
    ----------
    page_date : CardDate or None
        The date in the head of the page.
    dates : list of CardDate
        Those of the cards.
    captured : date or None
        The day, if it is stated outside the page.
    today : date
        No page was captured later.

    Notes
    -----
    A year is left out when it is the year of capture. So all stated years are
    earlier than that, and the earliest year that fits is the one after the
    newest of them. A later one would fit, too: state the day where it is known.
    """
    if captured:
        return Capture(captured.year, captured, None, f"The page was captured on {captured}.")
    if page_date and page_date.year:
        span = make_span(page_date.year, page_date.month, page_date.day)
        if span:
            return Capture(page_date.year, span.first, "file", f"The page itself is dated {span.first}.")
    stated = [date.year for date in dates if date.year]
    yearless = [date for date in dates if not date.year]
    advice = "State the day of capture (corpus.captured, or `captured` in the sidecar)."
    if not stated:
        return Capture(None, None, None, f"No date on the page states a year, so they stay undated. {advice}")
    year = max(stated) + 1
    newest = max(yearless, key=lambda date: (date.month, date.day), default=None)
    anchor = page_date or newest
    span = make_span(year, anchor.month, anchor.day) if anchor else None
    if span is None or span.first > today:
        return Capture(None, None, None, f"No past year fits the dates on the page, so they stay undated. {advice}")
    what = "the date in the head of the page" if page_date else "the latest date without a year"
    sentence = (
        f"Inferred: the newest year stated on the page is {year - 1}, and {what} is {anchor.text if anchor else ''}, "
        f"so the page was captured on {span.first}{'' if page_date else ' or later'}. {advice}"
    )
    return Capture(year, span.first, "rule", sentence)


def _find_cards(lines: list[str]) -> tuple[list[Card], CardDate | None, list[list[Line]], list[str]]:
    """The cards, the date in the head of the page, blocks that are no card, and the lines of the head."""
    cards: list[Card] = []
    page_date: CardDate | None = None
    leftover: list[list[Line]] = []
    head: list[str] = []
    for segment in split_segments(classify_lines(lines)):
        is_first = not cards
        if is_first and _is_head(segment):
            page_date = page_date or segment.date
            head += [line.text.strip()[:80] for block in segment.blocks for line in block]
            continue
        found, rest = split_cards(segment, is_first=is_first)
        cards += found
        if is_first:
            head += [line.text.strip()[:80] for block in rest for line in block]
        else:
            leftover += rest
    return cards, page_date, leftover, head


def _is_head(segment: Segment) -> bool:
    """Whether a date above all cards is the page's own: no author count, no title with an abstract."""
    if segment.n_authors is not None or segment.date is None:
        return False
    without_end = Segment(segment.blocks)
    return not split_cards(without_end, is_first=True)[0]


def _to_record(card: Card, number: int, lines: list[str], capture: Capture) -> RawRecord:
    record = RawRecord(
        position=f"card {number} (line {card.first_line})",
        raw="\n".join(lines[card.first_line - 1 : card.last_line]),
        title=card.title,
        abstract=card.abstract,
        n_authors=card.n_authors or None,
        n_upvotes=card.n_upvotes,
    )
    if card.date is None:
        return record
    # The page shows no number where there is no comment.
    year = card.date.year or capture.year
    span = make_span(year, card.date.month, card.date.day, inferred=not card.date.year) if year else None
    fault = "" if year else "its year is left out"
    return record._replace(
        n_comments=card.date.n_comments or 0, date_text=card.date.text, date_kind="listing", span=span, date_fault=fault
    )


LISTING = Format("listing", recognise_listing, read_listing)
