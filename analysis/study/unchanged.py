"""Whether a run would only make again what is there: same sources, settings, code and libraries, no file touched."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from analysis.cache import hash_code, hash_parts
from analysis.corpus.gathering import list_files
from analysis.corpus.sidecar import find_sidecar
from analysis.curation.corrections import Correction
from analysis.curation.journal import JOURNAL
from analysis.results import Staging
from analysis.study.places import Place, find_corrections
from analysis.study.record import PACKAGES
from analysis.study.templates import locate_templates

# In the study's workshop: it tells of these files on this disk, and is no part of the results.
_MARK = ".themeline/made.json"
_NONE = hash_parts([])


def hash_inputs(place: Place) -> str:
    """One key for everything that a run reads, and for the code that it runs.

    Raises
    ------
    InputError
        If a source is not there.
    """
    from analysis.reports.study_templates import list_template_files

    read: list[Any] = []
    for file in list_files(place.sources):
        read.append([file.path.name, file.is_named, _hash(file.path)])
        sidecar = find_sidecar(file.path)
        read += [[sidecar.name, _hash(sidecar)]] if sidecar else []
    if place.field_totals is not None and place.field_totals.is_file():
        read.append(_hash(place.field_totals))
    templates = list_template_files(locate_templates(place.config, place.root).report.templates)
    read += [[path.name, _hash(path)] for path in templates if path.is_file()]
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
    # The settings count as they are read, and not as they are written; the journal tells of days.
    named = {path.relative_to(folder).as_posix(): path for path in files if path.suffix != ".toml"}
    return {name: _hash(path) for name, path in named.items() if name != JOURNAL}


def hash_corrections(corrections: Sequence[Correction]) -> str:
    """One key for corrections, as they are read."""
    return hash_parts([one.model_dump(mode="json") for one in corrections])


def remember(place: Place, inputs: str, files: dict[str, str], *, curation: str = _NONE) -> None:
    """Note what the files of a study were made from; for the holder of the lock."""
    _write_mark(place, {"inputs": inputs, "curation": curation, "files": files})


def remember_correction(
    place: Place, files: dict[str, str], gone: Iterable[str], *, curation: str | None, is_complete: bool
) -> None:
    """Note that files were written and others removed after a correction; for the holder of the lock.

    Parameters
    ----------
    place : Place
    files : dict of path in the study to SHA-256
    gone : iterable of str
    curation : str or None
        Of `hash_corrections`; None where figures and reports are those of before: the next run makes them again.
    is_complete : bool
        Whether all that was asked for could be made.
    """
    mark = place.root / _MARK
    try:
        held = json.loads(mark.read_text(encoding="utf-8"))
        left = {name: sha256 for name, sha256 in held["files"].items() if name not in set(gone)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    if not is_complete:
        mark.unlink()
        return
    _write_mark(place, {**held, "files": {**left, **files}, **({} if curation is None else {"curation": curation})})


def _write_mark(place: Place, held: dict[str, Any]) -> None:
    mark = place.root / _MARK
    beside = mark.with_suffix(".tmp")
    beside.write_text(json.dumps(held, indent=1), encoding="utf-8")
    os.replace(beside, mark)


def is_unchanged(place: Place, inputs: str) -> bool:
    """Whether the study was made from these inputs and corrections, and each of its files is as it was written."""
    return tell_change(place, inputs) == "nothing"


def tell_change(place: Place, inputs: str) -> Literal["nothing", "corrections", "all"]:
    """What has changed since a study was made: nothing, its corrections by hand alone, or anything else.

    Raises
    ------
    InputError
        If the corrections are at fault.
    """
    curation = hash_corrections(find_corrections(place))
    if place.toml is not None:
        return "all"
    try:
        mark = json.loads((place.root / _MARK).read_text(encoding="utf-8"))
        if mark["inputs"] != inputs or not _are_whole(place.root, mark["files"].items()):
            return "all"
        return "nothing" if mark.get("curation", _NONE) == curation else "corrections"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "all"


def _are_whole(root: Path, files: Iterable[tuple[str, str]]) -> bool:
    return all(_hash(root / name) == sha256 for name, sha256 in files)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find_versions() -> list[str]:
    return [importlib.metadata.version(name) for name in PACKAGES]
