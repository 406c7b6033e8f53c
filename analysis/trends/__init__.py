"""From dated papers to shares by period, and from shares to verdicts with their reasons."""

from analysis.trends.bursts import Bursts, find_bursts
from analysis.trends.choosing import choose_period
from analysis.trends.composition import Change, global_change
from analysis.trends.drift import Drift, collect_phrases, compare_phrases, compare_themes
from analysis.trends.drivers import Drivers, pick_representatives, tabulate_drivers
from analysis.trends.newcomers import find_newcomers
from analysis.trends.periods import count_set_apart
from analysis.trends.power import Visible, describe_visible
from analysis.trends.rates import rate_by_period, tabulate_growth
from analysis.trends.shares import share_by_period
from analysis.trends.smoothing import smooth_shares
from analysis.trends.verdicts import trend_verdicts

__all__ = [
    "Bursts",
    "Change",
    "Drift",
    "Drivers",
    "Visible",
    "choose_period",
    "collect_phrases",
    "compare_phrases",
    "compare_themes",
    "count_set_apart",
    "describe_visible",
    "find_bursts",
    "find_newcomers",
    "global_change",
    "pick_representatives",
    "rate_by_period",
    "share_by_period",
    "smooth_shares",
    "tabulate_drivers",
    "tabulate_growth",
    "trend_verdicts",
]
