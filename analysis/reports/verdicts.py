"""Sentences and table rows about verdicts: never stronger than the verdict itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.plots.text import clean, count_of, shorten
from analysis.reports.corrected import mark_corrected
from analysis.reports.sentences import NONE, iso, join_words, number, p_text, percent
from analysis.reports.stability import mark_doubtful
from analysis.results import DOUBTFUL, Tables
from analysis.trends.sentences import say_factor

Row = dict[str, Any]
# Only of these does a report show what lies behind the move: the others are not shown to move.
MOVING = ("rising", "falling", "changing")
_MOST_NAMES = 12
# From this share of the alternative runs on most of them agree.
_MOST_AGREE = 0.5


def read_alpha(tables: Tables) -> float:
    """Bound on false calls that the tables were made with; .05 where the run does not say."""
    settings = (tables.run.get("config") or {}).get("trends") or {}
    return float(settings.get("alpha") or 0.05)


def describe_trend(trend: pd.Series | None, *, n_doubtful: int = 0) -> str:
    """The verdict on one theme, the numbers behind it and what it withstands.

    Parameters
    ----------
    trend : Series or None
        A row of ``derived/trends``; None where no trend was tested.
    n_doubtful : int, default 0
        Papers left out for the word on doubtful papers; 0 where not known.
    """
    if trend is None:
        return "No trend was tested."
    verdict = clean(trend["verdict"])
    reason = clean(trend["reason"])
    opening = "" if reason.lower().startswith(verdict.lower()) else f"{verdict[:1].upper()}{verdict[1:]}. "
    parts = (f"{opening}{reason}", _describe_turn(trend, reason), _describe_hold(trend, n_doubtful))
    return " ".join(part for part in parts if part)


def _describe_turn(trend: pd.Series, reason: str) -> str:
    """Shape and turning point of a changing theme, as far as the reason leaves them out."""
    if clean(trend["verdict"]) != "changing":
        return ""
    shape, turn = clean(trend["shape"]), iso(trend["turn"])
    if shape and f"a {shape}" in reason:
        return ""
    if shape and turn:
        return f"Its course is a {shape} at {turn}."
    return f"Its course is a {shape}." if shape else f"The turning point is {turn}." if turn else ""


def _describe_hold(trend: pd.Series, n_doubtful: int) -> str:
    survives, without = trend["survives"], trend["holds_without_doubtful"]
    kept = "" if pd.isna(survives) else f"The verdict holds in {percent(survives)} of the alternative runs."
    if pd.isna(without):
        return kept
    what = "It" if kept else "The verdict"
    also = "also " if kept and survives >= _MOST_AGREE else ""
    papers = count_of(n_doubtful, "doubtful paper") if n_doubtful else "doubtful papers"
    return f"{kept} {what} {also + 'holds' if without else 'does not hold'} without the {papers}.".strip()


def describe_verdicts(verdicts: dict[str, list[str]]) -> str:
    """Which themes rise, fall, bend or stay, by name; of the unclear ones only the number.

    Parameters
    ----------
    verdicts : dict of verdict to labels
        Of more than twelve labels the first are named and the others counted.

    Examples
    --------
    >>> describe_verdicts({"rising": ["Robotics"], "unclear": ["Alignment", "Vision"]})
    'Rising: Robotics. Unclear: 2 themes.'
    """
    clear = [
        f"{verdict.capitalize()}: {_name_some(verdicts[verdict])}."
        for verdict in (*MOVING, "steady")
        if verdicts.get(verdict)
    ]
    n_unclear = len(verdicts.get("unclear", []))
    if n_unclear and not clear:
        return "No theme is shown to rise, fall or stay: the trend of each is unclear."
    return " ".join([*clear, *([f"Unclear: {count_of(n_unclear, 'theme')}."] if n_unclear else [])])


def describe_frail(trends: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which moves fewer than half of the alternative runs give; empty where all are given by more.

    Parameters
    ----------
    trends : DataFrame
        The table ``derived/trends``.
    names : mapping of theme to name
        Themes that are not in it are passed over.
    """
    frail = trends[trends["verdict"].isin(MOVING) & (trends["survives"] < _MOST_AGREE)]
    told = [
        f"{names[theme]} ({verdict} in {percent(kept)})"
        for theme, verdict, kept in zip(frail["theme"], frail["verdict"], frail["survives"], strict=True)
        if theme in names
    ]
    return f"Fewer than half of the alternative runs agree: {_name_some(told)}." if told else ""


def _name_some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return join_words([*names[:_MOST_NAMES], f"{more:,} more"] if more > 0 else names)


def describe_topics(topic_trends: pd.DataFrame, topics: pd.DataFrame) -> str:
    """How many topics rise, fall, bend or stay, and which; empty where none was tested.

    Parameters
    ----------
    topic_trends : DataFrame
        The table ``derived/topic_trends``.
    topics : DataFrame
        The table ``results/topics``.
    """
    if topic_trends.empty:
        return ""
    labels = dict(zip(topics["topic"], topics["label"], strict=True))
    verdicts: dict[str, list[str]] = {}
    for topic, verdict in zip(topic_trends["topic"], topic_trends["verdict"], strict=True):
        verdicts.setdefault(clean(verdict), []).append(f"“{shorten(labels.get(topic), 60) or topic}”")
    if topic_trends["q"].isna().all():
        return "No topic could be tested for a trend."
    if set(verdicts) == {"unclear"}:
        return f"No topic is shown to rise, fall or stay: the trend of each of the {len(topic_trends):,} is unclear."
    known = [verdict for verdict in (*MOVING, "steady", "unclear") if verdicts.get(verdict)]
    counted = ", ".join(f"{len(verdicts[verdict]):,} {verdict}" for verdict in known)
    untested = int(topic_trends["q"].isna().sum())
    named = describe_verdicts({verdict: found for verdict, found in verdicts.items() if verdict != "unclear"})
    few = f"{count_of(untested, 'topic')} could not be tested." if untested else ""
    parts = (f"Of {count_of(len(topic_trends), 'topic')}: {counted}.", named, few)
    return " ".join(part for part in parts if part)


def odds_text(trend: pd.Series) -> str:
    """Odds ratio, interval and unit, or a dash."""
    if not _finite(trend["odds_ratio"]):
        return NONE
    interval = (
        f" ({trend['low']:.2f} to {trend['high']:.2f})" if _finite(trend["low"]) and _finite(trend["high"]) else ""
    )
    return f"{trend['odds_ratio']:.2f}{interval} {clean(trend['unit'])}".strip()


def lay_out_trend(theme: pd.Series, trend: pd.Series) -> Row:
    """One row of the table of trends, as text.

    Parameters
    ----------
    theme, trend : Series
        A row of ``results/themes``, and that of ``derived/trends`` for it.
    """
    verdict, survives, without = clean(trend["verdict"]), trend["survives"], trend["holds_without_doubtful"]
    course = [part for part in (clean(trend["shape"]), iso(trend["turn"])) if part] if verdict == "changing" else []
    label = mark_doubtful(clean(theme["label"]) or clean(theme["theme"]), theme["stability"])
    return {
        "label": mark_corrected(label, theme),
        "verdict": verdict + (f" ({', '.join(course)})" if course else ""),
        "odds": odds_text(trend),
        "q": p_text(trend["q"]),
        "survives": "not measured" if pd.isna(survives) else percent(survives),
        "without": "not measured" if pd.isna(without) else "the same" if without else "another",
        "visible": number(trend["smallest_visible"]),
    }


def explain_trends(trends: pd.DataFrame, *, alpha: float) -> dict[str, str]:
    """What each column of the table of trends is, and by which borders a verdict is given, by its name.

    Parameters
    ----------
    trends : DataFrame
        The table ``derived/trends``; its margin and smallest effect are told.
    alpha : float
    """
    if trends.empty:
        return {}
    effect, margin = (float(trends[name].iloc[0]) for name in ("min_effect", "margin"))
    whole = "from the start of the observed span to its end"
    least = f", and the odds change by a factor of at least {say_factor(effect)} {whole} (a fall: the inverse)"
    return {
        "Odds ratio": "the factor by which the odds of the theme change, in the unit that is given.",
        "q": "p-value after correction for the number of themes.",
        "Rising, falling": f"q below {alpha:g}{least if effect > 1 else ''}; the test that anything moves at all must "
        "pass, and where papers are few so steep a line must be a surprise among the orders of the periods.",
        "Changing": "no straight line fits, and the test that anything moves at all passes; with its shape and turn.",
        "Steady": f"a line fits, and the interval of the factor {whole} lies between {say_factor(1 / margin)} and "
        f"{say_factor(margin)}.",
        "Alternatives": "share of the runs under other seeds, resamples or encoders that give the same verdict.",
        "Without doubtful papers": "the verdict when the papers are left out that keep their theme in fewer than "
        f"{percent(DOUBTFUL)} of these runs.",
        "Smallest visible": "odds ratio, in the same unit, that this corpus shows with 80 % power.",
    }


def _finite(value: Any) -> bool:
    return value is not None and not pd.isna(value) and math.isfinite(float(value))
