"""Sentences about where the change of a theme's share lies: venues, author counts, labels. They name no reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.plots.text import clean, shorten
from analysis.reports.sentences import NONE, count_text
from analysis.trends.sentences import say_share

Row = dict[str, Any]
_MOST = 3
# In shares: what one decimal of a percentage point still shows.
_LEAST = 0.0005
_COLUMNS = {"venue": "venue", "n_authors": "number of authors"}


@dataclass(frozen=True)
class Parts:
    """What each category adds to the change of a theme's share: plain, unescaped text.

    Attributes
    ----------
    sentences : list of str
        The largest parts, for a theme that is shown to move; else empty.
    rows : list of dict
        All of them.
    caption : str
        Which days are compared, and the verdict's word on whether to read more into it.
    """

    sentences: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    caption: str = ""


def describe_drivers(drivers: pd.DataFrame, *, moving: bool) -> Parts:
    """Where the change of one theme's share lies.

    Parameters
    ----------
    drivers : DataFrame
        The rows of ``derived/drivers`` of one theme.
    moving : bool
        Whether its verdict is rising, falling or changing; else no sentence is made.
    """
    if drivers.empty:
        return Parts()
    sentences = [_describe_halves(drivers)] if moving else []
    for column, own in drivers.groupby("column", sort=False) if moving else ():
        sentences.append(_describe_column(str(column), own))
    first = drivers.iloc[0]
    unshown = "" if moving else " The theme is not shown to move, so these differences may be chance."
    return Parts(
        sentences=sentences,
        rows=[_lay_out(row) for _, row in drivers.iterrows()],
        caption=f"Early: {clean(first['early'])}. Late: {clean(first['late'])}.{unshown}",
    )


def explain_drivers() -> str:
    """What within and composition are, and what they do not say."""
    return (
        "Where the change lies: the theme's share in the late half of the periods minus that in the early half, in "
        "percentage points, parted by category (Kitagawa 1955). Within: the theme's share inside the category differs. "
        "Composition: the category's own part of all papers differs. The parts add up exactly; none of them is "
        "tested, and none says why."
    )


def name_column(column: str) -> str:
    """A column of papers in words.

    Examples
    --------
    >>> name_column("n_authors"), name_column("label_primary_area")
    ('number of authors', 'primary area')
    """
    return _COLUMNS.get(column) or clean(column.removeprefix("label_").replace("_", " ")) or clean(column)


def say_points(change: float) -> str:
    """A difference of shares in percentage points, with its sign.

    Examples
    --------
    >>> say_points(0.0123), say_points(-0.004), say_points(-0.00001)
    ('+1.2', '-0.4', '0.0')
    """
    return f"{100 * change:+.1f}" if abs(change) >= _LEAST else "0.0"


def _describe_halves(drivers: pd.DataFrame) -> str:
    one = drivers[drivers["column"] == drivers["column"].iloc[0]]
    early, late = (one[f"theme_{part}"].sum() / one[f"n_{part}"].sum() for part in ("early", "late"))
    first = one.iloc[0]
    return (
        f"Its share was {100 * early:.1f} % in the early half ({clean(first['early'])}) and {100 * late:.1f} % in the "
        f"late half ({clean(first['late'])}): {say_points(late - early)} points."
    )


def _describe_column(column: str, own: pd.DataFrame) -> str:
    size = own["contribution"].abs()
    largest = own.loc[size.sort_values(ascending=False, kind="stable").index]
    largest = largest[largest["contribution"].abs() >= _LEAST].head(_MOST)
    if largest.empty:
        return f"By {name_column(column)}: no category adds as much as 0.1 points."
    said = [
        f"{_name_category(row['category'])} {say_points(row['contribution'])} points ({say_points(row['within'])} "
        f"within, {say_points(row['composition'])} by composition)"
        for _, row in largest.iterrows()
    ]
    sums = f"{say_points(own['within'].sum())} points within and {say_points(own['composition'].sum())} by composition"
    return f"By {name_column(column)}: {sums}. The largest parts: {'; '.join(said)}."


def _name_category(category: object) -> str:
    plain = shorten(category, 60)
    # The program's own words for what it pools stand without quotes.
    return plain if plain in ("unknown", "other") else f"“{plain}”"


def _lay_out(row: pd.Series) -> Row:
    cells: Row = {"column": name_column(str(row["column"])), "category": shorten(row["category"], 80)}
    for part in ("early", "late"):
        share = row[f"share_{part}"]
        cells[f"n_{part}"] = count_text(row[f"n_{part}"])
        cells[f"share_{part}"] = NONE if pd.isna(share) else say_share(float(share))
    return cells | {name: say_points(row[name]) for name in ("within", "composition", "contribution")}
