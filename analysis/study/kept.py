"""What a study keeps of finished steps under ``data/cache``: listed, and cleared on demand."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from analysis.config import InputError
from analysis.results import lock_study
from analysis.study.places import find_study

# Answers of an endpoint: asked for again they cost again, so they go only by name.
ANSWERS = "labels"


class Kept(NamedTuple):
    """What is kept of one step.

    Attributes
    ----------
    kind : str
        The step: a folder of ``data/cache``.
    n_files : int
    n_bytes : int
    used : float
        When it was last written or read, in seconds since 1970.
    """

    kind: str
    n_files: int
    n_bytes: int
    used: float


def list_cache(study: str | Path) -> list[Kept]:
    """What a study keeps, by step, the largest first.

    Parameters
    ----------
    study : path
        A ``study.toml`` or the folder that holds it.

    Raises
    ------
    InputError
        If there is no such study.
    """
    folder = find_study(study).data / "cache"
    kinds = [_describe(kind) for kind in folder.iterdir() if kind.is_dir()] if folder.is_dir() else []
    return sorted(kinds, key=lambda kept: (-kept.n_bytes, kept.kind))


def clear_cache(study: str | Path, kinds: Sequence[str] = ()) -> list[Kept]:
    """Remove what a study keeps; the next run computes it again.

    Parameters
    ----------
    study : path
    kinds : sequence of str
        Steps as `list_cache` names them; none: all but an endpoint's answers.

    Returns
    -------
    list of Kept
        What was removed.

    Raises
    ------
    InputError
        If there is no such study or step, or a run holds the study.
    """
    place = find_study(study)
    kept = {one.kind: one for one in list_cache(study)}
    unknown = sorted(set(kinds) - set(kept))
    if unknown:
        raise InputError(
            f"{place.data / 'cache'}: nothing is kept of {', '.join(unknown)}. "
            f"There is {', '.join(kept) or 'nothing at all'}."
        )
    gone = [one for one in kept.values() if (one.kind in kinds if kinds else one.kind != ANSWERS)]
    if gone:
        with lock_study(place.root):
            for one in gone:
                shutil.rmtree(place.data / "cache" / one.kind)
    return gone


def _describe(kind: Path) -> Kept:
    n_files, n_bytes, used = 0, 0, kind.stat().st_mtime
    for path in kind.rglob("*"):
        with suppress(FileNotFoundError):  # A run may be at work.
            found = path.stat()
            used = max(used, found.st_mtime)
            if path.is_file():
                n_files, n_bytes = n_files + 1, n_bytes + found.st_size
    return Kept(kind.name, n_files, n_bytes, used)
