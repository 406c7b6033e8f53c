"""The courses that are held against each other: a line, and what else a share may do."""

from __future__ import annotations

import numpy as np

from analysis.trends.fits import Floats

# A bend takes three numbers to draw, so fewer periods leave next to nothing to hold it against; a wave takes four, and
# steps are looked for where there are periods enough for each on its own.
MIN_PERIODS_FOR_BEND = 5
MIN_PERIODS_FOR_WAVE = 8
MIN_PERIODS_FOR_STEP = 16
# A step needs a tenth of the periods on either side.
_LEAST_SIDE = 0.1


def draw_line(axis: Floats) -> Floats:
    """Columns of a straight line, (n_periods, 2)."""
    return np.column_stack([np.ones_like(axis), axis])


def list_bends(axis: Floats) -> list[tuple[Floats, Floats]]:
    """What may stand beside a line: a square; a cube beside both; a step wherever it may lie.

    Parameters
    ----------
    axis : array of n_periods
        Standardised time; the periods are in order.

    Returns
    -------
    list of pairs of arrays
        A base (n_periods, n_columns), and what may be added to it, one at a time
        (n_periods, n_added).
    """
    n_periods, line = len(axis), draw_line(axis)
    if n_periods < MIN_PERIODS_FOR_BEND:
        return []
    bends = [(line, axis[:, None] ** 2)]
    if n_periods >= MIN_PERIODS_FOR_WAVE:
        bends.append((np.column_stack([line, axis**2]), axis[:, None] ** 3))
    if n_periods >= MIN_PERIODS_FOR_STEP:
        # A step taken a period too early or late leaves an outlier, which passes for noise: so every place.
        side = max(2, round(_LEAST_SIDE * n_periods))
        starts = np.arange(side, n_periods - side + 1)
        bends.append((line, (np.arange(n_periods)[:, None] >= starts).astype(float)))
    return bends
