"""Dates as single vendors write them in their tables."""

from __future__ import annotations

import re

from analysis.corpus.dates import DateSpan, make_span, widen_span
from analysis.corpus.formats.values import to_span

_DATE = r"(\d{4}(?: [A-Z][a-z]{2})?(?: \d{1,2})?)"
_EPUB = re.compile(rf"\bEpub {_DATE}\b")
_ISSUE = re.compile(rf"\. {_DATE}(?=[-;:.]| )")
_CREATED = re.compile(r"['\"]created['\"]:\s*['\"]([^'\"]{6,40})['\"]")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_GLUED = re.compile(r"([A-Za-z]{3,9})(\d{4})")


def parse_sure_day(text: str) -> DateSpan | None:
    """A day; January 1, which stands in for the whole of a year, means the year.

    >>> parse_sure_day("2021-01-01").precision, parse_sure_day("2021-01-02").precision
    ('year', 'day')
    """
    span = to_span(text)
    return widen_span(span, "year") if span and text.strip().endswith("-01-01") else span


def parse_american(text: str) -> DateSpan | None:
    """``4/3/2024`` with the month first, ``Jun2023`` or a year.

    >>> parse_american("4/3/2024").first, parse_american("Jun2023").precision
    (datetime.date(2024, 4, 3), 'month')
    """
    found = _MONTH_FIRST.fullmatch(text.strip())
    if found:
        return make_span(int(found.group(3)), int(found.group(1)), int(found.group(2)))
    return to_span(_GLUED.sub(r"\1 \2", text.strip()))


def parse_parts(text: str) -> DateSpan | None:
    """Year, month and day of three columns: ``2024 5 3`` or ``2024 May 3``."""
    return to_span(text) or to_span("-".join(text.split()))


def parse_epub(text: str) -> DateSpan | None:
    """The day online in a PubMed citation, such as ``2023 Aug;9(2):1. Epub 2023 Jul 4``."""
    return _find_span(_EPUB, text)


def parse_issue(text: str) -> DateSpan | None:
    """The date of the issue in a PubMed citation."""
    return _find_span(_ISSUE, text)


def parse_first_version(text: str) -> DateSpan | None:
    """The first ``created`` in a list of arXiv versions, as Python or JSON writes it."""
    return _find_span(_CREATED, text)


def _find_span(pattern: re.Pattern[str], text: str) -> DateSpan | None:
    """The first date that a pattern finds inside a longer text."""
    found = pattern.search(text[:100_000])
    return to_span(found.group(1)) if found else None
