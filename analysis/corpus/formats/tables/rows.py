"""What the readers of tables share: the walk over rows, the names of columns, and a row in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from analysis.corpus.formats.tables.accepted import GENERIC
from analysis.corpus.formats.tables.fields import Columns, describe_columns, parse_row
from analysis.corpus.records import Found, Note, SetAside, shorten_raw

MAX_COLUMNS = 16_384


class Row(NamedTuple):
    """A row of a table: where it stands, its cells by column, and the row as it was read."""

    position: str
    cells: Mapping[str, Any]
    raw: str


def read_rows(rows: Iterable[Row | SetAside | Note], columns: Columns, name: str) -> Iterator[Found]:
    """What was made of the columns, the rows as records, and whether abstracts are lacking.

    Parameters
    ----------
    rows : iterable of Row, SetAside and Note
        The latter two are passed on.
    columns : Columns
    name : str
        Of the source, for messages.
    """
    yield Note(describe_columns(name, columns))
    n_rows = n_abstracts = 0
    for row in rows:
        if not isinstance(row, Row):
            yield row
            continue
        record = parse_row(row.cells, columns, position=row.position, raw=row.raw)
        n_rows += 1
        n_abstracts += bool(record.abstract)
        yield record
    if n_rows and not n_abstracts:
        what = "every abstract is empty" if "abstract" in columns.used else "no column holds abstracts"
        yield Note(f"{name}: {what}; titles alone speak for its papers. {columns.vendor.advice or GENERIC.advice}")


def name_columns(cells: Iterable[Any]) -> tuple[str, ...]:
    """Names for the cells of a header: blank ones by their number, repeated ones told apart.

    >>> name_columns(["Title", " ", "Title"])
    ('Title', 'column 2', 'Title (2)')
    """
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, 1):
        name = " ".join(str(cell or "").split()) or f"column {number}"
        count = 2
        unique = name
        while unique in names:
            unique, count = f"{name} ({count})", count + 1
        names[unique] = None
    return tuple(names)


def dump_row(row: Mapping[str, Any]) -> str:
    """A row as compact JSON, for the account of records set aside."""
    import orjson

    try:
        text = orjson.dumps(row, default=str, option=orjson.OPT_NON_STR_KEYS).decode("utf-8")
    except TypeError:
        text = json.dumps({str(name): cell for name, cell in row.items()}, ensure_ascii=False, default=str)
    return shorten_raw(text)
