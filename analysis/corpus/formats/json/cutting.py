"""Cuts the elements out of JSON text as a stream: memory is that of one element, a damaged one costs itself alone.

The grammar is that of RFC 8259; a sequence of values with nothing, commas or
record separators (RFC 7464) between them is taken as well. What lies in an
element is left to `parse`; only brackets and strings are told apart here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple, Protocol

Container = Literal["sequence", "array", "mapping"]
MAX_ELEMENT = 16 * 2**20
# A damaged element may hide those after it, which are looked through again: up to this much in one file.
_MAX_AGAIN = 2**30
_CHUNK = 2**20
_START = 4096
# As far as readers of JSON go.
_MAX_DEPTH = 1000
# So deep lies no paper: the rest of such a file is one fault.
_MOST_OPEN = 1_000_000
_TOO_LONG = f"longer than {MAX_ELEMENT // 2**20} MiB"
_TOO_DEEP = "nested too deeply to be a record"
_HOPELESS = f"nested more than {_MOST_OPEN} levels deep; nothing after it is read"
_CUT_OFF = "cut off at the end of the file"

STRING = rb'"(?:[^"\\]++|\\.)*+"'
_NO_BRACKET = rb'(?:[^"{}\[\]]++|' + STRING + rb")*+"
# Outside strings JSON has signs, numbers and a few words: anything else tells that a quotation mark is amiss.
_NO_STRAY = rb"(?:[\s,:0-9+.eE-]++|" + STRING + rb"|true|false|null|NaN|Infinity)*+"
_RUN = rb"([\[{]++|[\]}]++)"
_LONGEST_WORD = len(b"Infinity")
_QUOTE = ord('"')
_PASSED = re.compile(_NO_BRACKET, re.DOTALL)
_BRACKETS = re.compile(_NO_BRACKET + _RUN, re.DOTALL)
_SOUND = re.compile(_NO_STRAY, re.DOTALL)
_SOUND_BRACKETS = re.compile(_NO_STRAY + _RUN, re.DOTALL)
_WHOLE_STRING = re.compile(STRING, re.DOTALL)
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR = re.compile(rb'[^\s,\[\]{}"]++')
_BETWEEN = {
    "sequence": re.compile(rb"[\s,\[\]}:\x1e]*+"),
    "array": re.compile(rb"[\s,}:]*+"),
    "mapping": re.compile(rb"[\s,\]:]*+"),
}
_END = {"sequence": b"", "array": b"]", "mapping": b"}"}
_AFTER = re.compile(rb"\s*+(?:[,\]}{\[\x1e]|\Z)")
_FIRST_KEYS = re.compile(
    rb"\{\s*(" + STRING + rb")\s*:\s*(?:(?:" + STRING + rb'|[^"{}\[\],\s]++)\s*,\s*(' + STRING + rb")\s*:|[\[{])",
    re.DOTALL,
)


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Parsed(NamedTuple):
    """A value, or why there is none."""

    value: Any
    fault: str = ""


class Element(NamedTuple):
    """One element: its bytes (only the first where it is longer than any record), its value, its key in a mapping."""

    content: bytes
    value: Any
    fault: str
    key: bytes = b""


def cut_elements(
    stream: Readable, parse: Callable[[bytes], Parsed], *, container: Container, offset: int = 0, n_open: int = 0
) -> Iterator[Element]:
    """Every element of a container, then every value that follows it.

    Parameters
    ----------
    stream : readable
        The text, from its start.
    parse : callable
        Bytes of one element -> its value, or its fault.
    container : {"sequence", "array", "mapping"}
        What holds the elements; in a sequence the brackets of arrays count as gaps.
    offset : int
        Bytes before the first element.
    n_open : int
        Brackets that are still open when the container ends.
    """
    cutter = _Cutter(stream, parse)
    cutter.skip_bytes(offset)
    yield from cutter.cut(container)
    if container != "sequence":
        cutter.skip_brackets(n_open)
        yield from cutter.cut("sequence")


class _Cutter:
    """A window on the stream; `_at` is where the element in hand begins in it."""

    def __init__(self, stream: Readable, parse: Callable[[bytes], Parsed]) -> None:
        self._stream, self._parse = stream, parse
        self._buffer, self._at = b"", 0
        self._last_sound = b""
        self._n_again = 0
        self._is_given_up = False

    def skip_bytes(self, n_bytes: int) -> None:
        while len(self._buffer) < n_bytes and self._read_more():
            pass
        self._at = min(n_bytes, len(self._buffer))

    def cut(self, container: Container) -> Iterator[Element]:
        key = b""
        while True:
            self._pass(_BETWEEN[container])
            first = self._buffer[self._at : self._at + 1]
            if not first:
                if self._read_more():
                    continue
                return
            if first == _END[container]:
                self._at += 1
                return
            if first in b"{[":
                element = self._cut_object()
            elif first == b'"':
                element = self._cut_string()
                if container == "mapping" and not key:
                    key = element.content
                    continue
            else:
                element = self._cut_scalar()
            yield element._replace(key=key) if key else element
            key = b""

    def skip_brackets(self, depth: int) -> None:
        """Go on until `depth` open brackets are closed, and keep nothing of what is passed."""
        while depth:
            found = _BRACKETS.match(self._buffer, self._at)
            if found:
                depth, self._at = _count_brackets(found, depth)
                if depth > _MOST_OPEN:
                    self._is_given_up, self._at = True, len(self._buffer)
                    return
                continue
            self._pass(_PASSED)
            if len(self._buffer) - self._at > _CHUNK:
                self._skip_string()
            elif not self._read_more():
                return

    def _cut_object(self) -> Element:
        """The object at hand; where it is damaged, what lies before the next one."""
        length, depth = self._measure(_SOUND_BRACKETS)
        stop = self._at + length
        if depth == 0:
            content = self._buffer[self._at : stop]
            parsed = self._parse(content)
            if not parsed.fault or (_ends_as_it_begins(content) and _AFTER.match(self._buffer, stop)):
                self._at = stop
                self._last_sound = self._last_sound if parsed.fault else content[:_START]
                return Element(content, *parsed)
        following = self._find_next() if depth <= _MAX_DEPTH else 0
        if following:
            content = self._buffer[self._at : following].rstrip(b" \t\r\n,")
            self._n_again += max(0, stop - following)
            self._at = following
            return Element(content, None, self._parse(content).fault or "damaged: it does not end as a record does")
        length, depth = self._measure(_BRACKETS)
        stop = self._at + length
        if depth > _MAX_DEPTH or (depth and len(self._buffer) - self._at > MAX_ELEMENT):
            content = self._buffer[self._at : self._at + _START]
            self._at = stop
            self.skip_brackets(depth)
            if self._is_given_up:
                return Element(content, None, _HOPELESS)
            return Element(content, None, _TOO_DEEP if depth > _MAX_DEPTH else _TOO_LONG)
        content = self._buffer[self._at : stop]
        self._at = stop
        return Element(content, *(Parsed(None, _CUT_OFF) if depth else self._parse(content)))

    def _measure(self, brackets: re.Pattern[bytes]) -> tuple[int, int]:
        """Length of the object at hand as far as `brackets` goes through it, and how many are still open there."""
        length = depth = 0
        while True:
            found = brackets.match(self._buffer, self._at + length)
            if found:
                depth, stop = _count_brackets(found, depth)
                length = stop - self._at
                if depth == 0 or depth > _MAX_DEPTH:
                    return length, depth
            elif len(self._buffer) - self._at > MAX_ELEMENT or self._has_stray(length, brackets):
                return length, depth
            elif not self._read_more():
                return len(self._buffer) - self._at, depth

    def _has_stray(self, length: int, brackets: re.Pattern[bytes]) -> bool:
        """Whether a character that belongs into a string stands outside, which more text would not mend."""
        if brackets is not _SOUND_BRACKETS:
            return False
        found = _SOUND.match(self._buffer, self._at + length)
        stop = found.end() if found else self._at + length
        return len(self._buffer) - stop > _LONGEST_WORD and self._buffer[stop] != _QUOTE

    def _find_next(self) -> int:
        """Where the next object with the same first keys begins; 0 where none does near by."""
        keys = _FIRST_KEYS.match(self._last_sound) or _FIRST_KEYS.match(self._buffer, self._at)
        if keys is None or self._n_again > _MAX_AGAIN:
            return 0
        first, second = keys.groups()
        value = rb"(?:" + STRING + rb'|[^"{}\[\],\s]++)\s*,\s*' + re.escape(second or b"") + rb"\s*:"
        begins = re.compile(rb"\{\s*" + re.escape(first) + rb"\s*:\s*" + (value if second else rb"[\[{]"), re.DOTALL)
        n_seen = 1
        while not (found := begins.search(self._buffer, self._at + n_seen)):
            n_seen = max(1, len(self._buffer) - self._at - _START)
            if n_seen > MAX_ELEMENT or not self._read_more():
                self._n_again += n_seen
                return 0
        return found.start()

    def _cut_string(self) -> Element:
        while not (found := _WHOLE_STRING.match(self._buffer, self._at)):
            start = self._buffer[self._at : self._at + _START]
            if len(self._buffer) - self._at > MAX_ELEMENT:
                self._skip_string()
                return Element(start, None, _TOO_LONG)
            if not self._read_more():
                self._at = len(self._buffer)
                return Element(start, None, _CUT_OFF)
        self._at = found.end()
        return Element(found.group(), *self._parse(found.group()))

    def _cut_scalar(self) -> Element:
        start = self._buffer[self._at : self._at + _START]
        content = b""
        while not content or (self._at == len(self._buffer) and self._read_more()):
            found = _SCALAR.match(self._buffer, self._at)
            if found is None:
                # A bracket of the other kind: no value begins here.
                self._at += not content
                break
            content, self._at = (content + found.group())[:_START], found.end()
        content = content or start[:1]
        return Element(content, *self._parse(content))

    def _skip_string(self) -> None:
        """Go behind the end of the string that opens here."""
        self._at += 1
        while True:
            self._pass(_IN_STRING)
            if self._buffer[self._at : self._at + 1] == b'"':
                self._at += 1
                return
            if not self._read_more():
                self._at = len(self._buffer)
                return

    def _pass(self, pattern: re.Pattern[bytes]) -> None:
        found = pattern.match(self._buffer, self._at)
        self._at = found.end() if found else self._at

    def _read_more(self) -> bool:
        """Lengthen the window; what lies before the element in hand is let go."""
        left = self._buffer[self._at :]
        chunk = b"" if self._is_given_up else self._stream.read(max(_CHUNK, len(left)))
        if not chunk:
            return False
        self._buffer, self._at = left + chunk, 0
        return True


def _ends_as_it_begins(content: bytes) -> bool:
    return content[:1] + content[-1:] in (b"{}", b"[]")


def _count_brackets(found: re.Match[bytes], depth: int) -> tuple[int, int]:
    """How deep the text is after a run of brackets, and where that is; not beyond the bracket that closes the last."""
    start, stop = found.span(1)
    if found.group(1)[:1] in b"[{":
        return depth + stop - start, stop
    n_closed = min(depth, stop - start)
    return depth - n_closed, start + n_closed
