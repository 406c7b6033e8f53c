"""Everything below the waist that is counted and tested: from placed papers to the tables under data/derived."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.config import Config
from analysis.corpus import Corpus
from analysis.results.columns import Column
from analysis.results.derived import DERIVED, DRIFT, DRIVERS, RATES

_UNASSIGNED = "unassigned"
_COUNTED_WHOLE = (
    "Papers are split between their theme and the runner-up in shares, trends, bursts and rates alone: topics, "
    "newcomers, phrases and categories count each paper once, and no verdict is held against the alternatives."
)


@dataclass(frozen=True)
class FieldTotals:
    """Totals of the field, read before the first slow step.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file.
    table : DataFrame
        ``period`` (first day) and ``total`` (papers).
    """

    path: Path
    sha256: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Moves:
    """What was counted.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``shares``, ``trends``, ``topic_trends``, ``bursts``, ``newcomers``,
        ``drift``, ``drivers`` and ``rates``.
    facts : dict
        What ``run.json`` tells of them, in sentences.
    """

    tables: dict[str, pd.DataFrame]
    facts: dict[str, Any]


def read_field(path: Path | None) -> FieldTotals | None:
    """Read the CSV that ``[trends] field_totals`` names; None where it names none.

    Raises
    ------
    InputError
        If it is missing, damaged or no table of totals.
    """
    if path is None:
        return None
    from analysis.trends.rates import read_denominators

    totals = read_denominators(path)
    table = pd.DataFrame({"period": totals.index, "total": totals["total"].to_numpy()})
    return FieldTotals(path, hashlib.sha256(path.read_bytes()).hexdigest(), table)


def check_field(field: FieldTotals, corpus: Corpus, config: Config) -> None:
    """Hold the totals of the field against the dates of the papers, before any theme is known.

    Raises
    ------
    InputError
        If a complete period has no total, one lies below the papers of the
        collection, or the totals are of shorter periods than the counts.
    """
    from analysis.trends import rate_by_period, share_by_period

    calendar: dict[str, Any] = {"period": config.trends.period, "start": config.trends.start}
    whole = corpus.papers.assign(theme="the collection")
    rate_by_period(share_by_period(whole, **calendar, captured=find_captured(corpus, config)), field.path)


def find_captured(corpus: Corpus, config: Config) -> Any:
    """Last day that the corpus covers: as the study says, else as its sources do, else None."""
    known = [source.captured for source in corpus.sources if source.captured]
    return config.corpus.captured or max(known, default=None)


def count_moves(
    papers: pd.DataFrame,
    themes: pd.DataFrame,
    topics: pd.DataFrame,
    alternatives: pd.DataFrame,
    config: Config,
    *,
    captured: Any = None,
    field: FieldTotals | None = None,
) -> Moves:
    """Count shares over time and test what moves.

    Parameters
    ----------
    papers, themes, topics, alternatives : DataFrame
        As `analysis.results.schema` lists them.
    config : Config
    captured : date or None
        Last day that the corpus covers.
    field : FieldTotals or None

    Returns
    -------
    Moves
        Where the data allow no answer, a table has no rows or says so in them,
        and ``facts["left_out"]`` says why.
    """
    from analysis.trends import (
        choose_period,
        describe_visible,
        find_bursts,
        find_newcomers,
        global_change,
        share_by_period,
        smooth_shares,
        trend_verdicts,
    )
    from analysis.trends.grains import name_period

    settings = config.trends
    calendar: dict[str, Any] = {"period": settings.period, "captured": captured, "start": settings.start}
    rules: dict[str, Any] = {"alpha": settings.alpha, "margin": settings.margin, "min_effect": settings.min_effect}
    shares = smooth_shares(share_by_period(papers, **calendar, counting=settings.counting))
    # Alternatives place whole papers: held against papers counted in parts they would tell of the counting.
    whole = settings.counting == "full"
    trends = trend_verdicts(shares, **rules, alternatives=alternatives if whole else None, papers=papers)
    topic_trends = trend_verdicts(share_by_period(papers, by="topic", **calendar), **rules)
    bursts = find_bursts(shares, seed=config.seed)
    drift, no_drift = _compare_phrases(papers, themes, topics, seed=config.seed)
    drivers, no_drivers = _tabulate_columns(papers, shares)
    rates, about_field = _rate_themes(shares, field)
    period, reason = choose_period(papers)
    if settings.period != "auto":
        period, reason = settings.period, f"Counted by {name_period(settings.period)}, as the study sets it."
    tables = {
        "shares": shares,
        "trends": trends,
        "topic_trends": topic_trends,
        "bursts": bursts.table.assign(found=bursts.table["q"] < settings.alpha),
        "newcomers": find_newcomers(papers, alpha=settings.alpha),
        "drift": drift,
        "drivers": drivers,
        "rates": rates,
    }
    facts: dict[str, Any] = {
        "period": {"period": period, "reason": reason},
        "visible": describe_visible(shares, alpha=settings.alpha, n_themes=max(1, len(trends))).sentence,
        "global_change": global_change(shares, alpha=settings.alpha).sentence,
        "bursts": bursts.reason,
        "field": about_field,
        "counting": settings.counting,
        "left_out": [*([] if whole else [_COUNTED_WHOLE]), *no_drift, *no_drivers],
    }
    if field is not None:
        facts["field_totals"] = {"name": field.path.name, "sha256": field.sha256}
    # In the order in which they will be read again.
    ordered = {name: table[_names(DERIVED[f"derived/{name}"])] for name, table in tables.items()}
    return Moves(ordered, facts)


def _compare_phrases(
    papers: pd.DataFrame, themes: pd.DataFrame, topics: pd.DataFrame, *, seed: int
) -> tuple[pd.DataFrame, list[str]]:
    """Phrases of each theme, early against late, and which themes have none or were counted in part."""
    from analysis.trends import collect_phrases, compare_themes

    borne = themes[(themes["kind"] != _UNASSIGNED) & (themes["size"] > 0)]
    labels = dict(zip(borne["theme"], borne["label"], strict=True))
    asked = {theme: collect_phrases(theme, themes, topics) for theme in labels}
    parts: list[pd.DataFrame] = []
    without: dict[str, list[str]] = {}
    drawn: list[str] = []
    for theme, found in compare_themes(papers, asked, seed=seed).items():
        if found.reason:
            without.setdefault(found.reason, []).append(f"“{labels[theme]}”")
        elif found.n_counted < found.n_early + found.n_late:
            drawn.append(f"“{labels[theme]}” ({found.n_counted:,} of {found.n_early + found.n_late:,})")
        parts.append(found.table.assign(theme=theme, split=found.split))
    said = [f"No phrases, early against late, of {', '.join(names)}: {reason}" for reason, names in without.items()]
    if drawn:
        said.append(f"Phrases, early against late, were counted in papers drawn at random of {', '.join(drawn)}.")
    return _join(parts, DRIFT), said


def _tabulate_columns(papers: pd.DataFrame, shares: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """What the categories of each column add to each theme's change, and which columns say nothing."""
    from analysis.trends import tabulate_drivers
    from analysis.trends.drivers import band_authors

    columns = ["venue", "n_authors", *(str(name) for name in papers if str(name).startswith("label_"))]
    parts, without = [], []
    for column in columns:
        values = band_authors(papers[column]) if column == "n_authors" else papers[column]
        known = values[values.notna() & (values.astype("string").str.strip() != "").fillna(False)]
        if known.nunique() < 2:
            kind = "no paper has one" if known.empty else "all that is known is one category"
            without.append(f"No change by {column}: {kind}.")
            continue
        found = tabulate_drivers(papers, shares, by_column=column)
        if found.reason:
            without.append(f"No change by {column}: {found.reason}")
        parts.append(found.table.assign(column=column, early=found.early, late=found.late))
    return _join(parts, DRIVERS), without


def _rate_themes(shares: pd.DataFrame, field: FieldTotals | None) -> tuple[pd.DataFrame, str]:
    """Rates against the field, and one sentence on its totals; empty without them."""
    from analysis.trends import rate_by_period

    if field is None:
        return _join([], RATES), ""
    rates, name = rate_by_period(shares, field.table), field.path.name
    known = rates[rates["rate"].notna()].drop_duplicates("period")
    if known.empty:
        return rates, f"No rates against {name}: no complete period has both papers and a total."
    total, of_field = int(known["total"].sum()), int(known["field_total"].sum())
    periods = "the one complete period that has" if len(known) == 1 else f"the {len(known)} complete periods that have"
    return rates, (
        f"In {periods} a total in {name}, the collection holds {total:,} of the field's {of_field:,} papers "
        f"({1000 * total / of_field:.3g} per 1,000)."
    )


def _names(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]


def _join(parts: list[pd.DataFrame], columns: tuple[Column, ...]) -> pd.DataFrame:
    """The rows of all parts, with the columns of the table even where there are none."""
    names = _names(columns)
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[names] if filled else pd.DataFrame(columns=names)
