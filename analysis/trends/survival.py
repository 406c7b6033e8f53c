"""Whether a verdict holds when the papers are placed by other seeds, resamples or encoders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import Design
from analysis.trends.fits import Floats
from analysis.trends.judging import Judgement, judge
from analysis.trends.periods import locate_spans
from analysis.trends.spans import read_spans


def count_survivals(
    alternatives: pd.DataFrame,
    papers: pd.DataFrame,
    design: Design,
    rows: list[int],
    judgement: Judgement,
    *,
    alpha: float,
    margin: float,
) -> Floats:
    """Share of the runs in `alternatives` that give each theme its verdict again.

    Parameters
    ----------
    alternatives, papers
        As for `analysis.trends.trend_verdicts`. Papers that a run did not draw
        are absent from its rows and from its totals.
    design, rows, judgement
        The study's own periods, the rows of its themes and their verdicts.

    Raises
    ------
    InputError
        If a column is missing or alternatives name papers that `papers` lacks.
    """
    missing = [f"alternatives.{name}" for name in ("paper_id", "run", "theme") if name not in alternatives]
    missing += [] if "paper_id" in papers else ["papers.paper_id"]
    if missing:
        raise InputError(f"columns missing: {', '.join(missing)}.")
    paper = pd.Index(papers["paper_id"]).get_indexer(pd.Index(alternatives["paper_id"]))
    if (paper < 0).any():
        lost = alternatives.loc[paper < 0, "paper_id"].unique()
        named = ", ".join(map(str, lost[:5]))
        raise InputError(f"alternatives: {len(lost)} paper(s) are not among the papers ({named}).")
    place = locate_spans(read_spans(papers), design.periods)[paper]
    group = pd.Index(design.groups).get_indexer(pd.Index(alternatives["theme"]))
    run, names = pd.factorize(alternatives["run"])
    n_groups, n_periods = len(design.groups), len(design.totals)
    # The last group holds themes that the study itself does not have: they count in the totals.
    group = np.where(group < 0, n_groups, group)
    dated = place >= 0
    cell = (run[dated] * (n_groups + 1) + group[dated]) * n_periods + place[dated]
    counts = np.bincount(cell, minlength=len(names) * (n_groups + 1) * n_periods).astype(float)
    same = np.zeros(len(rows))
    for table in counts.reshape(len(names), n_groups + 1, n_periods):
        again = judge(table[rows], table.sum(axis=0), design, alpha=alpha, margin=margin)
        same += again.verdict == judgement.verdict
    return np.asarray(same / len(names))
