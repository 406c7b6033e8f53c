"""Keyphrase drift: which words rise and fall inside a theme, between its early and its late papers."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.fits import Floats
from analysis.trends.noise import adjust_p
from analysis.trends.spans import Day, read_day, read_spans

# Fewer papers on a side leave only changes that no one needs a test for.
MIN_PAPERS_PER_PART = 10
_FEWEST, _LEAST_SHARE = 5, 0.03
# A word goes when a longer phrase that holds it stands in this share of its papers: it says the same.
_COVERED = 0.9
_LONGEST_WORDS = 2
_STOP = re.compile(r"[.!?;:,()\[\]{}\"]+")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")  # noqa: RUF001
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
        the part), ``log_odds`` (change of the log odds that a paper has it; > 0
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
    reason : str
        Why there is no answer; empty where there is one.
    """

    table: pd.DataFrame
    split: pd.Timestamp | None
    n_early: int
    n_late: int
    n_undated: int
    n_across: int
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
    _check(papers, theme, by, text, min_papers, prior)
    own = papers[papers[by] == theme]
    spans = read_spans(own)
    first, last = (spans[name].to_numpy() for name in ("first", "last"))
    dated = spans["first"].notna().to_numpy()
    day = read_day(split, "split")
    if day is None and dated.any():
        day = _part_evenly(first[dated], last[dated])
    early, late = (dated & (last < day), dated & (first >= day)) if day is not None else (~dated & False,) * 2
    n_early, n_late = int(early.sum()), int(late.sum())
    split_day = None if day is None else pd.Timestamp(day)
    n_across = int((dated & ~early & ~late).sum())
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in _COLUMNS[:2]})
    empty = empty.assign(**{name: pd.Series(dtype="int64") for name in _COLUMNS[2:4]})
    empty = empty.assign(**{name: pd.Series(dtype="float64") for name in (*_COLUMNS[4:], *_NUMBERS)})
    numbers = (split_day, n_early, n_late, int((~dated).sum()), n_across)
    if min(n_early, n_late) < MIN_PAPERS_PER_PART:
        few = f"{n_early} early and {n_late} late papers are too few: each part needs {MIN_PAPERS_PER_PART}."
        return Drift(empty, *numbers, reason=few)
    texts = [" . ".join(row) for row in own[list(text)].fillna("").astype(str).to_numpy()[early | late].tolist()]
    least = min_papers or max(_FEWEST, int(np.ceil(_LEAST_SHARE * len(texts))))
    counted = _count_phrases(texts, late[early | late], keyphrases, least)
    if counted.empty:
        return Drift(empty, *numbers, reason=f"No phrase stands in {least} or more of the theme's dated papers.")
    table = _weigh(counted, n_early, n_late, prior)
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


def _part_evenly(first: Any, last: Any) -> Any:
    days = np.unique(first)
    n_before = np.searchsorted(np.sort(last), days, side="left")
    n_after = len(first) - np.searchsorted(np.sort(first), days, side="left")
    return days[np.minimum(n_before, n_after).argmax()]


def _list_grams(text: str, keys: dict[str, str], longest: int, stop_words: frozenset[str]) -> Iterator[str]:
    """Words, pairs and known keyphrases as written; a gram never crosses punctuation."""
    for part in _STOP.split(text):
        words = _WORD.findall(part)
        for start, word in enumerate(words):
            for length in range(1, min(longest, len(words) - start) + 1):
                gram = " ".join(words[start : start + length])
                if gram.lower() in keys or (
                    length <= _LONGEST_WORDS
                    and not {word.lower(), words[start + length - 1].lower()} & stop_words
                    and len(gram) > 1
                    and not gram.isnumeric()
                ):
                    yield gram


def _count_phrases(texts: list[str], late: Any, keyphrases: Sequence[str], min_papers: int) -> pd.DataFrame:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    keys = {" ".join(_WORD.findall(phrase)).lower(): phrase for phrase in reversed(keyphrases)}
    longest = max([_LONGEST_WORDS, *(len(key.split()) for key in keys)])
    as_written: Counter[str] = Counter()

    def analyze(text: str) -> list[str]:
        grams = set(_list_grams(text, keys, longest, ENGLISH_STOP_WORDS))
        as_written.update(grams)
        return [gram.lower() for gram in grams]

    counter = CountVectorizer(analyzer=analyze, binary=True)
    try:
        present = counter.fit_transform(texts).tocsc()
    except ValueError:  # no words at all
        return pd.DataFrame()
    names = counter.get_feature_names_out()
    n_papers = np.asarray(present.sum(axis=0)).ravel()
    often = np.flatnonzero(n_papers >= min_papers)
    covered = _find_covered(present[:, often], names[often])
    kept = often[~covered]
    # Written as most papers write it, but a keyphrase as its table does.
    shown = {gram.lower(): gram for gram, _ in sorted(as_written.items(), key=lambda one: (one[1], one[0]))}
    n_late = np.asarray(present[np.flatnonzero(late)][:, kept].sum(axis=0)).ravel().astype(np.int64)
    return pd.DataFrame(
        {
            "phrase": pd.Series([keys.get(name, shown[name]) for name in names[kept]], dtype="str"),
            "kind": pd.Series(["keyphrase" if name in keys else "word" for name in names[kept]], dtype="str"),
            "n_early": n_papers[kept].astype(np.int64) - n_late,
            "n_late": n_late,
        }
    )


def _find_covered(present: Any, names: Any) -> Any:
    """Phrases that stand nearly always inside one longer phrase."""
    place = {name: column for column, name in enumerate(names)}
    n_papers = np.asarray(present.sum(axis=0)).ravel()
    covered = np.zeros(len(names), dtype=bool)
    for column, name in enumerate(names):
        words = name.split()
        for length in range(1, len(words)):
            for start in range(len(words) - length + 1):
                part = place.get(" ".join(words[start : start + length]))
                # The longer phrase holds the part, so its papers are among the part's.
                if part is not None and n_papers[column] >= _COVERED * n_papers[part]:
                    covered[part] = True
    return covered


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
    papers: pd.DataFrame, theme: Any, by: str, text: Sequence[str], min_papers: int | None, prior: float
) -> None:
    if isinstance(text, str) or not text:
        raise InputError(f"text = {text!r} is not allowed: give a list of one or more columns, such as ['title'].")
    missing = [name for name in (by, "published", *text) if name not in papers]
    if missing:
        raise InputError(f"papers: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, papers))}.")
    if not (papers[by] == theme).any():
        known = ", ".join(map(str, sorted(papers[by].dropna().unique())[:10]))
        raise InputError(f"papers: no paper has {by} {theme!r}. There are: {known or 'none'}.")
    if (min_papers is not None and min_papers < 1) or not prior > 0:
        raise InputError(f"min_papers = {min_papers}, prior = {prior}: both must be above 0.")
