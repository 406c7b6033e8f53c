"""What must hold, and whether it does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

PEER_RULES = (
    "slope above or below zero",
    "last bin above or below first",
    "slope, p < .05",
    "Mann-Kendall, p < .05",
    "quasi-binomial, q < .05",
)
MOST_FALSE, LEAST_BAND, POWER_GAP, LEAST_NEAR = 0.05, 0.93, 0.07, 0.8
COVER = (0.93, 0.97)


@dataclasses.dataclass(frozen=True)
class Held:
    """One requirement: what is asked, what was measured, whether it holds."""

    asked: str
    measured: str
    holds: bool


def judge_all(tables: dict[str, pd.DataFrame]) -> list[Held]:
    """Every requirement, from the tables of the benchmark."""
    return [
        judge_calls(tables["level"]),
        *judge_cover(tables["cover"]),
        judge_margins(tables["margins"]),
        judge_power(tables["lines"]),
        judge_peers(tables["peers"]),
        judge_turns(tables["turns"]),
    ]


def judge_calls(level: pd.DataFrame) -> Held:
    """Any false call in at most 5 % of the corpora, plus two standard errors of the simulation."""
    border = MOST_FALSE + 2 * np.sqrt(MOST_FALSE * (1 - MOST_FALSE) / level["n_corpora"])
    over = level[~(level["any_call"] <= border)]
    worst = level.loc[level["any_call"].idxmax()]
    said = (
        f"{level['any_call'].mean():.1%} in the mean of {len(level)} cases, at most {worst['any_call']:.1%} "
        f"({worst['n_papers']:,} papers, {worst['n_periods']} periods, {worst['span']}, memory {worst['memory']:g}); "
        f"{len(over)} cases above"
    )
    return Held("no trend: any theme called in at most 5 % of the corpora (+ 2 standard errors)", said, over.empty)


def judge_cover(cover: pd.DataFrame) -> list[Held]:
    """Coverage of 93 to 97 % over periods of 50 papers, and of the band of at least 93 %."""
    found = []
    for name, said in (("underlying", "share of the papers sampled"), ("expected", "expected share")):
        known = cover.dropna(subset=[name])
        weights = known[f"n_{name}"]
        mean = float(np.average(known[name], weights=weights))
        outside = known[~known[name].between(*COVER)]
        measured = (
            f"{mean:.1%} over all; by case {known[name].min():.1%} to {known[name].max():.1%}, "
            f"{len(outside)} of {len(known)} outside"
        )
        asked = f"95 % interval of the {said}: covers 93 to 97 % over periods of 50 papers and more"
        found.append(Held(asked, measured, bool(COVER[0] <= mean <= COVER[1])))
    low = cover[~(cover["band"] >= LEAST_BAND)]
    measured = (
        f"{cover['band'].mean():.1%} in the mean, at least {cover['band'].min():.1%}; {len(low)} of {len(cover)} below"
    )
    found.append(
        Held("band: holds in all periods at once for at least 93 % of the themes, in every case", measured, low.empty)
    )
    return found


def judge_margins(margins: pd.DataFrame) -> Held:
    """Steady is wrong at most 5 % of the time at the margin, plus two standard errors."""
    border = MOST_FALSE + 2 * np.sqrt(MOST_FALSE * (1 - MOST_FALSE) / margins["n_corpora"])
    rate = margins["planted_steady"]
    measured = f"at most {rate.max():.1%}, {rate.mean():.1%} in the mean"
    return Held(
        "a theme at the margin is called steady in at most 5 % (+ 2 standard errors)",
        measured,
        bool((rate <= border).all()),
    )


def judge_power(lines: pd.DataFrame) -> Held:
    """Power within .07 of the oracle's, in every case."""
    gap = lines["oracle_planted"] - lines["planted"]
    within = gap <= POWER_GAP
    worst = lines.loc[gap.idxmax()]
    measured = (
        f"{int(within.sum())} of {len(lines)} cases within; {gap.mean():.3f} in the mean, largest {gap.max():.2f} "
        f"({worst['n_papers']:,} papers, {worst['n_periods']} periods, {worst['span']}, memory {worst['memory']:g}, "
        f"odds ratio {worst['odds_ratio']:g})"
    )
    return Held(
        "planted lines: power within .07 of an oracle that is told memory and wander", measured, bool(within.all())
    )


def judge_turns(turns: pd.DataFrame) -> Held:
    """Of the planted turns and bursts that are found, four in five at the right period, give or take one."""
    known = turns[turns["n_found"] > 0]
    by_kind = {kind: float(np.average(part["near"], weights=part["n_found"])) for kind, part in known.groupby("course")}
    said = ", ".join(f"{kind} {rate:.0%}" for kind, rate in by_kind.items())
    found = ", ".join(f"{kind} {part['found'].mean():.0%}" for kind, part in turns.groupby("course"))
    return Held(
        "planted turns and bursts, where found: the right period give or take one in 80 %",
        f"right: {said}; found at all: {found}",
        bool(by_kind) and min(by_kind.values()) >= LEAST_NEAR,
    )


def judge_peers(peers: pd.DataFrame) -> Held:
    """Fewer corpora with a false call than any rule of the peers, in the mean."""
    least = min(PEER_RULES, key=lambda rule: float(peers[rule].mean()))
    measured = f"{peers['any_call'].mean():.1%} against {peers[least].mean():.1%} of the best of them ({least})"
    return Held(
        "fewer corpora with a false call than by any rule of the peers",
        measured,
        bool(peers["any_call"].mean() < peers[least].mean()),
    )
