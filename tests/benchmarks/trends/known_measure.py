"""The suite itself on a corpus of which something is known, and its verdicts beside the expectations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.config import Config, InputError, parse_config
from analysis.corpus import read_corpus
from analysis.study.computing import limit_algebra
from analysis.study.counting import Moves, count_moves, find_captured
from analysis.themes import ThemeTables, build_themes
from analysis.themes.named import BORDER
from analysis.trends import find_bursts, find_newcomers, share_by_period, trend_verdicts
from tests.benchmarks.trends.known_texts import Expected, Known, Notes

Outcome = Literal["agrees", "not shown", "contradicts"]
THIRDS = ("first", "middle", "last")
_DRAW = 20_250_701


@dataclass(frozen=True)
class Counted:
    """A corpus with its themes and everything that was counted.

    Attributes
    ----------
    papers : DataFrame of n_papers rows
        As the suite tabulates them, with ``text`` (title and abstract), and ``month`` and ``third`` (of the periods).
    found : ThemeTables
    moves : Moves
    weekly : DataFrame
        Bursts of the shares by week: by month there are too few periods to look for any.
    newcomers : DataFrame
        Topics that were first seen late or last seen early, beyond chance.
    """

    papers: pd.DataFrame
    found: ThemeTables
    moves: Moves
    weekly: pd.DataFrame
    newcomers: pd.DataFrame


def count_corpus(known: Known, folder: Path, *, cache: Path, n_alternatives: int | None = None) -> Counted:
    """Find the themes and count their shares with the suite's own settings; only the named themes are given.

    Raises
    ------
    InputError
        If the corpus is not in the folder.
    """
    path = folder / known.corpus
    if not path.is_file():
        raise InputError(
            f"{path}: this corpus is missing. It is no part of the project; "
            f"name the folder that holds {known.corpus}: --corpora DIR"
        )
    config = _configure(known, n_alternatives)
    corpus = read_corpus(path)
    captured = find_captured(corpus, config)
    with limit_algebra():
        found = build_themes(corpus.papers, config, set_aside=corpus.set_aside, cache=cache)
        labels = [name for name in corpus.papers if str(name).startswith("label_")]
        parts = [corpus.papers.drop(columns=labels), found.placed, corpus.papers[labels]]
        papers = pd.concat(parts, axis=1)
        moves = count_moves(papers, found.themes, found.topics, found.alternatives, config, captured=captured)
        weekly = share_by_period(papers, period="week", captured=captured)
        bursts = find_bursts(weekly, seed=config.seed).table
    newcomers = find_newcomers(papers, by="topic", alpha=config.trends.alpha)
    return Counted(
        papers=_date(papers, moves.tables["shares"]),
        found=found,
        moves=moves,
        weekly=_label(bursts, found.themes, "theme").sort_values("p", ignore_index=True),
        newcomers=_label(newcomers[newcomers["found"]], found.topics, "topic").sort_values("p", ignore_index=True),
    )


def compare(expected: Expected, verdict: str) -> Outcome:
    """What a verdict says to an expectation.

    Unclear says nothing; changing says nothing to a rise or a fall, and the
    contrary to a level share; steady the contrary to a rise or a fall.
    """
    if verdict == "unclear":
        return "not shown"
    if expected == "level":
        return "agrees" if verdict == "steady" else "contradicts"
    if verdict == "changing":
        return "not shown"
    return "agrees" if verdict == expected else "contradicts"


def tabulate(counted: Counted, known: Known, notes: Notes) -> pd.DataFrame:
    """One row per theme, the named ones in the order of the expectations, then the discovered ones by size.

    Returns
    -------
    DataFrame
        ``theme``, ``kind``, ``expected`` and ``outcome`` (empty of discovered
        themes), ``verdict``, ``odds_ratio``, ``low``, ``high``, ``q``,
        ``smallest_visible``, ``survives``, ``stability``, ``n_papers``; by third
        ``share_``, ``fit_`` (papers that fit the theme whatever theme they
        bear) and ``words_`` (papers with the words of its note); ``words_ratio``,
        ``words_low``, ``words_high`` (odds ratio per year of the words, each
        theme's alone), ``n_words`` and ``words_inside`` (share of the theme's
        papers that have them).
    """
    themes, expected = counted.found.themes, {one.name: one.expected for one in known.themes}
    named = themes[themes["kind"] == "named"].set_index("label").loc[list(expected)].reset_index()
    others = themes[themes["kind"] == "discovered"].sort_values("size", ascending=False)
    # A named theme that no paper bears has no row there.
    trends = counted.moves.tables["trends"].set_index("theme").reindex(themes["theme"])
    rows = []
    for one in pd.concat([named, others]).to_dict("records"):
        trend, label = trends.loc[one["theme"]], str(one["label"])
        row: dict[str, Any] = {"theme": label, "kind": one["kind"], "expected": expected.get(label, "")}
        row["verdict"] = verdict = "unclear" if pd.isna(trend["verdict"]) else str(trend["verdict"])
        row["outcome"] = compare(expected[label], verdict) if label in expected else ""
        row |= {name: trend[name] for name in ("odds_ratio", "low", "high", "q", "smallest_visible", "survives")}
        row |= {"stability": one["stability"], "n_papers": int(one["size"])}
        row |= _share_thirds("share", counted, counted.papers["theme"] == one["theme"])
        if label in expected:
            scores = counted.found.theme_scores.set_index("paper_id")[one["theme"]]
            row |= _share_thirds("fit", counted, counted.papers["paper_id"].map(scores) > BORDER)
        if label in notes.themes:
            row |= _count_words(counted, known, notes.themes[label].words, str(one["theme"]))
        rows.append(row)
    return pd.DataFrame(rows)


def count_events(counted: Counted, notes: Notes) -> pd.DataFrame:
    """Papers with the words of each event, one row per event and one column per month."""
    months = counted.papers["month"]
    rows = {name: _bear(counted, words).groupby(months).sum() for name, words in notes.events.items()}
    return pd.DataFrame(rows).T.astype(int)


def draw_titles(counted: Counted, theme: str, n_titles: int) -> pd.DataFrame:
    """Titles of a theme's papers drawn at random from each third, the same ones every time."""
    themes = counted.found.themes
    papers = counted.papers[counted.papers["theme"] == themes.set_index("label")["theme"][theme]]
    parts = []
    for third in THIRDS:
        own = papers[papers["third"] == third]
        parts.append(own.sample(min(n_titles, len(own)), random_state=_DRAW).sort_values("published"))
    return pd.concat(parts)[["third", "published", "title"]]


def _configure(known: Known, n_alternatives: int | None) -> Config:
    named = [{"name": one.name, "phrases": list(one.phrases)} for one in known.themes]
    themes: dict[str, Any] = {"named": named}
    if n_alternatives is not None:
        themes["n_alternatives"] = n_alternatives
    return parse_config({"trends": {"period": known.period}, "themes": themes})


def _date(papers: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Month and third of each paper; thirds as the report's sentences part the periods that hold papers."""
    filled = shares[shares["period"].notna() & (shares["total"] > 0)]
    starts = np.sort(filled["period"].unique())
    parts = zip(THIRDS, np.array_split(starts, 3), strict=True)
    third_of = np.concatenate([[name] * len(part) for name, part in parts])
    place = np.searchsorted(starts, papers["published"].to_numpy().astype(starts.dtype), side="right") - 1
    dated = papers["published"].notna().to_numpy()
    text = papers["title"].str.cat(papers["abstract"], sep=". ").str.replace(r"\s+", " ", regex=True)
    return papers.assign(
        text=text,
        month=pd.Series(papers["published"].dt.strftime("%Y-%m"), index=papers.index),
        third=pd.Series(np.where(dated, third_of[place], None), index=papers.index),
    )


def _share_thirds(name: str, counted: Counted, borne: pd.Series) -> dict[str, float]:
    shares = borne.astype(float).groupby(counted.papers["third"]).mean()
    return {f"{name}_{third}": float(shares.get(third, np.nan)) for third in THIRDS}


def _bear(counted: Counted, words: str) -> pd.Series:
    return counted.papers["text"].str.contains(words, case=False, regex=True)


def _count_words(counted: Counted, known: Known, words: str, theme: str) -> dict[str, float]:
    borne = _bear(counted, words)
    row: dict[str, Any] = _share_thirds("words", counted, borne)
    split = counted.papers.assign(words=np.where(borne, "with", "without"))
    trends = trend_verdicts(share_by_period(split, by="words", period=known.period)).set_index("words")
    if "with" in trends.index:
        trend = trends.loc["with"]
        row |= {"words_ratio": trend["odds_ratio"], "words_low": trend["low"], "words_high": trend["high"]}
    inside = borne[counted.papers["theme"] == theme]
    return row | {"n_words": int(borne.sum()), "words_inside": float(inside.mean()) if len(inside) else np.nan}


def _label(table: pd.DataFrame, groups: pd.DataFrame, key: str) -> pd.DataFrame:
    return table.assign(label=table[key].map(groups.set_index(key)["label"]))
