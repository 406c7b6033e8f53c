"""arXiv as a whole: the OAI-PMH harvest of a set [1]_ [2]_.

References
----------
.. [1] The Open Archives Initiative Protocol for Metadata Harvesting 2.0,
   https://www.openarchives.org/OAI/openarchivesprotocol.html
.. [2] Open Archives Initiative at arXiv, https://info.arxiv.org/help/oa/index.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing, walk_xml
from analysis.corpus.fetch.arxiv import PAUSE, TERMS
from analysis.corpus.fetch.days import Days, parse_days
from analysis.corpus.fetch.harvesting import Fetched, harvest
from analysis.corpus.fetch.keeping import Page, Position, Request
from analysis.corpus.fetch.sending import Client, Waiting

BASE = "https://oaipmh.arxiv.org/oai"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
# Whether each page begins where the one before it ended: 0 no, 1 yes.
_UNKNOWN = 2

# Of the forms that arXiv offers, these keep the day of the first version and the abstract as it is.
Prefix = Literal["arXivRaw", "arXiv"]


def fetch_arxiv_set(
    name: str,
    out: str | Path,
    *,
    contact: str,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    prefix: Prefix = "arXivRaw",
    limit: int | None = None,
    base: str = BASE,
    say: Callable[[str], None] | None = None,
    waiting: Waiting | None = None,
) -> Fetched:
    """Fetch a whole set of arXiv, as OAI-PMH records.

    Parameters
    ----------
    name : str
        A set, such as ``cs`` or ``cs:cs:RO``; empty for all of arXiv.
    out : str or Path
        A new folder, or the one of an earlier fetch of the same set.
    contact : str
        Your e-mail address or a page about you, sent in the User-Agent.
    since, until : date or str, optional
        First and last day on which the record was **changed**, which is not
        the day of the paper: a paper of 2019 whose journal was added in 2025
        is a record of 2025.
    prefix : {"arXivRaw", "arXiv"}, default "arXivRaw"
        Form of the records; ``arXivRaw`` holds the day of every version.
    limit : int, optional
        Ends with the page (some thousand records) that brings so many papers.
    base : str
        Address of the interface.
    say : callable, optional
        Takes a line on each page.
    waiting : Waiting, optional
        Time limit and attempts.

    Raises
    ------
    InputError
        If arXiv refuses the request or cannot be reached, or if its token
        expired and its list is not in the order of its days.

    Notes
    -----
    The place in the list is a token that expires. The harvest is then taken
    up from the last day of the last page, whose records come a second time.
    """
    if prefix not in ("arXivRaw", "arXiv"):
        raise InputError(f"prefix {prefix!r}: give arXivRaw or arXiv.")
    waiting = waiting or Waiting()
    client = Client(base, contact=contact, pause=PAUSE, waiting=waiting)
    question = ArxivSet(name.strip(), parse_days(since, until), prefix, base)
    return harvest(question, out, client, now=waiting.now, limit=limit, say=say)


@dataclass(frozen=True)
class ArxivSet:
    """A set, page by page by the token that each page gives for the next."""

    name: str
    days: Days
    prefix: Prefix
    base: str

    @property
    def request(self) -> Request:
        """The arguments of the first request."""
        arguments = {"metadataPrefix": self.prefix, "set": self.name}
        since, until = self.days
        arguments |= {"from": str(since or ""), "until": str(until or "")}
        return Request(
            "arXiv OAI-PMH", self.base, TERMS, {name: value for name, value in arguments.items() if value}, "xml"
        )

    @property
    def first(self) -> Position:
        """The first page; ``from`` is where a list begins."""
        return {"from": str(self.days.since or "")}

    def ask(self, position: Position) -> Mapping[str, str]:
        """The page behind a token, or the first of a list."""
        if "token" in position:
            return {"verb": "ListRecords", "resumptionToken": str(position["token"])}
        arguments = {**self.request.query, "from": str(position["from"])}
        return {"verb": "ListRecords"} | {name: value for name, value in arguments.items() if value}

    def read(self, body: bytes, position: Position) -> Page:
        """The records of a page; an expired token gives a page without any, and a place to take up from."""
        found = _OaiPage()
        for element in walk_xml(body, f"{_OAI}OAI-PMH", f"{_OAI}record"):
            if element.tag == f"{_OAI}error":
                return self._judge_error(element.get("code", ""), element.text or "", position)
            if element.tag == f"{_OAI}record":
                header = element.find(f"{_OAI}header")
                if header is None:
                    raise Passing("a record without header")
                found.n_records += 1
                found.days.append(header.findtext(f"{_OAI}datestamp", "")[:10])
                if header.get("status") != "deleted":
                    found.ids.append(header.findtext(f"{_OAI}identifier", "").strip())
            elif element.tag == f"{_OAI}resumptionToken":
                found.token = (element.text or "").strip()
                found.total = _read_size(element.get("completeListSize"), position)
        if not found.n_records:
            raise Passing("a page without records")
        return Page(tuple(found.ids), found.n_records, _find_next(found, position), found.total)

    def _judge_error(self, code: str, text: str, position: Position) -> Page:
        said = " ".join(text.split())[:200]
        if code == "noRecordsMatch" and "token" not in position:
            return Page((), 0, None, None)
        if code == "badResumptionToken" and "token" in position:
            if position["is_ordered"] == 0:
                raise InputError(
                    "the token of arXiv expired, and its list is not in the order of its days, so that it cannot be "
                    "taken up. Delete the folder and fetch it in parts (--from and --until)."
                )
            # Of a single page nobody can tell whether days order the list: it is begun again.
            day = str(position["last"] if position["is_ordered"] == 1 else position["begun"])
            if position.get("again") == day:
                raise InputError("the token of arXiv expired again before a day was over. Try again later.")
            return Page((), 0, {"from": day, "again": day, "is_ordered": position["is_ordered"]}, None)
        raise InputError(f"arXiv refuses the request: {code}, {said!r}. Mend it.")


class _OaiPage:
    def __init__(self) -> None:
        self.ids: list[str] = []
        self.days: list[str] = []
        self.n_records = 0
        self.token = ""
        self.total: int | None = None


def _find_next(found: _OaiPage, position: Position) -> Position | None:
    """The token, and with it from where the list can be taken up when it has expired."""
    if not found.token:
        return None
    after: dict[str, str | int] = {
        "token": found.token,
        "begun": str(position.get("begun", position.get("from", ""))),
        "last": max(found.days),
        "is_ordered": int(position.get("is_ordered", _UNKNOWN)),
    }
    if "last" in position and after["is_ordered"] != 0:
        after["is_ordered"] = int(min(found.days) >= str(position["last"]))
    return after | ({"again": position["again"]} if "again" in position else {})


def _read_size(text: str | None, position: Position) -> int | None:
    # Of a list that was taken up, it is the rest only.
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 11 or "again" in position:
        return None
    return int(text)
