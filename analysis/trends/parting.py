"""Early and late papers of a theme: where they part, and which are drawn of many."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.trends.wording import Codes

# Fewer papers on a side leave only changes that no one needs a test for.
MIN_PAPERS_PER_PART = 10
# Papers whose words are held at a time.
_BATCH = 20_000


@dataclasses.dataclass(frozen=True)
class Part:
    """Dated papers of a theme in two parts: the rows to count in, which of them are late, and the numbers of all."""

    rows: Codes
    late: npt.NDArray[np.bool_]
    split: pd.Timestamp | None
    n_early: int
    n_late: int
    n_undated: int
    n_across: int


def part_theme(spans: pd.DataFrame, rows: Codes, day: np.datetime64 | None, most_papers: int | None, seed: int) -> Part:
    """Part the papers of a theme in early and late ones, and draw from them where they are many.

    Parameters
    ----------
    spans : DataFrame of n_papers rows
        Of these papers, from `analysis.trends.spans.read_spans`.
    rows : array of n_papers
        Their rows.
    day : datetime64 or None
        First day of the late part; None for the one that parts them most evenly.
    most_papers : int or None
        So many are drawn of more; None draws none.
    seed : int
        Of the drawing.
    """
    first, last = (spans[name].to_numpy() for name in ("first", "last"))
    dated = spans["first"].notna().to_numpy()
    if day is None and dated.any():
        day = _part_evenly(first[dated], last[dated])
    early, late = (dated & (last < day), dated & (first >= day)) if day is not None else (~dated & False,) * 2
    n_across = int((dated & ~early & ~late).sum())
    split = None if day is None else pd.Timestamp(day)
    used = np.flatnonzero(early | late)
    if most_papers is not None and len(used) > most_papers:
        used = _draw_papers(np.flatnonzero(early), np.flatnonzero(late), most_papers, np.random.default_rng(seed))
    return Part(rows[used], late[used], split, int(early.sum()), int(late.sum()), int((~dated).sum()), n_across)


def _draw_papers(early: Codes, late: Codes, n_papers: int, rng: np.random.Generator) -> Codes:
    """So many papers at random, of each part in proportion to its size but never too few."""
    n_early = round(n_papers * len(early) / (len(early) + len(late)))
    most = min(len(early), n_papers - min(len(late), MIN_PAPERS_PER_PART))
    n_early = min(max(n_early, min(len(early), MIN_PAPERS_PER_PART)), most)
    drawn = [rng.choice(part, n, replace=False) for part, n in ((early, n_early), (late, n_papers - n_early))]
    return np.asarray(np.sort(np.concatenate(drawn)))


def list_batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Neighbouring parts of about as many papers as are held at a time."""
    batch: list[Part] = []
    for part in parts:
        batch.append(part)
        if sum(len(one.rows) for one in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _part_evenly(first: Any, last: Any) -> Any:
    days = np.unique(first)
    n_before = np.searchsorted(np.sort(last), days, side="left")
    n_after = len(first) - np.searchsorted(np.sort(first), days, side="left")
    return days[np.minimum(n_before, n_after).argmax()]
