"""Page after page, until the source has no more or enough has come; every source is fetched by this one loop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analysis.config import InputError
from analysis.corpus.fetch.answers import Passing
from analysis.corpus.fetch.keeping import Folder, Page, Position, Request, open_folder
from analysis.corpus.fetch.sending import Client

# So many pages in a row without one new paper: the source goes round in circles.
_MOST_IDLE = 20


class Question(Protocol):
    """One source and what is wanted of it."""

    @property
    def request(self) -> Request:
        """What makes two fetches the same."""

    @property
    def first(self) -> Position:
        """Where the first page is found."""

    def ask(self, position: Position) -> Mapping[str, str]:
        """The parameters that fetch the page there."""

    def read(self, body: bytes, position: Position) -> Page:
        """What the page holds; raises `Passing` where it is not what was asked for."""


@dataclass(frozen=True)
class Fetched:
    """What a fetch has brought.

    Attributes
    ----------
    folder : Path
        Holds the pages; a source for `read_corpus`.
    source : str
        Name of the source.
    n_papers, n_records, n_pages : int
        In the folder. A record that names no paper (a deletion) or one that
        came before makes the difference between records and papers.
    n_requests : int
        Made by this fetch.
    total : int or None
        Papers that the source says there are.
    is_complete : bool
        False where the limit ended it.
    last_day : date or None
        On which the last page came.
    """

    folder: Path
    source: str
    n_papers: int
    n_records: int
    n_pages: int
    n_requests: int
    total: int | None
    is_complete: bool
    last_day: dt.date | None

    def describe(self) -> str:
        """One or two sentences for a terminal."""
        papers = "1 paper" if self.n_papers == 1 else f"{self.n_papers:,} papers"
        of_total = f" of {self.total:,} that the source names" if self.total not in (None, self.n_papers) else ""
        end = "complete" if self.is_complete else "ended by the limit; the same command with a higher one goes on"
        if not self.n_papers:
            return f"{self.source}: nothing matches. Check the query and the days."
        if not self.n_requests:
            since = f" since {self.last_day}" if self.last_day and self.is_complete else ""
            return f"{self.folder}: {papers} from {self.source}, {end}{since}; nothing was asked."
        pages = "1 page" if self.n_pages == 1 else f"{self.n_pages:,} pages"
        return f"{self.folder}: {papers}{of_total} from {self.source} on {pages}, {end}."


def harvest(
    question: Question,
    out: str | Path,
    client: Client,
    *,
    now: Callable[[], dt.datetime],
    limit: int | None = None,
    say: Callable[[str], None] | None = None,
) -> Fetched:
    """Fill a folder, or go on where an earlier fetch of the same request was ended.

    Parameters
    ----------
    question : Question
        What is wanted.
    out : str or Path
        A new folder, or the one of an earlier fetch.
    client : Client
        Asks; closed at the end.
    now : callable
        Time of day in UTC.
    limit : int, optional
        Ends with the page that brings so many papers.
    say : callable, optional
        Takes a line on each page.

    Raises
    ------
    InputError
        If the folder serves something else, or the source gives no answer;
        what has come by then stays, and the same call goes on.
    """
    if limit is not None and limit < 1:
        raise InputError(f"limit = {limit}: give a number of papers from 1 up, or none.")
    try:
        with open_folder(Path(out), question.request, question.first) as folder:
            try:
                _fill(folder, question, client, now=now, limit=limit, say=say)
            except InputError as error:
                raise InputError(f"{error} {_describe_rest(folder)}") from None
            return Fetched(
                folder=folder.path,
                source=question.request.source,
                n_papers=len(folder.known),
                n_records=folder.n_records,
                n_pages=folder.n_pages,
                n_requests=client.n_requests,
                total=folder.total,
                is_complete=folder.is_complete,
                last_day=folder.last_day,
            )
    finally:
        client.close()


def _fill(
    folder: Folder,
    question: Question,
    client: Client,
    *,
    now: Callable[[], dt.datetime],
    limit: int | None,
    say: Callable[[str], None] | None,
) -> None:
    n_idle = 0
    while (position := folder.after) is not None and (limit is None or len(folder.known) < limit):

        def read(body: bytes, position: Position = position) -> Page:
            page = question.read(body, position)
            if page.after == position:
                raise Passing("a page that leads to itself")
            return page

        body, page = client.get(question.ask(position), read)
        n_before = len(folder.known)
        folder.add(body, page, now().date())
        n_idle = n_idle + 1 if page.n_records and len(folder.known) == n_before else 0
        if n_idle == _MOST_IDLE:
            raise InputError(
                f"{question.request.source}: {n_idle} pages in a row brought no new paper. It is not asked further."
            )
        if say:
            of_total = "" if folder.total is None else f" of {folder.total:,}"
            say(f"{question.request.source}: {len(folder.known):,}{of_total} papers, page {folder.n_pages:,}")


def _describe_rest(folder: Folder) -> str:
    n_papers = len(folder.known)
    if not n_papers:
        return f"No paper has come yet ({folder.path})."
    return f"The {n_papers:,} papers so far are in {folder.path}; the same command goes on from there."
