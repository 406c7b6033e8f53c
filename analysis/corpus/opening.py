"""From a path to bytes and text: what the file is by its content, whatever its name says."""

from __future__ import annotations

import hashlib
import io
import zlib
from gzip import GzipFile
from pathlib import Path

from analysis.config import InputError
from analysis.corpus.records import Payload

SUPPORTED = "a listing (text dump of a Daily Papers page), JSON lines or a JSON array (also gzipped), CSV, or Parquet"
MAX_BYTES = 4 * 2**30

PARQUET_MAGIC = b"PAR1"
_GZIP_MAGIC = b"\x1f\x8b"
_FOREIGN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive (or .xlsx, .docx, .npz)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc)"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x7fELF", "a program"),
)
_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def open_source(path: Path) -> Payload:
    """Read a file whole, unpack gzip and decode text.

    Raises
    ------
    InputError
        If it is missing, a folder, empty, damaged, or of a kind that is not read.
    """
    stored = _read_bytes(path)
    content = _unpack(stored, path) if stored.startswith(_GZIP_MAGIC) else stored
    if not content.strip(b" \t\r\n\x0b\x0c"):
        raise InputError(f"{path}: the file is empty. Give a file with papers: {SUPPORTED}.")
    sha256 = hashlib.sha256(stored).hexdigest()
    if content.startswith(PARQUET_MAGIC):
        return Payload(path.name, content, None, sha256)
    for magic, kind in _FOREIGN:
        if content.startswith(magic):
            raise InputError(f"{path}: this looks like {kind}, which is not read. Supported: {SUPPORTED}.")
    text, notes = _decode(content, path)
    if not text.strip():
        raise InputError(f"{path}: the file is empty. Give a file with papers: {SUPPORTED}.")
    return Payload(path.name, content, text, sha256, notes)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(f"{path}: this is a folder. Name the files in it that hold papers.")
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 2**30} GiB. Split it into several sources.")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Check the name; a path is relative to {Path.cwd()}.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None


def _unpack(stored: bytes, path: Path) -> bytes:
    try:
        with GzipFile(fileobj=io.BytesIO(stored)) as unpacked:
            content = unpacked.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: the gzip file is cut short or damaged ({error}). Fetch or copy it again.") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path}: unpacks to more than {MAX_BYTES // 2**30} GiB. Split it into several sources.")
    return content


def _decode(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _UTF16:
        if content.startswith(mark):
            try:
                return content[2:].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise InputError(f"{path}: damaged UTF-16 text ({error}). Save it again as UTF-8.") from None
    if b"\x00" in content:
        raise InputError(
            f"{path}: this looks like a binary file (it holds NUL bytes), or UTF-16 without a byte order mark. "
            f"Supported: {SUPPORTED}."
        )
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        note = (
            f"{path.name}: not UTF-8 (byte {error.start}), so it was read as Windows-1252 (Latin-1). "
            "Check the accents, or save it as UTF-8."
        )
        # Latin-1 knows every byte; Windows-1252 lacks five.
        try:
            return content.decode("cp1252"), (note,)
        except UnicodeDecodeError:
            return content.decode("latin-1"), (note,)
