"""Does anything move at all? One question before the themes are asked one by one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from analysis.trends.design import UNASSIGNED, read_design
from analysis.trends.judging import Rules, judge
from analysis.trends.sentences import say_p


@dataclasses.dataclass(frozen=True)
class Change:
    """Answer to whether the composition of the papers changes over time.

    Attributes
    ----------
    p : float or None
        Two-sided p-value of no change; None where no test is possible.
    changed : bool
        Whether `p` lies below alpha.
    n_tests : int
        Tests that it combines: a trend and a bend for each group.
    sentence : str
    """

    p: float | None
    changed: bool
    n_tests: int
    sentence: str


def global_change(shares: pd.DataFrame, *, alpha: float = 0.05) -> Change:
    """Test that no group's share changes over time, neither along a line nor in a bend.

    Parameters
    ----------
    shares : DataFrame
        From `analysis.trends.share_by_period`; ``unassigned`` counts in the totals alone.
    alpha : float, default 0.05

    Notes
    -----
    Simes' combination [1]_ of the p-values of every group's trend and bend: the
    smallest of ``p_(i) * n / i``. No theme is called unless this test says that
    something moves, so the chance of any false call is at most alpha where
    nothing does. It allows for wandering shares as the single
    tests do, which a permutation of periods cannot do at the usual 5 to 30
    periods. It is exact for independent tests and holds for most kinds of
    dependence; shares that sum to one depend weakly on each other.

    References
    ----------
    .. [1] Simes (1986), Biometrika 73(3), 751-754.
    """
    design = read_design(shares)
    rows = [row for row, group in enumerate(design.groups) if group != UNASSIGNED]
    found = judge(design.counts[rows], design.totals, design, Rules(alpha=alpha), ends=False)
    n_tests = int((~np.isnan(np.concatenate([found.p, found.bend_p]))).sum())
    n_dated = int(design.totals.sum())
    papers = f"{n_dated} dated paper{'' if n_dated == 1 else 's'} over {design.span}"
    if not n_tests:
        why = "a trend needs 3 periods with papers, and a group that holds some of the papers but not all"
        return Change(None, False, 0, f"Whether the composition changes cannot be tested with {papers}: {why}.")
    p = found.global_p
    answer = "The composition changes over time" if p < alpha else "No change in the composition shows"
    tests = f"{n_tests} test{'' if n_tests == 1 else 's'} of trend and bend"
    return Change(p, p < alpha, n_tests, f"{answer} (global p {say_p(p)}, {tests} combined, {papers}).")
