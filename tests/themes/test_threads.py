"""Side by side: results in order, errors passed on, never threads within threads."""

import threading

import pytest

from analysis.themes.threads import count_cores, map_side_by_side


def test_results_come_in_order_whatever_the_number_of_threads():
    for n_threads in (1, 2, 7):
        assert map_side_by_side(lambda item: item * item, range(20), n_threads=n_threads) == [n * n for n in range(20)]
    assert map_side_by_side(str, [], n_threads=3) == []
    assert count_cores() >= 1


def test_an_error_in_a_thread_is_raised():
    def refuse(item):
        raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        map_side_by_side(refuse, range(3), n_threads=2)


def test_a_call_within_a_thread_starts_no_more_threads():
    def work(_):
        inner = map_side_by_side(lambda _: threading.get_ident(), range(5), n_threads=4)
        return threading.get_ident(), set(inner)

    for outer, inner in map_side_by_side(work, range(4), n_threads=2):
        assert inner == {outer}
