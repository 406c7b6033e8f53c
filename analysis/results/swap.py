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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.config import InputError

WORKSHOP = ".themeline"
_JOURNAL = "journal.json"


@dataclass(frozen=True)
class Staging:
    """A folder beside the study that mirrors its layout while a run is writing."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where the new files are written, laid out as in the study."""
        return self.root / WORKSHOP / "new"


@contextmanager
def lock_study(root: Path) -> Iterator[Staging]:
    """Hold a study for writing and give an empty staging folder.

    Raises
    ------
    InputError
        If another run holds the study.
    """
    from filelock import FileLock, Timeout

    workshop = root / WORKSHOP
    workshop.mkdir(parents=True, exist_ok=True)
    (workshop / ".gitignore").write_text("*\n", encoding="utf-8")
    lock = FileLock(workshop / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{root}: another run is writing this study. Wait for it to end.") from None
    try:
        recover(root)
        staging = Staging(root)
        staging.folder.mkdir(parents=True)
        yield staging
    finally:
        if not (workshop / _JOURNAL).exists():
            shutil.rmtree(workshop / "new", ignore_errors=True)
        lock.release()


def publish(staging: Staging, *, replaces: Iterable[str] = ()) -> None:
    """Make the staged files the study's files.

    Parameters
    ----------
    staging : Staging
        What `lock_study` gave, filled.
    replaces : iterable of str
        Files of the old generation, by their path in the study; those that
        the new one does not hold are removed. Any other file stays untouched.
    """
    new = sorted(
        path.relative_to(staging.folder).as_posix() for path in staging.folder.rglob("*") if path.is_file()
    )
    for name in new:
        _sync(staging.folder / name)
    journal = {"move": new, "remove": sorted(set(replaces) - set(new))}
    beside = staging.root / WORKSHOP / "journal.tmp"
    beside.write_text(json.dumps(journal), encoding="utf-8")
    _sync(beside)
    os.replace(beside, staging.root / WORKSHOP / _JOURNAL)
    recover(staging.root)


def recover(root: Path) -> bool:
    """Finish a swap that was cut short, or clear away a run that never got to it.

    Returns
    -------
    bool
        True if a swap was finished.
    """
    workshop = root / WORKSHOP
    if not workshop.is_dir():
        return False
    journal = workshop / _JOURNAL
    if not journal.exists():
        shutil.rmtree(workshop / "new", ignore_errors=True)
        return False
    work = json.loads(journal.read_text(encoding="utf-8"))
    for name in work["move"]:
        staged, final = workshop / "new" / name, root / name
        # A staged file that is gone was moved before the interruption.
        if staged.exists():
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, final)
    for name in work["remove"]:
        (root / name).unlink(missing_ok=True)
    journal.unlink()
    shutil.rmtree(workshop / "new", ignore_errors=True)
    return True


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
