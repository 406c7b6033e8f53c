"""A folder of finished steps: each checksummed, moved into place whole, the oldest unused ones removed first.

An entry is a folder ``<kind>/<key>`` of arrays (``.npy``), tables (Arrow IPC)
and one ``values.json``, with the SHA-256 of each in ``checksums.json``. It is
written under another name and renamed, so it is whole or absent; a file that
does not have its checksum makes the entry as good as absent. Nothing in it is
ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAYOUT = 1
MOST_BYTES = 20 * 2**30
_CHECKSUMS, _VALUES = "checksums.json", "values.json"
_STARTED = ".started-"


@dataclass(frozen=True)
class Entry:
    """One finished step on disk.

    Attributes
    ----------
    kind : str
        Name of the step.
    key : str
        `analysis.cache.hash_parts` of all that went into it.
    n_bytes : int
    used : float
        When it was last written or read, in seconds since 1970.
    folder : Path
    """

    kind: str
    key: str
    n_bytes: int
    used: float
    folder: Path


class Cache:
    """Results of steps by what went into them.

    Parameters
    ----------
    folder : Path or None
        None: nothing is kept, and nothing found.
    most_bytes : int
        What the folder may hold; entries unused for longest go first.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> cache = Cache(Path(tempfile.mkdtemp()))
    >>> cache.take("squares", "0" * 32, lambda: {"found": np.arange(3) ** 2})["found"]
    array([0, 1, 4])
    >>> cache.take("squares", "0" * 32, lambda: 1 / 0)["found"]
    array([0, 1, 4])
    """

    def __init__(self, folder: Path | None, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def take(self, kind: str, key: str, compute: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """What a step gave: found here, else computed now and kept."""
        found = self.read(kind, key)
        if found is None:
            found = dict(compute())
            self.write(kind, key, found)
        return found

    def read(self, kind: str, key: str) -> dict[str, Any] | None:
        """Values of an entry by name; None where there is none, or a damaged one, which is removed.

        Returns
        -------
        dict or None
            Arrays as `numpy.ndarray`, tables as `pyarrow.Table`, the rest as JSON gives it back.
        """
        if self.folder is None:
            return None
        place = self.folder / kind / key
        try:
            listed = json.loads((place / _CHECKSUMS).read_text(encoding="utf-8"))
            if listed["layout"] != LAYOUT:
                raise ValueError("written by another version")
            found = {name: _read_file(place / name, checksum) for name, checksum in listed["files"].items()}
        except FileNotFoundError:
            if place.exists():
                shutil.rmtree(place, ignore_errors=True)
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            shutil.rmtree(place, ignore_errors=True)
            return None
        with suppress(OSError):
            os.utime(place)
        values = found.pop(_VALUES, {})
        return {**{name.rpartition(".")[0]: value for name, value in found.items()}, **values}

    def write(self, kind: str, key: str, values: Mapping[str, Any]) -> None:
        """Keep what a step gave.

        Parameters
        ----------
        kind, key : str
        values : mapping of str to array, pyarrow Table or JSON value

        Raises
        ------
        OSError
            If the disk is full or refuses; no part of the entry is left then.
        """
        if self.folder is None:
            return
        place = self.folder / kind / key
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.parent / f"{_STARTED}{uuid.uuid4().hex}"
        try:
            beside.mkdir()
            _write_files(beside, values)
            shutil.rmtree(place, ignore_errors=True)
            with suppress(FileExistsError):  # Another run has just kept the same.
                beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        self._make_room(spare=place)

    def list_entries(self) -> list[Entry]:
        """What is kept, the last used first."""
        found = []
        for place in _list_folders(self.folder):
            with suppress(OSError):  # Removed by another run meanwhile.
                n_bytes = sum(file.stat().st_size for file in place.iterdir())
                found.append(Entry(place.parent.name, place.name, n_bytes, place.stat().st_mtime, place))
        return sorted(found, key=lambda entry: -entry.used)

    def clear(self, kind: str | None = None) -> int:
        """Remove the entries of a kind, or all; gives the number of bytes that they held."""
        gone = [entry for entry in self.list_entries() if kind in (None, entry.kind)]
        for entry in gone:
            shutil.rmtree(entry.folder, ignore_errors=True)
        return sum(entry.n_bytes for entry in gone)

    def _make_room(self, spare: Path) -> None:
        entries = self.list_entries()
        total = sum(entry.n_bytes for entry in entries)
        for entry in reversed(entries):
            if total <= self.most_bytes:
                break
            if entry.folder != spare:
                shutil.rmtree(entry.folder, ignore_errors=True)
                total -= entry.n_bytes


def _list_folders(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        for kind in sorted(folder.iterdir()):
            if kind.is_dir():
                yield from (place for place in sorted(kind.iterdir()) if (place / _CHECKSUMS).is_file())


def _write_files(folder: Path, values: Mapping[str, Any]) -> None:
    import numpy as np
    import pyarrow as pa

    plain = {}
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            with (folder / f"{name}.npy").open("wb") as file:
                np.save(file, value, allow_pickle=False)
        elif isinstance(value, pa.Table):
            with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, value.schema) as out:
                out.write_table(value)
        else:
            plain[name] = value
    if plain:
        (folder / _VALUES).write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    listed = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            listed[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
    with (folder / _CHECKSUMS).open("w", encoding="utf-8") as file:
        json.dump({"layout": LAYOUT, "files": listed}, file)
        file.flush()
        os.fsync(file.fileno())


def _read_file(path: Path, checksum: str) -> Any:
    import numpy as np
    import pyarrow as pa

    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
            raise ValueError(f"{path.name}: damaged")
    if path.suffix == ".npy":
        return np.load(path, allow_pickle=False)
    if path.suffix == ".arrow":
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_file(source).read_all()
    return json.loads(path.read_text(encoding="utf-8"))
