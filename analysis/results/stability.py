"""What a stability says: the one place that knows the borders."""

from __future__ import annotations

from typing import Literal

import pandas as pd

DOUBTFUL, STABLE = 0.6, 0.75

Grade = Literal["doubtful", "between", "stable", "not measured"]


def grade_stability(stability: float | None) -> Grade:
    """Whether a topic or theme comes back when the papers are drawn again.

    Parameters
    ----------
    stability : float in [0, 1] or None
        The column of that name: median Jaccard overlap with the refits on 80 %
        of the papers. Null where there were no refits, or the group is empty.

    Returns
    -------
    {"doubtful", "between", "stable", "not measured"}
        Doubtful below .6, stable above .75 [1]_. What was not measured is
        never doubtful.

    References
    ----------
    .. [1] Hennig (2007), Computational Statistics & Data Analysis 52, 258-271.

    Examples
    --------
    >>> [grade_stability(value) for value in (0.59, 0.6, 0.75, 0.76, None)]
    ['doubtful', 'between', 'between', 'stable', 'not measured']
    """
    if stability is None or pd.isna(stability):
        return "not measured"
    return "doubtful" if stability < DOUBTFUL else "stable" if stability > STABLE else "between"


def list_doubtful(groups: pd.DataFrame, by: str) -> list[str]:
    """Ids of the doubtful topics or themes, in the order of the table.

    Parameters
    ----------
    groups : DataFrame
        The table ``results/topics`` or ``results/themes``; without a column
        ``stability`` nothing is doubtful.
    by : {"topic", "theme"}
        Column of the ids.
    """
    if "stability" not in groups:
        return []
    graded = zip(groups[by], groups["stability"], strict=True)
    return [str(group) for group, stability in graded if grade_stability(stability) == "doubtful"]
