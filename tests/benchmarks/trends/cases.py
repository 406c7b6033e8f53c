"""The cases: no trend, planted lines, planted turns and bursts, and what else may go wrong."""

from __future__ import annotations

import itertools

from tests.benchmarks.trends.simulate import SPANS, Case

SIZES = (78, 500, 5000)
PERIODS = (8, 24, 60)
MEMORIES = (0.0, 0.4, 0.7)
ODDS_RATIOS = (1.2, 1.5, 2.0)
MARGIN = 1.5


def list_level() -> list[Case]:
    """No trend at all: every size, number of periods, span and memory; papers uneven, ends seen in part."""
    return [
        Case(size, periods, span, memory)
        for size, periods, span, memory in itertools.product(SIZES, PERIODS, SPANS, MEMORIES)
    ]


def list_harder() -> list[Case]:
    """No trend, and noise that the model does not take for granted."""
    kinds = (
        {"wander": 0.0},
        {"wander": 0.5},
        {"wander": 0.25, "unlike": 0.6},
        {"wander": 0.25, "uneven": False},
    )
    return [
        Case(5000, periods, "2 years", memory, **kind)  # type: ignore[arg-type]
        for kind in kinds
        for periods, memory in itertools.product((8, 24), (0.0, 0.7))
    ] + [Case(5000, periods, "2 years", 0.9) for periods in (8, 24, 60)]


def list_lines() -> list[Case]:
    """One theme of 12 % on a line, by its odds ratio per year; half a year is too short for these to show."""
    return [
        Case(size, periods, span, memory, course="line", odds_ratio=ratio)
        for size, periods, span, memory, ratio in itertools.product(
            SIZES, PERIODS, ("2 years", "10 years"), MEMORIES, ODDS_RATIOS
        )
    ]


def list_margins() -> list[Case]:
    """One theme exactly at the margin of steady, over two years; large corpora, as smaller ones call nothing steady."""
    return [
        Case(size, periods, "2 years", memory, wander=wander, course="line", odds_ratio=MARGIN**0.5)
        for size, periods, memory, wander in itertools.product((5000, 20000), PERIODS, (0.0, 0.7), (0.05, 0.25))
    ]


def list_turns() -> list[Case]:
    """Peaks, steps and bursts of known place, in 5,000 and 20,000 papers."""
    cases = []
    for size, memory in itertools.product((5000, 20000), (0.0, 0.4)):
        for periods in (24, 60):
            common = {"memory": memory, "uneven": False}
            for ratio in (4.0, 8.0):
                cases.append(
                    Case(
                        size, periods, "2 years", course="peak", odds_ratio=ratio, place=round(0.4 * periods), **common
                    )
                )
                cases.append(
                    Case(
                        size, periods, "2 years", course="step", odds_ratio=ratio, place=round(0.3 * periods), **common
                    )
                )
            # Bursts are not searched for in fewer than 30 periods.
            for ratio in (2.5, 5.0) if periods >= 30 else ():
                length = max(4, periods // 6)
                burst = {"course": "burst", "odds_ratio": ratio, "place": periods // 2, "length": length}
                cases.append(Case(size, periods, "2 years", **burst, **common))
    return cases
