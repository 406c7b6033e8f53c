"""The orders of the periods, against a count of all of them by another statistic that ranks them alike."""

import itertools

import numpy as np
import pytest

from analysis.trends.permuting import N_ORDERS, draw_orders, is_few, list_orders, permute_p


def count_orders(counts, totals, axis):
    """Share of all orders in which time and membership, paper by paper, correlate at least as much."""

    def correlate(order):
        papers = [int(totals[place]) for place in order]
        member = [m for place in order for m in [1] * int(counts[place]) + [0] * int(totals[place] - counts[place])]
        return abs(np.corrcoef(np.repeat(axis, papers), member)[0, 1])

    found = [correlate(order) for order in itertools.permutations(range(len(totals)))]
    return np.mean(np.array(found) >= found[0] - 1e-9)


@pytest.mark.parametrize(
    ("counts", "totals", "axis"),
    [
        ([1, 3, 2, 6], [10, 12, 9, 11], [0, 1, 2, 3]),
        ([4, 1, 3, 0], [8, 8, 8, 8], [0, 1, 2, 2.6]),
        ([1, 3, 2, 6, 5], [10, 12, 9, 11, 30], [0.2, 1, 2, 3, 4]),
        ([5, 1, 2, 2, 7], [6, 6, 6, 6, 8], [0, 1, 2, 3, 4]),
    ],
)
def test_p_is_exact_where_all_orders_are_counted(counts, totals, axis):
    counts, totals, axis = (np.array(one, dtype=float) for one in (counts, totals, axis))
    assert permute_p(counts[None, :], totals, axis)[0] == pytest.approx(count_orders(counts, totals, axis))


def test_smallest_p_is_two_in_the_number_of_orders():
    axis = np.arange(4.0)
    for totals in (np.full(4, 50.0), np.array([20.0, 60, 90, 40])):
        assert permute_p(totals[None, :] * [0.1, 0.2, 0.3, 0.5], totals, axis)[0] == pytest.approx(2 / 24)
    many = np.full(24, 50.0)
    steep = permute_p(many[None, :] * np.linspace(0.1, 0.9, 24), many, np.arange(24.0))[0]
    assert steep == pytest.approx(1 / (N_ORDERS + 1))


def test_level_share_never_surprises_though_periods_differ_in_size():
    totals = np.array([10.0, 300, 20, 70, 400, 30, 90, 60, 10])
    assert permute_p(totals[None, :] * 0.3, totals, np.arange(9.0))[0] == 1.0


def test_swapping_the_direction_of_time_changes_nothing():
    rng = np.random.default_rng(4)
    totals = rng.integers(20, 60, 6).astype(float)
    counts = rng.binomial(totals.astype(int), 0.3, (5, 6)).astype(float)
    axis = np.arange(6.0)
    np.testing.assert_allclose(permute_p(counts, totals, axis), permute_p(counts, totals, -axis))


def test_every_order_holds_every_period_once_and_the_own_order_is_among_them():
    for n_periods in (3, 7, 8, 24, 61):
        orders = list_orders(n_periods)
        assert (np.sort(orders, axis=1) == np.arange(n_periods)).all()
        assert (orders[0] == np.arange(n_periods)).all()
        assert len(orders) == (np.prod(np.arange(1, n_periods + 1)) if n_periods <= 7 else N_ORDERS + 1)


@pytest.mark.parametrize(("n_periods", "block"), [(24, 3), (60, 7), (31, 3)])
def test_blocks_keep_together(n_periods, block):
    orders = draw_orders(n_periods, block, 500, seed=1)
    kept = (np.diff(orders, axis=1) % n_periods == 1).sum(axis=1)
    # All but the seams between blocks: one fewer than there are blocks.
    assert (kept >= n_periods - -(-n_periods // block)).all()
    alone = draw_orders(n_periods, 1, 500, seed=1)
    assert (np.diff(alone, axis=1) % n_periods == 1).sum(axis=1).mean() < 2


def test_orders_are_the_same_each_time():
    assert (draw_orders(24, 3, 50, seed=1) == draw_orders(24, 3, 50, seed=1)).all()
    assert (draw_orders(24, 3, 50, seed=1) != draw_orders(24, 3, 50, seed=2)).any()


def test_p_of_shares_without_memory_is_even():
    rng = np.random.default_rng(6)
    totals = rng.integers(30, 90, 10).astype(float)
    counts = rng.binomial(totals.astype(int), rng.beta(4, 12, (600, 10))).astype(float)
    p = permute_p(counts, totals, np.arange(10.0))
    # Three standard errors of 600 themes around 5 % and 50 %.
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 600))
    assert np.mean(p <= 0.5) == pytest.approx(0.5, abs=3 * np.sqrt(0.25 / 600))


def test_few_papers_or_few_periods_ask_for_the_test():
    counts = np.array([[1.0] * 29 + [0], [1.0] * 30])
    assert is_few(counts, np.full(30, 9.0)).tolist() == [True, False]
    assert is_few(counts[:, :12] * 90, np.full(12, 99.0)).all()
    assert not is_few(counts[:, :13] * 90, np.full(13, 99.0)).any()
