"""From counts to verdicts: the tests and the order in which they speak."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from analysis.trends.design import Design
from analysis.trends.fits import Floats, Line, find_interval, fit_line
from analysis.trends.noise import adjust_p, estimate_noise, find_limit, p_of_drop
from analysis.trends.power import POWER, find_slopes, to_odds

MIN_PERIODS = 3
# A bend takes three numbers to draw, so fewer periods leave next to nothing to hold it against.
MIN_PERIODS_FOR_BEND = 5
MIN_PAPERS = 2


@dataclasses.dataclass(frozen=True)
class Judgement:
    """Verdict and numbers of each theme; NaN where the data allow no test.

    Attributes
    ----------
    verdict : array of n_themes of str
    odds_ratio, low, high, p, q, smallest_visible : arrays of n_themes
        As in the trends table; `smallest_fall` the same as a fall, below 1.
    bend_p, bend_q : arrays of n_themes
        Of the test that a straight line does not fit.
    n_papers : array of n_themes
    n_periods : int
        Periods with papers.
    """

    verdict: npt.NDArray[np.object_]
    odds_ratio: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    bend_p: Floats
    bend_q: Floats
    smallest_visible: Floats
    smallest_fall: Floats
    n_papers: npt.NDArray[np.int64]
    n_periods: int


def judge(
    counts: Floats, totals: Floats, design: Design, *, alpha: float, margin: float, visible: bool = False
) -> Judgement:
    """Test each theme for a trend and for a bend, and give its verdict.

    Parameters
    ----------
    counts : array (n_themes, n_periods)
        Papers of the theme; `totals` all papers, of which themes left out of
        `counts` are part.
    totals : array of n_periods
        0 where a period is empty; such a period says nothing of shares.
    design : Design
        Gives the time of each period.
    visible : bool, default False
        Whether to work out `smallest_visible` and `smallest_fall`, the slow part.
    """
    full = totals > 0
    counts, totals = counts[:, full], totals[full]
    n_papers = counts.sum(axis=1).astype(np.int64)
    testable = (n_papers >= MIN_PAPERS) & (n_papers < totals.sum()) & bool(full.sum() >= MIN_PERIODS)
    numbers = {name: np.full(len(counts), np.nan) for name in ("slope", "low", "high", "p", "bend_p", "rise", "fall")}
    if testable.any():
        for name, values in _test(
            counts[testable], totals, design.time[full], design.position[full], alpha, visible
        ).items():
            numbers[name][testable] = values
    q, bend_q = adjust_p(numbers["p"]), adjust_p(numbers["bend_p"])
    ratios = {name: to_odds(numbers[name]) for name in ("slope", "low", "high", "rise", "fall")}
    verdict = np.full(len(counts), "unclear", dtype=object)
    inside = (ratios["low"] > 1 / margin) & (ratios["high"] < margin)
    verdict[inside & (bend_q >= alpha)] = "steady"
    verdict[bend_q < alpha] = "changing"
    verdict[(q < alpha) & (numbers["slope"] > 0)] = "rising"
    verdict[(q < alpha) & (numbers["slope"] < 0)] = "falling"
    return Judgement(
        verdict=verdict,
        odds_ratio=ratios["slope"],
        low=ratios["low"],
        high=ratios["high"],
        p=numbers["p"],
        q=q,
        bend_p=numbers["bend_p"],
        bend_q=bend_q,
        smallest_visible=ratios["rise"],
        smallest_fall=ratios["fall"],
        n_papers=n_papers,
        n_periods=int(full.sum()),
    )


def _test(
    counts: Floats, totals: Floats, time: Floats, position: npt.NDArray[np.int64], alpha: float, visible: bool
) -> dict[str, Floats]:
    line = fit_line(counts, totals, time)
    noise = estimate_noise(counts, totals, line, position, degree=1)
    low, high = find_interval(counts, totals, line, find_limit(noise, 0.05))
    numbers = {"slope": line.slope, "low": low, "high": high}
    if visible:
        share = counts.sum(axis=1) / totals.sum()
        # A theme that moves alone is called where its p lies below alpha over the number of themes.
        strict = np.sqrt(find_limit(noise, alpha / len(counts)))
        usual = np.sqrt((noise.weight * noise.inflation).sum(axis=(0, 2)))
        numbers["rise"], numbers["fall"] = find_slopes(share, totals, line.axis, strict + POWER * usual)
    numbers = {name: values / line.unit for name, values in numbers.items()}
    numbers["p"] = p_of_drop(line.deviance_drop, noise)
    if len(totals) >= MIN_PERIODS_FOR_BEND:
        bent = estimate_noise(counts, totals, line, position, degree=2)
        numbers["bend_p"] = p_of_drop(_bend_score(counts, totals, line), bent)
    return numbers


def _bend_score(counts: Floats, totals: Floats, line: Line) -> Floats:
    """Score statistic of a squared term beside the line; one degree of freedom."""
    weight = totals * line.share * (1 - line.share)
    x, square = line.axis, line.axis**2
    w0, w1, w2, w3, w4 = (weight @ x**power for power in range(5))
    determinant = np.maximum(w0 * w2 - w1**2, 1e-300)
    offset, slope = (w2 * w2 - w1 * w3) / determinant, (w0 * w3 - w1 * w2) / determinant
    information = w4 - offset * w2 - slope * w3
    contrast = square - offset[:, None] - slope[:, None] * x
    score = (contrast * (counts - totals * line.share)).sum(axis=1)
    # Where a fitted share is 0 or 1 but for the penalty, there is nothing to bend.
    known = information > 1e-9 * np.maximum(w4, 1e-9)
    return np.where(known, score**2 / np.where(known, information, 1.0), 0.0)
