"""Rows of placed papers on their way to a file, some thousand at a time: whole at the end, or absent."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.config import InputError
from analysis.corpus.exporting.csv import render_csv

# Column -> type, as in `analysis.results.schema`.
COLUMNS = {
    "paper_id": "text",
    "title": "text",
    "published": "date",
    "topic": "int",
    "topic_label": "text",
    "topic_strength": "float",
    "theme": "text",
    "label": "text",
    "theme_score": "float",
    "theme_margin": "float",
    "theme_runner_up": "text",
    "theme_reason": "text",
    "why_here": "texts",
    "nearness": "float",
    "map_x": "float",
    "map_y": "float",
    "source": "text",
    "position": "text",
}

Write = Callable[[pd.DataFrame], object]


@contextmanager
def open_rows(out: Path) -> Iterator[Write]:
    """A writer of rows by the end of a file's name: all is there at the end, or nothing.

    Parameters
    ----------
    out : Path
        ``.parquet``, ``.csv`` or ``.jsonl``: one file. No ending: a folder of
        Parquet files, one for each piece.

    Raises
    ------
    InputError
        If the name has another ending, or the folder is there already.
    """
    if out.suffix not in ("", ".parquet", ".csv", ".jsonl"):
        raise InputError(f"--out {out}: no such format. End the name in .parquet, .csv or .jsonl, or give a folder.")
    if out.is_dir():
        raise InputError(f"--out {out}: this folder is there already. Give the name of one that is not, or of a file.")
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix:
        yield from _open_file(out)
    else:
        yield from _open_folder(out)


def _open_file(out: Path) -> Iterator[Write]:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with aside.open("wb") as file:
            with _WRITERS[out.suffix](file) as write:
                yield write
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, out)
    finally:
        aside.unlink(missing_ok=True)


def _open_folder(out: Path) -> Iterator[Write]:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    aside.mkdir()
    n_written = 0

    def write(rows: pd.DataFrame) -> None:
        nonlocal n_written
        with (aside / f"part-{n_written:05d}.parquet").open("wb") as file:
            with _write_parquet(file) as add:
                add(rows)
            file.flush()
            os.fsync(file.fileno())
        n_written += 1

    try:
        yield write
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _write_parquet(file: Any) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"text": pa.string(), "date": pa.date32(), "int": pa.int64(), "float": pa.float64()}
    types["texts"] = pa.list_(pa.string())
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        yield lambda rows: writer.write_table(pa.Table.from_pandas(rows, schema=schema, preserve_index=False))


@contextmanager
def _write_csv(file: Any) -> Iterator[Write]:
    is_first = True

    def write(rows: pd.DataFrame) -> None:
        nonlocal is_first
        lines = iter(render_csv(rows))
        header = next(lines)
        file.writelines(line.encode() for line in ([header, *lines] if is_first else lines))
        is_first = False

    yield write


@contextmanager
def _write_lines(file: Any) -> Iterator[Write]:
    def write(rows: pd.DataFrame) -> None:
        days = rows["published"].dt.strftime("%Y-%m-%d")
        plain = rows.assign(published=days).astype(object)
        for row in plain.where(plain.notna(), None).to_dict("records"):
            file.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace"))

    yield write


_WRITERS: dict[str, Callable[[Any], AbstractContextManager[Write]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_lines,
}
