"""Sources as files that can be read in any order, as workbooks and Parquet demand."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from analysis.config import InputError
from analysis.corpus.opening import Source

# Held in memory up to this size, above it in a temporary file.
_IN_MEMORY = 64 * 2**20
_CHUNK = 2**20


def open_seekable(source: Source, *, max_bytes: int) -> BinaryIO:
    """The unpacked bytes of a source as a file: its own where it is neither packed nor in an archive, else a copy.

    Raises
    ------
    InputError
        If a copy would be longer than `max_bytes`, or the packing is damaged.
    """
    if source.name == source.path.name:
        file = source.path.open("rb")
        if file.read(4) == source.head[:4]:
            file.seek(0)
            return file
        file.close()
    copy = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the caller closes it
    n_bytes = 0
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            n_bytes += len(chunk)
            if n_bytes > max_bytes:
                copy.close()
                raise InputError(
                    f"{source.name}: unpacks to more than {max_bytes // 2**20} MiB. Unpack it and give the file itself."
                )
            copy.write(chunk)
    copy.seek(0)
    return copy  # type: ignore[return-value]
