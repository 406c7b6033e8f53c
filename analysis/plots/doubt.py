"""A dagger behind the label of a doubtful topic or theme, and the line that says what it means."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.plots.text import wrap
from analysis.results import DOUBTFUL, list_doubtful

# A sign, not a colour: it reads in grey print and to a reader who sees no colour.
DAGGER = "†"


def find_doubtful(groups: pd.DataFrame | None, by: str = "theme") -> frozenset[str]:
    """Ids of the doubtful rows of ``results/themes`` or ``results/topics``; none where there is no table."""
    return frozenset() if groups is None else frozenset(list_doubtful(groups, by))


def wrap_label(label: object, width: int, *, doubtful: bool, n_lines: int = 3) -> str:
    r"""Escaped label in at most `n_lines` lines; however short it is cut, a doubtful one keeps its dagger.

    Examples
    --------
    >>> wrap_label("Robots at work", 12, doubtful=True, n_lines=1)
    'Robots at…\xa0†'
    """
    if not doubtful:
        return wrap(label, width, n_lines=n_lines)
    return f"{wrap(label, width - 2, n_lines=n_lines)}\u00a0{DAGGER}"


def note_doubt(doubtful: Collection[str], noun: str = "theme") -> str:
    """What the dagger means; empty where nothing bears one.

    Parameters
    ----------
    doubtful : collection of str
        Ids of the doubtful groups that the figure draws.
    noun : {"theme", "topic", "theme or topic"}
    """
    if not doubtful:
        return ""
    return (
        f"{DAGGER} Doubtful {noun}: comes back only in part when a fifth of the papers is left out "
        f"(stability below {DOUBTFUL:.2f})."
    )


def say_doubt(label: str, *, doubtful: bool) -> str:
    """A label for a reader who hears the figure."""
    return f"{label} (doubtful)" if doubtful else label
