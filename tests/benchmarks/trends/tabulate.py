"""A drawn corpus as a table of shares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.trends.design import Design
from tests.benchmarks.trends.simulate import Drawn


def as_shares(drawn: Drawn, design: Design) -> pd.DataFrame:
    """The table that `share_by_period` would give, but for the intervals, which are 0 to 1."""
    n_themes, n_periods = drawn.counts.shape
    total = np.tile(drawn.totals, n_themes)
    count = drawn.counts.ravel()
    days = (design.periods["period_end"] - design.periods["period"]).dt.days.to_numpy() + 1
    return pd.DataFrame(
        {
            "period": np.tile(design.periods["period"].to_numpy(), n_themes),
            "period_end": np.tile(design.periods["period_end"].to_numpy(), n_themes),
            "theme": np.repeat([f"t{theme}" for theme in range(n_themes)], n_periods),
            "count": count.astype(int),
            "total": total.astype(int),
            "share": np.divide(count, total, out=np.full(len(count), np.nan), where=total > 0),
            "low": 0.0,
            "high": 1.0,
            "complete": np.tile(design.complete, n_themes),
            "observed_days": np.tile(days, n_themes),
        }
    )
