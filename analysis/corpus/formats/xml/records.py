"""XML as a stream of records: safe from entities, bounded in memory, and one broken record costs itself alone.

The parser is expat, which never fetches a DTD or an external entity unless told to; a DOCTYPE that declares
anything of its own is refused, so that no entity can expand. Named HTML entities (``&uuml;``), which DBLP and
others take from their DTD, are resolved from the standard's table. Names are compared without their prefix.
Source: Extensible Markup Language 1.0, fifth edition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.entities import html5
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from analysis.config import InputError
from analysis.corpus.formats.xml import limits as limits
from analysis.corpus.formats.xml.decoding import CHUNK, stream_utf8
from analysis.corpus.formats.xml.elements import Part
from analysis.corpus.formats.xml.limits import BrokenError, compile_starts
from analysis.corpus.opening import Source
from analysis.corpus.records import Note, SetAside, shorten_raw

# As long as a start tag's name can be and still be found across two pieces.
_OVERLAP = 256
# Errors of expat: what a second document after the first looks like, and what only the end of the file shows.
_SECOND, _ENDED, _UNCLOSED = (9, 17), 3, (5, 20)


def read_parts(
    source: Source, records: Iterable[str], *, beside: Iterable[str] = (), skipped: Iterable[str] = ()
) -> Iterator[Part | SetAside | Note]:
    """Every element of the given names that is not inside another of them, in file order.

    Parameters
    ----------
    source : Source
    records, beside, skipped : iterable of str
        Names without prefix: of records, of elements beside them that are
        wanted, too, and of those within them whose content is not needed.

    Yields
    ------
    Part, SetAside or Note
        A record that is not well-formed, or is longer than `xml_limits.MAX_RECORD`,
        deeper than `MAX_DEPTH` or of more than `MAX_ELEMENTS` elements, is set aside, and reading goes on
        at the next one. Documents that follow one another in one file are all read.

    Raises
    ------
    InputError
        If the DOCTYPE declares anything, or nothing well-formed is found.
    """
    return _Reading(source, frozenset(records), frozenset(beside), frozenset(skipped)).run()


class _Reading:
    """One pass over a source. All positions are offsets in its UTF-8 bytes; `_window` holds those from `_base` on."""

    def __init__(
        self, source: Source, records: frozenset[str], beside: frozenset[str], skipped: frozenset[str]
    ) -> None:
        self._source, self._records, self._names, self._skipped = source, records, records | beside, skipped
        self._window, self._base, self._fed = bytearray(), 0, 0
        self._context: list[tuple[str, dict[str, str]]] = []
        self._done: list[Part] = []
        self._counts: Counter[str] = Counter()
        self._n_set_aside = self._n_outside = self._n_rewinds = self._n_starts = 0
        self._first_outside = ""
        self._seek: tuple[int, int] | None = None
        self._start_parser(0, 1)

    def run(self) -> Iterator[Part | SetAside | Note]:
        for piece in stream_utf8(self._source):
            self._window += piece
            yield from self._work()
            if self._n_starts > limits.MAX_BROKEN:
                yield Note(f"{self._source.name}: breaks off in {limits.MAX_BROKEN:,} places; the rest is not read.")
                return
        yield from self._work(is_end=True)
        name = self._source.name
        if not self._counts and self._n_outside and not self._n_set_aside:
            raise InputError(f"{name}: {self._first_outside}. No record was found. Save or fetch it again.")
        if self._n_outside:
            more = f", and {self._n_outside - 1} more such places" if self._n_outside > 1 else ""
            yield Note(f"{name}: {self._first_outside} (outside of any record){more}.")
        elif not self._counts and not self._n_set_aside:
            yield Note(f"{name}: well-formed, but it holds no {' or '.join(sorted(self._records))}.")

    def _work(self, *, is_end: bool = False) -> Iterator[Part | SetAside]:
        """Parse what has been read so far, taking up again after each break."""
        while self._seek is None or self._resume():
            broken = self._parse(is_end=is_end)
            yield from self._done
            self._done.clear()
            if broken is None:
                break
            yield from self._account_for(broken)
        self._trim()

    def _start_parser(self, at: int, line: int) -> None:
        """Begin anew at a place in the source, within the elements that are open there."""
        lead = "".join(f"<{name}{''.join(f' {key}={quoteattr(text)}' for key, text in attributes.items())}>"
                       for name, attributes in self._context)  # fmt: skip
        lead = lead.replace("\n", "&#10;")
        parser = expat.ParserCreate("UTF-8")
        # As if there were a DTD: unknown entities come to us, and are no error. Nothing is fetched.
        parser.UseForeignDTD(True)
        parser.buffer_text = True
        self._parser, self._began, self._line, self._fed, self._seek = parser, at, line, at, None
        self._lead, self._depth = len(lead.encode()), len(self._context)
        self._record, self._skip_from, self._n_starts = "", 0, self._n_starts + 1
        parser.Parse(lead.encode(), False)
        parser.StartDoctypeDeclHandler = self._check_doctype
        parser.StartElementHandler = self._open_element
        parser.EndElementHandler = self._close_element
        parser.CharacterDataHandler = self._add_text
        parser.SkippedEntityHandler = self._add_entity

    def _parse(self, *, is_end: bool) -> BrokenError | None:
        try:
            while self._fed < self._base + len(self._window):
                first = self._fed - self._base
                piece = bytes(self._window[first : first + CHUNK])
                self._fed += len(piece)
                self._parser.Parse(piece, False)
                self._check_bounds()
            if is_end:
                self._parser.Parse(b"", True)
        except BrokenError as broken:
            return broken
        except expat.ExpatError as error:
            at = self._parser.ErrorByteIndex - self._lead + self._began
            line = self._parser.ErrorLineNumber - 1 + self._line
            if error.code == _ENDED:
                reason = f"cut short: the file ends (line {line}) before its last tag"
            else:
                reason = f"not well-formed XML at line {line}: {expat.ErrorString(error.code)}"
            return BrokenError(reason, at, line, rewinds=error.code in _UNCLOSED, code=error.code)
        return None

    def _check_doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
        if has_internal_subset:
            raise InputError(
                f"{self._source.name}: its DOCTYPE declares entities or rules of its own, which can expand without "
                "bound or name other files, so it is not read. If you trust the file, take out what stands between "
                "[ and ] there."
            )

    def _check_bounds(self) -> None:
        if self._fed - self._here() > limits.MAX_TOKEN:
            raise self._break(f"a tag or comment is longer than {limits.MAX_TOKEN // 2**20} MiB", rewinds=True)
        if self._record and self._fed - self._record_at > limits.MAX_RECORD:
            raise self._break(f"longer than {limits.MAX_RECORD // 2**20} MiB", rewinds=True)
        if len(self._parser.intern) > limits.MAX_NAMES:
            raise self._break(f"more than {limits.MAX_NAMES:,} different names of tags")

    def _open_element(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise self._break(f"nested deeper than {limits.MAX_DEPTH} levels")
        local = name.rpartition(":")[2]
        if not self._record and local not in self._names:
            self._context.append((name, attributes))
            return
        if not self._record:
            self._record, self._record_depth, self._n_elements = name, self._depth, 0
            self._record_at, self._record_line = self._here(), self._parser.CurrentLineNumber - 1 + self._line
            self._builder = TreeBuilder()
        elif name == self._record and "xmlns" not in attributes:
            raise self._break(f"another <{name}> begins before this one ends")
        if local in self._skipped and not self._skip_from:
            self._skip_from = self._depth
        if not self._skip_from:
            self._n_elements += 1
            self._builder.start(local, attributes)
            if self._n_elements > limits.MAX_ELEMENTS:
                raise self._break(f"more than {limits.MAX_ELEMENTS:,} elements")

    def _close_element(self, name: str) -> None:
        if not self._record:
            self._context.pop()
        elif self._skip_from:
            if self._skip_from == self._depth:
                self._skip_from = 0
        else:
            local = name.rpartition(":")[2]
            self._builder.end(local)
            if self._depth == self._record_depth:
                within = {outer.rpartition(":")[2]: attributes for outer, attributes in self._context}
                element = self._builder.close()
                raw = self._cut_raw(self._find_end(is_empty=not len(element) and not element.text))
                self._done.append(Part(local, self._count(), raw, element, within))
                self._record = ""
        self._depth -= 1

    def _add_text(self, text: str) -> None:
        if self._record and not self._skip_from:
            self._builder.data(text)

    def _add_entity(self, name: str, _is_parameter: bool) -> None:
        self._add_text(html5.get(f"{name};", f"&{name};"))

    def _account_for(self, broken: BrokenError) -> Iterator[SetAside]:
        """Set aside the record that broke, and look for the place to take up again."""
        if not self._record and not self._context and broken.code in _SECOND:
            # expat points behind the first characters of a second XML declaration.
            first = max(self._began + 1 - self._base, 0)
            tag = self._window.rfind(b"<", first, broken.at - self._base + 1) + self._base
            if tag > self._began:
                self._start_parser(tag, broken.line)
                return
        self._take_broken_tag(broken)
        at, line = max(broken.at, self._began + 1), broken.line
        if broken.rewinds:
            self._n_rewinds += 1
            if self._n_rewinds > limits.MAX_REWINDS:
                line += self._window.count(b"\n", at - self._base)
                at = self._base + len(self._window)
            elif self._record:
                at, line = self._record_at + 1, self._record_line
            else:
                at += 1
        self._seek = at, line
        if self._record:
            end = self._find_start(at)
            raw = self._cut_raw(end.start() if end else len(self._window))
            self._n_set_aside += 1
            yield SetAside(self._source.name, self._count(), broken.reason, raw)
            self._record = ""
        else:
            self._n_outside += 1
            self._first_outside = self._first_outside or broken.reason

    def _take_broken_tag(self, broken: BrokenError) -> None:
        """Where a record's own start tag is what broke, that is the record."""
        at = broken.at - self._base
        tag = self._window.rfind(b"<", 0, at + 1)
        if self._record or tag < self._began - self._base or self._window.find(b">", tag, at) >= 0:
            return
        found = compile_starts(self._records).match(self._window, tag)
        if found:
            self._record, self._record_at, self._record_line = found.group(1).decode(), tag + self._base, broken.line

    def _resume(self) -> bool:
        """Start again at the next place that allows it; False while there is none."""
        assert self._seek is not None
        at, line = self._seek
        found = self._find_start(at)
        if not found:
            return False
        name = found.group(1).decode()
        for depth, (outer, _) in enumerate(self._context):
            if outer.rpartition(":")[2] == name:
                del self._context[depth:]
                break
        self._start_parser(found.start() + self._base, line + self._window.count(b"\n", at - self._base, found.start()))
        return True

    def _trim(self) -> None:
        """Forget the bytes that no one will ask for again."""
        if self._seek is not None:
            at, line = self._seek
            keep = max(at, self._base + len(self._window) - _OVERLAP)
            self._seek = keep, line + self._window.count(b"\n", at - self._base, keep - self._base)
        else:
            keep = self._record_at if self._record else min(self._here(), self._fed)
        keep = min(max(keep, self._base), self._base + len(self._window))
        del self._window[: keep - self._base]
        self._base = keep

    def _find_start(self, at: int) -> re.Match[bytes] | None:
        """The next start of a record, or of an element like one that is open around the records."""
        names = self._records | {name.rpartition(":")[2] for name, _ in self._context}
        return compile_starts(names).search(self._window, at - self._base)

    def _here(self) -> int:
        return self._parser.CurrentByteIndex - self._lead + self._began

    def _break(self, reason: str, *, rewinds: bool = False) -> BrokenError:
        line = self._parser.CurrentLineNumber - 1 + self._line
        return BrokenError(f"{reason} (line {line})", self._here(), line, rewinds=rewinds)

    def _count(self) -> str:
        local = self._record.rpartition(":")[2]
        self._counts[local] += 1
        return f"{local} {self._counts[local]} (line {self._record_line})"

    def _find_end(self, *, is_empty: bool) -> int:
        """Where the end tag that is being read ends; expat stands behind ``<a/>``, but before ``</a>``."""
        at = self._here() - self._base
        return at if is_empty and self._window.endswith(b"/>", 0, at) else self._window.find(b">", at) + 1

    def _cut_raw(self, end: int) -> str:
        return shorten_raw(self._window[self._record_at - self._base : end].decode("utf-8", "replace"))
