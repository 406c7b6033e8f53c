"""From what the user names to sources: files, folders, patterns and the members of archives."""

from __future__ import annotations

import glob
import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from analysis.config import InputError
from analysis.corpus.opening import MAX_BYTES, ZIP_MAGIC, Source, hash_file

MAX_MEMBERS = 10_000
# What stands beside papers in a folder and is none: sidecars, what we write ourselves, what systems leave.
_BESIDE = (".toml", ".ledger.json", ".set_aside.jsonl", ".part", ".crdownload", ".lock")
_SYSTEM = ("__MACOSX", "Thumbs.db", "desktop.ini")
# What a study makes in its own folder.
_MADE, _MADE_DATA = ("figures", "exports"), ("results", "derived", "model", "cache")
_XLSX_MARK = "[Content_Types].xml"


class Named(NamedTuple):
    """A file to read, and whether the user named it (or found it by a folder or pattern)."""

    path: Path
    is_named: bool


def list_files(targets: Iterable[str | Path]) -> list[Named]:
    """Every file that the targets mean, each once, folders and patterns in sorted order.

    Parameters
    ----------
    targets : iterable of str or Path
        Files, folders (read to the bottom, without hidden files and sidecars) and patterns such as ``data/*.csv``.

    Raises
    ------
    InputError
        If a file, folder or pattern finds nothing; all are named at once.
    """
    found: dict[Path, Named] = {}
    faults = []
    for target in targets:
        path = Path(target)
        if path.is_dir():
            inside = [Named(file, False) for file in _walk(path)]
            if not inside:
                faults.append(f"{path}: this folder holds no file that could hold papers.")
        elif _exists(path):
            inside = [Named(path, True)]
        else:
            inside = [
                file
                for match in sorted(glob.glob(str(target), recursive=True))  # noqa: PTH207 -- the pattern may be absolute
                for file in (
                    [Named(one, False) for one in _walk(Path(match))]
                    if Path(match).is_dir()
                    else [Named(Path(match), False)]
                )
            ]
            if not inside:
                faults.append(_describe_absence(path, str(target)))
        for file in inside:
            found.setdefault(file.path.resolve(), file)
    if faults:
        raise InputError("\n".join(faults))
    return list(found.values())


def open_sources(path: Path) -> list[Source]:
    """The sources in one file: the file itself, or each member of a zip archive.

    Raises
    ------
    InputError
        If it cannot be read, is empty, or is an archive that is damaged, encrypted or has more than `MAX_MEMBERS`
        members.

    Notes
    -----
    Members are read from the archive and never unpacked to disk, so their names lead nowhere.
    """
    try:
        n_bytes = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if n_bytes > MAX_BYTES:
        raise InputError(f"{path}: larger than {MAX_BYTES // 2**30} GiB. Split it into several sources.")
    sha256 = hash_file(path)
    if start == ZIP_MAGIC:
        members = _list_members(path)
        # A workbook is an archive, too.
        if not any(member.filename == _XLSX_MARK for member in members):
            return [_open_member(path, member, sha256) for member in members]
    return [Source(path.name, path, sha256, partial(_open_file, path), n_bytes)]


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def _list_members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(
            f"{path}: the zip archive is cut short or damaged ({error}). Fetch or copy it again."
        ) from None
    if len(members) > MAX_MEMBERS:
        raise InputError(f"{path}: {len(members)} files in one archive, at most {MAX_MEMBERS} are read. Split it.")
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{path}: the archive is encrypted. Unpack it yourself and give the files.")
    files = [member for member in members if not member.is_dir() and not _is_beside(PurePosixPath(member.filename))]
    if not files:
        raise InputError(f"{path}: this archive holds no file.")
    return files


def _open_member(path: Path, member: zipfile.ZipInfo, sha256: str) -> Source:
    # A name from an archive is text from a stranger: no folder of ours, no way up.
    parts = [part for part in PurePosixPath(member.filename.replace("\\", "/")).parts if part not in ("..", "/")]
    name = f"{path.name}/{'/'.join(parts)}"

    def open_packed() -> BinaryIO:
        try:
            archive = zipfile.ZipFile(path)
            return io.BufferedReader(archive.open(member))  # type: ignore[type-var]
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise InputError(f"{name}: cannot be unpacked ({error}).") from None

    # The bound on unpacking is of what lies in the archive; a member that packs itself again is guarded by it, too.
    return Source(name, path, sha256, open_packed, max(member.compress_size, 1))


def _walk(folder: Path) -> Iterator[Path]:
    """Every file that may hold papers, to the bottom; what a study has made in it holds none of its own."""
    is_study = (folder / "study.toml").exists()
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or (is_study and path.name in _MADE):
            continue
        if path.is_dir():
            made = is_study and path.name == "data"
            yield from (one for one in _walk(path) if not made or one.relative_to(path).parts[0] not in _MADE_DATA)
        elif path.is_file() and not _is_beside(PurePosixPath(path.name)):
            yield path


def _is_beside(name: PurePosixPath) -> bool:
    return (
        name.name.endswith(_BESIDE)
        or name.name.startswith(".")
        or any(part in _SYSTEM for part in name.parts)
        or name.stem.casefold() in ("readme", "license", "licence")
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _describe_absence(path: Path, target: str) -> str:
    if glob.has_magic(target):
        return f"{path}: no file matches this pattern. It is relative to {Path.cwd()}."
    return f"{path}: no such file. Check the name; a path is relative to {Path.cwd()}."
