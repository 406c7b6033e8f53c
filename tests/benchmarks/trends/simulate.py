"""Corpora of known truth: shares that wander about a level, a line or a bend, as counts by theme and period."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from analysis.trends.design import Design, read_design

N_THEMES = 8
# From a quarter of the papers down to 3 %.
LEVELS = np.log(np.array([0.26, 0.20, 0.15, 0.12, 0.10, 0.08, 0.06, 0.03]))
# The theme that moves where one is planted: 12 % of the papers.
PLANTED = 3
SPANS = {"half a year": 182, "2 years": 731, "10 years": 3653}
FIRST_SEEN, LAST_SEEN = 0.4, 0.5


@dataclasses.dataclass(frozen=True)
class Case:
    """What is simulated.

    Attributes
    ----------
    n_papers, n_periods : int
    span : key of SPANS
    memory : float in [0, 1)
        Of the noise, from one period to the next.
    wander : float
        Standard deviation of the noise on the scale of a theme's log weight.
    unlike : float
        Standard deviation of the logarithm of that over themes: 0 where all wander alike.
    uneven : bool
        Papers grow fivefold over the span, and vary (gamma, 35 %) from period to period;
        the first and last period are seen in part.
    course : {"level", "line", "peak", "step", "burst"}
        Of the planted theme.
    odds_ratio : float
        Of the planted theme: per year for a line, else highest to lowest.
    place : int
        Period of the peak, first period after the step, first of the burst.
    length : int
        Periods of the burst.
    """

    n_papers: int
    n_periods: int
    span: str
    memory: float
    wander: float = 0.25
    unlike: float = 0.0
    uneven: bool = True
    course: str = "level"
    odds_ratio: float = 1.0
    place: int = 0
    length: int = 0


@dataclasses.dataclass(frozen=True)
class Drawn:
    """One corpus: counts (N_THEMES, n_periods), totals, and the truth behind them.

    Attributes
    ----------
    counts, totals : arrays
    expected, underlying : arrays (N_THEMES, n_periods)
        Shares without and with the wandering.
    wander : array of N_THEMES
        Standard deviation of the noise on the logit scale of each share.
    """

    counts: Any
    totals: Any
    expected: Any
    underlying: Any
    wander: Any


def lay_periods(case: Case) -> Design:
    """The periods of a case, as the product places them in time; without counts."""
    days = SPANS[case.span]
    first = pd.Timestamp("2014-01-01")
    edges = first + pd.to_timedelta(np.round(np.linspace(0, days, case.n_periods + 1)), unit="D")
    length = np.diff(edges) / np.timedelta64(1, "D")
    seen = length.copy()
    if case.uneven:
        seen[0], seen[-1] = max(1.0, np.round(FIRST_SEEN * seen[0])), max(1.0, np.round(LAST_SEEN * seen[-1]))
    table = pd.DataFrame(
        {
            "period": edges[:-1],
            "period_end": edges[1:] - pd.Timedelta(days=1),
            "theme": "one",
            "count": 0,
            "total": 1,
            "share": 0.0,
            "low": 0.0,
            "high": 1.0,
            "complete": seen == length,
            "observed_days": seen.astype(int),
        }
    )
    return read_design(table)


def draw(rng: np.random.Generator, case: Case, design: Design) -> Drawn:
    """Draw one corpus: multinomial counts on shares whose log weights wander as an AR(1)."""
    n_periods = case.n_periods
    own = case.wander * np.exp(case.unlike * rng.standard_normal(N_THEMES))
    noise = np.empty((N_THEMES, n_periods))
    noise[:, 0] = rng.standard_normal(N_THEMES)
    fresh = np.sqrt(1 - case.memory**2) * rng.standard_normal((N_THEMES, n_periods))
    for place in range(1, n_periods):
        noise[:, place] = case.memory * noise[:, place - 1] + fresh[:, place]
    weights = np.repeat(LEVELS[:, None], n_periods, axis=1)
    weights[PLANTED] += np.log(case.odds_ratio) * _shape_course(case, design)
    expected, underlying = (_share(logits) for logits in (weights, weights + own[:, None] * noise))
    chance = np.ones(n_periods)
    if case.uneven:
        chance = np.geomspace(1, 5, n_periods) * rng.gamma(8, 1 / 8, n_periods)
        chance[0], chance[-1] = chance[0] * FIRST_SEEN, chance[-1] * LAST_SEEN
    totals = rng.multinomial(case.n_papers, chance / chance.sum())
    counts = np.array([rng.multinomial(total, share) for total, share in zip(totals, underlying.T, strict=True)]).T
    # Of log weight k minus that of the sum of the others.
    level = np.exp(LEVELS) / np.exp(LEVELS).sum()
    others = (level**2 * own**2).sum() - level**2 * own**2
    return Drawn(
        counts.astype(float), totals.astype(float), expected, underlying, np.sqrt(own**2 + others / (1 - level) ** 2)
    )


def _share(logits: Any) -> Any:
    weights = np.exp(logits)
    return weights / weights.sum(axis=0)


def _shape_course(case: Case, design: Design) -> Any:
    """The planted course, in units of the logarithm of the odds ratio."""
    place = np.arange(case.n_periods)
    if case.course == "line":
        years = design.time if design.unit == "per year" else design.time * SPANS[case.span] / 365.25
        return years - years.mean()
    if case.course == "peak":
        return 1 - np.abs(place - case.place) / max(case.place, case.n_periods - 1 - case.place)
    if case.course == "step":
        return (place >= case.place).astype(float)
    if case.course == "burst":
        return ((place >= case.place) & (place < case.place + case.length)).astype(float)
    return np.zeros(case.n_periods)
