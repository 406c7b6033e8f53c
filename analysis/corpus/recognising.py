"""What to say of a source that is of no known kind."""

from __future__ import annotations

from analysis.corpus.opening import Source

SUPPORTED = (
    "exports as BibTeX, RIS, PubMed (MEDLINE or XML), JATS, Web of Science or EndNote XML; CSV, TSV, XLSX or Parquet "
    "tables; JSON or "
    "JSON lines (arXiv, OpenAlex, Semantic Scholar, Crossref, OpenReview, CSL, Daily Papers, or your own); Atom, "
    "OAI-PMH, ACL or DBLP XML; a saved Daily Papers page or its text; each also packed as .gz, .zst or .zip"
)
_FOREIGN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc); save it as .xlsx or CSV"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"BZh", "a bzip2 archive; pack it as .gz"),
    (b"\xfd7zXZ\x00", "an xz archive; pack it as .gz"),
    (b"7z\xbc\xaf", "a 7-Zip archive; pack it as .zip"),
    (b"Rar!", "a RAR archive; pack it as .zip"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x7fELF", "a program"),
    (b"RIFF", "a sound or video file"),
    (b"wOF", "a font"),
)
_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_binary(source: Source) -> str:
    """Why a source cannot be text or a table; empty when it can."""
    head = source.head
    if not head.strip(b" \t\r\n\x0b\x0c") or not head.removeprefix(b"\xef\xbb\xbf").strip():
        return f"{source.name}: the file is empty. Give a file with papers: {SUPPORTED}."
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            return f"{source.name}: this looks like {kind}, which is not read. Supported: {SUPPORTED}."
    is_table = head.startswith((_PARQUET, _ZIP))
    if b"\x00" in head and not is_table and not head.startswith(_UTF16):
        return (
            f"{source.name}: this looks like a binary file (it holds NUL bytes), or UTF-16 without a byte order mark. "
            f"Supported: {SUPPORTED}."
        )
    return ""


def recognise_source(source: Source) -> str:
    """What a text that no reader knows looks like, and what is read."""
    start = source.head_text.lstrip()
    folded = start[:200].casefold()
    if source.head.startswith(_UTF16) and "\ufffd" in start:
        looks = "this looks like damaged UTF-16 text; save it again as UTF-8"
    elif source.head.startswith(_ZIP):
        looks = "this looks like an Office document or archive that holds no table of papers"
    elif folded.startswith(("<!doctype html", "<html")):
        looks = "this looks like a web page that holds no papers as data; export them, or save a Daily Papers page"
    elif start.startswith("<"):
        looks = f"this looks like XML of a kind that is not read (it begins with {' '.join(start[:60].split())!r})"
    else:
        looks = f"no papers are recognised in it (it begins with {' '.join(start[:60].split())!r})"
    return f"{source.name}: {looks}. Supported: {SUPPORTED}."
