"""Sentences about themes against the whole field: the growth of the collection and of the field told apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.plots.periods import Grid
from analysis.plots.text import clean
from analysis.reports.episodes import name_stretch
from analysis.reports.sentences import NONE, count_text
from analysis.trends.rates import tabulate_growth
from analysis.trends.sentences import say_factor

Row = dict[str, Any]
_FACTORS = ("count", "share", "coverage", "field", "rate")


@dataclass(frozen=True)
class Growth:
    """Themes against the field: plain, unescaped text; empty where the study gives no totals of the field.

    Attributes
    ----------
    rows : list of dict
        One for each theme, as text.
    sentences : dict of theme to str
    totals : str
        What the run says of the totals.
    halves : tuple of str
        The periods that the factors compare.
    """

    rows: list[Row] = field(default_factory=list)
    sentences: dict[str, str] = field(default_factory=dict)
    totals: str = ""
    halves: tuple[str, str] = ("", "")


def describe_growth(rates: pd.DataFrame, labels: dict[str, str], said: str, grid: Grid) -> Growth:
    """Factors between the first and the last half of the periods with a rate.

    Parameters
    ----------
    rates : DataFrame
        The table ``derived/rates``.
    labels : dict of theme to label
        Themes that it lacks are left out.
    said : str
        ``run["field"]``.
    grid : Grid
        Gives the names of the periods.
    """
    if rates.empty:
        return Growth(totals=clean(said))
    growth, halves = tabulate_growth(rates), _name_halves(rates, grid)
    growth = growth[growth["theme"].isin(list(labels))]
    rows = [
        {"label": labels[str(row["theme"])], "n_early": count_text(row["n_early"]), "n_late": count_text(row["n_late"])}
        | {name: NONE if pd.isna(row[name]) else _say_times(row[name]) for name in _FACTORS}
        for _, row in growth.iterrows()
    ]
    sentences = {str(row["theme"]): _describe_theme(row, halves) for _, row in growth.iterrows()}
    return Growth(rows, sentences, clean(said), halves)


def explain_growth() -> str:
    """What the factors are, and what they do not say."""
    return (
        "From the first to the last half of the periods that have a rate: the factor of a theme's papers is that of "
        "its share of the collection, times that of the collection's coverage of the field, times that of the field. "
        "Rate: papers of the theme per 1,000 of the field, which is share times coverage. The factors compare two "
        "halves and are not tested: whether a share moved beyond chance is what the verdict says. A rate tells how "
        "many papers this collection holds against the field; how much the field writes on a theme it does not tell, "
        "unless the collection takes papers in evenly."
    )


def _describe_theme(row: pd.Series, halves: tuple[str, str]) -> str:
    noun = "paper" if row["n_early"] == 1 else "papers"
    papers = f"{count_text(row['n_early'])} {noun} in {halves[0]} and {count_text(row['n_late'])} in {halves[1]}"
    if row[list(_FACTORS)].isna().any():
        return f"{papers}; no factor can be told."
    count, share, coverage, whole, rate = (_say_times(row[name]) for name in _FACTORS)
    return (
        f"{papers}: a factor of {count}, which is {share} (its share of the collection) times {coverage} (the "
        f"collection's coverage of the field) times {whole} (the field). "
        f"Its rate per 1,000 of the field: a factor of {rate}."
    )


def _say_times(factor: float) -> str:
    """A factor between two halves; unlike an odds ratio it may be 0."""
    return "0" if factor == 0 else say_factor(float(factor))


def _name_halves(rates: pd.DataFrame, grid: Grid) -> tuple[str, str]:
    """Which periods the factors compare, as `tabulate_growth` halves them."""
    ends = rates[rates["rate"].notna()].drop_duplicates("period").set_index("period")["period_end"].sort_index()
    half = len(ends) // 2
    if not half:
        return "no early half", "no late one"
    parts = ends.iloc[:half], ends.iloc[-half:]
    first, last = (name_stretch(grid, part.index[0], part.iloc[-1]).removeprefix("from ") for part in parts)
    return first.removeprefix("in "), last.removeprefix("in ")
