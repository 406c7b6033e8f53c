"""What a digest is made from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from analysis.trends.since import Measure


@dataclass(frozen=True)
class News:
    """What is new in a study since a day: numbers, no words.

    Attributes
    ----------
    since, until : date
        First and last day of what counts as new. Where no last day was asked
        for, `until` is the day of capture or that of the latest new paper,
        whichever is later.
    captured : date or None
        Last day that the collection covers, where it is known.
    asked_until : bool
        Whether a last day was asked for: papers after it are left out then.
    counts : dict of part to int
        Papers that are new, before, later, across and undated.
    n_ahead : int
        New papers dated after `captured`.
    n_coarse : dict of {"month", "year"} to int
        New papers known to their month or year only.
    themes : DataFrame
        From `analysis.trends.since.compare_since`.
    papers : DataFrame
        New papers, best first.
    measure : {"upvotes", "comments", "theme score"}
        What they are ordered by.
    n_known : int
        New papers of which that is known.
    verdicts : DataFrame
        From `analysis.trends.since.compare_verdicts`.
    not_compared : str
        Why verdicts were not compared; empty where they were.
    shares : DataFrame
        Shares up to `until`.
    bursts, newcomers : DataFrame
        As ``derived/bursts`` and ``derived/newcomers``, up to `until`.
    searched : str
        Where and how bursts were searched, or why not.
    words : DataFrame
        ``theme``, ``phrase``, ``share_early``, ``share_late``, ``q``: phrases
        that more of the new papers of a theme use than of those before.
    """

    since: dt.date
    until: dt.date
    captured: dt.date | None
    asked_until: bool
    counts: dict[str, int]
    n_ahead: int
    n_coarse: dict[str, int]
    themes: pd.DataFrame
    papers: pd.DataFrame
    measure: Measure
    n_known: int
    verdicts: pd.DataFrame
    not_compared: str
    shares: pd.DataFrame
    bursts: pd.DataFrame
    newcomers: pd.DataFrame
    searched: str
    words: pd.DataFrame

    @property
    def n_new(self) -> int:
        """Papers that are new."""
        return self.counts["new"]
