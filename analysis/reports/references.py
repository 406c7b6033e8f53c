"""The papers of each theme for reference managers, as files of the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.results import Tables

# Format of a report -> end of the file's name.
ENDINGS = {"bibtex": ".bib", "ris": ".ris"}
# Format -> how papers are written in it, piece by piece: told by who knows papers, for a report knows tables only.
Writers = Mapping[str, Callable[[pd.DataFrame], Iterable[str]]]


def name_file(theme: str) -> str:
    """A theme's id as the name of a file; a study may come from someone else, and its id must not lead elsewhere.

    Raises
    ------
    InputError
        If it is no plain name.

    Examples
    --------
    >>> name_file("representation-learning")
    'representation-learning'
    """
    if not re.fullmatch(r"\w[\w.-]{0,199}", theme):
        raise InputError(f"themes.parquet: {theme!r} is no id of a theme that can name a file. Run the study again.")
    return theme


def render_references(
    tables: Tables, *, formats: Sequence[str], writers: Writers, themes: Iterable[str] | None = None
) -> Iterator[tuple[str, Iterable[str]]]:
    """Name and pieces of a file of the papers of each theme; themes without papers have none.

    Parameters
    ----------
    tables : Tables
    formats : sequence of str
        Those in `ENDINGS` count, as far as there is a writer.
    writers : mapping of format to callable
    themes : iterable of str, optional
        Ids; by default all.
    """
    for theme in tables.themes["theme"] if themes is None else themes:
        own = tables.papers[tables.papers["theme"] == theme]
        for kind in [kind for kind in formats if kind in ENDINGS and kind in writers] if len(own) else ():
            yield f"{name_file(str(theme))}{ENDINGS[kind]}", writers[kind](own)


def write_references(
    tables: Tables, folder: Path, *, formats: Sequence[str], writers: Writers, themes: Iterable[str] | None = None
) -> None:
    """Write what `render_references` gives; the folder is made where it is needed."""
    for name, pieces in render_references(tables, formats=formats, writers=writers, themes=themes):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
