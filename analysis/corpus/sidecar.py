"""The TOML file beside a source that states where it comes from, its hash and its day of capture."""

from __future__ import annotations

import contextlib
import datetime as dt
import tomllib
from pathlib import Path
from typing import NamedTuple

from analysis.config import InputError


class Sidecar(NamedTuple):
    """What the sidecar states of its source; None where it is silent."""

    sha256: str | None = None
    captured: dt.date | None = None
    is_fetched: bool = False


def read_sidecar(source: Path) -> Sidecar:
    """Read ``<stem>.toml`` beside `source`, else the ``fetch.toml`` of its folder; an empty `Sidecar` without either.

    Raises
    ------
    InputError
        If it is not TOML, or its day of capture is not a date.
    """
    path = find_sidecar(source)
    if path is None:
        return Sidecar()
    try:
        stated = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path}: this sidecar is not a TOML file ({error}). Mend it or take it away.") from None
    captured, sha256 = stated.get("captured"), stated.get("sha256")
    if isinstance(captured, dt.datetime):
        captured = captured.date()
    if isinstance(captured, str):
        with contextlib.suppress(ValueError):
            captured = dt.date.fromisoformat(captured)
    if captured is not None and not isinstance(captured, dt.date):
        raise InputError(f"{path}: captured = {captured!r} is not a date. Write it as 2025-10-17.")
    return Sidecar(sha256 if isinstance(sha256, str) else None, captured, path.name == "fetch.toml")


def find_sidecar(source: Path) -> Path | None:
    """``<stem>.toml`` beside `source`, else the ``fetch.toml`` of its folder, else None."""
    path = source.with_name(source.name.removesuffix(".gz").removesuffix(".zst")).with_suffix(".toml")
    if path == source or not path.is_file():
        path = source.with_name("fetch.toml")
    return path if path.is_file() else None


def check_hash(stated: str | None, *, found: str, source: Path) -> None:
    """Raise `InputError` if the sidecar states another SHA-256 than the file has."""
    if stated and stated.strip().casefold() != found:
        raise InputError(
            f"{source}: the file has changed: its SHA-256 is {found}, but its sidecar states {stated}. "
            "Restore the file, or correct sha256 in the sidecar."
        )
