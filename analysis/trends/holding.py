"""Sentences of what holds a call back, and of where a course turns."""

from __future__ import annotations

import numpy as np

from analysis.trends.design import Design
from analysis.trends.grains import label_period, recognise_period
from analysis.trends.judging import Judgement, Rules
from analysis.trends.power import MIN_PERIODS_FOR_CALL
from analysis.trends.sentences import say_factor, say_p
from analysis.trends.turning import Turn


def say_held(place: int, found: Judgement, design: Design, rules: Rules) -> str:
    """Why a theme whose test, or whose bend, passes is called nothing all the same; empty where neither passes."""
    if found.q[place] >= rules.alpha and not found.bend_q[place] < rules.alpha:
        return ""
    if not found.changed:
        return f"; no theme is called, as the test that anything moves at all does not pass (p {say_p(found.global_p)})"
    if found.n_periods < MIN_PERIODS_FOR_CALL:
        return f"; {found.n_periods} periods have too few orders for any line to surprise"
    over_span = float(np.exp(abs(np.log(found.odds_ratio[place])) * design.length))
    if over_span < rules.min_effect:
        least = say_factor(rules.min_effect)
        return f"; that is a factor of {say_factor(over_span)} over the whole span, and one below {least} is not called"
    p = float(found.p_permuted[place])
    return f"; among the orders of the periods so steep a line is no surprise (p {say_p(p)})"


def say_turn(turn: Turn, design: Design) -> str:
    """Where a course turns, such as "a peak in 2024-03" or "a step up with 2024-03"."""
    first = design.periods.iloc[turn.period]
    days = (first["period_end"] - first["period"]).days + 1
    label = label_period(first["period"], recognise_period(days))
    return f"a {turn.shape} {'with' if turn.shape.startswith('step') else 'in'} {label}"
