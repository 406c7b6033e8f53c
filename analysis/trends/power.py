"""What a corpus of this size can show, before anyone looks at its themes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from analysis.trends.courses import MIN_PERIODS_FOR_BEND
from analysis.trends.design import Design, read_design
from analysis.trends.fits import Floats, expit
from analysis.trends.sentences import say_visible

# Normal quantile of 80 % power.
POWER = 0.8416212335729143
LARGEST_LOGIT = 700.0
# Of the orders of four periods, one in twelve is as steep as the steepest: nothing can surprise.
MIN_PERIODS_FOR_CALL = 5


@dataclasses.dataclass(frozen=True)
class Visible:
    """What the corpus can show.

    Attributes
    ----------
    table : DataFrame
        ``share`` (overall share of a theme), ``papers`` (expected papers of it),
        ``smallest_visible`` (odds ratio above 1, per unit) and
        ``smallest_fall`` (below 1); null where none would show.
    sentence : str
    """

    table: pd.DataFrame
    sentence: str


def describe_visible(
    shares: pd.DataFrame, *, overall: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4), alpha: float = 0.05, n_themes: int = 1
) -> Visible:
    """Smallest odds ratio that the corpus shows with 80 % power, by a theme's overall share.

    Reads the papers per period only, and no theme's count.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`.
    overall : tuple of float in (0, 1)
        Overall shares of a theme to answer for.
    alpha : float, default 0.05
    n_themes : int, default 1
        Themes tested side by side, for a trend and for a bend; a theme that
        moves alone must show at `alpha` divided by the number of tests.

    Notes
    -----
    The best case: papers independent of each other. Shares that wander from
    period to period hide more; ``smallest_visible`` in the trends table allows
    for that.
    """
    design = read_design(shares)
    full = design.totals > 0
    papers, time = design.totals[full], design.time[full]
    table = pd.DataFrame({"share": overall, "papers": [papers.sum() * share for share in overall]})
    if full.sum() < MIN_PERIODS_FOR_CALL:
        table = table.assign(smallest_visible=np.nan, smallest_fall=np.nan)
        periods = f"{int(full.sum())} {design.grain}{'' if full.sum() == 1 else 's'}"
        few = f"only {periods} with dated papers, and a trend needs {MIN_PERIODS_FOR_CALL} to show"
        return Visible(table, f"No trend can be called: {few}.")
    from scipy.stats import norm

    need = np.full(len(table), float(norm.isf(alpha / count_tests(n_themes, int(full.sum())) / 2)) + POWER)
    centre = np.average(time, weights=papers)
    rise, fall = find_slopes(table["share"].to_numpy(), papers, time - centre, need)
    table["smallest_visible"], table["smallest_fall"] = to_odds(rise), to_odds(fall)
    return Visible(table, _say_visible(table, design))


def count_tests(n_themes: int, n_periods: int) -> int:
    """Tests behind the question whether anything moves: a trend and, with periods enough, a bend of each theme."""
    return n_themes * (2 if n_periods >= MIN_PERIODS_FOR_BEND else 1)


def find_slopes(share: Floats, totals: Floats, axis: Floats, need: Floats) -> tuple[Floats, Floats]:
    """Least steep rise and fall whose expected deviance drop reaches ``need ** 2``, at a fixed overall share.

    The two differ where papers bunch at one end of time: most of what is known
    of a rise then comes from periods in which the theme is all but absent.

    Parameters
    ----------
    share : array of n_themes
        Overall share of each theme, in (0, 1).
    totals, axis : arrays of n_periods
        Papers, and time around 0.
    need : array of n_themes

    Returns
    -------
    rise, fall : arrays of n_themes
        Change of the logit per unit of `axis`; infinite where not even a step
        from 0 to 1 would show.
    """
    steepest = 50.0 / max(float(np.diff(np.unique(axis)).min()), 1e-9)
    flat = np.log(share / (1 - share))
    ends = []
    for side in (1.0, -1.0):
        inside, step = np.zeros(len(share)), np.full(len(share), 0.02)
        outside, intercept = side * step, flat
        while True:
            drop, intercept = _expected_drop(outside, intercept, share, totals, axis)
            short = (drop < need**2) & (np.abs(outside) < steepest)
            if not short.any():
                break
            step = np.where(short, 2 * step, step)
            inside, outside = np.where(short, outside, inside), np.where(short, outside + side * step, outside)
        shown = drop >= need**2
        for _ in range(25):
            middle = (inside + outside) / 2
            drop, intercept = _expected_drop(middle, intercept, share, totals, axis)
            inside, outside = np.where(drop < need**2, middle, inside), np.where(drop < need**2, outside, middle)
        ends.append(np.where(shown, outside, side * np.inf))
    return ends[0], ends[1]


def _expected_drop(
    slope: Floats, intercept: Floats, share: Floats, totals: Floats, axis: Floats
) -> tuple[Floats, Floats]:
    """Deviance drop of counts that lie on the line, and the intercept that keeps the overall share."""
    for _ in range(200):
        inside = expit(intercept[:, None] + slope[:, None] * axis)
        weight = np.maximum((inside * (1 - inside)) @ totals, 1e-12)
        step = np.clip((share * totals.sum() - inside @ totals) / weight, -2.0, 2.0)
        intercept = intercept + step
        if np.abs(step).max(initial=0.0) < 1e-8:
            break
    gain = _times_log(inside, share[:, None]) + _times_log(1 - inside, 1 - share[:, None])
    return np.asarray(2 * gain @ totals), intercept


def _times_log(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part * np.log(np.maximum(part, 1e-300) / whole))


def to_odds(slope: Floats) -> Floats:
    """Odds ratio of a slope; null where the slope is infinite."""
    bounded = np.where(np.isinf(slope), np.nan, slope)
    return np.asarray(np.exp(np.clip(bounded, -LARGEST_LOGIT, LARGEST_LOGIT)))


def _say_visible(table: pd.DataFrame, design: Design) -> str:
    columns = (table[name].tolist() for name in ("share", "smallest_visible", "smallest_fall"))
    cases = [
        f"{say_visible(rise, fall)} for a theme of {100 * share:g} %"
        for share, rise, fall in zip(*columns, strict=True)
    ]
    listed = ", ".join(cases[:-1]) + (" and " if len(cases) > 1 else "") + cases[-1]
    return (
        f"At best, {int(design.totals.sum())} dated papers over {design.span} show, with 80 % power, "
        f"a factor {design.unit} in the odds of {listed}; weaker trends stay unseen."
    )
