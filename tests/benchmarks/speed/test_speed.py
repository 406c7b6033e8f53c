"""The page tells what was measured."""

import math
import sys

import pytest

from tests.benchmarks.speed.page import find_slope, render_page, take_medians
from tests.benchmarks.speed.trials import Trial
from tests.benchmarks.speed.watch import watch


def make_trials():
    trials = []
    for size, stock, ours in ((1_000, 40.0, 20.0), (10_000, 400.0, 50.0), (100_000, None, 500.0)):
        for off in (-1.0, 0.0, 5.0):
            if stock:
                trials.append(Trial("stock", size, stock + off, stock, 900.0, {"fit": stock}))
            trials.append(Trial("static", size, ours + off, ours, 500.0, {"embed": ours / 2}, again=1.5))
    return trials


def test_medians_and_ratios_come_from_the_same_size():
    medians = take_medians(make_trials())
    assert medians["static", 10_000].total == 50.0
    page = render_page(make_trials(), "two cores")
    assert "| 10,000 | Themeline, static | 50.0 | 200 | 8.0 | 500 | 1.5 |" in page
    assert "| 100,000 | Themeline, static | 500.0 | 200 |  | 500 | 1.5 |" in page
    assert "| embed | 10.0 | 25.0 | 250.0 |" in page


def test_growth_is_told_from_ten_thousand_papers_on():
    page = render_page(make_trials(), "two cores")
    nlogn = 1 + math.log10(math.log(100_000) / math.log(10_000))
    assert f"Themeline, static: 1.00 from 10,000 to 100,000 papers (n log n would be {nlogn:.2f})." in page
    assert math.isnan(find_slope([10], [1.0]))


def test_memory_of_a_command_and_its_children_is_seen():
    hold = "import time; kept = bytearray(120_000_000); time.sleep(1.5)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    found = watch([sys.executable, "-c", nested])
    assert found.code == 0
    assert found.peak_mb > 100
    assert found.seconds > 1.5


def test_a_failure_is_told(tmp_path):
    found = watch([sys.executable, "-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"])
    assert (found.code, found.err) == (3, "no\n")


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.3])
def test_a_slope_is_found_again(exponent):
    sizes = [100, 1_000, 5_000]
    assert find_slope(sizes, [size**exponent for size in sizes]) == pytest.approx(exponent)
