"""The bytes of an XML file as clean UTF-8, and what its first tag is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from analysis.corpus.opening import Source

CHUNK = 256 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""")
# Encodings that are read as declared; UTF-8 and ASCII need no word, and the rest is a mistake or an attack.
_KNOWN = frozenset(
    [f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))]
    + [f"windows-125{page}" for page in range(9)]
    + ["latin1", "latin-1", "cp1252", "koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "big5", "euc-jp", "euc-kr"]
    + ["shift_jis"]
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_BLANK_CONTROLS = bytes.maketrans(_CONTROLS, b" " * len(_CONTROLS))
_PROLOG = re.compile(r"\ufeff|\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
# Possessive: a head of letters alone must not be tried in every division.
_START = re.compile(r"<(?:[\w.-]++:)?([A-Za-z_][\w.-]*+)[^<>]*+>")


class Root(NamedTuple):
    """The outermost element: its name without prefix, its start tag, and the text after it (all within the head)."""

    name: str
    tag: str
    rest: str


def find_root(source: Source) -> Root | None:
    """The outermost element of a source; None where the head is no XML."""
    head = source.head_text or source.head.translate(_BLANK_CONTROLS).decode("utf-8", "replace")
    at = 0
    while skipped := _PROLOG.match(head, at):
        at = skipped.end()
    start = _START.match(head, at)
    return Root(start.group(1), start.group(), head[start.end() :]) if start else None


def stream_utf8(source: Source) -> Iterator[bytes]:
    """The source in pieces of UTF-8 that may end within a character, without what XML forbids.

    The declared encoding is followed unless the bytes belie it. Bytes that are
    no UTF-8 are read as Windows-1252 and control characters as blanks, so that
    one of them does not cost the file; notes on both go to ``source.notes``.
    """
    encoding = _choose_encoding(source)
    n_controls = 0
    with source.open() as stream:
        texts = _decode_utf8(source, stream) if encoding == "utf-8" else _decode(stream, encoding)
        for text in texts:
            piece = text.encode("utf-8", "replace")
            clean = piece.translate(_BLANK_CONTROLS)
            if clean != piece:
                n_controls += len(piece) - len(piece.translate(None, _CONTROLS))
            yield clean
    if n_controls:
        _note(source, f"{n_controls} control characters, which XML does not allow, were read as blanks.")


def _choose_encoding(source: Source) -> str:
    head = source.head
    if head.startswith(_UTF16):
        return "utf-16"
    declared = _DECLARED.search(head[:1000])
    name = declared.group(1).decode("ascii", "replace").casefold() if declared else "utf-8"
    if name not in _KNOWN:
        return "utf-8"
    try:
        is_utf8 = not head.isascii() and bool(codecs.utf_8_decode(head, "strict", False))
    except UnicodeDecodeError:
        is_utf8 = False
    if is_utf8:
        _note(source, f"it declares {name}, but its bytes are UTF-8, and it was read so.")
        return "utf-8"
    return name


def _decode(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while piece := stream.read(CHUNK):
        yield decoder.decode(piece)
    yield decoder.decode(b"", True)


def _decode_utf8(source: Source, stream: BinaryIO) -> Iterator[str]:
    left, is_end, is_foreign = b"", False, False
    while not is_end:
        piece = stream.read(CHUNK)
        is_end = not piece
        piece = left + piece
        try:
            text, n_read = codecs.utf_8_decode(piece, "strict", is_end)
        except UnicodeDecodeError:
            is_foreign = True
            text, n_read = codecs.utf_8_decode(piece, "as_western", is_end)
        left = piece[n_read:]
        yield text.removeprefix("\ufeff")
    if is_foreign:
        _note(source, "some bytes are not UTF-8 and were read as Windows-1252 (Latin-1). Check the accents.")


def _read_as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


def _note(source: Source, sentence: str) -> None:
    note = f"{source.name}: {sentence}"
    if note not in source.notes:
        source.notes.append(note)


codecs.register_error("as_western", _read_as_western)
