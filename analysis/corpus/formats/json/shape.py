"""Where the records lie in JSON text: on its lines, at its top, or in an array inside a wrapper."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from analysis.corpus.formats.json.cutting import STRING, Container

# Keys under which interfaces and exports put their records, the surest first.
RECORD_KEYS = (
    "results", "data", "items", "papers", "works", "notes", "records", "articles", "documents", "docs", "entries",
    "publications", "hits", "hit", "collection", "dailyPapers", "searchResults", "recommendedPapers", "entry",
    "result",
)  # fmt: skip
# An object with one of these is a record itself, whatever arrays it holds.
PAPER_KEYS = frozenset(
    {"title", "abstract", "summary", "paper", "content", "info", "citedPaper", "citingPaper", "paperId", "DOI"}
)
_MAX_DEPTH = 4
_MAX_KEYS = 200
_SAMPLE_LINES = 20
_MAX_BOXES = 1000
_QUOTE = ord('"')
_TOKEN = re.compile(STRING + rb"|[\[\]{}]", re.DOTALL)
_BARE = re.compile(rb"\[\s*\]")
_PYTHON_ITEM = re.compile(rb"\"\s*\{\s*'")


class Shape(NamedTuple):
    """Where the records lie.

    Attributes
    ----------
    container : {"lines", "sequence", "array", "mapping"}
        One record per line; values one after the other or in a top-level
        array; the array or the mapping that begins at `offset`.
    offset : int
        Bytes before the first record.
    path : tuple of str
        Keys that lead to the container.
    unread : tuple of str
        Other keys that hold objects and are not read.
    """

    container: Container | Literal["lines"]
    offset: int = 0
    path: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class _Box:
    """An array or object near the top.

    `path` is None where the way from the top leads through an array.
    """

    def __init__(self, holder: _Box | None, key: str, found: re.Match[bytes], depth: int) -> None:
        self.holder, self.offset = holder, found.start()
        self.is_array = found.group() == b"["
        self.is_bare = _BARE.match(found.string, found.start()) is not None
        self.path: tuple[str, ...] | None = None
        if holder is None:
            self.path = ()
        elif holder.path is not None and not holder.is_array and depth <= _MAX_DEPTH:
            self.path = (*holder.path, key)
        self.keys: set[str] = set()
        self.n_objects = self.n_papers = 0

    def note_key(self, key: str) -> None:
        if len(self.keys) < _MAX_KEYS:
            self.keys.add(key)

    def close(self) -> None:
        if self.holder and not self.is_array:
            self.holder.n_objects += 1
            self.holder.n_papers += not self.keys.isdisjoint(PAPER_KEYS)


def find_shape(head: bytes, *, is_whole: bool) -> Shape:
    """Tell where the records lie, from the first bytes of a text.

    Parameters
    ----------
    head : bytes
        UTF-8, without a byte order mark.
    is_whole : bool
        Whether the text ends where `head` does.

    Examples
    --------
    >>> find_shape(b'{"count": 1, "results": [{"title": "A"}]}', is_whole=True).path
    ('results',)
    """
    if _has_records_on_lines(head, is_whole=is_whole):
        return Shape("lines")
    boxes, n_roots = _list_boxes(head)
    if not boxes or boxes[0].is_array or n_roots > 1:
        return Shape("sequence")
    holder = _choose_holder(boxes)
    if holder is None or holder.path is None:
        return Shape("sequence")
    unread = tuple(".".join(box.path or ()) for box in boxes if box.is_array and box.n_papers and box is not holder)
    return Shape("array" if holder.is_array else "mapping", holder.offset + 1, holder.path, unread[:10])


def _has_records_on_lines(head: bytes, *, is_whole: bool) -> bool:
    import orjson

    lines = head.split(b"\n")
    if not is_whole:
        lines = lines[:-1]
    lines = [line for line in map(bytes.strip, lines[: 10 * _SAMPLE_LINES]) if line][:_SAMPLE_LINES]
    n_open = sum(line.startswith(b"{") for line in lines)
    sound = []
    for line in lines:
        try:
            sound.append(isinstance(orjson.loads(line), dict | list))
        except orjson.JSONDecodeError:
            sound.append(False)
    n_sound = sum(sound)
    if len(lines) > 1 and lines[0].startswith(b"[") and not sound[0]:
        # An array with a record on each of its lines.
        return False
    if len(lines) > 1 and lines[0].startswith(b"{") and sound[0]:
        return True
    if len(lines) > 1 and not sound[0] and _is_unfinished(lines[0]):
        # A wrapper, in which each record has a line.
        return False
    if n_sound:
        # The one line of a file may be a wrapper: an array in it is found by its shape.
        return len(lines) > 1 and 2 * max(n_open, n_sound) >= len(lines)
    return len(lines) > 1 and n_open == len(lines)


def _is_unfinished(line: bytes) -> bool:
    """Whether a line opens an object that goes on in the next: ``{"data": [``, not ``{"title": "A"},``."""
    import orjson

    if not (line.startswith(b"{") and line.endswith((b"[", b"{", b","))):
        return False
    try:
        orjson.loads(line.rstrip(b","))
    except orjson.JSONDecodeError:
        return True
    return False


def _list_boxes(head: bytes) -> tuple[list[_Box], int]:
    """The containers that are reached from the top through objects alone, and how many stand at the top."""
    boxes: list[_Box] = []
    stack: list[_Box] = []
    key, n_roots = "", 0
    for token in _TOKEN.finditer(head):
        first = head[token.start()]
        holder = stack[-1] if stack else None
        if first in b"[{":
            n_roots += holder is None
            box = _Box(holder, key, token, len(stack))
            stack.append(box)
            if box.path is not None and len(boxes) < _MAX_BOXES:
                boxes.append(box)
        elif first in b"]}":
            if stack:
                stack.pop().close()
        elif holder and first == _QUOTE:
            if holder.is_array:
                holder.n_objects += _PYTHON_ITEM.match(token.group()) is not None
            elif head[token.end() : token.end() + 20].lstrip()[:1] == b":":
                key = token.group()[1:-1].decode("utf-8", "replace")
                holder.note_key(key)
    # The head may end inside a record.
    while stack:
        stack.pop().close()
    return boxes, n_roots


def _choose_holder(boxes: list[_Box]) -> _Box | None:
    """The array or mapping that holds the records; None where the object at the top is one itself."""
    root_is_paper = not boxes[0].keys.isdisjoint(PAPER_KEYS)
    by_key = {box.path[-1]: box for box in reversed(boxes) if box.is_array and box.path}
    named = [by_key[key] for key in RECORD_KEYS if key in by_key]
    named = [box for box in named if box.n_papers or (not root_is_paper and (box.n_objects or box.is_bare))]
    if named:
        return max(named, key=lambda box: box.n_papers > 0)
    mappings = [box for box in boxes if not box.is_array and box.n_papers > 1]
    if root_is_paper or (not mappings and any(box.keys & PAPER_KEYS for box in boxes)):
        return None
    arrays = [box for box in boxes if box.is_array and box.n_objects]
    return max(arrays + mappings, key=lambda box: (box.n_papers, box.n_objects), default=None)
