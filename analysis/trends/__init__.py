"""From dated papers to shares by period, and from shares to verdicts with their reasons."""

from analysis.trends.composition import Change, global_change
from analysis.trends.periods import choose_period
from analysis.trends.power import Visible, describe_visible
from analysis.trends.shares import share_by_period
from analysis.trends.verdicts import trend_verdicts

__all__ = [
    "Change",
    "Visible",
    "choose_period",
    "describe_visible",
    "global_change",
    "share_by_period",
    "trend_verdicts",
]
