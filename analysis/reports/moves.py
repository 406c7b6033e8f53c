"""What a report says beside the verdicts: topics, bursts, newcomers, phrases, drivers and the field."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.plots.periods import Grid, grid_shares
from analysis.plots.text import clean, shorten
from analysis.reports.drift import describe_words, explain_words
from analysis.reports.drivers import Parts, describe_drivers, explain_drivers
from analysis.reports.episodes import describe_bursts, describe_newcomers
from analysis.reports.growth import Growth, describe_growth, explain_growth
from analysis.reports.stability import count_doubtful_papers
from analysis.reports.verdicts import MOVING, describe_topics, read_alpha
from analysis.results import Tables
from analysis.trends import pick_representatives

_N_PERIODS, _N_PAPERS = 3, 2
_BURSTS = (
    "A burst is a stretch of periods in which a theme holds far more of the papers than it usually does, and more than "
    "its periods give in random order (Kleinberg 2002)."
)
_NEWCOMERS = "New and gone are meant of this collection, not of the field; papers are taken to be dealt out one by one."
_TOPICS = "The topics are a family of their own: their q-values are corrected for the number of topics, not of themes."


@dataclass(frozen=True)
class ThemeMoves:
    """What lies behind the course of one theme; empty parts are left out of the report.

    Attributes
    ----------
    growth : str
        Against the whole field.
    words : list of str
        Phrases of its early and late papers.
    parts : Parts
    papers : list of (period, paper_ids)
        Papers that show it best, in up to three periods, of a theme that is shown to move.
    """

    growth: str = ""
    words: list[str] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    papers: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Moves:
    """What is said beside the verdicts: plain, unescaped text; empty where the tables say nothing.

    Attributes
    ----------
    counting, topics : str
    bursts, newcomers : list of str
    n_doubtful : int
        Dated papers that keep their theme in too few of the alternative runs.
    growth : Growth
    themes : dict of theme to ThemeMoves
    notes : dict of part to str
        What it is and is not.
    shown : frozenset of str
        Those figures beside the usual ones that have something to show.
    """

    counting: str
    topics: str
    bursts: list[str]
    newcomers: list[str]
    n_doubtful: int
    growth: Growth
    themes: dict[str, ThemeMoves]
    notes: dict[str, str]
    shown: frozenset[str]

    def of_theme(self, theme: str) -> ThemeMoves:
        """What is said of one theme."""
        return self.themes.get(theme, ThemeMoves())


def describe_moves(tables: Tables) -> Moves:
    """Collect what is said of bursts, newcomers, topics, phrases, drivers and the field.

    Parameters
    ----------
    tables : Tables
        Reads those under ``derived/``, ``papers``, ``themes``, ``topics`` and of
        the run the sentences on bursts and the field, and how papers count.
    """
    alpha, grid = read_alpha(tables), grid_shares(tables.shares)
    labels = {
        str(theme): clean(label)
        for theme, label in zip(tables.themes["theme"], tables.themes["label"], strict=True)
        if theme != "unassigned"
    }
    # Quoted: a label may hold commas and colons.
    names = {theme: f"“{shorten(label, 60)}”" for theme, label in labels.items()}
    verdicts = {
        str(theme): clean(verdict)
        for theme, verdict in zip(tables.trends["theme"], tables.trends["verdict"], strict=True)
    }
    moving = [theme for theme in labels if verdicts.get(theme) in MOVING]
    growth = describe_growth(tables.rates, labels, tables.run.get("field") or "", grid)
    chosen = _choose_papers(tables, moving, grid)
    drift, drivers = (
        {theme: table[table["theme"] == theme] for theme in labels} for table in (tables.drift, tables.drivers)
    )
    themes = {
        theme: ThemeMoves(
            growth=growth.sentences.get(theme, ""),
            # Where no theme has any, that is said once and not on every card.
            words=describe_words(drift[theme], alpha=alpha) if len(tables.drift) else [],
            parts=describe_drivers(drivers[theme], moving=theme in moving),
            papers=chosen.get(theme, []),
        )
        for theme in labels
    }
    searched = tables.run.get("bursts") or ""
    return Moves(
        counting=_describe_counting(clean(tables.run.get("counting"))),
        topics=describe_topics(tables.topic_trends, tables.topics),
        bursts=describe_bursts(tables.bursts, searched, grid, names, verdicts, alpha=alpha),
        newcomers=describe_newcomers(tables.newcomers, names),
        n_doubtful=count_doubtful_papers(tables),
        growth=growth,
        themes=themes,
        notes=_explain(tables, labels),
        shown=list_shown(tables),
    )


def _explain(tables: Tables, labels: dict[str, str]) -> dict[str, str]:
    """What each part is and is not; empty where there is none."""
    return {
        "bursts": _BURSTS if tables.bursts["found"].any() else "",
        "newcomers": _NEWCOMERS if tables.newcomers["found"].any() else "",
        "topics": _TOPICS if len(tables.topic_trends) else "",
        "words": explain_words(tables.drift) if labels else "",
        "parts": explain_drivers() if len(tables.drivers) else "",
        "growth": explain_growth() if len(tables.rates) else "",
    }


def list_shown(tables: Tables) -> frozenset[str]:
    """Those figures beside the usual ones that have something to show."""
    filled = {
        "burst-timeline": tables.bursts["found"].any(),
        "phrase-drift": len(tables.drift),
        # It draws themes whatever their verdict; where none moves there is no change to part.
        "theme-drivers": len(tables.drivers) and tables.trends["verdict"].isin(MOVING).any(),
        "theme-rates": len(tables.rates),
        "topic-forest": tables.topic_trends["q"].notna().any(),
    }
    return frozenset(name for name, some in filled.items() if some)


def _describe_counting(counting: str) -> str:
    if counting == "fractional":
        return (
            "A paper counts in parts: it is split between its theme and the runner-up in proportion to its scores, so "
            "counts and shares over time need not be whole papers. Phrases, categories, newcomers and topics take "
            "whole papers."
        )
    return "Each paper counts once, for its one theme." if counting == "full" else ""


def _choose_papers(tables: Tables, moving: list[str], grid: Grid) -> dict[str, list[tuple[str, list[str]]]]:
    """Of each moving theme the best papers of its first and last period, and of one between."""
    if not moving:
        return {}
    best = pick_representatives(tables.papers, tables.shares, n_papers=_N_PAPERS)
    turns = tables.trends.set_index("theme")["turn"]
    chosen = {}
    for theme in moving:
        own = best[best["theme"] == theme]
        kept = _choose_periods(list(own["period"].drop_duplicates()), turns.get(theme))
        chosen[theme] = [
            (str(grid.periods.loc[period, "label"]), own.loc[own["period"] == period, "paper_id"].tolist())
            for period in kept
        ]
    return chosen


def _choose_periods(periods: list[pd.Timestamp], turn: pd.Timestamp | None) -> list[pd.Timestamp]:
    """First and last, and that of the turning point, or else the middle one."""
    if len(periods) <= _N_PERIODS:
        return periods
    middle = len(periods) // 2
    if turn is not None and not pd.isna(turn):
        before = sum(period <= turn for period in periods) - 1
        middle = min(max(before, 1), len(periods) - 2)
    return [periods[0], periods[middle], periods[-1]]
