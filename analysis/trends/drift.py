"""Keyphrase drift: which words rise and fall inside a theme, between its early and its late papers."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.fits import Floats
from analysis.trends.noise import adjust_p
from analysis.trends.parting import MIN_PAPERS_PER_PART, Part, list_batches, part_theme
from analysis.trends.spans import Day, read_day, read_spans
from analysis.trends.wording import Codes, Wording, count_phrases, read_wording

_FEWEST, _LEAST_SHARE = 5, 0.03
# Of a larger theme so many papers are drawn: by then a phrase's share is known to a percentage point or two.
MOST_PAPERS = 5000
_COLUMNS = ("phrase", "kind", "n_early", "n_late", "share_early", "share_late")
_NUMBERS = ("log_odds", "low", "high", "z", "p", "q")


@dataclasses.dataclass(frozen=True)
class Drift:
    """Phrases of one theme, early against late.

    Attributes
    ----------
    table : DataFrame of n_phrases rows, the firmest rise first, the firmest fall last
        ``phrase``, ``kind`` (keyphrase or word), ``n_early`` and ``n_late``
        (papers with it), ``share_early`` and ``share_late`` (of the papers of
        the part that were counted in), ``log_odds`` (change of the log odds that a paper has it; > 0
        rises), ``low`` and ``high`` (95 % interval), ``z``, ``p``, ``q``
        (Benjamini-Hochberg, over the keyphrases and over the words). No rows where `reason` says why.
    split : Timestamp or None
        First day of the late part.
    n_early, n_late : int
        Papers of each part.
    n_undated : int
        Papers of the theme without a date, left out.
    n_across : int
        Papers whose known span holds the split, left out.
    n_counted : int
        Papers whose words were counted: all of both parts, or as many as were drawn of a large theme.
    reason : str
        Why there is no answer; empty where there is one.
    """

    table: pd.DataFrame
    split: pd.Timestamp | None
    n_early: int
    n_late: int
    n_undated: int
    n_across: int
    n_counted: int
    reason: str


def compare_phrases(
    papers: pd.DataFrame,
    theme: Any,
    *,
    by: str = "theme",
    keyphrases: Sequence[str] = (),
    text: Sequence[str] = ("title", "abstract"),
    split: Day = None,
    min_papers: int | None = None,
    prior: float = 10.0,
    most_papers: int | None = MOST_PAPERS,
    seed: int = 0,
) -> Drift:
    """Compare how often a theme's early and late papers use each phrase.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``published`` (see `analysis.trends.spans.read_spans`), the column
        named by `by`, and those named by `text`.
    theme : value of the column `by`
    keyphrases : sequence of str
        Phrases to look for besides the words, such as `collect_phrases` gives;
        found whatever their case, between the same punctuation.
    text : sequence of str, default ("title", "abstract")
        Columns whose words and pairs of words are counted; null is no text.
    split : date, ISO text or None
        First day of the late part; by default the day that parts the theme's
        dated papers most evenly.
    min_papers : int >= 1 or None
        Papers of the theme, early and late, that must have a phrase; by default
        3 % of them, at least 5. Rarer ones could not show a change, and each
        further one makes q larger.
    prior : float > 0, default 10.0
        Weight of the prior, in papers.
    most_papers : int >= 20 or None, default 5000
        Of a theme with more dated papers, so many are drawn at random, and all
        numbers of the table are of these; None counts in all.
    seed : int, default 0
        Of the drawing.

    Raises
    ------
    InputError
        If a column is missing, no paper has `theme`, a date cannot be read or a
        setting is out of range.

    Notes
    -----
    Weighted log-odds with an informative prior [1]_, on papers and not on
    tokens: a paper that says "reward" thirty times counts once. In each part
    the papers with a phrase are binomial, and the prior adds `prior` papers
    that use it as often as the theme does over both parts; so a phrase that
    few papers use is drawn to no change. The interval and ``z`` take the two
    log odds as normal and the papers as independent; with the prior, p is too
    large rather than too small in small themes.

    Abstracts grow longer and fashions of writing pass through every theme: a
    rising word says what the papers say, not why the theme moved. Keyphrases
    are few and were named before anyone looked at dates, so they are a family of
    their own and not drowned by hundreds of words. Words that
    nearly always stand in a longer phrase of the table are left to it.

    References
    ----------
    .. [1] Monroe, Colaresi, Quinn (2008), Fightin' words, Political Analysis
       16(4), 372-403.
    """
    asked = {theme: keyphrases}
    settings: dict[str, Any] = {"by": by, "text": text, "split": split, "min_papers": min_papers, "prior": prior}
    return compare_themes(papers, asked, **settings, most_papers=most_papers, seed=seed)[theme]


def compare_themes(
    papers: pd.DataFrame,
    keyphrases: Mapping[Any, Sequence[str]],
    *,
    by: str = "theme",
    text: Sequence[str] = ("title", "abstract"),
    split: Day = None,
    min_papers: int | None = None,
    prior: float = 10.0,
    most_papers: int | None = MOST_PAPERS,
    seed: int = 0,
) -> dict[Any, Drift]:
    """Compare how often the early and late papers of several themes use each phrase.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
    keyphrases : mapping of theme to sequence of str
        The themes, and the phrases to look for in each besides the words.
    by, text, split, min_papers, prior, most_papers, seed
        As for `compare_phrases`, which does the same for one theme.

    Returns
    -------
    dict of theme to Drift, in the order of `keyphrases`
    """
    _check(papers, keyphrases, by, text, min_papers, prior, most_papers)
    spans, day = read_spans(papers), read_day(split, "split")
    owners = pd.Index(list(keyphrases)).get_indexer(pd.Index(papers[by]))
    order = np.argsort(owners, kind="stable")
    ends = np.searchsorted(owners[order], np.arange(len(keyphrases) + 1))
    rows = [order[begin:end] for begin, end in itertools.pairwise(ends)]
    parts = [part_theme(spans.iloc[own], own, day, most_papers, seed) for own in rows]
    found: list[Drift] = []
    for batch in list_batches(parts):
        texts = np.concatenate([part.rows for part in batch])
        wording = read_wording([papers[column].take(texts) for column in text])
        begin = 0
        for part in batch:
            phrases = keyphrases[list(keyphrases)[len(found)]]
            found.append(_compare(part, wording, np.arange(begin, begin + len(part.rows)), phrases, min_papers, prior))
            begin += len(part.rows)
    return dict(zip(keyphrases, found, strict=True))


def _compare(
    part: Part, wording: Wording, texts: Codes, keyphrases: Sequence[str], min_papers: int | None, prior: float
) -> Drift:
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in _COLUMNS[:2]})
    empty = empty.assign(**{name: pd.Series(dtype="int64") for name in _COLUMNS[2:4]})
    empty = empty.assign(**{name: pd.Series(dtype="float64") for name in (*_COLUMNS[4:], *_NUMBERS)})
    numbers = (part.split, part.n_early, part.n_late, part.n_undated, part.n_across, len(part.rows))
    if min(part.n_early, part.n_late) < MIN_PAPERS_PER_PART:
        few = f"{part.n_early} early and {part.n_late} late papers are too few: each part needs {MIN_PAPERS_PER_PART}."
        return Drift(empty, *numbers, reason=few)
    least = min_papers or max(_FEWEST, int(np.ceil(_LEAST_SHARE * len(texts))))
    counted = count_phrases(wording, texts, part.late, keyphrases=keyphrases, min_papers=least)
    if counted.empty:
        return Drift(empty, *numbers, reason=f"No phrase stands in {least} or more of the theme's dated papers.")
    n_late = int(part.late.sum())
    table = _weigh(counted, len(part.rows) - n_late, n_late, prior)
    table = table.sort_values(["z", "phrase"], ascending=[False, True], ignore_index=True)
    return Drift(table[[*_COLUMNS, *_NUMBERS]], *numbers, reason="")


def collect_phrases(theme: Any, themes: pd.DataFrame, topics: pd.DataFrame | None = None) -> list[str]:
    """Keyphrases of a theme and of the topics that mostly bear it, each once, best first.

    Parameters
    ----------
    theme : str
    themes, topics : DataFrame
        The tables ``results/themes`` and ``results/topics``.
    """
    found: dict[str, str] = {}
    for table in (themes, topics):
        if table is None:
            continue
        for phrases in table.loc[table["theme"] == theme, "keyphrases"]:
            for phrase in () if phrases is None else phrases:
                found.setdefault(str(phrase["phrase"]).lower(), str(phrase["phrase"]))
    return list(found.values())


def _weigh(counted: pd.DataFrame, n_early: int, n_late: int, prior: float) -> pd.DataFrame:
    from scipy.special import erfc, ndtri

    pooled = ((counted["n_early"] + counted["n_late"]) / (n_early + n_late)).to_numpy()
    # A phrase of every paper still needs finite odds.
    expected = prior * np.clip(pooled, None, 1 - 0.5 / (n_early + n_late))
    logit: dict[str, Floats] = {}
    variance = np.zeros(len(counted))
    for part, n_papers in (("early", n_early), ("late", n_late)):
        having = counted[f"n_{part}"].to_numpy() + expected
        lacking = n_papers - counted[f"n_{part}"].to_numpy() + prior - expected
        logit[part] = np.log(having / lacking)
        variance += 1 / having + 1 / lacking
    change, error = logit["late"] - logit["early"], np.sqrt(variance)
    p = erfc(np.abs(change / error) / np.sqrt(2))
    reach = ndtri(0.975) * error
    return counted.assign(
        share_early=counted["n_early"] / n_early,
        share_late=counted["n_late"] / n_late,
        log_odds=change,
        low=change - reach,
        high=change + reach,
        z=change / error,
        p=p,
    ).assign(q=lambda table: table.groupby("kind")["p"].transform(lambda family: adjust_p(family.to_numpy())))


def _check(
    papers: pd.DataFrame,
    themes: Mapping[Any, Any],
    by: str,
    text: Sequence[str],
    min_papers: int | None,
    prior: float,
    most_papers: int | None,
) -> None:
    if isinstance(text, str) or not text:
        raise InputError(f"text = {text!r} is not allowed: give a list of one or more columns, such as ['title'].")
    missing = [name for name in (by, "published", *text) if name not in papers]
    if missing:
        raise InputError(f"papers: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, papers))}.")
    present = papers[by].dropna().unique()
    lost = [theme for theme in themes if theme not in set(present)]
    if lost:
        known = ", ".join(map(str, sorted(present)[:10]))
        raise InputError(f"papers: no paper has {by} {', '.join(map(repr, lost))}. There are: {known or 'none'}.")
    if (min_papers is not None and min_papers < 1) or not prior > 0:
        raise InputError(f"min_papers = {min_papers}, prior = {prior}: both must be above 0.")
    if most_papers is not None and most_papers < 2 * MIN_PAPERS_PER_PART:
        least = 2 * MIN_PAPERS_PER_PART
        raise InputError(f"most_papers = {most_papers} is not allowed: give {least} or more, or None for all.")
