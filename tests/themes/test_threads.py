"""Side by side: results in order, errors passed on, never threads within threads."""

import subprocess
import sys
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


def test_a_process_that_has_embedded_and_linked_ends():
    # OpenVINO's own TBB in numba's hands never lets the interpreter end.
    lines = (
        "import numpy as np, numba",
        "from analysis.themes.embedding import find_encoder",
        "from analysis.themes.neighbours import build_graph",
        "vectors = find_encoder('minilm', 20).encode([f'text number {n}' for n in range(20)])",
        "build_graph(vectors)",
        "numba.set_num_threads(1)",
        "print(numba.threading_layer())",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("omp", "workqueue")
