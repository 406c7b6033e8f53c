"""Blocks read back, as the browser does it."""

from __future__ import annotations

import gzip
import json
import struct
from typing import Any

import numpy as np

TYPES = {"u8": "<u1", "i8": "<i1", "u16": "<u2", "i16": "<i2", "u32": "<u4", "i32": "<i4", "f32": "<f4"}


def unpack_block(block: bytes) -> dict[str, Any]:
    """Facts and arrays of a block."""
    content = gzip.decompress(block)
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    arrays = {
        name: np.frombuffer(content, TYPES[one["type"]], one["length"], 4 + length + one["offset"])
        for name, one in header["arrays"].items()
    }
    return {"facts": header["facts"], **arrays}


def unfold_texts(words: list[str], is_word: Any, stream: Any, ends: Any) -> list[str]:
    """The texts of a stream of numbers."""
    texts, start = [], 0
    for end in ends.tolist():
        text, was_word, at = "", False, start
        while at < end:
            number, shift = 0, 0
            for shift in (0, 7, 14):
                byte = int(stream[at])
                at += 1
                number |= (byte if shift == 14 else byte & 127) << shift
                if byte < 128:
                    break
            text += (" " if was_word and is_word[number] else "") + words[number]
            was_word = bool(is_word[number])
        texts.append(text)
        start = end
    return texts
