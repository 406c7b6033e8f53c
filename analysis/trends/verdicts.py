"""A verdict on each theme: rising, falling, changing, steady or unclear, with its reason."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.config import InputError
from analysis.trends.courses import MIN_PERIODS_FOR_BEND
from analysis.trends.design import UNASSIGNED, Design, read_design
from analysis.trends.fits import Floats
from analysis.trends.holding import say_held, say_turn
from analysis.trends.judging import Judgement, Rules, judge
from analysis.trends.sentences import (
    say_factor,
    say_halves,
    say_needed,
    say_p,
    say_thirds,
    say_trend,
    say_untested,
)
from analysis.trends.survival import count_survivals, hold_without_doubtful
from analysis.trends.turning import Turn, find_turn


def trend_verdicts(
    shares: pd.DataFrame,
    *,
    alpha: float = 0.05,
    margin: float = 1.5,
    min_effect: float = 1.2,
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
    margin : float > 1, default 1.5
        A theme is steady if the 95 % interval of its odds ratio over the whole
        observed span lies between ``1 / margin`` and `margin`.
    min_effect : float >= 1, default 1.2
        Smallest odds ratio over the whole observed span that is called a rise;
        its inverse a fall. What is smaller shows in large corpora and matters to no one.
    alternatives : DataFrame or None
        ``paper_id``, ``run``, ``theme``: the same papers placed by other seeds,
        resamples or encoders.
    papers : DataFrame or None
        ``paper_id`` and dates; needed with `alternatives`. With ``theme``, it
        is also told whether a verdict holds without the doubtful papers, which
        keep their theme in fewer than 60 % of the alternatives.

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
    (q < alpha, and at least `min_effect`), *changing* (no line fits: a square or
    a cube beside it, q < alpha in a family of its own), *steady* (interval
    inside the margin, and a line fits), *unclear*. Rising, falling and changing
    wait for the test that anything moves at all
    (`analysis.trends.global_change`), as shares sum to one and one rise forces
    falls elsewhere. With 12 periods or fewer, or a theme of fewer than 30
    papers, a rise or a fall must also surprise among the orders of the periods
    (``p_permuted`` <= alpha); below 5 periods none can.

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
    rules = Rules(alpha, margin, min_effect)
    design = read_design(shares)
    rows = [row for row, group in enumerate(design.groups) if group != UNASSIGNED]
    judgement = judge(design.counts[rows], design.totals, design, rules, visible=True)
    survives, holds = np.full(len(rows), np.nan), pd.array([pd.NA] * len(rows), dtype="boolean")
    if alternatives is not None and len(alternatives) and design.key == "theme":
        if papers is None:
            raise InputError("alternatives: give papers as well; they hold the dates.")
        survives = count_survivals(alternatives, papers, design, rows, judgement, rules)
        without = hold_without_doubtful(alternatives, papers, design, rows, judgement, rules)
        if without is not None:
            holds = pd.array(without[0], dtype="boolean")
            holds[np.isnan(judgement.p)] = pd.NA
    bent = np.isin(judgement.verdict, ["rising", "falling", "changing"]) & (judgement.bend_q < alpha)
    turns = [_find_turn(row, design) if bent[place] else None for place, row in enumerate(rows)]
    reasons = [_give_reason(place, row, judgement, design, rules, turns[place]) for place, row in enumerate(rows)]
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
            "p_permuted": judgement.p_permuted,
            "smallest_visible": judgement.smallest_visible,
            "margin": np.full(len(rows), float(margin)),
            "min_effect": np.full(len(rows), float(min_effect)),
            "shape": pd.Series([turn.shape if turn else "" for turn in turns], dtype="str"),
            "turn": pd.Series([_day_of(turn, design) for turn in turns], dtype="datetime64[ms]"),
            "survives": survives,
            "holds_without_doubtful": holds,
            "n_periods": np.full(len(rows), judgement.n_periods, dtype=np.int64),
            "n_papers": _tidy(design.counts[rows].sum(axis=1)),
        }
    )


def _tidy(papers: Floats) -> npt.NDArray[np.int64] | Floats:
    """Whole numbers as such; papers counted in parts keep their fractions."""
    return papers.astype(np.int64) if (papers == np.round(papers)).all() else papers


def _find_turn(row: int, design: Design) -> Turn:
    # An end period that is seen in part may turn nothing.
    used = (design.totals > 0) & design.complete
    used = used if used.sum() >= MIN_PERIODS_FOR_BEND else design.totals > 0
    return find_turn(design.counts[row, used], design.totals[used], design.time[used], design.position[used])


def _day_of(turn: Turn | None, design: Design) -> pd.Timestamp | None:
    return None if turn is None else design.periods["period"].iloc[turn.period]


def _give_reason(place: int, row: int, found: Judgement, design: Design, rules: Rules, turn: Turn | None) -> str:
    n_all, counts = int(design.totals.sum()), design.counts[row]
    if np.isnan(found.p[place]):
        return say_untested(int(found.n_papers[place]), n_all, found.n_periods, design)
    low, high = float(found.low[place]), float(found.high[place])
    trend = say_trend(float(found.odds_ratio[place]), low, high, float(found.q[place]), design.unit)
    verdict, bend_q = str(found.verdict[place]), float(found.bend_q[place])
    band = f"the margin of {say_factor(1 / rules.margin)} to {say_factor(rules.margin)} over the whole span"
    if verdict in ("rising", "falling"):
        course, bent = say_thirds(counts, design.totals), ""
        if turn is not None:
            poorly = f"a straight line fits poorly (q {say_p(bend_q)}), so the factor is an average"
            bent = f"; {poorly} and {say_turn(turn, design)} fits better"
        return f"{verdict.capitalize()}: {trend}; {course}; {say_halves(counts, design)}{bent}."
    if verdict == "changing" and turn is not None:
        turned = say_turn(turn, design)
        course = say_thirds(counts, design.totals)
        return f"Changing: a straight line does not fit (q {say_p(bend_q)}); {turned}: {course}, and {trend}."
    if verdict == "steady":
        return f"Steady: {trend}, inside {band}, and no bend shows (q {say_p(bend_q)})."
    visible = say_needed(float(found.smallest_visible[place]), float(found.smallest_fall[place]), design.unit)
    held = say_held(place, found, design, rules)
    few = ""
    inside = low**design.length > 1 / rules.margin and high**design.length < rules.margin
    if found.n_periods < MIN_PERIODS_FOR_BEND and inside:
        few = f"; it lies inside {band}, but {found.n_periods} periods are too few to rule out a bend"
    return f"Unclear: {trend}{held}; with {n_all} dated papers over {design.span} {visible}{few}."
