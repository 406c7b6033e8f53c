"""JSON of any kind: each record is read by the dialect that its keys show, else by the names of its keys.

Containers are JSON lines, arrays, wrappers with an array inside, pages of
these, objects one after the other, and a single object (`json_shape`). One
reader serves all; the formats differ only in the name by which the first
record is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from analysis.config import InputError
from analysis.corpus.formats.json.arxiv_snapshot import ARXIV_LIST, ARXIV_SNAPSHOT
from analysis.corpus.formats.json.crossref import CROSSREF
from analysis.corpus.formats.json.csl import CSL_JSON
from analysis.corpus.formats.json.daily_papers import DAILY_PAPERS
from analysis.corpus.formats.json.dblp import DBLP_JSON
from analysis.corpus.formats.json.dialects import Dialect, Place
from analysis.corpus.formats.json.items import (
    decode_bytes,
    find_source_shape,
    list_first_items,
    list_items,
    opens_json,
)
from analysis.corpus.formats.json.openalex import OPENALEX
from analysis.corpus.formats.json.openreview import OPENREVIEW
from analysis.corpus.formats.json.semantic_scholar import SEMANTIC_SCHOLAR
from analysis.corpus.formats.json.shape import Shape
from analysis.corpus.formats.json.zotero import ZOTERO_JSON
from analysis.corpus.formats.tables.accepted import GENERIC
from analysis.corpus.formats.tables.fields import Columns, describe_columns, match_columns, parse_row, shorten_names
from analysis.corpus.opening import Source
from analysis.corpus.records import MAX_RAW, ColumnMap, Context, Format, Found, Note, RawRecord, SetAside, shorten_raw

# In the order in which they are tried on a record.
DIALECTS = (
    OPENALEX, ARXIV_SNAPSHOT, ARXIV_LIST, DAILY_PAPERS, SEMANTIC_SCHOLAR, OPENREVIEW, CROSSREF, DBLP_JSON, CSL_JSON,
    ZOTERO_JSON,
)  # fmt: skip
_Read = Callable[[dict[str, Any], Place], RawRecord | SetAside]
# Like objects need no second look; a file with more kinds of object than this has no kinds.
_MAX_KINDS = 1000
# A file whose first records are all of no use is given up here.
_MAX_USELESS = 100_000
_MOST_KEYS = 20


def recognise_json(source: Source) -> bool:
    """Whether the text opens as JSON does."""
    return opens_json(source)


def recognise_dialect(dialect: Dialect, source: Source) -> bool:
    """Whether the text is JSON whose first sound record is of a dialect."""
    first = list_first_items(source) if opens_json(source) else []
    return bool(first) and find_dialect(first[0]) is dialect


def find_dialect(item: dict[str, Any]) -> Dialect | None:
    """The dialect of a record; None where its keys show none."""
    return next((dialect for dialect in DIALECTS if dialect.recognise(item)), None)


def read_json(source: Source, context: Context) -> Iterator[Found]:
    """Read every record; one that is damaged costs itself alone.

    Raises
    ------
    InputError
        If no record has a title or an abstract, or nearly all is damaged.
    """
    shape = find_source_shape(source)
    yield from _describe_shape(source.name, shape)
    kinds = _Kinds(source.name, context)
    n_read = n_faults = n_foreign = n_abstracts = 0
    first_foreign = first_fault = ""
    for position, content, value, fault in list_items(source, shape):
        n_read += 1
        try:
            raw = content.decode()
        except UnicodeDecodeError:
            raw = decode_bytes(content)
            n_foreign, first_foreign = n_foreign + 1, first_foreign or position
        if len(raw) > MAX_RAW:
            raw = shorten_raw(raw)
        if value is None:
            n_faults, first_fault = n_faults + 1, first_fault or f"{position}: {fault}"
            yield SetAside(source.name, position, fault, raw)
        else:
            place = Place(source.name, position, raw)
            try:
                record = kinds.find_reader(value)(value, place)
            except RecursionError:
                n_faults += 1
                record = place.set_aside("nested too deeply to be a record")
            n_abstracts += type(record) is RawRecord and record.abstract != ""
            yield record
        if n_read % _MAX_USELESS == 0:
            _refuse_useless(source.name, n_read, n_faults, first_fault)
            kinds.require_text(n_read)
    if n_read > n_faults:
        kinds.require_text(n_read)
    yield from kinds.describe(has_abstracts=n_abstracts > 0)
    if n_foreign:
        yield Note(_describe_foreign(source.name, n_foreign, first_foreign))


class _Kinds:
    """The kinds of object in a file, by their keys, and how each is read."""

    def __init__(self, name: str, context: Context) -> None:
        self._name, self._mapping = name, context.columns
        self._readers: dict[tuple[str, ...], _Read] = {}
        self._keys: dict[str, None] = {}
        self._columns: Columns | None = None
        self._has_text = False
        self._found: set[str] = set()
        self._advice: dict[str, None] = {}

    def find_reader(self, item: dict[str, Any]) -> _Read:
        keys = tuple(item)
        reader = self._readers.get(keys)
        if reader is None:
            if len(self._readers) >= _MAX_KINDS:
                self._readers.clear()
            reader = self._readers[keys] = self._make_reader(item)
        return reader

    def require_text(self, n_read: int) -> None:
        """Refuse a file without titles and abstracts."""
        if self._has_text:
            return
        keys = ", ".join(" ".join(key.split())[:60] for key in list(self._keys)[:_MOST_KEYS]) or "none"
        raise InputError(
            f"{self._name}: none of its {n_read} records has a title or an abstract (keys found: {keys}). "
            "Say which keys hold them: --map title=KEY --map abstract=KEY."
        )

    def describe(self, *, has_abstracts: bool) -> Iterator[Note]:
        """Sentences on the keys used, on those looked for in vain, and on abstracts where there are none."""
        if self._columns is not None:
            yield Note(describe_columns(self._name, self._columns))
        if self._readers and not has_abstracts:
            advice = " ".join(self._advice) or GENERIC.advice
            yield Note(f"{self._name}: no record has an abstract; titles alone speak for its papers. {advice}")
        absent = [f"{ours}={theirs}" for ours, theirs in self._mapping.items() if theirs not in self._found]
        if absent and self._readers:
            yield Note(f"{self._name}: --map {' '.join(absent)}: no record has such a key.")

    def _make_reader(self, item: dict[str, Any]) -> _Read:
        if len(self._keys) < _MAX_KINDS:
            self._keys |= dict.fromkeys(item)
        mapping = {ours: theirs for ours, theirs in self._mapping.items() if theirs in item}
        self._found |= set(mapping.values())
        if isinstance(self._mapping, ColumnMap):
            self._mapping.meet(mapping, item)
        dialect = find_dialect(item)
        if _is_table(item):
            raise InputError(
                f"{self._name}: a table by columns (what pandas writes unless told otherwise), not one object per "
                "paper. Save it with to_json(orient='records', lines=True)."
            )
        if dialect is None:
            columns = match_columns(item, mapping)
            self._has_text |= columns.has_text
            self._columns = self._columns or columns
            return partial(_read_generic, columns)
        self._has_text = True
        if dialect.advice:
            self._advice[dialect.advice] = None
        if mapping:
            return partial(_read_mapped, dialect.read, match_columns(mapping.values(), mapping), tuple(mapping))
        return dialect.read


def _is_table(item: dict[str, Any]) -> bool:
    """Whether an object holds columns and not a paper: mappings of row numbers alone, or a list of rows."""
    if item.keys() == {"columns", "index", "data"}:
        return True
    return len(item) > 1 and all(isinstance(column, dict) and "0" in column for column in item.values())


def _read_generic(columns: Columns, item: dict[str, Any], place: Place) -> RawRecord:
    return parse_row(item, columns, position=place.position, raw=place.raw)


def _read_mapped(
    read: _Read, columns: Columns, ours: tuple[str, ...], item: dict[str, Any], place: Place
) -> RawRecord | SetAside:
    """A record of a dialect, with what the user mapped in place of what the dialect takes."""
    record = read(item, place)
    if isinstance(record, SetAside):
        return record
    mapped = parse_row(item, columns, position=place.position, raw=place.raw)
    names = [name for name in ours if name in RawRecord._fields]
    if "published" in ours:
        names += ["span", "date_text", "date_fault", "date_kind"]
    changes: dict[str, Any] = {name: getattr(mapped, name) for name in names}
    return record._replace(**changes, labels={**record.labels, **mapped.labels})


def _refuse_useless(name: str, n_read: int, n_faults: int, first_fault: str) -> None:
    if 10 * n_faults > 9 * n_read:
        raise InputError(
            f"{name}: {n_faults} of its first {n_read} values are no records (the first: {first_fault}). "
            "Give one JSON object per paper, in an array or one per line."
        )


def _describe_foreign(name: str, n_foreign: int, first: str) -> str:
    records = "1 record is" if n_foreign == 1 else f"{n_foreign} records are"
    return (
        f"{name}: {records} not UTF-8 (the first is {first}) and read as Windows-1252 (Latin-1). "
        "Check the accents, or save it as UTF-8."
    )


def _describe_shape(name: str, shape: Shape) -> Iterator[Note]:
    if shape.path:
        others = ", ".join(map(repr, shorten_names(shape.unread)))
        unread = f"; also there and not read: {others}" if others else ""
        yield Note(f"{name}: its records are read from {'.'.join(shorten_names(shape.path))!r}{unread}.")


JSON_FORMATS = (
    *(Format(one.name, partial(recognise_dialect, one), read_json, one.experimental) for one in DIALECTS),
    Format("JSON", recognise_json, read_json),
)
