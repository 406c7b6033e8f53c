"""Hugging Face Daily Papers, day by day [1]_.

References
----------
.. [1] Hub API, https://huggingface.co/docs/hub/api#paper-pages-api
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing, read_json
from analysis.corpus.fetch.days import parse_days
from analysis.corpus.fetch.harvesting import Fetched, harvest
from analysis.corpus.fetch.keeping import Page, Position, Request
from analysis.corpus.fetch.sending import Client, Waiting

BASE = "https://huggingface.co/api/daily_papers"
TERMS = (
    "Titles and abstracts belong to their authors and come from arXiv; votes and comments from Hugging Face. "
    "Terms: https://huggingface.co/terms-of-service"
)
PAUSE = 1.0
PAGE = 100
# The interface may give fewer than it is asked for: only a list shorter than this is surely a whole day.
_SURELY_WHOLE = 30
FIRST_DAY = dt.date(2023, 5, 4)


def fetch_daily_papers(
    since: dt.date | str,
    until: dt.date | str,
    out: str | Path,
    *,
    contact: str,
    limit: int | None = None,
    base: str = BASE,
    say: Callable[[str], None] | None = None,
    waiting: Waiting | None = None,
) -> Fetched:
    """Fetch the Daily Papers of every day in a span, as JSON.

    Parameters
    ----------
    since, until : date or str
        First and last day on which papers were listed. The last one must be
        over (UTC), as a day's list grows until its end; the first list is of
        2023-05-04.
    out : str or Path
        A new folder, or the one of an earlier fetch of the same span.
    contact : str
        Your e-mail address or a page about you, sent in the User-Agent.
    limit : int, optional
        Ends with the page that brings so many papers.
    base : str
        Address of the interface.
    say : callable, optional
        Takes a line on each page.
    waiting : Waiting, optional
        Time limit and attempts.

    Raises
    ------
    InputError
        If a day lies outside of what there is, or Hugging Face refuses or
        cannot be reached.
    """
    waiting = waiting or Waiting()
    first, last = parse_days(since, until)
    today = waiting.now().date()
    if first is None or last is None or first < FIRST_DAY or last >= today:
        raise InputError(f"from {first} until {last}: give days from {FIRST_DAY} to {today - dt.timedelta(days=1)}.")
    client = Client(base, contact=contact, pause=PAUSE, waiting=waiting)
    return harvest(DailyPapers(first, last, base), out, client, now=waiting.now, limit=limit, say=say)


@dataclass(frozen=True)
class DailyPapers:
    """A span of days, each on one page or more."""

    since: dt.date
    until: dt.date
    base: str

    @property
    def request(self) -> Request:
        """The span."""
        return Request("Daily Papers", self.base, TERMS, {"from": str(self.since), "until": str(self.until)}, "json")

    @property
    def first(self) -> Position:
        """The first page of the first day."""
        return {"date": str(self.since), "p": 0}

    def ask(self, position: Position) -> Mapping[str, str]:
        """One page of a day."""
        return {"date": str(position["date"]), "limit": str(PAGE), "p": str(position["p"])}

    def read(self, body: bytes, position: Position) -> Page:
        """The papers of a page; a day is over with a short page or one that repeats what came before."""
        entries = read_json(body)
        if not isinstance(entries, list):
            raise Passing("JSON that is no list of papers")
        ids = []
        for entry in entries:
            paper = entry.get("paper") if isinstance(entry, dict) else None
            one = paper.get("id") if isinstance(paper, dict) else None
            if not isinstance(one, str) or not one:
                raise Passing("an entry without paper")
            ids.append(one)
        page = int(position["p"])
        if page and ids[:1] == [position["began_with"]]:
            # This server knows no pages and gives the whole day each time.
            ids = []
        day = dt.date.fromisoformat(str(position["date"]))
        after: Position | None = None
        if len(ids) >= _SURELY_WHOLE:
            after = {"date": str(day), "p": page + 1, "began_with": ids[0]}
        elif day < self.until:
            after = {"date": str(day + dt.timedelta(days=1)), "p": 0}
        return Page(tuple(ids), len(ids), after)
