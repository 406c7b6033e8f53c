"""What a column of a table is."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column: its name, its type on disk and its meaning."""

    name: str
    type: str
    meaning: str
