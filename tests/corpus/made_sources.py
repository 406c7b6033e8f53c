"""Sources for tests of single readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.gathering import open_sources
from analysis.corpus.opening import Source
from analysis.corpus.records import Captured, Context, Format, Note, RawRecord, SetAside


class Read(NamedTuple):
    """What a reader found in a file, sorted by kind."""

    records: list[RawRecord]
    set_aside: list[SetAside]
    notes: list[str]
    captured: Captured | None


def make_source(path: Path) -> Source:
    """The one source that a file is."""
    (source,) = open_sources(path)
    return source


def read_with(
    form: Format, path: Path, *, captured: dt.date | None = None, columns: Mapping[str, str] | None = None
) -> Read:
    """Everything that `form` finds in the file; fails when it does not recognise it."""
    source = make_source(path)
    assert form.recognise(source), f"{form.name} does not recognise {path.name}"
    found = list(form.read(source, Context(captured, columns or {})))
    captures = [item for item in found if isinstance(item, Captured)]
    return Read(
        [item for item in found if isinstance(item, RawRecord)],
        [item for item in found if isinstance(item, SetAside)],
        [item.text for item in found if isinstance(item, Note)] + source.notes,
        captures[-1] if captures else None,
    )
