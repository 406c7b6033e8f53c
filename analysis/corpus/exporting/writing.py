"""Writing papers to a file, aside first and then into place."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.config import InputError
from analysis.corpus.exporting.bibtex import render_bibtex
from analysis.corpus.exporting.csl_json import render_csl_json
from analysis.corpus.exporting.csv import render_csv
from analysis.corpus.exporting.parquet import write_parquet
from analysis.corpus.exporting.ris import render_ris


class Export(NamedTuple):
    """A format that papers are written in: its usual end of a file's name, and what writes it."""

    suffix: str
    write: Callable[[pd.DataFrame, Path], None]


def write_papers(papers: pd.DataFrame, path: str | Path, *, format: str | None = None) -> Path:
    """Write papers in a format that reference managers or tables read.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``Corpus.papers``, or the papers of a study or of one theme; ``paper_id`` and ``title`` are needed.
    path : str or Path
        The file; missing folders are made, an old file is replaced as a last act.
    format : {"bibtex", "ris", "csl-json", "csv", "parquet"}, optional
        By default the one that the end of the file's name means (``.bib``,
        ``.ris``, ``.json``, ``.csv``, ``.parquet``).

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If the format is not known, or the table lacks a column that is needed.
    """
    path = Path(path)
    by_suffix = {export.suffix: name for name, export in EXPORTS.items()}
    name = format or by_suffix.get(path.suffix.lower())
    if name not in EXPORTS:
        found = f"format = {format!r}" if format else f"the end of its name, {path.suffix!r}, means no format"
        raise InputError(f"{path}: {found}. Give one of {', '.join(map(repr, EXPORTS))}.")
    absent = [column for column in ("paper_id", "title") if column not in papers.columns]
    if absent:
        raise InputError(
            f"{path}: the table has no column {', '.join(absent)}. Give the papers of a corpus or a study."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, partial(EXPORTS[name].write, papers))
    return path


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written aside and moved into place, so that no reader meets half of it."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        write(aside)
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _write_text(render: Callable[[pd.DataFrame], Iterator[str]], papers: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(render(papers))


EXPORTS: dict[str, Export] = {
    "bibtex": Export(".bib", partial(_write_text, render_bibtex)),
    "ris": Export(".ris", partial(_write_text, render_ris)),
    "csl-json": Export(".json", partial(_write_text, render_csl_json)),
    "csv": Export(".csv", partial(_write_text, render_csv)),
    "parquet": Export(".parquet", write_parquet),
}
