"""The folder that a fetch fills: pages as they came, an account of them for people, a journal to go on from.

A page is written aside and renamed, then the journal gets its line. A kill
between the two costs that page, which is asked for again and replaced.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.config import InputError
from analysis.corpus.fetch.account import format_account

Position = Mapping[str, str | int]
ACCOUNT = "fetch.toml"
# Hidden: what reads the folder as a source passes over it.
WORKSHOP = ".fetch"
MOST_PAGES = 99_999
_JOURNAL = "journal.jsonl"
_VERSION = 1


class Request(NamedTuple):
    """What is asked for; the same request goes on in the same folder, another one is refused there.

    Attributes
    ----------
    source, origin, terms : str
        Name of the source, its base address, and under which terms it gives its records.
    query : mapping
        What was asked, in the words of the source; without key and contact.
    suffix : {"xml", "json"}
        Of the pages.
    """

    source: str
    origin: str
    terms: str
    query: Mapping[str, str]
    suffix: str


class Page(NamedTuple):
    """What a page holds.

    Attributes
    ----------
    ids : tuple of str
        Of its papers, in order.
    n_records : int
        Records on it, those without a paper among them; a page without any is not kept.
    after : mapping or None
        Where the next page is found; None at the end.
    total : int or None
        Papers that the source says there are.
    """

    ids: tuple[str, ...]
    n_records: int
    after: Position | None
    total: int | None = None


class Folder:
    """The pages so far.

    Attributes
    ----------
    path : Path
        The folder.
    request : Request
        What it is filled for.
    known : set of str
        Ids of the papers so far.
    after : mapping or None
        Where the next page is found; None when it is complete.
    n_pages, n_records : int
        Kept so far.
    total : int or None
        Papers that the source says there are.
    first_day, last_day : date or None
        On which the first and the last page came.
    """

    def __init__(self, path: Path, request: Request, first: Position) -> None:
        self.path, self.request = path, request
        self.known: set[str] = set()
        self.after: Position | None = first
        self.n_pages = self.n_records = 0
        self.total: int | None = None
        self.first_day: dt.date | None = None
        self.last_day: dt.date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the source has nothing more to give."""
        return self.after is None

    def add(self, body: bytes, page: Page, day: dt.date) -> None:
        """Keep a page for good, as it came."""
        entry = {
            "name": None,
            "sha256": None,
            "day": day.isoformat(),
            "ids": list(page.ids),
            "n_records": page.n_records,
            "total": page.total,
            "after": None if page.after is None else dict(page.after),
        }
        if page.n_records:
            if self.n_pages == MOST_PAGES:
                raise InputError(f"{self.path}: {MOST_PAGES} pages in one folder are enough. Ask for less at a time.")
            # Without the time of packing: the same answer gives the same bytes.
            packed = gzip.compress(body, mtime=0)
            name = f"page-{self.n_pages + 1:05d}.{self.request.suffix}.gz"
            self._place(name, packed)
            entry |= {"name": name, "sha256": hashlib.sha256(packed).hexdigest()}
        with (self.path / WORKSHOP / _JOURNAL).open("ab") as journal:
            journal.write(_to_line(entry))
            journal.flush()
            os.fsync(journal.fileno())
        self._take(entry)
        self.write_account()

    def write_account(self) -> None:
        """Write ``fetch.toml``: what was asked for, from whom, under which terms, when and how much came."""
        stated: dict[str, object] = {
            "source": self.request.source,
            "origin": self.request.origin,
            "terms": self.request.terms,
            "complete": self.is_complete,
            "papers": len(self.known),
            "records": self.n_records,
            "pages": self.n_pages,
        }
        if self.total is not None:
            stated["stated_by_source"] = self.total
        if self.first_day and self.last_day:
            stated |= {"started": self.first_day, "captured": self.last_day}
        self._place(ACCOUNT, format_account(stated, self.request.query).encode("utf-8"))

    def start_journal(self) -> None:
        """Write the first line of the journal: what this folder is for."""
        self._place(f"{WORKSHOP}/{_JOURNAL}", _to_line(_describe(self.request)))

    def resume(self) -> None:
        """Take up what the journal says; a last line that a kill cut short does not count.

        Raises
        ------
        InputError
            If the folder was made for another request, or its pages are not
            those that came.
        """
        path = self.path / WORKSHOP / _JOURNAL
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        try:
            head, *entries = [json.loads(line) for line in whole.splitlines()]
            changes = self._compare(head)
            hashes = {}
            for entry in entries:
                self._take(entry)
                if entry["name"] is not None:
                    hashes[_check_name(entry["name"])] = entry["sha256"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise InputError(f"{path}: damaged. Delete the folder {self.path} and fetch again.") from None
        if changes:
            raise InputError(
                f"{self.path}: this folder holds the answer to another question ({'; '.join(changes)}). "
                "Give another folder."
            )
        for name, sha256 in hashes.items():
            self._check_page(name, sha256)
        if len(whole) < len(content):
            with path.open("rb+") as journal:
                journal.truncate(len(whole))
        # Renamed by a run that was killed before the journal had it.
        for suffix in ("xml", "json"):
            (self.path / f"page-{self.n_pages + 1:05d}.{suffix}.gz").unlink(missing_ok=True)

    def _take(self, entry: Mapping[str, Any]) -> None:
        self.known.update(entry["ids"])
        self.n_records += entry["n_records"]
        self.n_pages += entry["name"] is not None
        self.after = entry["after"]
        self.total = self.total if entry["total"] is None else entry["total"]
        self.last_day = dt.date.fromisoformat(entry["day"])
        self.first_day = self.first_day or self.last_day

    def _check_page(self, name: str, sha256: str) -> None:
        try:
            found = hashlib.sha256((self.path / name).read_bytes()).hexdigest()
        except OSError:
            found = "missing"
        if found != sha256:
            what = "is missing" if found == "missing" else "is not as it came"
            raise InputError(f"{self.path / name}: this page {what}. Delete the folder {self.path} and fetch again.")

    def _compare(self, head: Mapping[str, Any]) -> list[str]:
        """In what this folder's request differs from the one that is made now."""
        asked = _describe(self.request)
        then, now = (
            {**{name: one[name] for name in ("version", "source", "origin")}, **one["query"]} for one in (head, asked)
        )
        return [
            f"{name} = {then.get(name, 'nothing')!r} then, {now.get(name, 'nothing')!r} now"
            for name in sorted({*then, *now})
            if then.get(name) != now.get(name)
        ]

    def _place(self, name: str, content: bytes) -> None:
        aside = self.path / WORKSHOP / "aside"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self.path / name)
        if os.name != "nt":
            # So that the journal never names a page that a power cut took back.
            handle = os.open((self.path / name).parent, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


@contextlib.contextmanager
def open_folder(path: Path, request: Request, first: Position) -> Iterator[Folder]:
    """Hold a folder for one fetch: a new one, or one that the same request began.

    Raises
    ------
    InputError
        If another fetch holds it, it holds something else, or it cannot be made.
    """
    from filelock import FileLock, Timeout

    if path.exists() and not path.is_dir():
        raise InputError(f"{path}: this is a file. Give the name of a folder.")
    journal = path / WORKSHOP / _JOURNAL
    if path.is_dir() and not journal.exists() and any(inside.name != WORKSHOP for inside in path.iterdir()):
        raise InputError(f"{path}: this folder holds files that no fetch has put there. Give a new folder.")
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path}: this folder cannot be made ({error.strerror}).") from None
    lock = FileLock(path / WORKSHOP / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{path}: another fetch is filling this folder. Wait for it to end.") from None
    try:
        folder = Folder(path, request, first)
        if journal.exists():
            folder.resume()
        else:
            folder.start_journal()
        folder.write_account()
        yield folder
    finally:
        lock.release()


def _check_name(name: str) -> str:
    if not re.fullmatch(r"page-\d{5}\.(xml|json)\.gz", name):
        raise ValueError(name)
    return name


def _describe(request: Request) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "source": request.source,
        "origin": request.origin,
        "query": dict(request.query),
    }


def _to_line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"
