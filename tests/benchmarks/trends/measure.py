"""What one case shows, as rates over many corpora."""

from __future__ import annotations

import dataclasses
import zlib
from typing import Any

import numpy as np

from analysis.trends.shares import jeffreys_interval
from analysis.trends.smoothing import smooth_counts
from tests.benchmarks.trends.rules import call_oracle, call_ours, call_peers
from tests.benchmarks.trends.simulate import PLANTED, Case, draw, lay_periods

# Below this an interval of a share names its quantity too roughly to be held to 95 %.
MANY_PAPERS = 50


def _start(case: Case) -> np.random.Generator:
    """The same corpora for the same case, whatever else is run."""
    return np.random.default_rng(zlib.crc32(repr(dataclasses.astuple(case)).encode()))


def measure_calls(case: Case, n_corpora: int, *, others: bool = False) -> dict[str, Any]:
    """Rates of corpora with any call, of themes with p < .05, and of calls of the planted theme.

    Returns
    -------
    dict
        ``any_call`` (rising or falling), ``any_changing``, ``global``, ``single_p``, ``planted`` (called in the
        planted direction; of a level course, called at all), ``planted_steady``, and with `others` ``oracle_any``,
        ``oracle_planted`` and the rate of corpora with any call by each rule of the peers.
    """
    rng, design = _start(case), lay_periods(case)
    rows: list[dict[str, float]] = []
    for _ in range(n_corpora):
        drawn = draw(rng, case, design)
        found = call_ours(drawn, design)
        moved = np.isin(found.verdict, ["rising", "falling"])
        known = found.p[~np.isnan(found.p)]
        row = {
            "any_call": float(moved.any()),
            "any_changing": float((found.verdict == "changing").any()),
            "global": float(found.changed),
            "single_p": float((known < 0.05).mean()) if len(known) else 0.0,
            "planted": float(moved[PLANTED] and (case.odds_ratio == 1 or found.verdict[PLANTED] == "rising")),
            "planted_steady": float(found.verdict[PLANTED] == "steady"),
        }
        if others:
            oracle = call_oracle(drawn, design, case)
            row |= {"oracle_any": float(oracle.any()), "oracle_planted": float(oracle[PLANTED])}
            row |= {rule: float(called.any()) for rule, called in call_peers(drawn).items()}
        rows.append(row)
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def measure_cover(case: Case, n_corpora: int) -> dict[str, Any]:
    """How often each interval holds what it names: over periods of 50 papers and more, and over all others.

    Returns
    -------
    dict
        ``underlying`` and ``underlying_few`` (Jeffreys against the underlying share), ``expected`` and
        ``expected_few``, ``band`` (all periods of a theme at once), ``band_width`` (mean, in shares), and
        the numbers of periods behind them; null where there are none.
    """
    rng, design = _start(case), lay_periods(case)
    held: dict[str, list[float]] = {}
    for _ in range(n_corpora):
        drawn = draw(rng, case, design)
        course = smooth_counts(drawn.counts, drawn.totals, design)
        low, high = jeffreys_interval(drawn.counts, drawn.totals)
        full, many = drawn.totals > 0, drawn.totals >= MANY_PAPERS
        inside = {
            "underlying": (low <= drawn.underlying) & (drawn.underlying <= high),
            "expected": (course.expected_low <= drawn.expected) & (drawn.expected <= course.expected_high),
        }
        for name, hits in inside.items():
            known = ~np.isnan(course.smooth)
            held.setdefault(name, []).extend(hits[known & many].astype(float))
            held.setdefault(f"{name}_few", []).extend(hits[known & ~many & full].astype(float))
        known = ~np.isnan(course.smooth).any(axis=1, where=full)
        within = (course.smooth_low <= drawn.underlying) & (drawn.underlying <= course.smooth_high)
        held.setdefault("band", []).extend(within[known].all(axis=1, where=full).astype(float))
        width = (course.smooth_high - course.smooth_low)[known]
        held.setdefault("band_width", []).extend(width.mean(axis=1, where=full))
    rates = {name: float(np.mean(hits)) if hits else None for name, hits in held.items()}
    return rates | {f"n_{name}": len(hits) for name, hits in held.items()}


def measure_places(case: Case, n_corpora: int) -> dict[str, Any]:
    """How often a planted turn or burst is found, and found within a period of the right one."""
    from analysis.trends.bursts import find_bursts
    from analysis.trends.turning import find_turn
    from tests.benchmarks.trends.tabulate import as_shares

    rng, design = _start(case), lay_periods(case)
    found, near = [], []
    for _ in range(n_corpora):
        drawn = draw(rng, case, design)
        if case.course == "burst":
            bursts = find_bursts(as_shares(drawn, design)).table
            bursts = bursts[(bursts["theme"] == f"t{PLANTED}") & (bursts["q"] < 0.05) & (bursts["level"] == 1)]
            found.append(len(bursts) > 0)
            if len(bursts):
                place = design.periods["period"].searchsorted(bursts["start"].iloc[bursts["weight"].argmax()])
                near.append(abs(place - case.place) <= 1)
            continue
        called = call_ours(drawn, design)
        bent = called.verdict[PLANTED] in ("rising", "falling", "changing") and called.bend_q[PLANTED] < 0.05
        found.append(bool(bent))
        if bent:
            full = (drawn.totals > 0) & design.complete
            turn = find_turn(drawn.counts[PLANTED, full], drawn.totals[full], design.time[full], design.position[full])
            near.append(turn.shape.startswith(case.course) and abs(turn.period - case.place) <= 1)
    return {"found": float(np.mean(found)), "near": float(np.mean(near)) if near else None, "n_found": len(near)}
