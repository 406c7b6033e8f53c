"""What is simulated has the truth that it claims to have."""

import numpy as np
import pytest

from tests.benchmarks.trends.jobs import Job, run_jobs
from tests.benchmarks.trends.measure import measure_calls
from tests.benchmarks.trends.simulate import N_THEMES, PLANTED, SPANS, Case, draw, lay_periods


def logit(share):
    return np.log(share / (1 - share))


def draw_many(case, n_corpora=40):
    rng, design = np.random.default_rng(0), lay_periods(case)
    return [draw(rng, case, design) for _ in range(n_corpora)], design


@pytest.mark.parametrize("span", list(SPANS))
def test_planted_line_has_its_odds_ratio_per_year(span):
    case = Case(5000, 24, span, 0.4, course="line", odds_ratio=1.5)
    (drawn,), design = draw_many(case, 1)
    years = design.time if design.unit == "per year" else design.time * SPANS[span] / 365.25
    per_year = np.diff(logit(drawn.expected[PLANTED])) / np.diff(years)
    np.testing.assert_allclose(np.exp(per_year), 1.5)
    assert years[-1] - years[0] == pytest.approx(SPANS[span] / 365.25, rel=0.1)
    assert logit(drawn.expected[0]) == pytest.approx(logit(drawn.expected[0, ::-1])[::-1])
    assert (np.diff(drawn.expected[0]) < 0).all()


@pytest.mark.parametrize(("course", "place", "length"), [("peak", 7, 0), ("step", 9, 0), ("burst", 9, 5)])
def test_planted_courses_lie_where_they_are_said_to(course, place, length):
    case = Case(5000, 24, "2 years", 0.4, course=course, odds_ratio=4.0, place=place, length=length)
    (drawn,), _ = draw_many(case, 1)
    odds = np.exp(logit(drawn.expected[PLANTED]))
    assert odds.max() / odds.min() == pytest.approx(4.0)
    high = np.flatnonzero(np.isclose(odds, odds.max()))
    assert high.tolist() == {"peak": [7], "step": list(range(9, 24)), "burst": list(range(9, 14))}[course]


def test_level_shares_do_not_move():
    (drawn,), _ = draw_many(Case(5000, 24, "2 years", 0.4), 1)
    assert np.ptp(drawn.expected, axis=1).max() < 1e-12
    assert drawn.expected[:, 0] == pytest.approx([0.26, 0.20, 0.15, 0.12, 0.10, 0.08, 0.06, 0.03])


@pytest.mark.parametrize(("memory", "close"), [(0.0, 0.025), (0.7, 0.045)])
def test_noise_has_the_wander_and_the_memory_of_its_case(memory, close):
    drawn, _ = draw_many(Case(5000, 60, "2 years", memory), 200)
    noise = np.array([logit(one.underlying) - logit(one.expected) for one in drawn])
    # Four standard errors of 200 corpora of 60 periods, of which a memory of .7 leaves a third.
    np.testing.assert_allclose(noise.std(axis=(0, 2)), drawn[0].wander, rtol=close)
    neighbours = [
        np.corrcoef(noise[:, theme, :-1].ravel(), noise[:, theme, 1:].ravel())[0, 1] for theme in range(N_THEMES)
    ]
    np.testing.assert_allclose(neighbours, memory, atol=0.08)


def test_counts_sum_to_all_papers_and_uneven_ones_grow():
    drawn, design = draw_many(Case(5000, 24, "2 years", 0.0))
    assert all((one.counts.sum(axis=0) == one.totals).all() and one.totals.sum() == 5000 for one in drawn)
    mean = np.mean([one.totals for one in drawn], axis=0)
    assert mean[19:23].sum() > 2.5 * mean[1:5].sum()
    assert design.complete.tolist() == [False] + [True] * 22 + [False]
    even, design = draw_many(Case(5000, 24, "2 years", 0.0, uneven=False), 10)
    assert np.mean([one.totals for one in even], axis=0) == pytest.approx(5000 / 24, rel=0.2)
    assert design.complete.all()


def test_same_case_gives_the_same_rates_and_another_gives_others():
    first, again = (measure_calls(Case(300, 8, "2 years", 0.0), 6) for _ in range(2))
    assert first == again
    more = measure_calls(Case(300, 8, "2 years", 0.0, course="line", odds_ratio=12.0), 6)
    assert more["planted"] > first["planted"]


def test_measured_rows_are_kept_by_code_and_case(tmp_path, monkeypatch):
    job = Job("calls", Case(300, 8, "2 years", 0.0), 3)
    first = run_jobs([job], tmp_path, n_processes=1)
    kept = list(tmp_path.glob("*.json"))
    assert len(kept) == 1
    kept[0].write_text('{"any_call": 0.5}', encoding="utf-8")
    (row,) = run_jobs([job], tmp_path, n_processes=1)
    assert row["any_call"] == 0.5
    assert (row["n_papers"], row["n_corpora"]) == (300, 3)
    monkeypatch.setattr("tests.benchmarks.trends.jobs.identify_code", lambda kind: "other code")
    assert run_jobs([job], tmp_path, n_processes=1) == first
