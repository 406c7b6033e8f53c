"""Who drives a theme: what venues, areas or team sizes add to the change of its share, and its papers by period."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED, Design, read_design
from analysis.trends.periods import locate_spans
from analysis.trends.spans import read_spans

UNKNOWN = "unknown"
OTHER = "other"
_BANDS = ((1, "1 author"), (3, "2-3 authors"), (6, "4-6 authors"), (10, "7-10 authors"))
_LAST_BAND = "11 or more authors"


@dataclasses.dataclass(frozen=True)
class Drivers:
    """What each category adds to the change of each theme's share.

    Attributes
    ----------
    table : DataFrame of n_themes * n_categories rows
        The column of groups, ``category``, ``n_early`` and ``n_late`` (all
        papers of the category; fractions where papers have several),
        ``weight_early`` and ``weight_late`` (their share of all papers),
        ``theme_early`` and ``theme_late`` (the theme's papers among them),
        ``share_early`` and ``share_late`` (of the category's papers; null where
        it has none), ``within``, ``composition``, ``contribution`` (their sum;
        all three in shares, so .01 is one percentage point).
    changes : DataFrame of n_themes rows
        The column of groups, ``share_early``, ``share_late``, ``change``,
        ``within``, ``composition`` (sums over the categories; the two add up to
        the change).
    early, late : str
        First and last day of each half, as "2021-01-01 to 2022-12-31"; empty
        where there is none.
    n_early, n_late : int
        Papers of each half.
    n_apart : int
        Papers that no half holds: undated, or dated too coarsely for the periods.
    reason : str
        Why there is no answer; empty where there is one.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    early: str
    late: str
    n_early: int
    n_late: int
    n_apart: int
    reason: str


def tabulate_drivers(
    papers: pd.DataFrame, shares: pd.DataFrame, *, by_column: str, max_categories: int = 12, min_papers: int = 10
) -> Drivers:
    """Split the change of each theme's share into what each category of the papers adds to it.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Dates (see `analysis.trends.spans.read_spans`), the column of groups
        that `shares` has, and the one named by `by_column`.
    shares : DataFrame
        From `analysis.trends.share_by_period`, of these papers; its periods are
        parted where the papers before and after are most even in number.
    by_column : str
        ``venue``, a ``label_*`` column or any other of text; null or empty is
        the category "unknown". A paper with a list of k categories counts 1/k in
        each. ``n_authors`` is read in bands (see `band_authors`).
    max_categories : int >= 1, default 12
        The largest are kept; the rest are pooled as "other".
    min_papers : int >= 1, default 10
        Papers that each half must have; the change between fewer is mostly chance.

    Raises
    ------
    InputError
        If a column is missing or `shares` is not such a table.

    Notes
    -----
    Shift-share decomposition with the mean of both halves as weights [1]_. With
    w the share of a category among all papers and s the theme's share within
    it, the change of ``sum(w * s)`` is the sum of *within*, ``mean(w) * change(s)``
    (the theme gains inside the category), and *composition*,
    ``(mean(s) - mean share of the theme) * change(w)`` (a category rich in the
    theme grows). The two add up exactly. A category that only one half holds
    has no change within, so all it adds is composition.

    It describes the change and tests nothing: the parts of a change that chance
    explains are chance too. A theme of ``unassigned`` papers has no row.

    References
    ----------
    .. [1] Kitagawa (1955), Journal of the American Statistical Association
       50(272), 1168-1194.
    """
    design = read_design(shares)
    _check(papers, design.key, by_column, max_categories, min_papers)
    place = locate_spans(read_spans(papers), design.periods)
    full = np.flatnonzero(design.totals > 0)
    before = np.cumsum(design.totals[full])
    cut = int(np.abs(2 * before[:-1] - before[-1]).argmin()) + 1 if len(full) > 1 else 0
    in_early, in_late = (np.isin(place, part) for part in (full[:cut], full[cut:] if cut else full[:0]))
    n_early, n_late = int(in_early.sum()), int(in_late.sum())
    n_apart = len(papers) - n_early - n_late
    if min(n_early, n_late) < min_papers:
        reason = _say_few(design, len(full), n_early, n_late, min_papers)
        return Drivers(_lay_out_nothing(design), _lay_out_nothing(design, sums=True), "", "", 0, 0, n_apart, reason)
    used = in_early | in_late
    row, category, part = _read_categories(papers.loc[used, by_column], by_column, max_categories)
    codes, names = _order_categories(category, part)
    late = in_late[used][row].astype(np.int64)
    group = pd.Index(design.groups).get_indexer(pd.Index(papers.loc[used, design.key]))[row]
    if (group < 0).any():
        raise InputError(f"papers: some have a {design.key} that shares lacks. Give the shares of these papers.")
    # Papers (in parts) by half, group and category.
    size = (2, len(design.groups), len(names))
    cell = np.ravel_multi_index((late, group, codes), size)
    counts = np.bincount(cell, weights=part, minlength=int(np.prod(size))).reshape(size)
    themes = [place for place, name in enumerate(design.groups) if name != UNASSIGNED]
    table, changes = _decompose(counts, themes, names, design)
    early, late_days = (_say_days(design, full[:cut]), _say_days(design, full[cut:]))
    return Drivers(table, changes, early, late_days, n_early, n_late, n_apart, "")


def _say_few(design: Design, n_full: int, n_early: int, n_late: int, min_papers: int) -> str:
    if not n_full:
        return "No paper is dated finely enough to place in time."
    if n_full == 1:
        return f"Only 1 {design.grain} with dated papers: an early and a late half need 2."
    halves = f"{n_early} in the early half and {n_late} in the late one"
    return f"Too few dated papers: {halves}, and each needs {min_papers}."


def pick_representatives(papers: pd.DataFrame, shares: pd.DataFrame, *, n_papers: int = 3) -> pd.DataFrame:
    """Pick the papers that fit their theme best, in each period.

    Parameters
    ----------
    papers : DataFrame
        ``paper_id``, ``theme_score`` (null ranks last), dates and the column of
        groups that `shares` has.
    shares : DataFrame
        From `analysis.trends.share_by_period`.
    n_papers : int >= 1, default 3
        Papers of each theme and period, at most.

    Returns
    -------
    DataFrame, sorted by group, period and rank
        The column of groups, ``period`` (first day), ``rank`` (from 1),
        ``paper_id``, ``theme_score``. Papers that no period holds are left out,
        and so is ``unassigned``.
    """
    design = read_design(shares)
    missing = [name for name in ("paper_id", "theme_score", design.key) if name not in papers]
    if missing or n_papers < 1:
        raise InputError(f"papers: columns missing: {', '.join(missing) or 'none'}; n_papers = {n_papers}, at least 1.")
    place = locate_spans(read_spans(papers), design.periods)
    kept = (place >= 0) & (papers[design.key] != UNASSIGNED).to_numpy()
    table = papers.loc[kept, [design.key, "paper_id", "theme_score"]].assign(place=place[kept])
    order = [design.key, "place", "theme_score", "paper_id"]
    table = table.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
    table["rank"] = table.groupby([design.key, "place"]).cumcount() + 1
    table = table[table["rank"] <= n_papers].reset_index(drop=True)
    table["period"] = design.periods["period"].to_numpy()[table["place"].to_numpy()]
    return table[[design.key, "period", "rank", "paper_id", "theme_score"]]


def band_authors(n_authors: pd.Series) -> pd.Series:
    """Bands of author counts: 1, 2-3, 4-6, 7-10, 11 or more; null stays null."""
    numbers = pd.to_numeric(n_authors, errors="coerce").astype("Float64")
    bands = pd.Series(_LAST_BAND, index=n_authors.index, dtype="str")
    for most, name in reversed(_BANDS):
        bands = bands.mask((numbers <= most).fillna(False), name)
    return bands.where(numbers.notna())


def _read_categories(values: pd.Series, by_column: str, max_categories: int) -> tuple[Any, pd.Series, Any]:
    """Row, category and part of a paper, one entry for each category of each paper."""
    values = (band_authors(values) if by_column == "n_authors" else values).reset_index(drop=True).astype(object)
    lists = values.map(lambda value: sorted(set(value)) if isinstance(value, (list, tuple, set, np.ndarray)) else value)
    lists = lists.map(lambda value: None if isinstance(value, list) and not value else value)
    part = lists.map(lambda value: 1 / len(value) if isinstance(value, list) else 1.0)
    flat = lists.explode()
    row = flat.index.to_numpy()
    flat = flat.reset_index(drop=True)
    text = flat.astype(str).str.strip()
    text = text.mask(flat.isna() | (text == ""), UNKNOWN)
    parts = part.to_numpy(dtype=float)[row]
    sizes = pd.Series(parts).groupby(text).sum().drop(UNKNOWN, errors="ignore")
    keep = {*sizes.sort_index().sort_values(ascending=False, kind="stable").index[:max_categories], UNKNOWN}
    return row, text.where(text.isin(keep), OTHER), parts


def _order_categories(category: pd.Series, part: Any) -> tuple[Any, list[str]]:
    """Largest first, "other" and "unknown" last."""
    sizes = pd.Series(part).groupby(category.to_numpy()).sum()
    names = sorted(sizes.index, key=lambda name: (name == UNKNOWN, name == OTHER, -sizes[name], name))
    return pd.Index(names).get_indexer(pd.Index(category)), names


def _decompose(counts: Any, themes: list[int], names: list[str], design: Design) -> tuple[pd.DataFrame, pd.DataFrame]:
    papers = counts.sum(axis=1)  # (2, n_categories)
    weight = papers / papers.sum(axis=1, keepdims=True)
    held = counts[:, themes]  # (2, n_themes, n_categories)
    share = np.divide(held, papers[:, None], out=np.full(held.shape, np.nan), where=papers[:, None] > 0)
    # Without papers in one half a category has no share there; taking the other half's leaves no change within.
    known = np.where(np.isnan(share), share[::-1], share)
    overall = held.sum(axis=2) / papers.sum(axis=1)[:, None]  # (2, n_themes)
    within = weight.mean(axis=0) * (known[1] - known[0])
    composition = (known.mean(axis=0) - overall.mean(axis=0)[:, None]) * (weight[1] - weight[0])
    n_themes, n_categories = len(themes), len(names)
    ids = pd.Series([design.groups[theme] for theme in themes])
    table = pd.DataFrame(
        {
            design.key: ids.repeat(n_categories).to_numpy(),
            "category": names * n_themes,
            "n_early": np.tile(papers[0], n_themes),
            "n_late": np.tile(papers[1], n_themes),
            "weight_early": np.tile(weight[0], n_themes),
            "weight_late": np.tile(weight[1], n_themes),
            "theme_early": held[0].ravel(),
            "theme_late": held[1].ravel(),
            "share_early": share[0].ravel(),
            "share_late": share[1].ravel(),
            "within": within.ravel(),
            "composition": composition.ravel(),
            "contribution": (within + composition).ravel(),
        }
    )
    changes = pd.DataFrame(
        {
            design.key: ids,
            "share_early": overall[0],
            "share_late": overall[1],
            "change": overall[1] - overall[0],
            "within": within.sum(axis=1),
            "composition": composition.sum(axis=1),
        }
    )
    return table, changes


def _lay_out_nothing(design: Design, *, sums: bool = False) -> pd.DataFrame:
    table, changes = _decompose(np.ones((2, 0, 0)), [], [], dataclasses.replace(design, groups=[]))
    return changes if sums else table


def _say_days(design: Design, part: Any) -> str:
    periods = design.periods.iloc[part]
    return f"{periods['period'].iloc[0].date()} to {periods['period_end'].iloc[-1].date()}"


def _check(papers: pd.DataFrame, key: str, by_column: str, max_categories: int, min_papers: int) -> None:
    missing = [name for name in (key, "published", by_column) if name not in papers]
    if missing:
        raise InputError(f"papers: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, papers))}.")
    if min(max_categories, min_papers) < 1:
        raise InputError(f"max_categories = {max_categories}, min_papers = {min_papers}: both must be 1 or more.")
