"""A corpus kept for the next run, and found again as long as nothing that made it changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.cache import Cache, hash_code, hash_parts
from analysis.corpus.gathering import list_files
from analysis.corpus.opening import hash_file
from analysis.corpus.records import Corpus, SourceFacts
from analysis.corpus.sidecar import find_sidecar

_KIND = "corpus"
_FRAMES = ("papers", "set_aside", "merges", "near_duplicates", "date_audit", "date_conflicts", "flow")


def make_corpus_key(sources: Sequence[str | Path], settings: Mapping[str, Any]) -> str:
    """A key for the corpus that `read_corpus` would read now.

    Parameters
    ----------
    sources : sequence of str or Path
        As `analysis.corpus.read_corpus` takes them.
    settings : mapping
        Its other arguments, days as ISO text.

    Returns
    -------
    str
        Another one after any change of a file, its name, its sidecar, a setting, this code or a library, and on
        another day: without a day of capture, what lies in the future depends on today.

    Raises
    ------
    InputError
        If a source is missing.
    """
    files = []
    for file in list_files(sources):
        sidecar = find_sidecar(file.path)
        stated = sidecar.read_bytes() if sidecar else b""
        files.append([str(file.path), file.is_named, hash_file(file.path), sidecar is not None, stated])
    # The order of the sources is that of their papers.
    return hash_parts(
        "corpus", hash_code("corpus"), [str(source) for source in sources], files, settings, dt.date.today().isoformat()
    )


def keep_corpus(corpus: Corpus, cache: Cache, key: str) -> None:
    """Keep a corpus under a key.

    Raises
    ------
    OSError
        If the disk is full or refuses; nothing of it is left then.
    """
    import pyarrow as pa

    frames = {name: getattr(corpus, name) for name in _FRAMES}
    tables = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    kinds = {name: [str(kind) for kind in frame.dtypes] for name, frame in frames.items()}
    sources = [dataclasses.asdict(source) for source in corpus.sources]
    values = {"kinds": kinds, "ledger": corpus.ledger, "sources": sources, "notes": list(corpus.notes)}
    cache.write(_KIND, key, {**tables, **values})


def find_corpus(cache: Cache, key: str) -> Corpus | None:
    """The corpus that was kept under a key, equal in all its parts; None where there is none, or a damaged one."""
    found = cache.read(_KIND, key)
    if found is None:
        return None
    frames = {name: _restore_frame(found[name], found["kinds"][name]) for name in _FRAMES}
    return Corpus(
        **frames,
        ledger=found["ledger"],
        sources=tuple(SourceFacts(**source) for source in found["sources"]),
        notes=tuple(found["notes"]),
    )


def _restore_frame(table: Any, kinds: Sequence[str]) -> pd.DataFrame:
    """A table as the DataFrame that it was: the same types, lists as lists."""
    import pyarrow as pa

    columns = {}
    for name, kind in zip(table.column_names, kinds, strict=True):
        column = table.column(name)
        if pa.types.is_list(column.type):
            columns[name] = pd.Series(column.to_pylist(), dtype="object")
        elif kind == "Int64":
            columns[name] = column.to_pandas(integer_object_nulls=True).astype("Int64")
        elif pa.types.is_null(column.type):
            columns[name] = pd.Series([None] * len(column), dtype=kind)
        else:
            columns[name] = column.to_pandas().astype(kind)
    return pd.DataFrame(columns, columns=table.column_names)
