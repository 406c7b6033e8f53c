"""Where a course turns: on counts without noise the place is exact."""

import numpy as np
import pytest

from analysis.trends.turning import find_turn
from tests.trends.made_courses import follow, lay

N_PERIODS = 16
PLACE = np.arange(N_PERIODS)
TOTALS = np.linspace(200.0, 900, N_PERIODS).round()


def turn_of(logit, totals=TOTALS, position=None):
    design = lay(len(totals))
    position = design.position if position is None else position
    turn = find_turn(follow(logit, totals)[0], totals, design.time, position)
    return turn.shape, turn.period


@pytest.mark.parametrize("top", range(2, 14))
@pytest.mark.parametrize("slope", [0.05, 0.1, 0.3])
def test_peak_is_found_in_its_period(top, slope):
    assert turn_of(-1 - slope * np.abs(PLACE - top)) == ("peak", top)


@pytest.mark.parametrize("top", range(2, 14))
def test_shallow_dip_is_found_in_its_period(top):
    assert turn_of(-1 + 0.03 * np.abs(PLACE - top)) == ("dip", top)


@pytest.mark.parametrize("top", [4, 5, 11, 12])
def test_deep_dip_is_found_within_a_period(top):
    shape, place = turn_of(-4 + 0.3 * np.abs(PLACE - top))
    assert shape == "dip"
    assert abs(place - top) <= 1


@pytest.mark.parametrize("first", range(2, 15))
def test_step_is_found_with_its_first_period(first):
    step = 1.2 * (first <= PLACE)
    assert turn_of(-2 + step) == ("step up", first)
    assert turn_of(-1 - step) == ("step down", first)


def test_place_is_that_among_all_periods_where_some_are_left_out():
    position = np.delete(np.arange(N_PERIODS + 4), [0, 5, 6, 11])
    assert turn_of(-2 + 1.2 * (PLACE >= 8), position=position) == ("step up", position[8])
    assert turn_of(-1 - 0.3 * np.abs(PLACE - 8), position=position) == ("peak", position[8])


def test_slow_rise_and_fall_is_a_peak_and_no_step():
    assert turn_of(-1 - 0.02 * (PLACE - 7) ** 2)[0] == "peak"


def test_five_periods_are_enough():
    totals = np.full(5, 800.0)
    assert turn_of([-3, -2, -1, -2, -3], totals) == ("peak", 2)
    assert turn_of([-2, -2, -1, -1, -1], totals) == ("step up", 2)
