"""By what else than theme and topic papers can be coloured: numbers of theirs, and labels of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.plots.text import shorten

# A label with more values than these has the rest in one group, and the key can still be read.
_N_VALUES = 24
_NUMBERS = {
    "theme_score": "Score of the theme",
    "theme_margin": "Lead over the next theme",
    "topic_strength": "Strength in the topic",
    "n_upvotes": "Upvotes",
    "n_comments": "Comments",
    "n_authors": "Number of authors",
}
_LABEL = "label_"


@dataclass(frozen=True)
class Colouring:
    """One way to colour the papers.

    Attributes
    ----------
    name : str
        The column.
    title : str
        What people read.
    values : float32 or uint16 array (n_papers,)
        A number, null where there is none; or the rank of a value in `groups`.
    groups : tuple of str
        Values of a label, the commonest first; empty for numbers.
    """

    name: str
    title: str
    values: npt.NDArray[Any]
    groups: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Everything but the values."""
        return {"name": self.name, "title": self.title, "groups": list(self.groups)}


def list_colourings(papers: pd.DataFrame) -> list[Colouring]:
    """The numbers of the papers that differ, and every label column of the source.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        The table ``results/papers``.
    """
    found = [
        Colouring(name, title, papers[name].to_numpy(dtype=np.float32, na_value=np.nan))
        for name, title in _NUMBERS.items()
        if name in papers and len(papers[name].unique()) > 1
    ]
    labels = [str(name) for name in papers.columns if str(name).startswith(_LABEL)]
    return found + [_group_label(papers[name], name) for name in labels]


def _group_label(column: pd.Series, name: str) -> Colouring:
    texts = column.map(lambda value: shorten(value, 80), na_action="ignore").fillna("")
    counts = texts[texts != ""].value_counts()
    ranked = sorted(counts.index, key=lambda text: (-int(counts[text]), text))
    groups, others = ranked[:_N_VALUES], set(ranked[_N_VALUES:])
    listed = [*groups, *(["(others)"] if others else []), *(["(none)"] if (texts == "").any() else [])]
    number = {text: i for i, text in enumerate(groups)} | dict.fromkeys(others, len(groups)) | {"": len(listed) - 1}
    title = name.removeprefix(_LABEL).replace("_", " ").strip()
    return Colouring(
        name,
        shorten(title[:1].upper() + title[1:], 60) or name,
        texts.map(number).to_numpy(dtype=np.uint16),
        tuple(listed),
    )
