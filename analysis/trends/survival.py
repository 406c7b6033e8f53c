"""Whether a verdict holds when the papers are placed by other seeds, resamples or encoders."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import Design
from analysis.trends.fits import Floats
from analysis.trends.judging import Judgement, Rules, judge
from analysis.trends.periods import locate_spans
from analysis.trends.spans import read_spans

# Half-way between chance and certainty, as for doubtful themes.
_SURE = 0.6


def count_survivals(
    alternatives: pd.DataFrame,
    papers: pd.DataFrame,
    design: Design,
    rows: list[int],
    judgement: Judgement,
    rules: Rules,
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
    paper = _find_papers(alternatives, papers)
    place = locate_spans(read_spans(papers), design.periods)[paper]
    group = find_rows(alternatives["theme"], pd.Index(design.groups))
    run, names = pd.factorize(alternatives["run"])
    n_groups, n_periods = len(design.groups), len(design.totals)
    # The last group holds themes that the study itself does not have: they count in the totals.
    group = np.where(group < 0, n_groups, group)
    dated = place >= 0
    cell = (run[dated] * (n_groups + 1) + group[dated]) * n_periods + place[dated]
    counts = np.bincount(cell, minlength=len(names) * (n_groups + 1) * n_periods).astype(float)
    same = np.zeros(len(rows))
    for table in counts.reshape(len(names), n_groups + 1, n_periods):
        again = judge(table[rows], table.sum(axis=0), design, rules, ends=False)
        same += again.verdict == judgement.verdict
    # Of a theme that cannot be tested nothing survives and nothing falls.
    return np.where(np.isnan(judgement.p), np.nan, same / len(names))


def hold_without_doubtful(
    alternatives: pd.DataFrame,
    papers: pd.DataFrame,
    design: Design,
    rows: list[int],
    judgement: Judgement,
    rules: Rules,
) -> tuple[npt.NDArray[np.bool_], int] | None:
    """Whether each theme keeps its verdict when the doubtful papers are left out, of it and of the totals.

    Returns
    -------
    holds : array of n_themes of bool
        Of themes that cannot be tested it means nothing.
    n_doubtful : int
        Dated papers left out.
    or None where no dated paper is doubtful, or `papers` does not say their theme.
    """
    if "theme" not in papers:
        return None
    place = locate_spans(read_spans(papers), design.periods)
    doubtful = find_doubtful(alternatives, papers) & (place >= 0)
    if not doubtful.any():
        return None
    group = find_rows(papers.loc[doubtful, "theme"], pd.Index(design.groups))
    counts = design.counts.copy()
    np.subtract.at(counts, (group, place[doubtful]), 1.0)
    totals = design.totals - np.bincount(place[doubtful], minlength=len(design.totals))
    again = judge(np.maximum(counts[rows], 0.0), totals, design, rules, ends=False)
    return np.asarray(again.verdict == judgement.verdict), int(doubtful.sum())


def find_doubtful(alternatives: pd.DataFrame, papers: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Papers that keep their theme in fewer than 60 % of the runs that drew them; False where none did.

    Parameters
    ----------
    alternatives, papers : DataFrame
        ``paper_id``, ``run``, ``theme``; and ``paper_id``, ``theme``.
    """
    paper = _find_papers(alternatives, papers)
    own, themes = pd.factorize(papers["theme"])
    kept = find_rows(alternatives["theme"], pd.Index(themes)) == own[paper]
    n_drawn = np.bincount(paper, minlength=len(papers))
    agreement = np.bincount(paper, weights=kept, minlength=len(papers)) / np.maximum(n_drawn, 1)
    return np.asarray((agreement < _SURE) & (n_drawn > 0))


def find_rows(values: pd.Series, known: pd.Index) -> npt.NDArray[np.int64]:
    """Place in `known` of each value; -1 where it has none."""
    # Many rows hold few values: each is looked up once.
    codes, distinct = pd.factorize(values)
    places = known.get_indexer(pd.Index(distinct))
    return np.asarray(np.append(places, -1)[codes], dtype=np.int64)


def _find_papers(alternatives: pd.DataFrame, papers: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Row in `papers` of each row of `alternatives`."""
    missing = [f"alternatives.{name}" for name in ("paper_id", "run", "theme") if name not in alternatives]
    missing += [] if "paper_id" in papers else ["papers.paper_id"]
    if missing:
        raise InputError(f"columns missing: {', '.join(missing)}.")
    paper = find_rows(alternatives["paper_id"], pd.Index(papers["paper_id"]))
    if (paper < 0).any():
        lost = alternatives.loc[paper < 0, "paper_id"].unique()
        named = ", ".join(map(str, lost[:5]))
        raise InputError(f"alternatives: {len(lost)} paper(s) are not among the papers ({named}).")
    return np.asarray(paper, dtype=np.int64)
