"""BibTeX as a stream of blocks (``@article{...}``), and the fields and values of one.

A block is cut out of the stream here, so that memory stays flat and a broken
one costs itself; its fields are parted by bibtexparser.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from analysis.corpus.opening import Line
from analysis.corpus.records import shorten_raw

MAX_BLOCK = 4 * 2**20
MAX_VALUE = 2**20

BLOCK_START = re.compile(r"[\ufeff\s]*@\s*(?P<type>[A-Za-z][\w-]*)\s*(?P<open>[{(])")
_HALF_START = re.compile(r"[\ufeff\s]*@\s*[A-Za-z][\w-]*\s*$")
_BRACES = re.compile(r"\\.|[{}]")
_MARKS = re.compile(r'\\.|[{}()"]')
_QUOTES = re.compile(r'\\.|[{}"]')
# The blank keeps bibtexparser from taking the second backslash of a line break for an escape of the brace.
_LINE_BREAK = re.compile(r"(?<!\\)((?:\\\\)+)(?=[{}])")
_BLANKS = re.compile(r"[\s,;]*")
_LONGEST_START = 100
_NAME = re.compile(r'[^\s{}"#,=]+')


class Block(NamedTuple):
    """One block, or one line that stands outside of all.

    Attributes
    ----------
    type : str
        In lower case (``article``, ``string``); empty for a line outside.
    text : str
    first_line : int
    fault : str
        Why it cannot be read; empty when it is whole.
    """

    type: str
    text: str
    first_line: int
    fault: str = ""


class Parsed(NamedTuple):
    """The fields of an entry as written, by their names in lower case, or why they cannot be told."""

    key: str
    fields: dict[str, str]
    fault: str = ""


def split_blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Cut a stream of lines into blocks.

    A block that never closes ends where a line begins the next one, and
    nothing longer than `MAX_BLOCK` characters is held.
    """
    open_block: _Open | None = None
    half = ""
    for number, line in lines:
        text, half = (f"{half} {line}", "") if half else (line, "")
        # A position, not a rest: a file may be one line of a million entries.
        position: int | None = 0 if open_block else _skip_blanks(text, 0)
        if open_block and not text:
            open_block.take(text, 0)
        while position is not None and position < len(text):
            found = BLOCK_START.match(text, position)
            if open_block and found:
                yield open_block.give_up(f"not closed before the next entry (line {number})")
                open_block = None
            if open_block is None:
                if found is None:
                    rest = text[position:]
                    if len(rest) < _LONGEST_START and _HALF_START.match(rest):
                        half = rest
                    else:
                        yield Block("", shorten_raw(rest.strip()), number)
                    break
                open_block = _Open(found["type"].lower(), found["open"], number)
                position = found.end()
            position = open_block.take(text, position)
            if position is not None:
                yield open_block.finish()
                open_block = None
                position = _skip_blanks(text, position)
    if open_block:
        yield open_block.give_up("not closed before the end of the file")


def _skip_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    return found.end() if found else start


class _Open:
    """A block that is being read."""

    def __init__(self, kind: str, opening: str, first_line: int) -> None:
        self.kind, self.first_line = kind, first_line
        self._in_round = opening == "("
        self._depth, self._in_quotes = 0 if self._in_round else 1, False
        # bibtexparser knows no blank between the sign and the type.
        self._lines = [f"@{kind}{opening}"]
        self._length = 0

    def take(self, line: str, start: int) -> int | None:
        """Add a line from `start` on; where the block ends in it, or None while it goes on."""
        end = self._find_end(line, start)
        self._length += (len(line) if end is None else end) - start + 1
        if self._length <= MAX_BLOCK:
            self._lines.append(line[start:end])
        return end

    def finish(self) -> Block:
        return self._build("") if self._length <= MAX_BLOCK else self.give_up("")

    def give_up(self, what: str) -> Block:
        if self._length > MAX_BLOCK:
            what = f"longer than {MAX_BLOCK // 2**20} MiB"
        return self._build(f"{what}: a brace too many or too few")

    def _build(self, fault: str) -> Block:
        # The first line, "@article{", is the block's own.
        first, *others = self._lines
        return Block(self.kind, first + "\n".join(others), self.first_line, fault)

    def _find_end(self, line: str, start: int) -> int | None:
        for mark in (_MARKS if self._in_round else _BRACES).finditer(line, start):
            sign = mark.group()
            if sign == "{":
                self._depth += 1
            elif sign == "}":
                self._depth -= 1
                if self._depth <= 0 and not self._in_round:
                    return mark.end()
            elif sign == '"' and self._depth == 0:
                self._in_quotes = not self._in_quotes
            elif sign == ")" and self._depth <= 0 and not self._in_quotes:
                return mark.end()
        return None


def parse_entry(text: str) -> Parsed:
    """Part an entry into its fields; of a field that is given twice, the first counts, as in BibTeX."""
    parser = _load_parser()
    if "\\\\" in text:
        text = _LINE_BREAK.sub(r"\1 ", text)
    blocks = parser.Splitter(text).split().blocks
    entry = next((getattr(block, "ignore_error_block", block) or block for block in blocks), None)
    if not isinstance(entry, parser.Entry):
        error = getattr(entry, "error", None)
        why = " ".join(str(getattr(error, "abort_reason", None) or "no entry").split())
        return Parsed("", {}, f"cannot be parted into fields: {why[:200]}")
    fields: dict[str, str] = {}
    for field in entry.fields:
        fields.setdefault(field.key.strip().lower(), str(field.value))
    return Parsed(entry.key.strip(), fields)


def parse_macro(text: str, macros: Mapping[str, str]) -> tuple[str, str]:
    """Name (in lower case) and value of an ``@string`` block; both empty when it holds none."""
    body = BLOCK_START.sub("", text, count=1).rstrip()[:-1]
    name, equals, value = body.partition("=")
    return (name.strip().lower(), resolve_value(value, macros)) if equals else ("", "")


def resolve_value(value: str, macros: Mapping[str, str]) -> str:
    """A value without what encloses it, macros replaced and parts joined; a name that no macro has stays.

    Examples
    --------
    >>> resolve_value('"Proc. " # conf # { 2019}', {"conf": "of X"})
    'Proc. of X 2019'
    """
    value = value.strip()
    if value.startswith("{") and value.endswith("}") and "#" not in value:
        return value[1:-1]
    parts: list[str] = []
    position = length = 0
    while position < len(value) and length < MAX_VALUE:
        sign = value[position]
        if sign in '{"':
            end = _find_close(value, position)
            part = value[position + 1 : end]
            position = end + 1
        elif name := _NAME.match(value, position):
            part = macros.get(name.group().lower(), name.group())
            position = name.end()
        else:
            part = ""
            position += 1
        parts.append(part)
        length += len(part)
    return "".join(parts)[:MAX_VALUE]


def _find_close(value: str, start: int) -> int:
    """Index of the brace or quote that closes the one at `start`; the end where none does."""
    depth = 0
    if value[start] == "{":
        for mark in _BRACES.finditer(value, start):
            depth += {"{": 1, "}": -1}.get(mark.group(), 0)
            if depth == 0:
                return mark.start()
        return len(value)
    for mark in _QUOTES.finditer(value, start + 1):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if mark.group() == '"' and depth <= 0:
            return mark.start()
    return len(value)


@cache
def _load_parser() -> Any:
    from types import SimpleNamespace

    from bibtexparser.model import Entry
    from bibtexparser.splitter import Splitter

    # It warns of each broken entry; we set those aside and say why.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    return SimpleNamespace(Splitter=Splitter, Entry=Entry)
