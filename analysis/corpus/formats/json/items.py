"""The records of any JSON text, one at a time, each with its place and its text."""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from analysis.config import InputError
from analysis.corpus.formats.json.cutting import MAX_ELEMENT, Parsed, cut_elements
from analysis.corpus.formats.json.shape import PAPER_KEYS, RECORD_KEYS, Shape, find_shape
from analysis.corpus.opening import HEAD_BYTES, Source

# JSON that holds a Python dict as text is read up to this length.
_MAX_LITERAL = 200_000
_MAX_DEPTH = 3
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_OPENING = re.compile(rb"[\s\x1e]*(?:\{|\[\s*(?:[\[{\]\"\dtfn-]|\Z))")
_SAMPLE_LINES = 20
_IDS = frozenset({"id", "paper_id", "paperId", "_id", "key"})
_NO_OBJECT = "not a JSON object"
# What merely wraps one record.
_ENVELOPES = ("message", "_source", "attributes", "data", "item", "work", "result")


class Item(NamedTuple):
    """One record as it lies in the text: where, its bytes, the object (or None), and why there is none."""

    position: str
    content: bytes
    value: dict[str, Any] | None
    fault: str = ""


def find_source_shape(source: Source) -> Shape:
    """Where the records of a source lie, by its first bytes."""
    head = _read_head(source)
    shape = find_shape(head, is_whole=len(source.head) < HEAD_BYTES)
    # Text of two bytes per character cannot be cut at line feeds.
    return Shape("sequence") if shape.container == "lines" and _name_wide_encoding(source) else shape


def list_items(source: Source, shape: Shape) -> Iterator[Item]:
    """Every record of a JSON text in file order; what is damaged comes with its fault.

    Raises
    ------
    InputError
        If it cannot be unpacked, or is damaged throughout.
    """
    with source.open() as stream:
        if shape.container == "lines":
            yield from _list_lines(stream)
            return
        wide = _name_wide_encoding(source)
        if wide:
            stream.read(2)
        readable: Any = codecs.EncodedFile(stream, "utf-8", wide, "replace") if wide else stream
        offset = shape.offset + (0 if wide else len(_find_mark(source)))
        elements = cut_elements(readable, parse_value, container=shape.container, offset=offset, n_open=len(shape.path))
        for number, element in enumerate(elements, 1):
            parsed = Parsed(element.value, element.fault)
            if element.key and isinstance(element.value, dict) and element.value.keys().isdisjoint(_IDS):
                # A mapping of ids to records.
                parsed = Parsed({"id": parse_value(element.key).value, **element.value})
            yield from _open_item(f"item {number}", element.content, parsed)


def opens_json(source: Source) -> bool:
    """Whether a text begins as JSON does, or most of its first lines open an object."""
    head = _read_head(source)
    if head.lstrip()[:2] == b"{\\":
        # Rich text.
        return False
    if _OPENING.match(head):
        return True
    lines = [line for line in map(bytes.strip, head.split(b"\n")[:_SAMPLE_LINES]) if line]
    return 2 * sum(_OPENING.match(line) is not None for line in lines) > len(lines)


def list_first_items(source: Source) -> list[dict[str, Any]]:
    """The first sound record, as far as the first bytes of the source show it; empty where they show none."""
    return list(_look_into(source.head))


@lru_cache(maxsize=4)
def _look_into(head: bytes) -> tuple[dict[str, Any], ...]:
    # The cut at the end of the head goes through a record: no fault of the file.
    source = Source("", Path(), "", lambda: cast(BinaryIO, BytesIO(head)), len(head))
    try:
        items = list_items(source, find_source_shape(source))
        return tuple(islice((item.value for item in items if item.value is not None), 1))
    except InputError:
        return ()


def parse_value(content: bytes) -> Parsed:
    """Read one JSON value; what Python writes and the standard forbids (NaN, raw line feeds in strings) is taken.

    Of keys that occur twice the last one stands, as in all common readers.
    """
    import orjson

    try:
        return Parsed(orjson.loads(content))
    except orjson.JSONDecodeError:
        pass
    try:
        return Parsed(json.loads(decode_bytes(content).strip(" \t\r\n\x1e,"), strict=False))
    except RecursionError:
        return Parsed(None, "not JSON that can be read (nested too deeply)")
    except ValueError as error:
        return Parsed(None, f"not valid JSON ({error})")


def decode_bytes(content: bytes) -> str:
    """Bytes as text: UTF-8, else Windows-1252, else Latin-1, which knows every byte."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _list_lines(stream: BinaryIO) -> Iterator[Item]:
    number = 0
    while line := stream.readline(MAX_ELEMENT + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) > MAX_ELEMENT and not line.endswith(b"\n"):
            fault = f"longer than {MAX_ELEMENT // 2**20} MiB"
            yield Item(f"line {number}", line[:4096], None, fault)
            while (rest := stream.readline(MAX_ELEMENT)) and not rest.endswith(b"\n"):
                pass
            continue
        content = line.strip(b" \t\r\n\x0b\x0c\x1e")
        if content:
            yield from _open_item(f"line {number}", content, parse_value(content))


def _open_item(position: str, content: bytes, parsed: Parsed) -> Iterator[Item]:
    """The record in a value; the records where it is a page of several."""
    value, fault = parsed
    if isinstance(value, str):
        value, fault = _parse_text(value)
    if isinstance(value, dict):
        if value.keys().isdisjoint(PAPER_KEYS):
            value = _open_envelope(value)
            page = _find_page(value)
            if page is not None:
                yield from _list_page(position, page)
                return
        yield Item(position, content, value)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        yield from _list_page(position, value)
    else:
        yield Item(position, content, None, fault or _NO_OBJECT)


def _list_page(position: str, page: list[Any]) -> Iterator[Item]:
    import orjson

    for number, inner in enumerate(page, 1):
        place = f"{position}, item {number}"
        # Lists in lists are not followed.
        parsed = _parse_text(inner) if isinstance(inner, str) else Parsed(inner)
        value = _open_envelope(parsed.value) if isinstance(parsed.value, dict) else None
        try:
            content = orjson.dumps(inner)
        except TypeError:
            content = repr(inner).encode("utf-8", "replace")
        yield Item(place, content, value, "" if value is not None else parsed.fault or _NO_OBJECT)


def _open_envelope(value: dict[str, Any]) -> dict[str, Any]:
    if value.keys().isdisjoint(PAPER_KEYS):
        for key in _ENVELOPES:
            inner = value.get(key)
            if isinstance(inner, dict) and not inner.keys().isdisjoint(PAPER_KEYS):
                return inner
    return value


def _find_page(value: dict[str, Any], depth: int = 0) -> list[Any] | None:
    """The list of records in a wrapper; None where there is none."""
    for key in RECORD_KEYS:
        page = value.get(key)
        if isinstance(page, list) and (not page or isinstance(page[0], dict | str)):
            return page
        if isinstance(page, dict) and not page.keys().isdisjoint(PAPER_KEYS):
            return [page]
    inner = [part for part in value.values() if isinstance(part, dict)]
    papers = [part for part in inner if not part.keys().isdisjoint(PAPER_KEYS)]
    if len(papers) > 1:
        return papers
    pages = (_find_page(part, depth + 1) for part in inner if depth < _MAX_DEPTH)
    return next((page for page in pages if page is not None), None)


def _parse_text(text: str) -> Parsed:
    """A record that was put into JSON as text: JSON once more, or what Python prints for a dict."""
    text = text.strip()
    if not text.startswith("{") or len(text) > _MAX_LITERAL:
        return Parsed(None, _NO_OBJECT)
    parsed = parse_value(text.encode("utf-8", "replace"))
    if not parsed.fault:
        return parsed
    try:
        return Parsed(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return Parsed(None, "text that is neither a JSON object nor a Python dict")


def _read_head(source: Source) -> bytes:
    wide = _name_wide_encoding(source)
    if wide:
        return source.head[2:].decode(wide, "replace").encode("utf-8", "replace")
    return source.head.removeprefix(codecs.BOM_UTF8)


def _find_mark(source: Source) -> bytes:
    return codecs.BOM_UTF8 if source.head.startswith(codecs.BOM_UTF8) else b""


def _name_wide_encoding(source: Source) -> str:
    return _UTF16.get(source.head[:2], "")
