"""A pandas DataFrame that the user hands over, read by the same rules as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.corpus.formats.tables.fields import match_columns, require_text
from analysis.corpus.formats.tables.rows import Row, dump_row, name_columns, read_rows
from analysis.corpus.records import Found

_PIECE = 1_000


def read_frame(frame: pd.DataFrame, name: str, columns: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Read every row of a DataFrame; its index is not looked at.

    Parameters
    ----------
    frame : DataFrame of n_papers rows
        With a column of titles or abstracts; which other columns are of use
        follows the rules for files. It is not changed.
    name : str
        What to call it in messages and tables.
    columns : mapping, optional
        Our name -> the frame's column.

    Raises
    ------
    InputError
        If no column holds titles or abstracts.
    """
    names = name_columns(frame.columns)
    matched = match_columns(names, columns)
    require_text(matched, name)
    yield from read_rows(_list_rows(frame, names, set(matched.taken)), matched, name)


def _list_rows(frame: pd.DataFrame, names: tuple[str, ...], taken: set[str]) -> Iterator[Row]:
    # By place, since two columns may bear one name.
    places = [(place, name) for place, name in enumerate(names) if name in taken]
    for start in range(0, len(frame), _PIECE):
        piece = frame.iloc[start : start + _PIECE]
        cells = [_list_cells(piece.iloc[:, place]) for place, _ in places]
        for number, values in enumerate(zip(*cells, strict=True), start + 1):
            row = {name: value for (_, name), value in zip(places, values, strict=True)}
            yield Row(f"row {number}", row, dump_row(row))


def _list_cells(column: pd.Series) -> list[object]:
    """Cells as Python objects, None where pandas marks nothing (NaN, NaT, NA); arrays as lists."""
    cells = column.astype(object).where(column.notna(), None).tolist()
    return [cell.tolist() if hasattr(cell, "tolist") else cell for cell in cells]
