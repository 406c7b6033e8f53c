"""What is new since a day: which papers, how their shares compare with the time before, which verdicts changed."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED
from analysis.trends.fits import Floats
from analysis.trends.noise import adjust_p
from analysis.trends.shares import jeffreys_interval
from analysis.trends.spans import Day, read_day, read_spans

Measure = Literal["upvotes", "comments", "theme score"]

# Where a paper lies; "across" has a known span that holds one of the two borders.
PARTS = ("new", "before", "later", "across", "undated")
_COLUMNS: tuple[tuple[Measure, str], ...] = (("upvotes", "n_upvotes"), ("comments", "n_comments"))


class Ranking(NamedTuple):
    """Papers in the order in which to look at them.

    Attributes
    ----------
    papers : DataFrame
        The papers, best first.
    measure : {"upvotes", "comments", "theme score"}
        What they are ordered by.
    n_known : int
        Papers of which it is known; the others come last.
    """

    papers: pd.DataFrame
    measure: Measure
    n_known: int


def part_papers_since(papers: pd.DataFrame, since: Day, until: Day = None) -> npt.NDArray[np.str_]:
    """Say of each paper whether it is new since a day.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        As `analysis.trends.spans.read_spans` takes it.
    since, until : date, ISO text or None
        First and last day of what is new; without `until` there is no last day.

    Returns
    -------
    array of n_papers of {"new", "before", "later", "across", "undated"}
        A paper known to its month or year is new only if all of its known span
        is, and was there before only if all of it lies before; else "across".

    Examples
    --------
    >>> papers = pd.DataFrame({"published": ["2025-07-02", "2025-06", "2025", None]})
    >>> part_papers_since(papers, "2025-07-01").tolist()
    ['new', 'before', 'across', 'undated']
    """
    begin, end = read_day(since, "since"), read_day(until, "until")
    if begin is None:
        raise InputError("since: no day was given. Write it as 2025-10-17.")
    if end is not None and end < begin:
        raise InputError(f"until = {until} lies before since = {since}. Exchange the two.")
    spans = read_spans(papers)
    first, last = spans["first"].to_numpy(), spans["last"].to_numpy()
    inside = first >= begin if end is None else (first >= begin) & (last <= end)
    later = np.zeros(len(papers), dtype=bool) if end is None else first > end
    return np.select([np.isnat(first), inside, last < begin, later], ["undated", "new", "before", "later"], "across")


def take_until(papers: pd.DataFrame, day: Day) -> pd.DataFrame:
    """The papers that had surely appeared by a day; those without a date are left out."""
    end = read_day(day, "day")
    return papers[(read_spans(papers)["last"] <= end).to_numpy()]


def compare_since(papers: pd.DataFrame, *, since: Day, until: Day = None, by: str = "theme") -> pd.DataFrame:
    """Compare each group's share of the new papers with its share of those before.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Dates, and the column named by `by`; each paper counts once.
    since, until : date, ISO text or None
        As for `part_papers_since`.
    by : str, default "theme"

    Returns
    -------
    DataFrame of n_groups rows, sorted by group
        The column of groups, ``n_new`` and ``n_before`` (papers), ``n_unplaced``
        (undated, or with a span that holds a border), ``share_new`` and
        ``share_before`` in [0, 1], ``difference`` (new minus before), ``low`` and
        ``high`` (its 95 % interval [1]_, [2]_), ``p`` (Fisher's exact test,
        two-sided), ``q`` (Benjamini-Hochberg over the groups; ``unassigned`` has
        neither), ``first_seen`` (new papers, none before and none unplaced). Null
        where one of the two sides has no papers at all.

    Notes
    -----
    The interval joins the Jeffreys intervals of the two shares. It takes papers
    as independent and shares as constant before; shares wander beyond that, so a
    difference is no trend: `analysis.trends.trend_verdicts` allows for it.
    Shares say what the collection holds, not what the field does.

    References
    ----------
    .. [1] Zou, Donner (2008), Statistics in Medicine 27, 1693-1702, doi:10.1002/sim.3095.
    .. [2] Laud (2017), Pharmaceutical Statistics 16, 334-348, doi:10.1002/pst.1813 (MOVER-J).

    Examples
    --------
    >>> papers = pd.DataFrame({"published": [2020] * 40 + [2025] * 10, "theme": ["a"] * 38 + ["b"] * 12})
    >>> found = compare_since(papers, since="2025-01-01")
    >>> found[["theme", "n_new", "n_before", "difference"]].round(2).values.tolist()
    [['a', 0, 38, -0.95], ['b', 10, 2, 0.95]]
    """
    if by not in papers:
        raise InputError(f"papers: the column {by} is missing. Found: {', '.join(map(str, papers))}.")
    part = part_papers_since(papers, since, until)
    codes, groups = pd.factorize(papers[by], sort=True)
    new, before, across, undated = (
        np.bincount(codes[part == name], minlength=len(groups)) for name in ("new", "before", "across", "undated")
    )
    (share_new, low_new, high_new), (share_before, low_before, high_before) = map(_share, (new, before))
    difference = share_new - share_before
    p = np.where(groups == UNASSIGNED, np.nan, _test(new, before))
    return pd.DataFrame(
        {
            by: groups,
            "n_new": new,
            "n_before": before,
            "n_unplaced": across + undated,
            "share_new": share_new,
            "share_before": share_before,
            "difference": difference,
            "low": difference - np.hypot(share_new - low_new, high_before - share_before),
            "high": difference + np.hypot(high_new - share_new, share_before - low_before),
            "p": p,
            "q": adjust_p(p),
            "first_seen": (new > 0) & (before == 0) & (across + undated == 0),
        }
    )


def compare_verdicts(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Which verdicts are others than they were.

    Parameters
    ----------
    earlier, later : DataFrame
        From `analysis.trends.trend_verdicts`.

    Returns
    -------
    DataFrame, in the order of `later`
        ``theme``, ``before`` and ``now`` (verdicts; `before` is null where the
        theme had no paper yet), ``changed`` (both known and not the same),
        ``reason`` and ``survives`` (of the later one).
    """
    known = dict(zip(earlier["theme"], earlier["verdict"], strict=True)) if len(earlier) else {}
    before = [known.get(theme) for theme in later["theme"]]
    return pd.DataFrame(
        {
            "theme": later["theme"].to_numpy(),
            "before": pd.Series(before, dtype="str"),
            "now": later["verdict"].to_numpy(),
            "changed": [
                was is not None and was != verdict for was, verdict in zip(before, later["verdict"], strict=True)
            ],
            "reason": later["reason"].to_numpy(),
            "survives": later["survives"].to_numpy(dtype=float),
        }
    )


def rank_papers(papers: pd.DataFrame) -> Ranking:
    """Order papers by upvotes, else comments, else by how well they fit their theme.

    Parameters
    ----------
    papers : DataFrame
        ``paper_id``, ``published``, ``theme_score`` and, where known,
        ``n_upvotes`` and ``n_comments``. A count that is zero or unknown for all
        papers orders nothing, so the next measure is taken.

    Notes
    -----
    Ties go to the better fit, then to the newer paper, then by ``paper_id``. Counts stand as
    they did at capture: an older paper has had more time to collect them.
    """
    measure: Measure = "theme score"
    column = "theme_score"
    for name, counts in reversed(_COLUMNS):
        if counts in papers and bool((pd.to_numeric(papers[counts]).fillna(0) > 0).any()):
            measure, column = name, counts
    keys = pd.DataFrame(
        {
            "value": pd.to_numeric(papers[column]).astype("Float64").astype("float64"),
            "score": pd.to_numeric(papers["theme_score"]).astype("float64"),
            "published": pd.to_datetime(papers["published"]),
            "paper_id": papers["paper_id"],
        }
    )
    order = keys.sort_values(
        ["value", "score", "published", "paper_id"], ascending=[False, False, False, True], na_position="last"
    ).index
    return Ranking(papers.loc[order], measure, int(keys["value"].notna().sum()))


def _share(count: Any) -> tuple[Floats, Floats, Floats]:
    total = int(count.sum())
    low, high = jeffreys_interval(count, np.full(len(count), total))
    return (count / total if total else np.full(len(count), np.nan)), low, high


def _test(new: Any, before: Any) -> Floats:
    """Fisher's exact test of each group against all others; null where a side is empty or nothing can differ."""
    from scipy.stats import fisher_exact

    n_new, n_before = int(new.sum()), int(before.sum())
    if not n_new or not n_before:
        return np.full(len(new), np.nan)
    tables = [[[a, n_new - a], [b, n_before - b]] for a, b in zip(new.tolist(), before.tolist(), strict=True)]
    return np.array([fisher_exact(table)[1] if sum(row[0] for row in table) else np.nan for table in tables])
