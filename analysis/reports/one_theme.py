"""A report on one theme alone: its tables, and what is said of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.config import Config
from analysis.plots.text import clean, count_of
from analysis.reports import sentences as say
from analysis.reports.cards import lay_out_paper, lay_out_theme, lay_out_topic
from analysis.reports.content import LONGEST, caution_of, cite_study, find_themes_by_id, list_facts, title_of
from analysis.reports.corrected import list_corrections
from analysis.reports.moves import describe_moves, list_shown
from analysis.reports.stability import explain_stability
from analysis.reports.verdicts import describe_trend, explain_trends, lay_out_trend, read_alpha
from analysis.results import Tables

Row = dict[str, Any]

# Tables whose rows are of a theme, of a paper, of a topic; all others are of the whole corpus and left out.
_OF_THEME = (
    "themes",
    "papers",
    "theme_phrases",
    "shares",
    "trends",
    "bursts",
    "newcomers",
    "drift",
    "drivers",
    "rates",
)
_OF_PAPER = ("theme_scores", "alternatives", "merges", "near_duplicates", "date_conflicts")
_OF_TOPIC = ("topics", "topic_trends")
_OF_CORPUS = ("set_aside", "date_audit", "ledger")
# Figures that tell something of a theme by itself; of the second kind only those with something to show.
_FIGURES = ("theme-lines", "topic-keyphrases")
_FIGURES_OF_MOVES = ("burst-timeline", "theme-rates", "phrase-drift", "theme-drivers")


@dataclass(frozen=True)
class ThemeReport:
    """The content of a report on one theme: plain, unescaped text throughout."""

    title: str
    study: str
    caution: str
    short: list[str]
    corpus: list[str]
    trends: list[Row]
    borders: dict[str, str]
    theme: Row
    notes: list[str]
    topics: list[Row]
    papers: list[Row]
    more_papers: str
    facts: list[Row]
    cite: list[str]


def select_theme(tables: Tables, theme: str) -> Tables:
    """The rows that are of one theme, of its papers or of the topics in which they lie.

    Shares stay shares of all papers. Tables that are of the whole corpus, such
    as the ledger, are empty.

    Parameters
    ----------
    tables : Tables
    theme : str
        Its id.
    """
    own: dict[str, Any] = {}
    for name in _OF_THEME:
        frame: pd.DataFrame = getattr(tables, name)
        own[name] = frame[frame["theme"] == theme]
    for name in _OF_PAPER:
        frame = getattr(tables, name)
        own[name] = frame[frame["paper_id"].isin(own["papers"]["paper_id"])]
    for name in _OF_TOPIC:
        frame = getattr(tables, name)
        own[name] = frame[frame["topic"].isin(own["papers"]["topic"])]
    overlaps = tables.theme_overlaps
    own["theme_overlaps"] = overlaps[(overlaps["theme"] == theme) | (overlaps["other"] == theme)]
    own |= {name: getattr(tables, name).iloc[:0] for name in _OF_CORPUS}
    return dataclasses.replace(tables, **{name: frame.reset_index(drop=True) for name, frame in own.items()})


def list_theme_figures(tables: Tables) -> list[str]:
    """Names of the figures that a report on one theme holds.

    Parameters
    ----------
    tables : Tables
        What `select_theme` gives.
    """
    shown = list_shown(tables)
    drawn = [*(_FIGURES if len(tables.papers) else ()), *(name for name in _FIGURES_OF_MOVES if name in shown)]
    return [name for name in drawn if name != "theme-lines" or tables.shares["period"].notna().any()]


def write_theme_content(tables: Tables, theme: str, config: Config) -> ThemeReport:
    """Collect what a report on one theme says.

    Parameters
    ----------
    tables : Tables
        Of the whole study, for a theme is told against all papers.
    theme : str
        Its id.
    config : Config
        ``corpus.caution`` and ``[report]``.
    """
    themes = find_themes_by_id(tables)
    row = themes[theme]
    own = select_theme(tables, theme)
    trend = next((one for _, one in own.trends.iterrows()), None)
    moves = describe_moves(tables)
    papers = own.papers.sort_values(["published", "paper_id"], ascending=[False, True], kind="stable")
    card = lay_out_theme(
        row,
        trend,
        moves,
        papers=tables.papers.set_index("paper_id", drop=False),
        topics=tables.topics,
        n_representatives=config.report.n_representatives,
        corrections=list_corrections(tables, theme),
    )
    return ThemeReport(
        title=card["label"],
        study=title_of(tables, config),
        caution=caution_of(tables, config),
        short=[card["size"], describe_trend(trend, n_doubtful=moves.n_doubtful)],
        corpus=say.describe_corpus(tables),
        trends=[] if trend is None else [lay_out_trend(row, trend)],
        borders=explain_trends(own.trends, alpha=read_alpha(tables)),
        theme=card,
        notes=[explain_stability(), *(moves.notes[name] for name in ("words", "parts") if moves.notes[name])],
        topics=_lay_out_topics(own, tables, themes),
        papers=[lay_out_paper(one) for _, one in papers.head(LONGEST).iterrows()],
        more_papers=_count_more(len(papers)),
        facts=list_facts(tables),
        cite=cite_study(tables),
    )


def _lay_out_topics(own: Tables, tables: Tables, themes: dict[str, pd.Series]) -> list[Row]:
    """The topics in which papers of the theme lie, and how many of each."""
    verdicts = dict(zip(tables.topic_trends["topic"], tables.topic_trends["verdict"], strict=True))
    n_own = own.papers["topic"].value_counts()
    rows = [lay_out_topic(topic, themes, verdicts) for _, topic in own.topics.iterrows()]
    counted = [row | {"n_own": int(n_own.get(row["topic"], 0))} for row in rows]
    return sorted(counted, key=lambda row: (-row["n_own"], row["topic"]))


def _count_more(n_papers: int) -> str:
    if n_papers <= LONGEST:
        return ""
    more = clean(count_of(n_papers - LONGEST, "more paper"))
    return f"{more}: ask for the report as xlsx, csv, json, bibtex or ris to have all."
