"""One source, unpacked as a stream: bytes, lines or text, within bounds that no file can break."""

from __future__ import annotations

import codecs
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analysis.config import InputError

HEAD_BYTES = 256 * 1024
MAX_BYTES = 1024 * 2**30
MAX_TEXT = 64 * 2**20
MAX_LINE = 16 * 2**20
# Text packs about 4 to 1, and 30 to 1 where it repeats itself; bombs pack 1,000 to 1.
MAX_RATIO = 200
_RATIO_FROM = 64 * 2**20
_CHUNK = 2**20

GZIP_MAGIC, ZSTD_MAGIC, ZIP_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Line(NamedTuple):
    """A line of text, and its number from 1 up."""

    number: int
    text: str


@dataclass(frozen=True)
class Source:
    """A file, or one member of an archive, that can be read again and again.

    Attributes
    ----------
    name : str
        For messages and tables: the file's name; ``archive.zip/member.bib`` for a member.
    path : Path
        The file on disk.
    sha256 : str
        Hash of the file as it lies on disk.
    open_packed : callable
        Gives a new stream of the bytes before `unpack`.
    packed_bytes : int
        How long that stream is.
    notes : list of str
        Sentences on the encoding, filled in while lines are read.
    """

    name: str
    path: Path
    sha256: str
    open_packed: Callable[[], BinaryIO]
    packed_bytes: int
    notes: list[str] = field(default_factory=list)

    def open(self) -> BinaryIO:
        """A new stream of the unpacked bytes.

        Raises
        ------
        InputError
            While it is read: if the packing is damaged, or unpacks to more
            than any text would.
        """
        return io.BufferedReader(_Guarded(self), _CHUNK)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked: at most `HEAD_BYTES`."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def head_text(self) -> str:
        """The first bytes as text, without a byte order mark; empty where they are no text."""
        for mark, encoding in _UTF16:
            if self.head.startswith(mark):
                return self.head[2:].decode(encoding, "replace")
        if b"\x00" in self.head:
            return ""
        # The cut may go through a character.
        text = self.head.decode("utf-8-sig", "replace")
        return text if "\ufffd" not in text[:-1] else self.head.decode("cp1252", "replace")

    def lines(self) -> Iterator[Line]:
        """Every line without its end, decoded; one that is not UTF-8 is read as Windows-1252 and noted.

        Raises
        ------
        InputError
            If a UTF-16 file is damaged.
        """
        with self.open() as stream:
            encoding = next((name for mark, name in _UTF16 if self.head.startswith(mark)), None)
            if encoding:
                yield from self._list_utf16(stream, encoding)
            else:
                yield from self._list_lines(stream)

    def text(self) -> str:
        """The whole text, its line ends unified; for kinds of source that are small.

        Raises
        ------
        InputError
            If it is longer than `MAX_TEXT`.
        """
        parts, length = [], 0
        for line in self.lines():
            length += len(line.text) + 1
            if length > MAX_TEXT:
                raise InputError(f"{self.name}: longer than {MAX_TEXT // 2**20} MiB. Split it into several files.")
            parts.append(line.text)
        return "\n".join(parts)

    def _list_lines(self, stream: BinaryIO) -> Iterator[Line]:
        foreign, first_foreign, n_cut = 0, 0, 0
        end = b"\r" if b"\r" in self.head and b"\n" not in self.head else b"\n"
        for number, (content, is_cut) in enumerate(_split_lines(stream, end), 1):
            if number == 1:
                content = content.removeprefix(codecs.BOM_UTF8)
            n_cut += is_cut
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError:
                if not is_cut or content[:-4].isascii():
                    foreign, first_foreign = foreign + 1, first_foreign or number
                # Latin-1 knows every byte; Windows-1252 lacks five.
                text = _decode_western(content)
            yield Line(number, text)
        if foreign:
            self._note(
                f"{self.name}: {foreign} {'line is' if foreign == 1 else 'lines are'} not UTF-8 (the first is line "
                f"{first_foreign}) and were read as Windows-1252 (Latin-1). Check the accents, or save it as UTF-8."
            )
        if n_cut:
            self._note(f"{self.name}: {n_cut} lines are longer than {MAX_LINE // 2**20} MiB and were cut there.")

    def _list_utf16(self, stream: BinaryIO, encoding: str) -> Iterator[Line]:
        stream.read(2)
        try:
            for number, text in enumerate(io.TextIOWrapper(stream, encoding, newline=None), 1):
                yield Line(number, text.removesuffix("\n"))
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name}: damaged UTF-16 text ({error}). Save it again as UTF-8.") from None

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Guarded(io.RawIOBase):
    """The unpacked stream of a source; damage and bombs become messages."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._packed = source.open_packed()
        # Opened by the first read: what is wrong with it is told there.
        self._stream: BinaryIO | None = None
        self._kind = ""
        self._n_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        name = self._source.name
        try:
            if self._stream is None:
                self._stream, self._kind = _unpack(self._packed)
            content = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            why = getattr(error, "strerror", None) or error
            what = f"the {self._kind} file is cut short or damaged" if self._kind else "cannot be read"
            raise InputError(f"{name}: {what} ({why}). Fetch or copy it again.") from None
        except Exception as error:
            # zstandard has an error class of its own, which only its import could name.
            if type(error).__name__ != "ZstdError":
                raise
            raise InputError(
                f"{name}: the zstd file is cut short or damaged ({error}). Fetch or copy it again."
            ) from None
        self._n_bytes += len(content)
        bound = max(_RATIO_FROM, MAX_RATIO * self._source.packed_bytes)
        if self._n_bytes > min(bound, MAX_BYTES):
            raise InputError(
                f"{name}: unpacks to more than {MAX_RATIO} times its size, as no text does. It is not read; "
                "unpack it yourself if you trust it."
            )
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        if not self.closed:
            if self._stream is not None:
                self._stream.close()
            self._packed.close()
        super().close()


class _Zstd(io.RawIOBase):
    """Frames of zstd one after the other; the library's own reader takes a cut file for a whole one."""

    def __init__(self, packed: BinaryIO) -> None:
        import zstandard

        self._packed = packed
        # 128 MiB of window: what the command line tool takes unless told otherwise.
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
        self._frame = self._decompressor.decompressobj()
        self._is_inside = False
        self._left = b""
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            # A block of 4 bytes may hold 128 KiB, so little is taken at a time.
            chunk, self._left = self._left or self._packed.read(2048), b""
            if not chunk and self._is_inside:
                raise EOFError("its last frame has no end")
            if not chunk:
                return b""
            self._ready = self._frame.decompress(chunk)
            self._is_inside = not self._frame.eof
            if self._frame.eof:
                self._left = self._frame.unused_data
                self._frame = self._decompressor.decompressobj()
        content, self._ready = self._ready[:size], self._ready[size:]
        return content


def _unpack(packed: BinaryIO) -> tuple[BinaryIO, str]:
    """The stream unpacked by what its first bytes say, and the name of the packing."""
    peekable = io.BufferedReader(packed, _CHUNK) if not isinstance(packed, io.BufferedReader) else packed  # type: ignore[type-var]
    start = peekable.peek(4)[:4]
    if start.startswith(GZIP_MAGIC):
        from gzip import GzipFile

        return GzipFile(fileobj=peekable), "gzip"  # type: ignore[return-value]
    if start.startswith(ZSTD_MAGIC):
        return _Zstd(peekable), "zstd"  # type: ignore[return-value]
    return peekable, ""


def _split_lines(stream: BinaryIO, end: bytes) -> Iterator[tuple[bytes, bool]]:
    """Lines without their ends, and whether each was cut at `MAX_LINE`."""
    if end == b"\n":
        while content := stream.readline(MAX_LINE):
            is_cut = len(content) == MAX_LINE and not content.endswith(end)
            while is_cut and (rest := stream.readline(MAX_LINE)) and not rest.endswith(end):
                pass
            yield content.removesuffix(b"\n").removesuffix(b"\r"), is_cut
        return
    left = b""
    while chunk := stream.read(_CHUNK):
        *whole, left = (left + chunk).split(end)
        left = left[:MAX_LINE]
        yield from ((line, False) for line in whole)
    if left:
        yield left, False


def _decode_western(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")
