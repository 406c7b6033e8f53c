"""How far reading has come: records so far, and bytes of all there are, for whoever shows a bar."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pandas as pd

from analysis.config import InputError
from analysis.corpus.gathering import list_files
from analysis.corpus.opening import Source

_EVERY = 1_000
# Text packs about this many to one.
_PACKING = 3.5
_PACKED = (".gz", ".zst", ".zip", ".xlsx", ".parquet")
_BYTES_PER_ROW = 2_000


class Read(NamedTuple):
    """What was read since the last report.

    Attributes
    ----------
    n_records : int
    n_bytes : int
        Bytes of the sources as they lie on disk; estimated for rows of a DataFrame.
    total_bytes : int
        Of all sources; the `n_bytes` of all reports add up to it.
    """

    n_records: int
    n_bytes: int
    total_bytes: int


OnRead = Callable[[Read], None]


class Size(NamedTuple):
    """How much there is to read: bytes on disk, and about how many once unpacked."""

    n_bytes: int
    n_unpacked: int


def measure_sources(targets: Iterable[str | Path | pd.DataFrame]) -> Size:
    """How much there is to read; what cannot be found counts for nothing here."""
    n_bytes = n_unpacked = 0
    for target in targets:
        if isinstance(target, pd.DataFrame):
            n_bytes += len(target) * _BYTES_PER_ROW
            n_unpacked += len(target) * _BYTES_PER_ROW
            continue
        with suppress(InputError):
            for file in list_files([target]):
                with suppress(OSError):
                    size = file.path.stat().st_size
                    n_bytes += size
                    n_unpacked += int(size * _PACKING) if file.path.name.endswith(_PACKED) else size
    return Size(n_bytes, n_unpacked)


class Meter:
    """Counts what is read and reports it, about every thousand records."""

    def __init__(self, on_read: OnRead | None, total_bytes: int) -> None:
        self._on_read, self._total = on_read, total_bytes
        self._n_records = 0
        # Bytes of the sources before the one at hand, and what was reported so far.
        self._before = self._told = 0
        self._stream: BinaryIO | None = None
        self._packed_bytes = 0

    def watch(self, source: Source) -> Source:
        """The source at hand from now on; how far it is read shows in its stream."""
        if self._on_read is None:
            return source
        self._before += self._packed_bytes
        self._packed_bytes = source.packed_bytes

        def open_packed() -> BinaryIO:
            self._stream = source.open_packed()
            return self._stream

        return dataclasses.replace(source, open_packed=open_packed)

    def pass_over(self, sources: Sequence[Source], n_records: int) -> None:
        """Note sources that were found as they had been read."""
        if self._on_read is not None:
            self._before += sum(source.packed_bytes for source in sources)
            self.count(n_records)

    def count(self, n_records: int = 1) -> None:
        """Note that records were read."""
        self._n_records += n_records
        if self._on_read is not None and self._n_records >= _EVERY:
            self._report(self._before + min(self._find_place(), self._packed_bytes))

    def finish(self) -> None:
        """Report what is left."""
        if self._on_read is not None:
            self._report(self._total)

    def _find_place(self) -> int:
        # What is read by its path, or closed already, tells nothing.
        with suppress(ValueError, OSError, AttributeError):
            return self._stream.tell()  # type: ignore[union-attr]
        return 0

    def _report(self, place: int) -> None:
        place = max(self._told, min(place, self._total))
        if self._on_read is not None:
            self._on_read(Read(self._n_records, place - self._told, self._total))
        self._n_records, self._told = 0, place
