"""Corrections by hand as a pure function: tables as they were found, in; tables as they are corrected, out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.curation.corrections import Correction
from analysis.curation.counts import Wording
from analysis.curation.doing import do_correction
from analysis.curation.draft import Draft, NotApplicable, open_draft
from analysis.curation.following import Route, find_labels, rename_in_reasons
from analysis.curation.named import overlap_themes, tabulate_sources
from analysis.curation.rewriting import rewrite_themes, rewrite_topics
from analysis.curation.words import find_ties
from analysis.results import Tables


@dataclass(frozen=True)
class Outcome:
    """What became of one correction.

    Attributes
    ----------
    number : int
        Its place in the file, from 1 on.
    do : str
    what : str
        One sentence: what was done, or why nothing was.
    themes : tuple of str
        Ids of the themes that it is about, of those that there are in the end; none where it failed.
    n_papers : int
        Papers that changed their theme.
    n_lost : int
        Papers that it names and that the study does not have.
    missing : str
        Which of the themes that it names there are no longer.
    """

    number: int
    do: str
    what: str
    themes: tuple[str, ...] = ()
    n_papers: int = 0
    n_lost: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Corrected:
    """Tables after corrections.

    Attributes
    ----------
    tables : Tables
        Those under ``derived`` are still of before: they are to be counted again.
    applied, failed : tuple of Outcome
        Corrections that were done, and those that found nothing to correct.
    created : tuple of str
        Ids of themes that were split off, in their order; those included that went into others since.
    routes : tuple of Route
        Where papers go on to that are placed later, in the themes that were found.
    """

    tables: Tables
    applied: tuple[Outcome, ...]
    failed: tuple[Outcome, ...]
    created: tuple[str, ...]
    routes: tuple[Route, ...]


def apply_corrections(tables: Tables, corrections: Sequence[Correction], counts: Wording | None = None) -> Corrected:
    """Correct the tables of a study.

    Parameters
    ----------
    tables : Tables
        As they were found; they are not changed.
    corrections : sequence of Correction
        Done in their order. One that finds nothing to correct is passed over and reported.
    counts : Wording, optional
        What words are found with; not needed where themes are only renamed.

    Returns
    -------
    Corrected
        Every paper has one theme of the table of themes, as before. A theme
        that was touched has ``edited`` true and no ``stability``,
        ``faithfulness`` and ``intrusion``: those were measured on what it was.

    Raises
    ------
    ValueError
        If words have to be found and `counts` is not given.
    """
    draft = open_draft(tables)
    applied: list[Outcome] = []
    failed: list[Outcome] = []
    for number, correction in enumerate(corrections, start=1):
        try:
            done = do_correction(draft, correction)
            applied.append(Outcome(number, correction.do, **done._asdict()))
        except NotApplicable as reason:
            failed.append(Outcome(number, correction.do, str(reason)))
    if counts is None and (draft.members or draft.ignored):
        raise ValueError("corrections that change papers or words need the counts of the study")
    if counts is not None:
        counts = dataclasses.replace(counts, counts=counts.counts.align(tables.papers["paper_id"].tolist()))
    corrected = _tabulate(draft, counts)
    settled = tuple(_settle(one, draft) for one in applied)
    return Corrected(corrected, settled, tuple(failed), tuple(draft.created), tuple(draft.routes))


def _settle(one: Outcome, draft: Draft) -> Outcome:
    """The same with the themes under which its own went on."""
    return dataclasses.replace(one, themes=tuple(dict.fromkeys(map(draft.follow, one.themes))))


def _tabulate(draft: Draft, counts: Wording | None) -> Tables:
    tables = draft.tables
    themes = rewrite_themes(draft, counts)
    topics = rewrite_topics(draft, counts, [str(one) for one in themes["theme"]])
    changed: dict[str, Any] = {"themes": themes, "topics": topics, "papers": _rewrite_papers(draft, counts)}
    ids = tables.theme_scores[["paper_id"]]
    changed["theme_scores"] = pd.concat([ids, pd.DataFrame(draft.scores, index=ids.index)], axis=1)
    changed["alternatives"] = tables.alternatives.assign(theme=draft.alternatives)
    if counts is not None and draft.members:
        changed["theme_phrases"] = tabulate_sources(draft, counts.counts)
        changed["theme_overlaps"] = overlap_themes(draft, counts.counts)
    return dataclasses.replace(tables, **changed)


def _rewrite_papers(draft: Draft, counts: Wording | None) -> pd.DataFrame:
    papers = draft.tables.papers
    why_here = papers["why_here"].to_numpy(dtype=object).copy()
    moved = np.flatnonzero(draft.theme != draft.found)
    if counts is not None and len(moved):
        for row, words in zip(moved.tolist(), find_ties(draft.theme, moved, counts, papers), strict=True):
            why_here[row] = words
    return papers.assign(
        theme=draft.theme,
        theme_score=draft.score,
        theme_margin=draft.margin,
        theme_runner_up=draft.runner_up,
        theme_reason=_rewrite_reasons(draft),
        why_here=pd.Series(why_here.tolist(), index=papers.index, dtype=object),
    )


def _rewrite_reasons(draft: Draft) -> Any:
    """Why each paper bears its theme, with the labels that the themes bear now."""
    found = dict(zip(draft.tables.themes["theme"].astype(str), draft.tables.themes["label"], strict=True))
    now = find_labels({theme: draft.name_theme(theme) for theme in draft.themes}, draft.routes)
    return rename_in_reasons(draft.reason, draft.theme, found, now)
