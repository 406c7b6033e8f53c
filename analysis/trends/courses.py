"""The courses that are held against each other: a line, and what else a share may do."""

from __future__ import annotations

import numpy as np

from analysis.trends.fits import Floats

# A bend takes three numbers to draw, so fewer periods leave next to nothing to hold it against; a wave takes four, and
# steps are looked for where there are periods enough for each on its own.
MIN_PERIODS_FOR_BEND = 5
MIN_PERIODS_FOR_WAVE = 8
MIN_PERIODS_FOR_STEP = 16
# Where in time a step is looked for; one between two of these still shows at both.
_STEPS = (0.2, 0.35, 0.5, 0.65, 0.8)


def draw_line(axis: Floats) -> Floats:
    """Columns of a straight line, (n_periods, 2)."""
    return np.column_stack([np.ones_like(axis), axis])


def list_bends(axis: Floats) -> list[tuple[Floats, ...]]:
    """What may stand beside a line: a square; then a cube beside both, or a step. The last column is what is tested.

    Parameters
    ----------
    axis : array of n_periods
        Standardised time; the periods are in order.
    """
    n_periods = len(axis)
    if n_periods < MIN_PERIODS_FOR_BEND:
        return []
    bends: list[tuple[Floats, ...]] = [(axis**2,)]
    if n_periods >= MIN_PERIODS_FOR_WAVE:
        bends.append((axis**2, axis**3))
    if n_periods >= MIN_PERIODS_FOR_STEP:
        place = np.arange(n_periods)
        bends += [((place >= round(part * n_periods)).astype(float),) for part in _STEPS]
    return bends
