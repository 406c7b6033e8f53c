"""Whether a run would only make again what is there: same sources, settings, code and libraries, no file touched."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.cache import hash_code, hash_parts
from analysis.corpus.gathering import list_files
from analysis.corpus.sidecar import find_sidecar
from analysis.results import Staging
from analysis.study.places import Place
from analysis.study.record import PACKAGES

# In the study's workshop: it tells of these files on this disk, and is no part of the results.
_MARK = ".themeline/made.json"


def hash_inputs(place: Place) -> str:
    """One key for everything that a run reads, and for the code that it runs.

    Raises
    ------
    InputError
        If a source is not there.
    """
    read: list[Any] = []
    for file in list_files(place.sources):
        read.append([file.path.name, file.is_named, _hash(file.path)])
        sidecar = find_sidecar(file.path)
        read += [[sidecar.name, _hash(sidecar)]] if sidecar else []
    if place.field_totals is not None and place.field_totals.is_file():
        read.append(_hash(place.field_totals))
    settings = place.config.model_dump(mode="json")
    # Where the files lie plays no part; what they hold does.
    del settings["corpus"]["sources"]
    # Without a day of capture a date after today is none.
    today = "" if place.config.corpus.captured else dt.date.today().isoformat()
    return hash_parts(read, settings, today, hash_code("."), _find_versions())


def list_staged(staging: Staging) -> dict[str, str]:
    """SHA-256 of every file that a run is about to publish, by its path in the study."""
    folder = staging.folder
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    # The settings count as they are read, and not as they are written.
    return {path.relative_to(folder).as_posix(): _hash(path) for path in files if path.suffix != ".toml"}


def remember(place: Place, inputs: str, files: dict[str, str]) -> None:
    """Note what the files of a study were made from; for the holder of the lock."""
    mark = place.root / _MARK
    beside = mark.with_suffix(".tmp")
    beside.write_text(json.dumps({"inputs": inputs, "files": files}, indent=1), encoding="utf-8")
    os.replace(beside, mark)


def is_unchanged(place: Place, inputs: str) -> bool:
    """Whether the study was made from these inputs, and each of its files is still as it was written."""
    if place.toml is not None:
        return False
    try:
        mark = json.loads((place.root / _MARK).read_text(encoding="utf-8"))
        return bool(mark["inputs"] == inputs) and _are_whole(place.root, mark["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _are_whole(root: Path, files: Iterable[tuple[str, str]]) -> bool:
    return all(_hash(root / name) == sha256 for name, sha256 in files)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_versions() -> list[str]:
    return [importlib.metadata.version(name) for name in PACKAGES]
