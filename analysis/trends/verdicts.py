"""A verdict on each theme: rising, falling, changing, steady or unclear, with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import InputError
from analysis.trends.design import UNASSIGNED, Design, read_design
from analysis.trends.judging import MIN_PERIODS_FOR_BEND, Judgement, judge
from analysis.trends.sentences import say_factor, say_halves, say_needed, say_p, say_thirds, say_trend, say_untested
from analysis.trends.survival import count_survivals


def trend_verdicts(
    shares: pd.DataFrame,
    *,
    alpha: float = 0.05,
    margin: float = 1.25,
    alternatives: pd.DataFrame | None = None,
    papers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Whether each theme's share of the papers rises, falls, changes otherwise or holds.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`, by theme or by topic.
    alpha : float in (0, 0.5), default 0.05
        Bound on the rate of false calls among the calls (Benjamini-Hochberg).
    margin : float > 1, default 1.25
        A theme is steady if the 95 % interval of its odds ratio lies between
        ``1 / margin`` and `margin`.
    alternatives : DataFrame or None
        ``paper_id``, ``run``, ``theme``: the same papers placed by other seeds,
        resamples or encoders.
    papers : DataFrame or None
        ``paper_id`` and dates; needed with `alternatives`.

    Returns
    -------
    DataFrame of n_themes rows, in the order of `shares`
        The columns of the trends table. ``unassigned`` counts in every
        denominator but has no row: it is no theme, so it has no course.

    Raises
    ------
    InputError
        If `shares` is not such a table, a setting is out of range, or
        `alternatives` come without `papers`.

    Notes
    -----
    A logistic line of count on total at the observed midpoint of each period
    (Firth's penalty, so a theme that is found in the last periods only has a
    finite slope). Shares wander from period to period beyond chance, and such
    wandering lasts; `analysis.trends.noise` says how this enters the p-value and
    the interval. The first that applies is the verdict: *rising* or *falling*
    (q < alpha), *changing* (a bend, q < alpha in its own family), *steady*
    (interval inside the margin, no bend), *unclear*. Shares sum to one, so one
    rise forces falls elsewhere: see `analysis.trends.global_change` first.

    ``smallest_visible`` is the smallest rise that shows, for a theme of the same
    overall share that moves alone, so at ``alpha`` divided by the number of
    themes tested; null where no rise, however steep, would show. The reason
    also names the smallest fall, which differs where papers bunch at one end.

    Examples
    --------
    >>> papers = pd.DataFrame({"published": ["2020-05-01", "2021-05-01"], "theme": ["robotics", "alignment"]})
    >>> from analysis.trends import share_by_period
    >>> trend_verdicts(share_by_period(papers, period="year"))["reason"].iloc[0]
    'Unclear: only 2 years with dated papers, and a trend needs at least 3.'
    """
    _check(alpha, margin)
    design = read_design(shares)
    rows = [row for row, group in enumerate(design.groups) if group != UNASSIGNED]
    judgement = judge(design.counts[rows], design.totals, design, alpha=alpha, margin=margin, visible=True)
    survives = np.full(len(rows), np.nan)
    if alternatives is not None and len(alternatives) and design.key == "theme":
        if papers is None:
            raise InputError("alternatives: give papers as well; they hold the dates.")
        survives = count_survivals(alternatives, papers, design, rows, judgement, alpha=alpha, margin=margin)
    reasons = [_give_reason(place, row, judgement, design, alpha, margin) for place, row in enumerate(rows)]
    return pd.DataFrame(
        {
            design.key: shares[design.key].drop_duplicates().iloc[rows].to_numpy(),
            "verdict": pd.Series(judgement.verdict, dtype="str"),
            "reason": pd.Series(reasons, dtype="str"),
            "odds_ratio": judgement.odds_ratio,
            "unit": pd.Series([design.unit] * len(rows), dtype="str"),
            "low": judgement.low,
            "high": judgement.high,
            "p": judgement.p,
            "q": judgement.q,
            "smallest_visible": judgement.smallest_visible,
            "margin": np.full(len(rows), float(margin)),
            "survives": survives,
            "n_periods": np.full(len(rows), judgement.n_periods, dtype=np.int64),
            "n_papers": judgement.n_papers,
        }
    )


def _give_reason(place: int, row: int, found: Judgement, design: Design, alpha: float, margin: float) -> str:
    n_all, counts = int(design.totals.sum()), design.counts[row]
    if np.isnan(found.p[place]):
        return say_untested(int(found.n_papers[place]), n_all, found.n_periods, design)
    low, high = float(found.low[place]), float(found.high[place])
    trend = say_trend(float(found.odds_ratio[place]), low, high, float(found.q[place]), design.unit)
    verdict, bend_q = str(found.verdict[place]), float(found.bend_q[place])
    band = f"the margin of {say_factor(1 / margin)} to {say_factor(margin)}"
    if verdict in ("rising", "falling"):
        poorly = f"; a straight line fits poorly (q {say_p(bend_q)}), so the factor is an average"
        course = say_thirds(counts, design.totals)
        bent = poorly if bend_q < alpha else ""
        return f"{verdict.capitalize()}: {trend}; {course}; {say_halves(counts, design)}{bent}."
    if verdict == "changing":
        course = say_thirds(counts, design.totals)
        return f"Changing: a straight line does not fit (q {say_p(bend_q)}): {course}, and {trend}."
    if verdict == "steady":
        return f"Steady: {trend}, inside {band}, and no bend shows (q {say_p(bend_q)})."
    visible = say_needed(float(found.smallest_visible[place]), float(found.smallest_fall[place]), design.unit)
    few = ""
    if found.n_periods < MIN_PERIODS_FOR_BEND and low > 1 / margin and high < margin:
        few = f"; it lies inside {band}, but {found.n_periods} periods are too few to rule out a bend"
    return f"Unclear: {trend}; with {n_all} dated papers over {design.span} {visible}{few}."


def _check(alpha: float, margin: float) -> None:
    if not 0 < alpha < 0.5:
        raise InputError(f"[trends] alpha = {alpha} is not allowed: it lies between 0 and 0.5.")
    if not margin > 1:
        raise InputError(f"[trends] margin = {margin} is not allowed: it is an odds ratio above 1.")
