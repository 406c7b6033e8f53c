"""What a report says of single themes, topics and papers, row by row."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pandas as pd

from analysis.plots.text import clean, shorten
from analysis.reports import sentences as say
from analysis.reports.corrected import say_measured
from analysis.reports.moves import Moves
from analysis.reports.stability import describe_stability, mark_doubtful
from analysis.reports.verdicts import describe_trend

Row = dict[str, Any]
# Longer titles are none: a whole text in the wrong field.
_LONGEST_TITLE = 400
# What stands beside a paper's date, and the column that says so.
_MARKS = {"title only": "title_only", "placed": "placed"}


def lay_out_theme(
    theme: pd.Series,
    trend: pd.Series | None,
    moves: Moves,
    *,
    papers: pd.DataFrame,
    topics: pd.DataFrame,
    n_representatives: int,
    corrections: list[str],
) -> Row:
    """The card of one theme, as text.

    Parameters
    ----------
    theme : Series
        A row of ``results/themes``.
    trend : Series or None
        Its row of ``derived/trends``; None where no trend was tested.
    moves : Moves
    papers, topics : DataFrame
        All of them; papers by their ``paper_id``.
    n_representatives : int
    corrections : list of str
        What was done to it by hand.
    """
    own = topics[topics["theme"] == theme["theme"]]
    moved = moves.of_theme(str(theme["theme"]))
    return {
        "id": clean(theme["theme"]),
        "label": mark_doubtful(clean(theme["label"]) or clean(theme["theme"]), theme["stability"]),
        "description": clean(theme["description"]),
        "size": say.describe_theme(theme, n_papers=len(papers)),
        "keyphrases": list_phrases(theme["keyphrases"]),
        "corrected": corrections,
        "stability": say_measured(describe_stability(theme["stability"]), theme),
        "faithfulness": say_measured(say.describe_faithfulness(theme["faithfulness"]), theme),
        "intrusion": say_measured(say.describe_intrusion(theme["intrusion"]), theme),
        "trend": describe_trend(trend, n_doubtful=moves.n_doubtful),
        "growth": moved.growth,
        "words": moved.words,
        "parts": moved.parts,
        "by_period": [{"period": period, "papers": _lay_out_papers(ids, papers)} for period, ids in moved.papers],
        "papers": _lay_out_papers(theme["representatives"][:n_representatives], papers),
        "topics": [f"{clean(topic['label'])} ({int(topic['size'])})" for _, topic in own.iterrows()],
    }


def lay_out_topic(topic: pd.Series, themes: dict[str, pd.Series], verdicts: dict[int, str]) -> Row:
    """One row of the table of topics, as text.

    Parameters
    ----------
    topic : Series
        A row of ``results/topics``.
    themes : dict of theme to its row
    verdicts : dict of topic to its verdict
    """
    theme = topic["theme"]
    return {
        "topic": int(topic["topic"]),
        "label": clean(topic["label"]) or f"Topic {int(topic['topic'])}",
        "size": int(topic["size"]),
        "theme": clean(themes[theme]["label"]) if theme in themes else clean(theme),
        "trend": clean(verdicts.get(int(topic["topic"]))) or "not tested",
        "purity": say.NONE if pd.isna(topic["theme_purity"]) else say.percent(float(topic["theme_purity"])),
        "stability": mark_doubtful(say.number(topic["stability"]), topic["stability"]),
        "faithfulness": say.mark_low(topic["faithfulness"], say.FAITHFUL),
        "intrusion": say.mark_low(topic["intrusion"], say.COHERENT),
        "keyphrases": ", ".join(list_phrases(topic["keyphrases"])[:5]),
    }


def _lay_out_papers(paper_ids: list[str], papers: pd.DataFrame) -> list[Row]:
    known = papers.loc[[one for one in paper_ids if one in papers.index]]
    return [lay_out_paper(paper) for _, paper in known.iterrows()]


def lay_out_paper(paper: pd.Series) -> Row:
    """Title, date, address, marks and the words that tie a paper to its theme, as text."""
    return {
        "title": shorten(paper["title"], _LONGEST_TITLE) or "(no title)",
        "date": say.date_text(paper["published"], paper["published_precision"]),
        "url": safe_url(paper["url"]),
        "marks": [mark for mark, column in _MARKS.items() if str(paper[column]) == "True"],
        "why": [clean(word) for word in paper["why_here"]] if isinstance(paper["why_here"], list) else [],
    }


def list_phrases(phrases: Any) -> list[str]:
    """Keyphrases without their weights; none for null."""
    return [clean(part["phrase"]) for part in phrases] if isinstance(phrases, list) else []


def safe_url(url: object) -> str:
    """The address if it is a plain http or https one, else nothing.

    Examples
    --------
    >>> safe_url("https://example.org/a b"), safe_url("javascript:alert(1)")
    ('https://example.org/a%20b', '')
    """
    text = clean(url)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[\w.\-:\[\]@]+", parts.netloc):
        return ""
    return quote(text, safe=":/?#@!$&*+,;=%~._-")
