"""How papers are counted: each in its theme, or parted between its theme and the runner-up."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED
from analysis.trends.fits import Floats
from analysis.trends.periods import TOO_COARSE, UNDATED

Counting = Literal["full", "fractional"]
COUNTINGS: tuple[Counting, ...] = ("full", "fractional")
_SCORED = ("theme_score", "theme_margin", "theme_runner_up")


class Parts(NamedTuple):
    """What counts where: one entry for each paper, and one more for each that is split.

    Attributes
    ----------
    paper : array of n_parts
        Row of the paper.
    code : array of n_parts
        Place of its group in `groups`.
    weight : array of n_parts or None
        Part of the paper, in (0, 1]; None where all are whole.
    groups : Index of n_groups
        Sorted.
    """

    paper: npt.NDArray[np.int64]
    code: npt.NDArray[np.int64]
    weight: Floats | None
    groups: pd.Index


def part_papers(papers: pd.DataFrame, by: str, counting: Counting) -> Parts:
    """Say in which groups each paper counts, and with how much of it.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        The column named by `by`; for fractional counting also ``theme_score``,
        ``theme_margin`` and ``theme_runner_up``.
    by : str
    counting : {"full", "fractional"}
        "fractional" parts a paper between its theme and the runner-up in
        proportion to their scores. It counts whole where there is no runner-up,
        a score is null or the runner-up's is 0, and where it is unassigned.

    Raises
    ------
    InputError
        If `counting` is unknown, or fractional for anything but themes with
        their scores.
    """
    if counting not in COUNTINGS:
        raise InputError(f"counting = {counting!r} is not allowed. Choose full or fractional.")
    every = np.arange(len(papers))
    if counting == "full":
        code, groups = pd.factorize(papers[by], sort=True)
        return Parts(every, code, None, groups)
    rows, part, runner_up = _split_papers(papers, by)
    names = pd.concat([papers[by].astype(object), runner_up.astype(object)], ignore_index=True)
    kind = papers[by].dtype
    code, groups = pd.factorize(names.astype(kind) if isinstance(kind, pd.StringDtype) else names, sort=True)
    weight = np.ones(len(papers))
    weight[rows] -= part
    return Parts(np.concatenate([every, rows]), code, np.concatenate([weight, part]), groups)


def count_cells(parts: Parts, place: Any, n_periods: int) -> npt.NDArray[Any]:
    """Papers by group and period (int64; float64 where papers are split).

    The last two columns count the undated and the too coarsely dated.

    Parameters
    ----------
    parts : Parts
    place : array of n_papers
        From `analysis.trends.periods.locate_spans`.
    n_periods : int
    """
    column = np.where(place == UNDATED, n_periods, np.where(place == TOO_COARSE, n_periods + 1, place))
    # Whole papers stand in the order of the table: no need to pick them out.
    column = column if parts.weight is None else column[parts.paper]
    width = n_periods + 2
    cells = np.bincount(parts.code * width + column, weights=parts.weight, minlength=len(parts.groups) * width)
    return cells.reshape(len(parts.groups), width)


def _split_papers(papers: pd.DataFrame, by: str) -> tuple[npt.NDArray[np.int64], Floats, pd.Series]:
    """Rows of the papers that are split, the part that goes to the runner-up, and the runner-up."""
    if by != "theme":
        raise InputError(
            f"counting = 'fractional' is not allowed by {by}: only a theme has a runner-up. Use counting = 'full'."
        )
    missing = [name for name in _SCORED if name not in papers]
    if missing:
        raise InputError(
            f"papers: the columns {', '.join(missing)} are missing; counting = 'fractional' needs them. "
            "Give them, or use counting = 'full'."
        )
    score, margin = (_read_numbers(papers, name) for name in _SCORED[:2])
    second = score - margin
    runner_up = papers["theme_runner_up"].reset_index(drop=True)
    theme = papers["theme"].reset_index(drop=True)
    has_one = runner_up.notna() & (runner_up != "") & (runner_up != theme) & (runner_up != UNASSIGNED)
    with np.errstate(invalid="ignore"):
        scored = (score > 0) & (second > 0)
    rows = np.flatnonzero(has_one & (theme != UNASSIGNED) & scored)
    part = second[rows] / (score[rows] + second[rows])
    return rows, part, runner_up.iloc[rows]


def _read_numbers(papers: pd.DataFrame, name: str) -> Floats:
    numbers = pd.to_numeric(papers[name], errors="coerce")
    wrong = numbers.isna() & papers[name].notna() | numbers.isin([np.inf, -np.inf])
    if wrong.any():
        shown = ", ".join(repr(value) for value in papers[name][wrong].iloc[:5])
        raise InputError(f"papers: {name} of {int(wrong.sum())} paper(s) is no number ({shown}). Give numbers or null.")
    return numbers.to_numpy(dtype=float, na_value=np.nan)
