"""Counting what is new: from the tables of a study to the numbers of a digest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.config import Config
from analysis.results import Tables

if TYPE_CHECKING:
    from analysis.reports.digest import News

_ONE_DAY = dt.timedelta(days=1)
_PRECISIONS = ("month", "year")


def gather_news(
    tables: Tables,
    config: Config,
    *,
    since: dt.date,
    until: dt.date | None,
    captured: dt.date | None,
    last_day: dt.date | None,
) -> News:
    """Count the new papers and compare shares and verdicts with the time before.

    Parameters
    ----------
    tables : Tables
        ``papers``, ``themes``, ``topics``, ``alternatives``, ``run`` and, where
        no `until` is given, the tables of trends as they are.
    config : Config
        ``[trends]`` and ``seed``.
    since : date
    until : date or None
        Papers after it are left out of everything.
    captured, last_day : date or None
        Last day that the collection covers, and that or the day of its latest paper.
    """
    from analysis.reports.digest import News
    from analysis.trends.since import PARTS, compare_since, compare_verdicts, part_papers_since, rank_papers
    from analysis.trends.spans import read_spans

    papers = tables.papers
    part = part_papers_since(papers, since, until)
    counts = {name: int((part == name).sum()) for name in PARTS}
    now = _count_now(tables, config, until=until, captured=captured)
    earlier, why_not = _count_before(tables, config, since=since, captured=captured, counts=counts)
    new = papers[part == "new"]
    precisions, latest = new["published_precision"], find_latest(new)
    ranking = rank_papers(new)
    return News(
        since=since,
        until=until or max([day for day in (last_day, latest) if day], default=since),
        captured=captured,
        asked_until=until is not None,
        counts=counts,
        n_ahead=int((read_spans(new)["first"] > pd.Timestamp(captured)).sum()) if captured else 0,
        n_coarse={unit: int((precisions == unit).sum()) for unit in _PRECISIONS},
        themes=compare_since(papers, since=since, until=until),
        papers=ranking.papers,
        measure=ranking.measure,
        n_known=ranking.n_known,
        verdicts=compare_verdicts(earlier, now["trends"]),
        not_compared=why_not,
        shares=now["shares"],
        bursts=now["bursts"],
        newcomers=now["newcomers"],
        searched=now["searched"],
        words=_find_words(tables, config, part, since=since),
    )


def find_latest(papers: pd.DataFrame) -> dt.date | None:
    """Last day on which a paper may have appeared; None without dates."""
    from analysis.trends.spans import read_spans

    latest = read_spans(papers)["last"].max()
    return None if pd.isna(latest) else latest.date()


def _count_now(tables: Tables, config: Config, *, until: dt.date | None, captured: dt.date | None) -> dict[str, Any]:
    """Shares, verdicts, bursts and newcomers as of the last day: those of the study where no other is asked for."""
    from analysis.trends import find_bursts, find_newcomers
    from analysis.trends.since import take_until

    names = ("shares", "trends", "bursts", "newcomers")
    as_they_are: dict[str, Any] = {name: getattr(tables, name) for name in names}
    as_they_are["searched"] = str(tables.run.get("bursts") or "")
    if until is None:
        return as_they_are
    papers, start = take_until(tables.papers, until), config.trends.start
    if len(papers) == tables.papers["published"].notna().sum() and until >= (captured or until):
        return as_they_are
    if papers.empty or (start is not None and start > until):
        return as_they_are | {name: getattr(tables, name).iloc[:0] for name in names} | {"searched": ""}
    shares, trends = _judge(papers, tables, config, day=min(until, captured or until))
    bursts, alpha = find_bursts(shares, seed=config.seed), config.trends.alpha
    return {
        "shares": shares,
        "trends": trends,
        "bursts": bursts.table.assign(found=bursts.table["q"] < alpha),
        "newcomers": find_newcomers(papers, alpha=alpha),
        "searched": bursts.reason,
    }


def _count_before(
    tables: Tables, config: Config, *, since: dt.date, captured: dt.date | None, counts: dict[str, int]
) -> tuple[pd.DataFrame, str]:
    """Verdicts of the papers before, and why there are none where there are none."""
    from analysis.trends.since import take_until

    nothing = tables.trends.iloc[:0]
    if not counts["new"]:
        return nothing, "No verdict can have changed: no paper is new."
    if not counts["before"]:
        return nothing, "No verdicts are compared: no paper is dated before."
    if config.trends.start is not None and config.trends.start >= since:
        return nothing, f"No verdicts are compared: the study counts from {config.trends.start} on, none of it before."
    day = since - _ONE_DAY
    papers = take_until(tables.papers, day)
    return _judge(papers, tables, config, day=min(day, captured or day))[1], ""


def _judge(papers: pd.DataFrame, tables: Tables, config: Config, *, day: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares and verdicts of some papers as of a day, in the periods and by the settings of the study."""
    from analysis.trends import share_by_period, trend_verdicts

    settings = config.trends
    # Today's periods: else a verdict may change for being counted by other ones.
    period: Any = (tables.run.get("period") or {}).get("period") or settings.period
    shares = share_by_period(papers, period=period, captured=day, start=settings.start, counting=settings.counting)
    drawn = tables.alternatives[tables.alternatives["paper_id"].isin(papers["paper_id"])]
    trends = trend_verdicts(
        shares,
        alpha=settings.alpha,
        margin=settings.margin,
        min_effect=settings.min_effect,
        alternatives=drawn if settings.counting == "full" else None,
        papers=papers,
    )
    return shares, trends


def _find_words(tables: Tables, config: Config, part: Any, *, since: dt.date) -> pd.DataFrame:
    """Phrases that more of a theme's new papers use than of those before, beyond chance."""
    from analysis.trends import collect_phrases, compare_themes
    from analysis.trends.parting import MIN_PAPERS_PER_PART

    columns = ["theme", "phrase", "share_early", "share_late", "q"]
    sides = [tables.papers.loc[part == side, "theme"].value_counts() for side in ("before", "new")]
    known = [str(theme) for theme in tables.themes["theme"] if theme != "unassigned"]
    enough = [theme for theme in known if min(side.get(theme, 0) for side in sides) >= MIN_PAPERS_PER_PART]
    if not enough:
        return pd.DataFrame(columns=columns)
    papers = tables.papers[(part == "before") | (part == "new")].reset_index(drop=True)
    asked = {theme: collect_phrases(theme, tables.themes, tables.topics) for theme in enough}
    found = compare_themes(papers, asked, split=since, seed=config.seed)
    rows = [drift.table.assign(theme=theme) for theme, drift in found.items()]
    grown = [table[(table["q"] < config.trends.alpha) & (table["z"] > 0)][columns] for table in rows]
    return pd.concat(grown, ignore_index=True)
