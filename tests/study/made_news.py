"""A made study in which one theme rises from a known day on, another arrives on it, and the others hold."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import Config, parse_config
from analysis.results import Tables
from analysis.study import Study
from analysis.study.counting import count_moves
from analysis.study.places import Place
from tests.made_study import copy_tables, make_tables

TURN, LAST = "2024-01-01", "2024-12-31"
_PER_MONTH = 20
_NEW_WORDS = " We use a world model."


def make_news() -> Study:
    """A study of 42 months of 20 papers; not to be changed."""
    return _open(*_count_all())


@cache
def _count_all() -> tuple[Tables, Config]:
    return count_papers(make_turning_papers())


def make_part(papers: pd.DataFrame, *, captured: str) -> Study:
    """A study of some of the papers, as it would have been on a day."""
    return _open(*count_papers(papers, captured=captured))


def _open(tables: Tables, config: Config) -> Study:
    return Study(Place(Path("made"), config, ()), tables)


def open_tables(tables: Tables, settings: dict[str, Any] | None = None) -> Study:
    """A study of tables as they are."""
    return _open(tables, parse_config(settings or {}))


def make_turning_papers() -> pd.DataFrame:
    """Robotics hold a tenth of the papers until the turn, then rise to two fifths; "newcomer" starts with it."""
    return _make_turning_papers().copy()


@cache
def _make_turning_papers() -> pd.DataFrame:
    months = pd.date_range("2021-07-01", LAST, freq="MS")
    days = pd.DatetimeIndex([month + pd.Timedelta(days=i % 28) for month in months for i in range(_PER_MONTH)])
    place = np.arange(len(days)) % _PER_MONTH
    since = (days.year - 2024) * 12 + days.month - 1
    n_robots = np.where(since < 0, 2, 3 + since // 2)
    theme = np.where(place < n_robots, "robotics", np.where(place % 2, "alignment", "representation-learning"))
    theme = np.where((since >= 0) & (place >= _PER_MONTH - 3), "recommendation-and-user-modelling", theme)
    rows = make_tables().papers.iloc[np.arange(len(days)) % 60].reset_index(drop=True)
    grown = (since >= 0) & (theme == "robotics")
    return rows.assign(
        paper_id=[f"n{i:04d}" for i in range(len(days))],
        title=[f"Paper {i}" for i in range(len(days))],
        abstract=np.where(grown, "We study robots." + _NEW_WORDS, "We study robots."),
        published=days,
        published_end=days,
        published_precision="day",
        theme=theme,
        theme_score=1 - place / 100,
        n_comments=pd.array(np.arange(len(days)) % 7, dtype="Int64"),
    )


def count_papers(papers: pd.DataFrame, *, captured: str = LAST) -> tuple[Tables, Config]:
    """Tables of the made study, with everything counted from these papers."""
    config = parse_config({"corpus": {"captured": captured}, "trends": {"period": "month"}})
    tables = copy_tables(make_tables())
    sizes = papers["theme"].value_counts()
    themes = tables.themes.assign(size=tables.themes["theme"].map(sizes).fillna(0).astype(int))
    none = tables.alternatives.iloc[:0]
    moves = count_moves(papers, themes, tables.topics, none, config, captured=config.corpus.captured)
    run = {**tables.run, **moves.facts}
    found = dataclasses.replace(tables, papers=papers, themes=themes, alternatives=none, run=run, **moves.tables)
    return found, config
