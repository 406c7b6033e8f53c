"""From counts to verdicts: the tests and the order in which they speak."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from analysis.config import InputError
from analysis.trends.courses import draw_line, list_bends
from analysis.trends.design import Design
from analysis.trends.fits import Floats, find_slope, fit_line, reaches_inside
from analysis.trends.noise import (
    Residuals,
    adjust_p,
    combine_p,
    estimate_beside,
    estimate_noise,
    find_reach,
    find_root,
    p_of_root,
    read_residuals,
)
from analysis.trends.permuting import is_few, permute_p
from analysis.trends.power import MIN_PERIODS_FOR_CALL, POWER, count_tests, find_slopes, to_odds

MIN_PERIODS = 3
MIN_PAPERS = 2


@dataclasses.dataclass(frozen=True)
class Rules:
    """What counts as a call.

    Attributes
    ----------
    alpha : float in (0, 0.5), default 0.05
        Bound on the rate of false calls among the calls (Benjamini-Hochberg).
    margin : float > 1, default 1.5
        Odds ratio over the observed span inside which a theme counts as steady.
    min_effect : float >= 1, default 1.2
        Smallest odds ratio over the observed span that is called a rise; its inverse a fall.

    Raises
    ------
    InputError
        If one is out of range.
    """

    alpha: float = 0.05
    margin: float = 1.5
    min_effect: float = 1.2

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise InputError(f"[trends] alpha = {self.alpha} is not allowed: it lies between 0 and 0.5.")
        if not self.margin > 1:
            raise InputError(f"[trends] margin = {self.margin} is not allowed: it is an odds ratio above 1.")
        if not self.min_effect >= 1:
            least = self.min_effect
            raise InputError(f"[trends] min_effect = {least} is not allowed: it is an odds ratio of 1 or more.")


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Verdict and numbers of each theme; NaN where the data allow no test.

    Attributes
    ----------
    verdict : array of n_themes of str
    odds_ratio, low, high, p, q, p_permuted, smallest_visible : arrays of n_themes
        As in the trends table; `smallest_fall` the same as a fall, below 1.
    bend_p, bend_q : arrays of n_themes
        Of the test that a straight line does not fit.
    global_p : float
        Of the test that nothing moves.
    changed : bool
        Whether it lies below alpha.
    n_papers : array of n_themes
        Whole papers, however they are counted.
    n_periods : int
        Periods with papers.
    """

    verdict: npt.NDArray[np.object_]
    odds_ratio: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    p_permuted: Floats
    bend_p: Floats
    bend_q: Floats
    smallest_visible: Floats
    smallest_fall: Floats
    global_p: float
    changed: bool
    n_papers: npt.NDArray[np.int64]
    n_periods: int


_NUMBERS = ("slope", "low", "high", "inside", "p", "permuted", "bend_p", "rise", "fall")


def judge(
    counts: Floats, totals: Floats, design: Design, rules: Rules, *, visible: bool = False, ends: bool = True
) -> Judgement:
    """Test each theme for a trend and for a bend, and give its verdict.

    Parameters
    ----------
    counts : array (n_themes, n_periods)
        Papers of the theme; `totals` all papers, of which themes left out of
        `counts` are part.
    design : Design
        Gives the time of each period.
    rules : Rules
    visible : bool, default False
        Whether to work out `smallest_visible` and `smallest_fall`, the slow part.
    ends : bool, default True
        Whether to work out `low` and `high`, slow too: a verdict only needs to
        know on which side of the margin they lie.
    """
    full = totals > 0
    counts, totals = counts[:, full], totals[full]
    n_papers = np.round(counts.sum(axis=1)).astype(np.int64)
    testable = (n_papers >= MIN_PAPERS) & (n_papers < totals.sum()) & bool(full.sum() >= MIN_PERIODS)
    numbers = {name: np.full(len(counts), np.nan) for name in _NUMBERS}
    # A slope times the length of the span is the change over all of it.
    border = np.log(rules.margin) / design.length if design.length else 0.0
    if testable.any():
        place = design.time[full], design.position[full]
        tested = _test(counts[testable], totals, place, rules.alpha, border, visible=visible, ends=ends)
        for name, values in tested.items():
            numbers[name][testable] = values
    inside = (numbers["low"] > -border) & (numbers["high"] < border) if ends else numbers["inside"] == 1
    q, bend_q = adjust_p(numbers["p"]), adjust_p(numbers["bend_p"])
    global_p = combine_p(np.concatenate([numbers["p"], numbers["bend_p"]]))
    few = int(full.sum()) < MIN_PERIODS_FOR_CALL
    ratios = {name: to_odds(numbers[name]) for name in ("slope", "low", "high", "rise", "fall")}
    return Judgement(
        verdict=_decide(numbers, inside, q, bend_q, design.length, rules, changed=global_p < rules.alpha, few=few),
        odds_ratio=ratios["slope"],
        low=ratios["low"],
        high=ratios["high"],
        p=numbers["p"],
        q=q,
        p_permuted=numbers["permuted"],
        bend_p=numbers["bend_p"],
        bend_q=bend_q,
        smallest_visible=ratios["rise"],
        smallest_fall=ratios["fall"],
        global_p=global_p,
        changed=bool(global_p < rules.alpha),
        n_papers=n_papers,
        n_periods=int(full.sum()),
    )


def _decide(
    numbers: dict[str, Floats],
    inside: npt.NDArray[np.bool_],
    q: Floats,
    bend_q: Floats,
    length: float,
    rules: Rules,
    *,
    changed: bool,
    few: bool,
) -> npt.NDArray[np.object_]:
    """The first that applies: rising or falling, changing, steady, unclear."""
    verdict = np.full(len(q), "unclear", dtype=object)
    verdict[inside & (bend_q >= rules.alpha)] = "steady"
    if not changed or few:
        return verdict
    verdict[bend_q < rules.alpha] = "changing"
    enough = np.abs(numbers["slope"]) * length >= np.log(rules.min_effect)
    surprising = np.isnan(numbers["permuted"]) | (numbers["permuted"] <= rules.alpha)
    called = (q < rules.alpha) & enough & surprising
    verdict[called & (numbers["slope"] > 0)] = "rising"
    verdict[called & (numbers["slope"] < 0)] = "falling"
    return verdict


def _test(
    counts: Floats,
    totals: Floats,
    place: tuple[Floats, npt.NDArray[np.int64]],
    alpha: float,
    border: float,
    *,
    visible: bool,
    ends: bool,
) -> dict[str, Floats]:
    time, position = place
    line = fit_line(counts, totals, time)
    residuals = read_residuals(counts, totals, line, position)
    noise = estimate_noise(residuals, draw_line(line.axis))
    numbers = {"slope": line.slope}
    reach = find_reach(noise)
    if ends:
        numbers["low"], numbers["high"] = (find_slope(counts, totals, line, root) for root in reach)
    if visible:
        share = counts.sum(axis=1) / totals.sum()
        strict = find_root(noise, alpha / count_tests(len(counts), len(totals)))
        need = strict + POWER * np.sqrt(noise.inflation)
        need = np.full(len(need), np.inf) if len(totals) < MIN_PERIODS_FOR_CALL else need
        numbers["rise"], numbers["fall"] = find_slopes(share, totals, line.axis, need)
    numbers = {name: values / line.unit for name, values in numbers.items()}
    if not ends:
        within = [reaches_inside(counts, totals, line, root, border * line.unit) for root in reach]
        numbers["inside"] = np.logical_and(*within).astype(float)
    numbers["p"] = p_of_root(line.root, noise)
    numbers["bend_p"] = _test_bend(residuals)
    numbers["permuted"] = np.full(len(counts), np.nan)
    few = is_few(counts, totals)
    if few.any():
        numbers["permuted"][few] = permute_p(counts[few], totals, line.axis)
    return numbers


def _test_bend(residuals: Residuals) -> Floats:
    """p-value that a line fits; null with too few periods."""
    bends = list_bends(residuals.axis)
    if not bends:
        return np.full(len(residuals.value), np.nan)
    found = [noise for base, added in bends for noise in estimate_beside(residuals, base, added)]
    p = np.array([p_of_root(noise.plain, noise) for noise in found])
    # Peaks and dips are what is most often there: the square bears half of the risk, all others together the other.
    return np.array([combine_p(np.array([one[0], combine_p(one[1:])])) for one in p.T])
