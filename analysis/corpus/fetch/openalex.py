"""OpenAlex: its works, by cursor [1]_.

References
----------
.. [1] Page through results, https://developers.openalex.org/guides/page-through-results
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing, read_json
from analysis.corpus.fetch.days import Days, parse_days
from analysis.corpus.fetch.harvesting import Fetched, harvest
from analysis.corpus.fetch.keeping import Page, Position, Request
from analysis.corpus.fetch.sending import Client, Waiting, check_contact

BASE = "https://api.openalex.org/works"
TERMS = "OpenAlex data is in the public domain (CC0 1.0). https://developers.openalex.org"
PAUSE = 0.1
# Older descriptions of the interface allow 200, the present one 100.
PAGE = 100
# The fields of a work that the reader of OpenAlex uses; the rest is most of the bytes.
FIELDS = (
    "id", "doi", "ids", "title", "display_name", "abstract_inverted_index", "publication_date", "publication_year",
    "authorships", "primary_location", "locations", "type", "language", "keywords", "primary_topic",
    "is_retracted", "is_paratext", "cited_by_count",
)  # fmt: skip


def fetch_openalex(
    search: str,
    out: str | Path,
    *,
    contact: str,
    filters: str = "",
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    limit: int | None = None,
    key_from: str = "",
    base: str = BASE,
    say: Callable[[str], None] | None = None,
    waiting: Waiting | None = None,
) -> Fetched:
    """Fetch works from OpenAlex, as JSON.

    Parameters
    ----------
    search : str
        Words to be found in title, abstract or full text; empty where filters do.
    out : str or Path
        A new folder, or the one of an earlier fetch of the same search.
    contact : str
        Your e-mail address or a page about you, sent in the User-Agent, an
        address also as ``mailto``.
    filters : str, optional
        In OpenAlex's words, such as ``primary_topic.id:T10028,type:article`` [1]_.
    since, until : date or str, optional
        First and last day of publication.
    limit : int, optional
        Ends with the page (100 works) that brings so many papers.
    key_from : str, optional
        Environment variable that holds your key. OpenAlex answers some
        questions a day without one and gives a free one for more.
    base : str
        Address of the interface.
    say : callable, optional
        Takes a line on each page.
    waiting : Waiting, optional
        Time limit and attempts.

    Raises
    ------
    InputError
        If nothing is asked for, the key is not there, or OpenAlex refuses or
        cannot be reached.

    References
    ----------
    .. [1] https://developers.openalex.org/guides/filtering
    """
    question = OpenAlexWorks(search.strip(), filters.strip().strip(","), parse_days(since, until), base, contact)
    if not question.request.query.keys() & {"search", "filter"}:
        raise InputError(
            "search: nothing given. Give words, filters or days; all of OpenAlex is a download of its own."
        )
    waiting = waiting or Waiting()
    client = Client(base, contact=contact, pause=PAUSE, waiting=waiting, secret=_find_key(key_from))
    return harvest(question, out, client, now=waiting.now, limit=limit, say=say)


@dataclass(frozen=True)
class OpenAlexWorks:
    """A search, page by page by the cursor that each page gives for the next."""

    search: str
    filters: str
    days: Days
    base: str
    contact: str

    @property
    def request(self) -> Request:
        """Search and filters."""
        since, until = self.days
        filters = [self.filters] if self.filters else []
        filters += [f"from_publication_date:{since}"] if since else []
        filters += [f"to_publication_date:{until}"] if until else []
        query = {"search": self.search, "filter": ",".join(filters), "select": ",".join(FIELDS)}
        return Request("OpenAlex", self.base, TERMS, {name: value for name, value in query.items() if value}, "json")

    @property
    def first(self) -> Position:
        """The cursor that OpenAlex begins with."""
        return {"cursor": "*", "seen": 0}

    def ask(self, position: Position) -> Mapping[str, str]:
        """The page behind a cursor; its size stays the same from page to page."""
        asked = {**self.request.query, "per_page": str(PAGE), "cursor": str(position["cursor"])}
        mail = check_contact(self.contact)
        return asked | ({"mailto": mail.removeprefix("mailto:")} if mail.startswith("mailto:") else {})

    def read(self, body: bytes, position: Position) -> Page:
        """The works of a page; the last is the one without a cursor."""
        found = read_json(body)
        meta = found.get("meta") if isinstance(found, dict) else None
        works = found.get("results") if isinstance(found, dict) else None
        if not isinstance(meta, dict) or not isinstance(works, list):
            raise Passing("JSON that is no list of works")
        ids = [work.get("id") if isinstance(work, dict) else None for work in works]
        if not all(isinstance(one, str) and one for one in ids):
            raise Passing("a work without id")
        count, cursor = meta.get("count"), meta.get("next_cursor")
        total = count if isinstance(count, int) and count >= 0 else None
        seen = int(position["seen"]) + len(works)
        if not works:
            if cursor and total is not None and seen < total:
                raise Passing(f"an empty page after {seen:,} of {total:,} works")
            return Page((), 0, None, total)
        after: Position | None = {"cursor": str(cursor), "seen": seen} if cursor else None
        return Page(tuple(map(str, ids)), len(works), after, total)


def _find_key(key_from: str) -> dict[str, str]:
    if not key_from:
        return {}
    key = os.environ.get(key_from, "").strip()
    if not key:
        raise InputError(f"key: the environment variable {key_from} is not set. Set it, or do without a key.")
    if not (key.isascii() and key.isprintable()):
        raise InputError(f"key: the environment variable {key_from} holds characters that no key has.")
    return {"api_key": key}
