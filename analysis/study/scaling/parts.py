"""What a task makes, on disk: whole or absent, checksummed, and not made again while what went into it is the same.

A part is a few files of one name and ``.<name>.json`` beside them, written
last: the key of what went in, the SHA-256 of every file, and some facts.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from analysis.cache import hash_parts
from analysis.config import InputError

LAYOUT = 1
MARK = ".made.json"


class Part(NamedTuple):
    """A finished part.

    Attributes
    ----------
    facts : dict
        What its task told of it, as JSON gives it back.
    digest : str
        Of its files: what the key of the next step is made of.
    """

    facts: dict[str, Any]
    digest: str


def keep_part(
    folder: Path,
    name: str,
    key: str,
    make: Callable[[Path], dict[str, Any]],
    *,
    older: Path | None = None,
    is_lasting: bool = False,
) -> Part:
    """A part: found whole, or made now, beside, and moved into place.

    Parameters
    ----------
    folder : Path
    name : str
        Of the part. `make` gives its files names that begin with it.
    key : str
        `analysis.cache.hash_parts` of all that goes in.
    make : callable
        Writes the files into the empty folder that it is given and returns facts (JSON values).
    older : Path, optional
        Folder of an earlier result, from which a part of the same key is taken over.
    is_lasting : bool, default False
        Whether its files belong to the result and are to lie on disk before
        the part counts as finished. Of others the checksums show what a power
        failure has taken.

    Raises
    ------
    OSError
        If the disk is full or refuses; nothing of the part is left then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for place in (folder, older):
        found = None if place is None else read_part(place, name, key)
        if found is not None and place is not None:
            if place != folder:
                _take_over(place, folder, name)
            return found
    beside = folder / f".{name}.{secrets.token_hex(4)}.part"
    beside.mkdir()
    try:
        facts = make(beside)
        files = sorted(beside.iterdir())
        sums = {file.name: _hash_written(file, is_lasting=is_lasting) for file in files}
        record = json.dumps({"layout": LAYOUT, "key": key, "files": sums, "facts": facts}, ensure_ascii=False)
        listed = beside / name_record(name)
        listed.write_text(record, encoding="utf-8")
        _hash_written(listed, is_lasting=is_lasting)
        for file in (*files, listed):
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    # As another run would read them.
    return Part(json.loads(record)["facts"], hash_parts(sums))


def read_part(folder: Path, name: str, key: str | None = None) -> Part | None:
    """A part that is there, whole and of that key; None else."""
    try:
        record = json.loads((folder / name_record(name)).read_text(encoding="utf-8"))
        if record["layout"] != LAYOUT or key not in (None, record["key"]):
            return None
        for file, checksum in record["files"].items():
            with (folder / file).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != checksum:
                    return None
        return Part(record["facts"], hash_parts(record["files"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def lay_part(source: Path, folder: Path, name: str, endings: tuple[str, ...]) -> None:
    """Lay some files of a part into another folder, as a part of their own; nothing is written again."""
    folder.mkdir(parents=True, exist_ok=True)
    record = json.loads((source / name_record(name)).read_text(encoding="utf-8"))
    record["files"] = {file: sums for file, sums in record["files"].items() if file.endswith(endings)}
    for file in record["files"]:
        _link(source / file, folder / file)
    aside = folder / f"{name_record(name)}.part"
    aside.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    _hash_written(aside, is_lasting=True)
    os.replace(aside, folder / name_record(name))


@contextmanager
def hold_workshop(folder: Path) -> Iterator[Path]:
    """The place beside `folder` where its next content is made; one run at a time, kept when a run is killed.

    Raises
    ------
    InputError
        If another run holds it, or `folder` is a file or holds what is not ours.
    """
    from filelock import FileLock, Timeout

    folder = folder.absolute()
    _check_place(folder)
    workshop = folder.parent / f".{folder.name}.started"
    workshop.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workshop / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{folder}: another run is making this folder. Wait for it, or give another --out.") from None
    try:
        _finish_swap(folder)
        yield workshop
    finally:
        lock.release()


def publish_folder(workshop: Path, folder: Path, names: set[str], key: str) -> None:
    """Make the finished parts in ``workshop/out`` the content of `folder`, all at once, and remove the workshop.

    Parameters
    ----------
    workshop : Path
    folder : Path
    names : set of str
        Files that belong to the result; others, of an earlier run, are removed.
    key : str
        Of all that went in, for `is_made`.
    """
    folder, made = folder.absolute(), workshop / "out"
    for path in made.iterdir():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    mark = made / MARK
    mark.write_text(json.dumps({"layout": LAYOUT, "key": key}), encoding="utf-8")
    _hash_written(mark, is_lasting=True)
    if folder.exists():
        folder.rename(_name_old(folder))
    made.rename(folder)
    shutil.rmtree(_name_old(folder), ignore_errors=True)
    shutil.rmtree(workshop, ignore_errors=True)


def is_made(folder: Path, key: str) -> bool:
    """Whether a folder holds the whole result of `key`; its files are not looked at again."""
    try:
        return bool(json.loads((folder / MARK).read_text(encoding="utf-8"))["key"] == key)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def name_part(number: int) -> str:
    """Name of the part of that number, from 0 up."""
    return f"part-{number:05d}"


def name_record(name: str) -> str:
    """Name of the file that lists a part's checksums."""
    return f".{name}.json"


def _name_old(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.old"


def _check_place(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {folder}: this is a file. Give the name of a folder.")
    if folder.is_dir() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise InputError(f"--out {folder}: this folder holds other files. Give a new one; it is written as a whole.")


def _finish_swap(folder: Path) -> None:
    """What a kill between the two moves of a swap left: the old content comes back, or goes."""
    old = _name_old(folder)
    if old.exists():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)


def _take_over(older: Path, folder: Path, name: str) -> None:
    record = older / name_record(name)
    for file in (*json.loads(record.read_text(encoding="utf-8"))["files"], record.name):
        _link(older / file, folder / file)


def _link(source: Path, target: Path) -> None:
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.link(source, aside)
    except OSError:
        # Some disks know no links.
        shutil.copyfile(source, aside)
        _hash_written(aside, is_lasting=True)
    os.replace(aside, target)


def _hash_written(path: Path, *, is_lasting: bool) -> str:
    """SHA-256 of a file just written; one that is lasting now lies on disk, whatever happens to the machine."""
    with path.open("rb+") as stream:
        if is_lasting:
            os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()
