"""Who calls a trend: ours, an oracle that is told the noise, and the rules that peers go by."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.trends.courses import draw_line, list_bends
from analysis.trends.design import Design
from analysis.trends.fits import fit_line
from analysis.trends.judging import Rules, judge
from analysis.trends.noise import adjust_p, combine_p, read_residuals
from tests.benchmarks.trends.simulate import Case, Drawn

RULES = Rules()


def call_ours(drawn: Drawn, design: Design) -> Any:
    """The verdicts of the product."""
    return judge(drawn.counts, drawn.totals, design, RULES)


def call_oracle(drawn: Drawn, design: Design, case: Case) -> Any:
    """p of each theme's line and bends by generalised least squares under the true memory and wander.

    The corrections are those of the product: Benjamini-Hochberg, behind Simes' test over lines and bends.

    Returns
    -------
    array of bool, one per theme
        Whether a rise or a fall is called.
    """
    from scipy.stats import norm

    full = drawn.totals > 0
    counts, totals = drawn.counts[:, full], drawn.totals[full]
    used = (counts.sum(axis=1) >= 2) & (counts.sum(axis=1) < totals.sum())
    line = fit_line(counts[used], totals, design.time[full])
    residuals = read_residuals(counts[used], totals, line, design.position[full])
    position = design.position[full]
    lag = np.abs(position[:, None] - position[None, :])
    root = residuals.root
    shared = root[:, None] * case.memory**lag * root[None, :]
    straight = draw_line(residuals.axis)
    bends = [np.column_stack([base, one]) for base, added in list_bends(residuals.axis) for one in added.T]
    p = np.full((1 + len(bends), len(counts)), np.nan)
    for place, theme in enumerate(np.flatnonzero(used)):
        covariance = np.eye(len(totals)) + drawn.wander[theme] ** 2 * residuals.spread[place] * shared
        inverse = np.linalg.inv(covariance)
        for row, columns in enumerate([straight, *bends]):
            basis, triangle = np.linalg.qr(root[:, None] * columns)
            basis = basis * np.sign(triangle[-1, -1])
            error = np.linalg.inv(basis.T @ inverse @ basis)
            estimate = (error @ (basis.T @ inverse @ residuals.value[place]))[-1]
            estimate += line.root[place] if row == 0 else 0.0
            p[row, theme] = 2 * norm.sf(abs(estimate) / np.sqrt(error[-1, -1]))
    bend = np.array([combine_p(np.array([one[0], combine_p(one[1:])])) if len(one) else np.nan for one in p[1:].T])
    slope = np.full(len(counts), np.nan)
    slope[used] = line.slope / line.unit
    enough = np.abs(slope) * design.length >= np.log(RULES.min_effect)
    passed = combine_p(np.concatenate([p[0], bend])) < RULES.alpha
    return np.nan_to_num(adjust_p(p[0]), nan=1.0) < RULES.alpha * passed * enough


def call_peers(drawn: Drawn) -> dict[str, Any]:
    """What other rules call rising or falling; one array of bool per rule.

    "slope": the least-squares line of the share has a slope, so it is called by
    its sign. "last above first": the count of the last bin against that of the
    first, as `topics_over_time` of BERTopic draws them (20 equal bins at most).
    "slope, p": the line's p below .05. "Mann-Kendall": its p below .05.
    "quasi-binomial": a logistic line with overdispersion, Benjamini-Hochberg.
    """
    from scipy.stats import kendalltau, linregress

    full = drawn.totals > 0
    share = drawn.counts[:, full] / drawn.totals[full]
    time = np.flatnonzero(full).astype(float)
    lines = [linregress(time, one) if one.any() else None for one in share]
    bins = [part.sum(axis=1) for part in np.array_split(drawn.counts, min(20, drawn.counts.shape[1]), axis=1)]
    return {
        "slope above or below zero": np.array([line is not None and line.slope != 0 for line in lines]),
        "last bin above or below first": bins[0] != bins[-1],
        "slope, p < .05": np.array([line is not None and line.pvalue < 0.05 for line in lines]),
        "Mann-Kendall, p < .05": np.array(
            [bool(one.any()) and kendalltau(time, one).pvalue < 0.05 for one in share], dtype=bool
        ),
        "quasi-binomial, q < .05": _call_quasi_binomial(drawn, full, time),
    }


def _call_quasi_binomial(drawn: Drawn, full: Any, time: Any) -> Any:
    from scipy.stats import t

    counts, totals = drawn.counts[:, full], drawn.totals[full]
    p = np.full(len(counts), np.nan)
    used = (counts.sum(axis=1) >= 2) & (counts.sum(axis=1) < totals.sum())
    line = fit_line(counts[used], totals, time)
    variance = totals * line.share * (1 - line.share)
    dispersion = ((counts[used] - totals * line.share) ** 2 / np.maximum(variance, 1e-12)).sum(axis=1)
    dispersion = np.maximum(dispersion / (len(totals) - 2), 1.0)
    p[used] = 2 * t.sf(np.abs(line.root) / np.sqrt(dispersion), len(totals) - 2)
    return np.nan_to_num(adjust_p(p), nan=1.0) < 0.05
