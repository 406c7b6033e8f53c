"""arXiv by a query: its search interface, which answers with Atom feeds [1]_.

References
----------
.. [1] arXiv API User's Manual, https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing, walk_xml
from analysis.corpus.fetch.days import Days, parse_days
from analysis.corpus.fetch.harvesting import Fetched, harvest
from analysis.corpus.fetch.keeping import Page, Position, Request
from analysis.corpus.fetch.sending import Client, Waiting

BASE = "https://export.arxiv.org/api/query"
TERMS = (
    "arXiv metadata is in the public domain (CC0 1.0). Thank you to arXiv for use of its open access "
    "interoperability. Terms of use: https://info.arxiv.org/help/api/tou.html"
)
# "No more than one request every three seconds", over one connection.
PAUSE = 3.0
PAGE = 500
# What arXiv gives of one query, however it is cut into pages.
MOST = 30_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ENTRY_ID = re.compile(r"/abs/(.+?)(?:v\d+)?$")

Order = Literal["oldest", "newest"]


def fetch_arxiv(
    query: str,
    out: str | Path,
    *,
    contact: str,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    order: Order = "oldest",
    limit: int | None = None,
    base: str = BASE,
    say: Callable[[str], None] | None = None,
    waiting: Waiting | None = None,
) -> Fetched:
    """Fetch the papers on arXiv that a query finds, as Atom feeds.

    Parameters
    ----------
    query : str
        In arXiv's words, such as ``cat:cs.RO AND abs:"world model"`` [1]_.
    out : str or Path
        A new folder, or the one of an earlier fetch of the same query.
    contact : str
        Your e-mail address or a page about you, sent in the User-Agent.
    since, until : date or str, optional
        First and last day on which the first version was submitted (GMT).
    order : {"oldest", "newest"}, default "oldest"
        By submission. From the oldest on, papers that arrive meanwhile shift
        no page; from the newest on, they do, and those of the border come twice.
    limit : int, optional
        Papers at most.
    base : str
        Address of the interface.
    say : callable, optional
        Takes a line on each page.
    waiting : Waiting, optional
        Time limit and attempts.

    Raises
    ------
    InputError
        If arXiv refuses the query, finds more than the 30,000 that it gives
        of one query, or cannot be reached.

    References
    ----------
    .. [1] https://info.arxiv.org/help/api/user-manual.html#query_details
    """
    if not query.strip():
        raise InputError("query: nothing given. Give arXiv's words for what you want, such as cat:cs.RO.")
    if order not in ("oldest", "newest"):
        raise InputError(f"order {order!r}: give oldest or newest.")
    question = ArxivQuery(query.strip(), parse_days(since, until), order, base, limit)
    waiting = waiting or Waiting()
    client = Client(base, contact=contact, pause=PAUSE, waiting=waiting)
    return harvest(question, out, client, now=waiting.now, limit=limit, say=say)


@dataclass(frozen=True)
class ArxivQuery:
    """A query, page by page by the number of its first entry."""

    query: str
    days: Days
    order: Order
    base: str
    limit: int | None = None

    @property
    def request(self) -> Request:
        """The query with its days."""
        query = {"search_query": self._search_query, "order": self.order}
        return Request("arXiv API", self.base, TERMS, query, "xml")

    @property
    def first(self) -> Position:
        """The first entry."""
        return {"start": 0}

    @property
    def _search_query(self) -> str:
        since, until = self.days
        if since is None and until is None:
            return self.query
        # arXiv began in 1991; a range needs both its ends.
        first = f"{since:%Y%m%d}" if since else "19910101"
        last = f"{until:%Y%m%d}" if until else "20991231"
        return f"({self.query}) AND submittedDate:[{first}0000 TO {last}2359]"

    def ask(self, position: Position) -> Mapping[str, str]:
        """From the entry at the position on, as many as a page holds or the limit leaves."""
        start = int(position["start"])
        return {
            "search_query": self._search_query,
            "start": str(start),
            "max_results": str(PAGE if self.limit is None else min(PAGE, max(1, self.limit - start))),
            "sortBy": "submittedDate",
            "sortOrder": "ascending" if self.order == "oldest" else "descending",
        }

    def read(self, body: bytes, position: Position) -> Page:
        """The entries of a feed, whose numbers must be those asked for."""
        ids, numbers = [], {}
        for element in walk_xml(body, f"{_ATOM}feed", f"{_ATOM}entry"):
            if element.tag in (f"{_SEARCH}totalResults", f"{_SEARCH}startIndex"):
                numbers[element.tag.removeprefix(_SEARCH)] = _read_number(element.text)
            elif element.tag == f"{_ATOM}entry":
                ids.append(_read_entry(element.findtext(f"{_ATOM}id", ""), element.findtext(f"{_ATOM}summary", "")))
        total, start = numbers.get("totalResults"), int(position["start"])
        if total is None:
            raise Passing("a feed that does not say how many papers there are")
        if numbers.get("startIndex", start) != start:
            raise Passing(f"entries from {numbers['startIndex']} on instead of {start}")
        if total > MOST and (self.limit is None or self.limit > MOST):
            raise InputError(
                f"arXiv finds {total:,} papers and gives {MOST:,} of one query at most. Ask for fewer (--from and "
                "--until), set a --limit, or harvest a whole category (--set)."
            )
        if not ids and start < total:
            raise Passing(f"no entries from {start} on, though it names {total:,}; arXiv does that for a while")
        end = start + len(ids)
        return Page(tuple(ids), len(ids), {"start": end} if end < total and ids else None, total)


def _read_number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _read_entry(entry_id: str, summary: str) -> str:
    """The arXiv id of an entry, without version; an error that comes as an entry is raised."""
    if "/api/errors" in entry_id:
        said = " ".join(summary.split())[:200]
        raise InputError(f"arXiv refuses the query: {said!r}. Mend it.")
    match = _ENTRY_ID.search(entry_id.strip())
    if not match:
        raise Passing("an entry without arXiv id")
    return match[1]
