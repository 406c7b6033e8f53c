"""How columns travel to the explorer: one block of facts and typed arrays, compressed."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

# Typed arrays of a browser begin at multiples of their width.
_ALIGNED = 8
_TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "i16": "<i2", "u32": "<u4", "i32": "<i4", "f32": "<f4"}


def pack_block(facts: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]] | None = None) -> bytes:
    """Facts and arrays as one gzip member: the length of a JSON header, the header, the arrays.

    Parameters
    ----------
    facts : mapping
        What JSON can hold.
    arrays : mapping of name to array (n,)
        Of 8, 16 or 32-bit integers or 32-bit floats; written little-endian.

    Returns
    -------
    bytes
        The same bytes for the same content.

    Raises
    ------
    ValueError
        If an array has another type.

    Examples
    --------
    >>> len(pack_block({}, {"day": np.arange(3, dtype=np.int32)})) > 0
    True
    """
    kinds = {np.dtype(code).str.lstrip("|<"): name for name, code in _TYPES.items()}
    parts, listed, place = [], {}, 0
    for name, array in (arrays or {}).items():
        kind = kinds.get(array.dtype.newbyteorder("<").str.lstrip("|<"))
        if kind is None:
            raise ValueError(f"{name}: {array.dtype} has no typed array of its own")
        content = np.ascontiguousarray(array.astype(_TYPES[kind], copy=False)).tobytes()
        listed[name] = {"type": kind, "offset": place, "length": int(array.size)}
        padded = content + b"\0" * (-len(content) % _ALIGNED)
        parts.append(padded)
        place += len(padded)
    header = json.dumps({"facts": facts, "arrays": listed}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    head = header.encode("utf-8")
    # The header's own length takes four bytes.
    head += b" " * (-(len(head) + 4) % _ALIGNED)
    return gzip.compress(b"".join([struct.pack("<I", len(head)), head, *parts]), compresslevel=6, mtime=0)
