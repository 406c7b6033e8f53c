"""Replace a study's files all at once: a kill leaves the old generation or the new one.

A run writes every file beside the study, under ``.themeline/new``. Its last
act writes a journal of the renames to make and then makes them. A journal
found at the next start means that the renames were cut short, and they are
finished; new files without a journal were never meant to count, and go.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from analysis.config import InputError

WORKSHOP = ".themeline"
_JOURNAL = "journal.json"
# Part of every generation, and new in each: tells a reader whether a swap went by.
_MARK = "data/results/run.json"
_LONGEST_SWAP = 60.0

Found = TypeVar("Found")


@dataclass(frozen=True)
class Staging:
    """A folder beside the study that mirrors its layout while a run is writing."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where the new files are written, laid out as in the study."""
        return self.root / WORKSHOP / "new"


@contextmanager
def lock_study(root: Path, *, wait: float = 0) -> Iterator[Staging]:
    """Hold a study for writing and give an empty staging folder.

    Parameters
    ----------
    root : Path
    wait : float, default 0
        Seconds to wait for another run to end.

    Raises
    ------
    InputError
        If another run holds the study.
    """
    workshop = root / WORKSHOP
    workshop.mkdir(parents=True, exist_ok=True)
    (workshop / ".gitignore").write_text("*\n", encoding="utf-8")
    with _lock(root, wait=wait):
        recover(root)
        staging = Staging(root)
        try:
            staging.folder.mkdir(parents=True)
            yield staging
        finally:
            if not (workshop / _JOURNAL).exists():
                shutil.rmtree(workshop / "new", ignore_errors=True)


def publish(staging: Staging, *, replaces: Iterable[str] = ()) -> None:
    """Make the staged files the study's files.

    Parameters
    ----------
    staging : Staging
        What `lock_study` gave, filled.
    replaces : iterable of str
        Files of the old generation, by their path in the study; those that
        the new one does not hold are removed. Any other file stays untouched.

    Raises
    ------
    InputError
        If something stands where a file has to go; nothing is changed then.
    """
    new = sorted(path.relative_to(staging.folder).as_posix() for path in staging.folder.rglob("*") if path.is_file())
    _make_way(staging, new)
    for path in [staging.folder, *staging.folder.rglob("*")]:
        _sync(path)
    old = {name for name in replaces if _stays_inside(name)}
    journal = {"move": new, "remove": sorted(old - set(new))}
    workshop = staging.root / WORKSHOP
    beside = workshop / "journal.tmp"
    beside.write_text(json.dumps(journal), encoding="utf-8")
    _sync(beside)
    os.replace(beside, workshop / _JOURNAL)
    _sync(workshop)
    try:
        recover(staging.root)
    except KeyboardInterrupt:
        # The new files are whole and count from here on: a few renames more, then stop.
        recover(staging.root)
        raise


def recover(root: Path) -> bool:
    """Finish a swap that was cut short, or clear away a run that never got to it.

    Only for the holder of the lock: for anyone else, `read_settled`.

    Returns
    -------
    bool
        True if a swap was finished.

    Raises
    ------
    InputError
        If the journal is damaged.
    """
    workshop = root / WORKSHOP
    if not workshop.is_dir():
        return False
    journal = workshop / _JOURNAL
    if not journal.exists():
        shutil.rmtree(workshop / "new", ignore_errors=True)
        return False
    move, remove = _read_journal(journal)
    for name in move:
        staged, final = workshop / "new" / name, root / name
        # A staged file that is gone was moved before the interruption.
        if staged.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, final)
    for name in remove:
        (root / name).unlink(missing_ok=True)
    for folder in {(root / name).parent for name in [*move, *remove]}:
        if folder.is_dir():
            _sync(folder)
    journal.unlink()
    shutil.rmtree(workshop / "new", ignore_errors=True)
    return True


def read_settled(root: Path, read: Callable[[], Found]) -> Found:
    """What `read` finds in one generation of files, whatever a run does meanwhile.

    A swap that was cut short is finished first; one that goes on is waited
    for; after one that went by, `read` is called again.

    Parameters
    ----------
    root : Path
        Folder of the study.
    read : callable
        Reads files of the study and changes nothing.

    Raises
    ------
    InputError
        As `read` does, or if a swap does not end.
    """
    while True:
        if (root / WORKSHOP / _JOURNAL).exists():
            with _lock(root, wait=_LONGEST_SWAP):
                recover(root)
        before = _tell_generation(root)
        try:
            found = read()
        except InputError:
            if before.is_whole and _tell_generation(root) == before:
                raise
            continue
        if before.is_whole and _tell_generation(root) == before:
            return found


@contextmanager
def _lock(root: Path, *, wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(root / WORKSHOP / "lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise InputError(f"{root}: another run is writing this study. Wait for it to end.") from None
    try:
        yield
    finally:
        lock.release()


class _Generation(NamedTuple):
    is_whole: bool
    inode: int
    time: int


def _tell_generation(root: Path) -> _Generation:
    is_whole = not (root / WORKSHOP / _JOURNAL).exists()
    try:
        mark = (root / _MARK).stat()
    except OSError:
        return _Generation(is_whole, 0, 0)
    return _Generation(is_whole, mark.st_ino, mark.st_mtime_ns)


def _make_way(staging: Staging, new: list[str]) -> None:
    """Make the folders that the new files go to, and refuse while nothing is changed what would stop a swap halfway."""
    disk = staging.folder.stat().st_dev
    for name in new:
        final = staging.root / name
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise InputError(f"{final.parent}: a file stands where a folder is needed. Move it away.") from None
        if final.is_dir():
            raise InputError(f"{final}: a folder stands where a file is needed. Move it away.")
        if final.parent.stat().st_dev != disk:
            raise InputError(f"{final.parent}: lies on another disk than {staging.root}. Keep a study on one disk.")
        if not os.access(final.parent, os.W_OK):
            raise InputError(f"{final.parent}: no permission to write there. Choose another --out.")


def _read_journal(path: Path) -> tuple[list[str], list[str]]:
    try:
        work = json.loads(path.read_text(encoding="utf-8"))
        move, remove = list(work["move"]), list(work["remove"])
    except (ValueError, KeyError, TypeError, RecursionError):
        move, remove = [""], []
    if not all(map(_stays_inside, [*move, *remove])):
        raise InputError(f"{path}: damaged. Delete the folder {path.parent} and run the study again.")
    return move, remove


def _stays_inside(name: object) -> bool:
    """Whether a path leads to a place in the study: a study may come from someone else."""
    if not isinstance(name, str) or not name or "\x00" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[:1] not in ((), (WORKSHOP,))


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
