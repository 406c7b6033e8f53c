"""Which columns of a table (JSON lines, CSV, XLSX, Parquet, a DataFrame) hold what, and how a row becomes a record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from analysis.config import InputError
from analysis.corpus.formats.tables.accepted import ACCEPTED, AS_LABELS, DATES, GENERIC, DateColumn, Vendor
from analysis.corpus.formats.tables.row_dates import parse_dates
from analysis.corpus.formats.tables.vendors import VENDORS
from analysis.corpus.formats.values import (
    to_abstract,
    to_arxiv_id,
    to_count,
    to_doi,
    to_id,
    to_labels,
    to_language,
    to_names,
    to_pmid,
    to_text,
    to_web_address,
)
from analysis.corpus.records import ColumnMap, RawRecord

LABEL_PREFIX = "label_"
_DIGIT_AND_BRACKET = tuple(f"{digit})" for digit in range(10))
_CONVERT: dict[str, Callable[[Any], Any]] = {
    "abstract": to_abstract,
    "paper_id": to_id,
    "n_authors": to_count,
    "n_comments": to_count,
    "n_upvotes": to_count,
    "doi": to_doi,
    "arxiv_id": to_arxiv_id,
    "pmid": to_pmid,
    "openreview_id": to_id,
    "url": to_web_address,
    "language": to_language,
    "labels": to_labels,
}
# What is said of other columns.
_BESIDE = {
    "precision": ("published_precision", "date_precision"),
    "date_kind": ("published_kind", "date_kind"),
    "inferred": ("published_inferred",),
    "ends": ("published_end",),
    "labels": ("labels",),
}
_IMPLIED = frozenset({"titleonly"})


class _Step(NamedTuple):
    """How one field of a record comes from the cells of a row."""

    field: str
    names: tuple[str, ...]
    convert: Callable[[Any], Any]


@dataclasses.dataclass(frozen=True)
class Columns:
    """How the columns of one table are used.

    Attributes
    ----------
    names : tuple of str
        All of them, in their order.
    used : dict of tuple
        Our name -> the table's columns that serve it, the preferred one first.
    dates : tuple of DateColumn
        The dates, with the table's own names.
    labels : dict of tuple
        Name of a label -> the table's columns.
    unused : tuple
        The other columns.
    vendor : Vendor
        Whose table it is; `GENERIC` when it is not known.
    steps : tuple
        What `parse_row` does, in order.
    """

    names: tuple[str, ...]
    used: dict[str, tuple[str, ...]]
    dates: tuple[DateColumn, ...]
    labels: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]
    vendor: Vendor = GENERIC
    steps: tuple[_Step, ...] = dataclasses.field(default=(), repr=False)

    @property
    def has_text(self) -> bool:
        """Whether there is a title or an abstract to read."""
        return "title" in self.used or "abstract" in self.used

    @property
    def taken(self) -> tuple[str, ...]:
        """The columns that are read, each once, in the table's order."""
        return tuple(name for name in self.names if name not in set(self.unused))


def match_columns(names: Iterable[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """Find out which columns of a table are of use, whatever their case, blanks and signs.

    Parameters
    ----------
    names : iterable of str
        The table's columns.
    mapping : mapping, optional
        Our name -> the table's column, as the user gave it; ``label_x`` makes any column a label.

    Raises
    ------
    InputError
        If the mapping names what we do not know or a column that is not there.

    Examples
    --------
    >>> columns = match_columns(["Title", "Summary", "label_area", "pages"])
    >>> columns.used, columns.labels, columns.unused
    ({'title': ('Title',), 'abstract': ('Summary',)}, {'area': ('label_area',)}, ('pages',))
    """
    names = tuple(names)
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_key_of(name), name)
    mapping = _find_mapped(names, by_key, mapping) if mapping else {}
    vendor = next((one for one in VENDORS if any(_has_all(by_key, mark) for mark in one.marks)), GENERIC)
    wanted = {**ACCEPTED, **_BESIDE, **vendor.columns}
    found = {ours: _look_up(by_key, theirs) for ours, theirs in wanted.items()}
    labels = _match_labels(names, found, mapping)
    named = {ours: (name,) for ours, name in mapping.items() if not _is_label(ours) and ours != "published"}
    used = {ours: columns for ours, columns in {**found, **named}.items() if columns and ours not in AS_LABELS}
    dates = _match_dates(by_key, vendor, mapping)
    taken = {
        name for columns in (*used.values(), *labels.values(), *(date.names for date in dates)) for name in columns
    }
    unused = tuple(name for name in names if name not in taken and _key_of(name) not in _IMPLIED)
    return Columns(names, used, dates, labels, unused, vendor, _plan_steps(used, vendor))


def parse_row(row: Mapping[str, Any], columns: Columns, *, position: str, raw: str) -> RawRecord:
    """Read one row of a table.

    Parameters
    ----------
    row : mapping
        Column name -> cell.
    columns : Columns
        From `match_columns`.
    position, raw : str
        Where the row stands, and the row as it was read.

    Notes
    -----
    Of several dates the earliest counts; one that lies inside it and is finer takes its place.
    """
    values: dict[str, Any] = {"position": position, "raw": raw}
    get = row.get
    for field, names, convert in columns.steps:
        for name in names:
            cell = get(name)
            if cell is None or cell == "":
                continue
            value = convert(cell)
            if value or value == 0:
                values[field] = value
                break
    if columns.dates:
        values |= parse_dates(row, columns.dates, columns.used)
    if "arxiv_id" not in values:
        arxiv_id = to_arxiv_id(values.get("url")) or to_arxiv_id(values.get("doi"))
        if arxiv_id:
            values["arxiv_id"] = arxiv_id
    labels = values.get("labels")
    for label, names in columns.labels.items():
        text = next((text for text in map(to_text, map(get, names)) if text), "")
        if text:
            labels = {**(labels or {}), label: text.replace("|", "; ") if columns.vendor.id_prefix else text}
    if labels:
        values["labels"] = labels
    return RawRecord(**values)


def require_text(columns: Columns, name: str) -> None:
    """Refuse a table of which neither titles nor abstracts can be read.

    Raises
    ------
    InputError
        With the columns that there are.
    """
    if not columns.has_text:
        listed = ", ".join(shorten_names(columns.names))
        raise InputError(
            f"{name}: no column 'title' or 'abstract' (columns found: {listed}). "
            "Say which columns hold them: --map title=COLUMN --map abstract=COLUMN."
        )


def describe_columns(name: str, columns: Columns) -> str:
    """Sentence on the columns used and left unused, and whose table it is."""
    vendor = columns.vendor.name
    tried = "" if columns.vendor.is_tried else " (by its published header; no real export of it was tried yet)"
    known = f"recognised as {vendor} by its columns{tried}; " if vendor else ""
    unused = f"; not used: {', '.join(shorten_names(columns.unused))}" if columns.unused else ""
    return f"{name}: {known}columns used: {', '.join(shorten_names(columns.taken))}{unused}."


def _plan_steps(used: Mapping[str, tuple[str, ...]], vendor: Vendor) -> tuple[_Step, ...]:
    convert = dict(_CONVERT)
    convert["authors"] = partial(_read_authors, vendor.separator)
    if vendor.id_prefix:
        convert["paper_id"] = lambda cell: to_id(cell).removeprefix(vendor.id_prefix)
    elif vendor.name == "arXiv":
        convert["paper_id"] = lambda cell: to_arxiv_id(cell) or to_id(cell)
    fields = RawRecord._fields
    return tuple(_Step(ours, names, convert.get(ours, to_text)) for ours, names in used.items() if ours in fields)


def _read_authors(separator: Any, cell: Any) -> tuple[str, ...]:
    if type(cell) is list and all(type(name) is str for name in cell):
        return tuple(cell)
    # Scopus puts its number of the author behind each name.
    names = to_names(cell, separator)
    return tuple(name.rsplit(" (", 1)[0] if name.endswith(_DIGIT_AND_BRACKET) else name for name in names)


def _match_labels(
    names: tuple[str, ...], found: Mapping[str, tuple[str, ...]], mapping: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Columns that are labels, in the table's order."""
    labels = {ours: found[ours] for ours in sorted(AS_LABELS & found.keys()) if found[ours]}
    for name in names:
        label = name.strip()
        if label.casefold().startswith(LABEL_PREFIX) and len(label) > len(LABEL_PREFIX):
            labels[label[len(LABEL_PREFIX) :]] = (name,)
    labels |= {ours.removeprefix(LABEL_PREFIX): (name,) for ours, name in mapping.items() if _is_label(ours)}
    return dict(sorted(labels.items(), key=lambda label: names.index(label[1][0])))


def _match_dates(by_key: Mapping[str, str], vendor: Vendor, mapping: Mapping[str, str]) -> tuple[DateColumn, ...]:
    if "published" in mapping:
        return (DateColumn((mapping["published"],), "unstated"),)
    found = [(date, _look_up(by_key, date.names)) for date in vendor.dates or DATES]
    return tuple(date._replace(names=names) for date, names in found if len(names) == len(date.names))


def _look_up(by_key: Mapping[str, str], wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(by_key[key] for key in map(_key_of, wanted) if key in by_key)


def _find_mapped(names: tuple[str, ...], by_key: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The user's mapping with the columns' names as they stand in the table."""
    known = [*ACCEPTED, "published"]
    unknown = [ours for ours in mapping if ours not in known and not ours.startswith(LABEL_PREFIX)]
    if unknown:
        raise InputError(f"--map: no field {', '.join(map(repr, unknown))}. Known: {', '.join(known)} and label_NAME.")
    mapped = {ours: name if name in names else by_key.get(_key_of(name), "") for ours, name in mapping.items()}
    if isinstance(mapping, ColumnMap):
        met = {ours: name for ours, name in mapping.items() if mapped[ours]}
        mapping.meet(met, shorten_names(names))
        return {ours: mapped[ours] for ours in met}
    absent = [f"{ours}={mapping[ours]}" for ours, name in mapped.items() if not name]
    if absent:
        raise InputError(f"--map {' '.join(absent)}: no such column. Columns found: {', '.join(shorten_names(names))}.")
    return mapped


def _is_label(ours: str) -> bool:
    return ours in AS_LABELS or ours.startswith(LABEL_PREFIX)


def _has_all(by_key: Mapping[str, str], mark: tuple[str, ...]) -> bool:
    return all(_key_of(name) in by_key for name in mark)


@lru_cache(maxsize=8192)
def _key_of(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def shorten_names(names: Iterable[str], most: int = 20) -> list[str]:
    """Names as a message can hold them: the first letters of each, and the first of many."""
    listed = [" ".join(name.split())[:60] for name in names]
    return listed[:most] + ([f"... and {len(listed) - most} more"] if len(listed) > most else [])
