"""One honest sentence behind each verdict."""

from __future__ import annotations

import numpy as np

from analysis.trends.design import Design
from analysis.trends.fits import Floats


def say_factor(factor: float) -> str:
    """An odds ratio in words: two decimals, three where they tell, never scientific."""
    if factor >= 1000:
        return "over 1000"
    if factor < 0.001:
        return "under 0.001"
    if factor >= 10:
        return f"{factor:.0f}"
    return f"{factor:.2f}" if factor >= 0.095 else f"{factor:.3f}"


def say_estimate(ratio: float, low: float, high: float) -> str:
    """An odds ratio and its interval, with signs for words where they would take too much room.

    Examples
    --------
    >>> say_estimate(1.9, 0.51, 4), say_estimate(1e6, 0, 1e9)
    ('1.90 (0.51 to 4.00)', '> 1000 (< 0.001 to > 1000)')
    """
    text = f"{say_factor(ratio)} ({say_factor(low)} to {say_factor(high)})"
    return text if len(text) <= 26 else text.replace("over", ">").replace("under", "<")


def say_p(p: float) -> str:
    """A p- or q-value: "= .62", "= .003" or "< .001"."""
    if p < 0.001:
        return "< .001"
    text = f"{p:.3f}" if p < 0.095 else f"{p:.2f}"
    return f"= {text.removeprefix('0')}"


def say_share(share: float) -> str:
    """A share in per cent, such as "12 %"."""
    return f"{100 * share:.1f} %" if 0 < share < 0.0995 else f"{100 * share:.0f} %"


def say_papers(n_papers: float) -> str:
    """A count of papers, such as "1 paper"."""
    return f"{int(n_papers)} paper{'' if n_papers == 1 else 's'}"


def say_visible(rise: float, fall: float) -> str:
    """The smallest factors that would show, up and down."""
    if np.isnan(rise):
        return "none" if np.isnan(fall) else f"{say_factor(fall)} or less (and no rise)"
    return f"{say_factor(rise)} (no fall)" if np.isnan(fall) else f"{say_factor(rise)} (or {say_factor(fall)})"


def say_needed(rise: float, fall: float, unit: str) -> str:
    """What a trend would have needed to show."""
    if np.isnan(rise) and np.isnan(fall):
        return "no trend, however steep, would have shown with 80 % power"
    if np.isnan(rise) or np.isnan(fall):
        known, lost = (fall, "rise") if np.isnan(rise) else (rise, "fall")
        return f"only a factor of {say_factor(known)} {unit}, and no {lost}, would have shown with 80 % power"
    return f"only a factor of {say_factor(rise)} {unit}, or {say_factor(fall)}, would have shown with 80 % power"


def say_interval(low: float, high: float) -> str:
    """The 95 % interval; an end that the data do not bound is called unbounded."""
    ends = [
        say_factor(end) if np.isfinite(end) else f"{word} unbounded" for end, word in ((low, "below"), (high, "above"))
    ]
    return f"95 % interval {ends[0]} to {ends[1]}"


def say_trend(odds_ratio: float, low: float, high: float, q: float, unit: str) -> str:
    """The fitted line in words."""
    return f"the odds changed by a factor of {say_factor(odds_ratio)} {unit} ({say_interval(low, high)}; q {say_p(q)})"


def say_halves(counts: Floats, design: Design) -> str:
    """Whether the count rose or fell: papers in the earlier and later half of the complete periods."""
    whole = counts[design.complete]
    half = len(whole) // 2
    if half == 0:
        return "its count cannot be compared, as fewer than two periods are complete"
    before, after = float(whole[:half].sum()), float(whole[-half:].sum())
    course = "rose" if after > before else "fell" if after < before else "stayed the same"
    periods = f"{half} complete {design.grain}{'' if half == 1 else 's'}"
    return f"its count {course} ({say_papers(before)} in the first {periods}, {int(after)} in the last {half})"


def say_thirds(counts: Floats, totals: Floats) -> str:
    """Share in the first, middle and last third of the periods with papers."""
    full = np.flatnonzero(totals > 0)
    shares = [counts[part].sum() / totals[part].sum() for part in np.array_split(full, 3)]
    first, middle, last = (say_share(float(share)) for share in shares)
    return f"the share was {first} in the first third of the periods, {middle} in the middle one and {last} in the last"


def say_untested(n_papers: int, n_all: int, n_periods: int, design: Design) -> str:
    """Why a theme cannot be tested at all."""
    if n_all == 0:
        return "Unclear: no paper is dated finely enough to place in time."
    if n_papers == 0:
        return "Unclear: none of the theme's papers is dated finely enough to place in time."
    if n_periods < 3:
        grain = design.grain + ("" if n_periods == 1 else "s")
        return f"Unclear: only {n_periods} {grain} with dated papers, and a trend needs at least 3."
    if n_papers == n_all:
        return f"Unclear: all {n_all} dated papers are in this theme, so its share cannot move."
    return f"Unclear: the theme has only {say_papers(n_papers)} with a date, and a trend needs at least 2."
