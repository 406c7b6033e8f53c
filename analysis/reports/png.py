"""PNG files made smaller without changing a pixel."""

from __future__ import annotations

import struct
import zlib

import numpy as np

_MAGIC = b"\x89PNG\r\n\x1a\n"
_UNFILTERED, _UP = 0, 2


def pack_png(content: bytes) -> bytes:
    """The same picture in fewer bytes, or `content` itself where it is not what a browser writes.

    A browser filters each row against the one above, which suits photographs;
    areas of one colour, of which our figures are made, pack better as they
    are. An alpha channel that hides nothing goes.
    """
    chunks = _chunks(content)
    header = chunks.get(b"IHDR", b"")
    if len(header) != 13 or set(chunks) - {b"IHDR", b"IDAT", b"IEND", b"sRGB", b"sBIT"}:
        return content
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", header)
    if (depth, kind, *rest) != (8, 6, 0, 0, 0):
        return content
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 4 * width)
    if not np.isin(rows[1:, 0], (_UP,)).all() or rows[0, 0] not in (_UNFILTERED, _UP):
        return content
    pixels = np.add.accumulate(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, 4)
    if not (pixels[..., 3] == 255).all():
        return content
    plain = np.zeros((height, 1 + 3 * width), np.uint8)
    plain[:, 1:] = pixels[..., :3].reshape(height, -1)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(plain.tobytes(), 7)),
        (b"IEND", b""),
    )
    packed = _MAGIC + b"".join(_chunk(name, data) for name, data in parts)
    return min(packed, content, key=len)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _chunks(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    place = len(_MAGIC)
    while content.startswith(_MAGIC) and place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        name = content[place + 4 : place + 8]
        found[name] = found.get(name, b"") + content[place + 8 : place + 8 + length]
        place += 12 + length
    return found
