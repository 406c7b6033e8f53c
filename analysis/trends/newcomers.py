"""Newcomers and themes that are gone: first seen late or last seen early, and more so than chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED
from analysis.trends.fits import Floats
from analysis.trends.noise import adjust_p
from analysis.trends.sentences import say_p, say_papers, say_share
from analysis.trends.spans import read_spans

# One sighting is first and last at once: it says nothing of a start or an end.
MIN_PAPERS = 2


def find_newcomers(
    papers: pd.DataFrame, *, by: str = "theme", alpha: float = 0.05, min_share: float = 0.25
) -> pd.DataFrame:
    """Find the themes that were first seen late or last seen early, and more so than chance.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        ``published`` (see `analysis.trends.spans.read_spans`;
        ``published_end`` and ``published_precision`` are heeded if present) and
        the column named by `by`.
    by : str, default "theme"
        Column that says which group a paper is in; never null.
    alpha : float in (0, 0.5), default 0.05
    min_share : float in [0, 1), default 0.25
        Share of the dated papers that must lie before the first sighting (after
        the last). A large theme can miss the first few papers beyond chance and
        still be no newcomer.

    Returns
    -------
    DataFrame of 2 * n_groups rows, sorted by group
        The column of groups, ``kind`` (new or gone), ``day`` (of a new one, the
        earliest day on which it may have been seen; of one that is gone, the
        latest), ``n_papers`` (dated, of the theme), ``n_outside`` (papers surely
        before, or surely after), ``share_outside`` (of all dated papers),
        ``expected_outside`` (papers outside by chance, in the mean), ``p``,
        ``q`` (Benjamini-Hochberg over the groups, for each kind), ``found``
        (q below `alpha` and share_outside at least `min_share`), ``reason``.
        ``unassigned`` counts among the papers and has no row.

    Raises
    ------
    InputError
        If a column is missing, a group is null, a date cannot be read, or a
        setting is out of range.

    Notes
    -----
    ``p`` is the chance that none of the theme's n papers is among the m papers
    outside, were all dated papers dealt out at random (hypergeometric [1]_). A
    paper known to its month or year may lie anywhere in it: it makes its own
    theme's first sighting as early as it can be, and lies before another's only
    if all of its span does, so coarse dates make p larger, never smaller.

    The papers are taken to be dealt out one by one, which shares that wander
    from month to month are not. Simulated (2,000 papers over 40 months, a theme
    of 3 %, 300 runs), p lies below .05 in 4 % with a noise of .25 on the logit
    and a memory of .7, and in 7 % with a noise of .5. A steep rise is found too,
    and rightly: it was first seen late. A theme is new to the collection, not to
    the field.

    References
    ----------
    .. [1] Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, section 6.

    Examples
    --------
    >>> papers = pd.DataFrame({"published": [2019] * 20 + [2024] * 10, "theme": ["old"] * 20 + ["old", "new"] * 5})
    >>> found = find_newcomers(papers)
    >>> found.loc[found["found"], ["theme", "kind", "n_outside"]].values.tolist()
    [['new', 'new', 20]]
    """
    _check(papers, by, alpha, min_share)
    spans = read_spans(papers)
    dated = spans["first"].notna().to_numpy()
    codes, groups = pd.factorize(papers[by], sort=True)
    kept = np.array([group != UNASSIGNED for group in groups], dtype=bool)
    n_dated = int(dated.sum())
    n_papers = np.bincount(codes[dated], minlength=len(groups))
    sides = []
    for kind, inner, outer in (("new", "first", "last"), ("gone", "last", "first")):
        edge = spans.loc[dated, inner].groupby(codes[dated]).agg("min" if kind == "new" else "max")
        edge = edge.reindex(range(len(groups)))
        days = np.sort(spans.loc[dated, outer].to_numpy())
        earlier = np.searchsorted(days, edge.to_numpy(), side="left")
        not_later = np.searchsorted(days, edge.to_numpy(), side="right")
        outside = np.where(n_papers > 0, earlier if kind == "new" else n_dated - not_later, 0)
        p = np.where(n_papers >= MIN_PAPERS, _miss_chance(n_dated, n_papers, outside), np.nan)
        side = pd.DataFrame(
            {
                by: groups,
                "kind": kind,
                "day": edge.to_numpy().astype("datetime64[ms]"),
                "n_papers": n_papers.astype(np.int64),
                "n_outside": outside.astype(np.int64),
                "share_outside": outside / n_dated if n_dated else np.nan,
                "expected_outside": np.where(n_papers > 0, (n_dated - n_papers) / (n_papers + 1), np.nan),
                "p": p,
            }
        )[kept]
        sides.append(side.assign(q=adjust_p(side["p"].to_numpy())))
    table = pd.concat(sides).sort_index(kind="stable").reset_index(drop=True)
    table["found"] = ((table["q"] < alpha) & (table["share_outside"] >= min_share)).astype(bool)
    reasons = [_give_reason(row, n_dated) for row in table.to_dict("records")]
    return table.assign(reason=pd.Series(reasons, dtype="str"))


def _miss_chance(n_dated: int, n_papers: Any, outside: Any) -> Floats:
    """Chance that `outside` papers drawn at random hold none of the theme's."""
    from scipy.special import gammaln

    rest = n_dated - n_papers - outside
    logs = gammaln(n_dated - n_papers + 1) + gammaln(n_dated - outside + 1)
    chance = np.minimum(np.exp(logs - gammaln(n_dated + 1) - gammaln(rest + 1)), 1.0)
    return np.where(outside == 0, 1.0, chance)  # without the rounding of the logarithms


def _give_reason(row: dict[Any, Any], n_dated: int) -> str:
    n_papers, outside = int(row["n_papers"]), int(row["n_outside"])
    if n_papers == 0:
        return "Not tested: none of its papers is dated."
    if n_papers < MIN_PAPERS:
        return f"Not tested: it has only {say_papers(n_papers)} with a date, and a start or an end needs {MIN_PAPERS}."
    seen, side = ("First seen", "before") if row["kind"] == "new" else ("Last seen", "after")
    lie = "lies" if outside == 1 else "lie"
    return (
        f"{seen} {row['day'].date()}: {say_papers(outside)} of {n_dated} "
        f"({say_share(outside / n_dated)}) {lie} {side} that, {row['expected_outside']:.1f} are "
        f"expected by chance (q {say_p(float(row['q']))})."
    )


def _check(papers: pd.DataFrame, by: str, alpha: float, min_share: float) -> None:
    missing = [name for name in (by, "published") if name not in papers]
    if missing:
        raise InputError(f"papers: the columns {', '.join(missing)} are missing. Found: {', '.join(map(str, papers))}.")
    if not 0 < alpha < 0.5:
        raise InputError(f"[trends] alpha = {alpha} is not allowed: it lies between 0 and 0.5.")
    if not 0 <= min_share < 1:
        raise InputError(f"min_share = {min_share} is not allowed: it lies in [0, 1).")
    lost = int(papers[by].isna().sum())
    if lost:
        raise InputError(f"papers: {lost} paper(s) have no {by}. Give each one, such as 'unassigned'.")
