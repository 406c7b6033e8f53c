"""Where a course that no line fits turns: a peak, a dip or a step, and in which period."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from analysis.trends.courses import draw_line
from analysis.trends.fits import Floats, fit_line
from analysis.trends.noise import MEMORIES, WANDERS, estimate_noise, read_residuals

# A turn needs a period or two on either side to be seen.
_LEAST_SIDE = 2


@dataclasses.dataclass(frozen=True)
class Turn:
    """Where a course turns.

    Attributes
    ----------
    shape : {"peak", "dip", "step up", "step down"}
    period : int
        Place of the period among all of the design: of the peak or dip, or the first after the step.
    """

    shape: str
    period: int


def find_turn(counts: Floats, totals: Floats, time: Floats, position: npt.NDArray[np.int64]) -> Turn:
    """The bend or step that fits the course of one theme best.

    Parameters
    ----------
    counts, totals, time : arrays of n_periods
        Papers of the theme, all papers (> 0), time; at least 5 periods.
    position : array of n_periods
        Place of each period in the calendar.

    Notes
    -----
    Each period in turn is taken for a knee, where a rising line turns into a
    falling one or the other way round, and for the start of a step between two
    levels. The logits of the counts are fitted with each by generalised least
    squares under the most likely noise around a bend; a knee has one number
    more than a step, and each number costs two.
    """
    line = fit_line(counts[None, :], totals, time)
    residuals = read_residuals(counts[None, :], totals, line, position)
    noise = estimate_noise(residuals, np.column_stack([draw_line(line.axis), line.axis**2]))
    memory, _, wander = np.unravel_index(int(noise.weight.argmax()), noise.weight.shape)
    lag = np.abs(position[:, None] - position[None, :])
    # Half a paper more on either side: a period without a paper of the theme has a logit too.
    share = (counts + 0.5) / (totals + 1)
    variance = 1 / (totals * share * (1 - share) + 0.5)
    covariance = np.diag(variance) + WANDERS[wander] ** 2 * MEMORIES[memory] ** lag
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    target = whiten @ np.log(share / (1 - share))
    found: list[tuple[float, Turn]] = []
    axis = line.axis
    for place in range(1, len(totals)):
        if _LEAST_SIDE <= place <= len(totals) - _LEAST_SIDE:
            step = (np.arange(len(totals)) >= place).astype(float)
            misfit, slopes = _fit(whiten, [np.ones_like(axis), step], target)
            found.append((misfit, Turn("step up" if slopes[1] > 0 else "step down", int(position[place]))))
        if place < len(totals) - 1:
            below, above = np.minimum(axis - axis[place], 0.0), np.maximum(axis - axis[place], 0.0)
            misfit, slopes = _fit(whiten, [np.ones_like(axis), below, above], target)
            if slopes[1] * slopes[2] < 0:
                found.append((misfit, Turn("peak" if slopes[1] > 0 else "dip", int(position[place]))))
    return min(found, key=lambda one: one[0])[1]


def _fit(whiten: Floats, columns: list[Floats], target: Floats) -> tuple[float, Floats]:
    """Misfit with a price of two per number, and the coefficients."""
    matrix = whiten @ np.column_stack(columns)
    solution = np.asarray(np.linalg.lstsq(matrix, target, rcond=None)[0], dtype=float)
    return float(((target - matrix @ solution) ** 2).sum()) + 2 * len(columns), solution
