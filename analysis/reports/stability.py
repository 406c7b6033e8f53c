"""Sentences about which themes and topics come back in refits, and which are doubtful."""

from __future__ import annotations

import pandas as pd

from analysis.plots.text import count_of, shorten
from analysis.reports.sentences import join_words
from analysis.results import DOUBTFUL, STABLE, Tables, grade_stability, list_doubtful
from analysis.trends.periods import locate_spans
from analysis.trends.spans import read_spans
from analysis.trends.survival import find_doubtful


def describe_stability(stability: float | None) -> str:
    """How well a theme comes back in refits, in words; a doubtful one is called so."""
    grade = grade_stability(stability)
    if grade == "not measured":
        return grade
    meaning = {"doubtful": "; doubtful: a slightly different collection may not give this theme", "stable": "; stable"}
    return f"{stability:.2f} of 1{meaning.get(grade, '')}"


def explain_stability() -> str:
    """What the numbers under stability are, and where their borders lie."""
    return (
        "Stability: 80 % of the papers are drawn and all is fitted again, several times; the median Jaccard overlap "
        "(papers in both, divided by papers in either) of a theme with itself there, of a topic with its best match. "
        f"Below {DOUBTFUL:.2f} a theme or topic is doubtful, above {STABLE:.2f} it is stable (Hennig 2007)."
    )


def describe_doubtful_themes(themes: pd.DataFrame) -> str:
    """Which themes are doubtful, by name; empty where there is no theme.

    Parameters
    ----------
    themes : DataFrame
        The table ``results/themes``.
    """
    themes = themes[(themes["kind"] != "unassigned") & (themes["size"] > 0)]
    if themes.empty:
        return ""
    if themes["stability"].isna().all():
        return "Whether the themes come back in refits was not measured."
    doubtful = list_doubtful(themes, "theme")
    names = [f"“{shorten(label, 60)}”" for label in themes.loc[themes["theme"].isin(doubtful), "label"]]
    if not names:
        return f"No theme is doubtful: every stability that was measured is {DOUBTFUL:.2f} or more."
    back = "is doubtful: it comes" if len(names) == 1 else "are doubtful: they come"
    return (
        f"Of {count_of(len(themes), 'theme')}, {join_words(names)} {back} back only in part when a fifth of the "
        "papers is left out."
    )


def count_doubtful_topics(topics: pd.DataFrame) -> str:
    """How many topics are doubtful and how many are stable; empty where there is no topic."""
    grades = topics["stability"].map(grade_stability)
    if topics.empty or (grades == "not measured").all():
        return "Whether the topics come back in refits was not measured." if len(topics) else ""
    n_doubtful, n_stable = int((grades == "doubtful").sum()), int((grades == "stable").sum())
    be = "is" if n_doubtful == 1 else "are"
    return f"Of {count_of(len(topics), 'topic')}, {n_doubtful:,} {be} doubtful and {n_stable:,} stable."


def mark_doubtful(text: str, stability: float | None) -> str:
    """A label or a number, with a word behind it where the group is doubtful.

    Examples
    --------
    >>> mark_doubtful("Robotics", 0.5), mark_doubtful("Robotics", None)
    ('Robotics (doubtful)', 'Robotics')
    """
    return f"{text} (doubtful)" if grade_stability(stability) == "doubtful" else text


def count_doubtful_papers(tables: Tables) -> int:
    """How many dated papers keep their theme in too few of the alternative runs.

    Parameters
    ----------
    tables : Tables
        Reads ``alternatives``, ``papers`` and ``shares``, for its periods.
    """
    periods = tables.shares[tables.shares["period"].notna()].drop_duplicates("period").sort_values("period")
    if tables.alternatives.empty or periods.empty:
        return 0
    dated = locate_spans(read_spans(tables.papers), periods) >= 0
    return int((find_doubtful(tables.alternatives, tables.papers) & dated).sum())
