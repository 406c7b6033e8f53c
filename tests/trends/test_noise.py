"""How far shares wander, against truths that are planted and formulas that are written out."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from analysis.trends.courses import draw_line
from analysis.trends.noise import (
    MEMORIES,
    WANDERS,
    adjust_p,
    combine_p,
    estimate_noise,
    find_reach,
    find_root,
    p_of_root,
)
from tests.benchmarks.trends.simulate import Case, draw, lay_periods
from tests.trends.made_courses import fit_noise

N_CORPORA = 25


def draw_noises(case, n_corpora=N_CORPORA):
    rng, design = np.random.default_rng(3), lay_periods(case)
    for _ in range(n_corpora):
        drawn = draw(rng, case, design)
        yield drawn, fit_noise(drawn.counts, drawn.totals, design.time, design.position)


@pytest.fixture(scope="module")
def wandering():
    return next(draw_noises(Case(5000, 24, "2 years", 0.4), 1))


def test_weights_of_each_theme_sum_to_one(wandering):
    _, (_, _, noise) = wandering
    assert noise.weight.shape == (len(MEMORIES), 8, len(WANDERS))
    assert (noise.weight >= 0).all()
    np.testing.assert_allclose(noise.weight.sum(axis=(0, 2)), 1)


@pytest.mark.parametrize(("memory", "wander"), [(0, 0), (0, 9), (3, 12), (6, 6), (6, 15)])
@pytest.mark.parametrize("power", [1, 2])
def test_estimate_and_error_are_those_of_generalised_least_squares(wandering, memory, wander, power):
    drawn, (line, residuals, _) = wandering
    columns = np.column_stack([draw_line(line.axis), line.axis**2])[:, : power + 1]
    noise = estimate_noise(residuals, columns)
    lag = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    root = np.sqrt(drawn.totals)
    for theme in (0, 7):
        spread = (drawn.totals * line.share[theme] * (1 - line.share[theme])).sum() / drawn.totals.sum()
        share = line.share[theme]
        value = (drawn.counts[theme] - drawn.totals * share) / np.sqrt(drawn.totals * share * (1 - share))
        wanders = WANDERS[wander] ** 2 * spread * root[:, None] * MEMORIES[memory] ** lag * root[None, :]
        inverse = np.linalg.inv(np.eye(24) + wanders)
        matrix = root[:, None] * columns
        covariance = np.linalg.inv(matrix.T @ inverse @ matrix)
        estimate = (covariance @ matrix.T @ inverse @ value)[-1]
        plain_error = np.sqrt(np.linalg.inv(matrix.T @ matrix)[-1, -1])
        found = noise.plain[theme] + noise.shift[memory, theme, wander]
        assert found == pytest.approx(estimate / plain_error, abs=1e-8)
        error = np.sqrt(covariance[-1, -1]) / plain_error
        assert noise.error[memory, theme, wander] == pytest.approx(error, rel=1e-8)


def test_empty_period_counts_as_a_step_in_the_calendar():
    drawn, _ = next(draw_noises(Case(5000, 24, "2 years", 0.7), 1))
    _, apart, _ = fit_noise(drawn.counts, drawn.totals, np.arange(24.0), np.arange(24) * 3)
    values, directions = apart.turned[-1]
    joint = (directions * values) @ directions.T
    # Two neighbours now lie three calendar periods from each other.
    tie = MEMORIES[-1] ** 3 * np.sqrt(drawn.totals[0] * drawn.totals[1])
    assert joint[0, 1] == pytest.approx(tie)


def test_level_corpora_without_wandering_wander_little():
    found = [noise.typical[0].mean() for _, (_, _, noise) in draw_noises(Case(20000, 24, "2 years", 0.0, wander=0.0))]
    # A share of 20 % that becomes 21 %; chance alone moves a theme of 12 % by half as much again in a period.
    assert np.mean(found) < 0.06


@pytest.mark.parametrize("memory", [0.0, 0.4])
def test_planted_wander_is_found(memory):
    found, true = [], []
    for drawn, (_, _, noise) in draw_noises(Case(20000, 24, "2 years", memory)):
        found.append(np.sqrt((noise.typical[0] ** 2).mean()))
        true.append(np.sqrt((drawn.wander**2).mean()))
    # The variance of 22 values that are independent is known to 30 %, its root to 15 %; of 8 themes and 25 corpora to
    # far less, so what is held here is the bias.
    assert np.mean(found) == pytest.approx(np.mean(true), rel=0.15)


def test_small_theme_is_taken_to_wander_as_its_study_does():
    totals, sign = np.full(24, 500.0), (-1.0) ** np.arange(24)
    found = []
    for wander in (0.0, 0.5):
        # Seven themes up and down by turns, and the same small one that tells nothing of itself.
        moving = [60 * np.exp(wander * sign * (-1) ** theme) for theme in range(7)]
        counts = np.array([*moving, np.full(24, 2.0)])
        _, _, noise = fit_noise(counts, totals, np.arange(24.0), np.arange(24))
        found.append(noise.typical[0][-1])
    assert found[1] > 2 * found[0]


def test_more_memory_is_told_from_less():
    means = [
        np.mean([noise.typical[1] for _, (_, _, noise) in draw_noises(Case(20000, 60, "2 years", memory), 10)])
        for memory in (0.0, 0.4, 0.7)
    ]
    assert means == pytest.approx([0.0, 0.4, 0.7], abs=0.15)


def test_p_is_alpha_at_both_ends_of_the_interval(wandering):
    _, (_, _, noise) = wandering
    for alpha in (0.05, 0.2):
        low, high = find_reach(noise, alpha)
        assert (low < high).all()
        np.testing.assert_allclose(p_of_root(-low, noise), alpha, rtol=1e-5)
        np.testing.assert_allclose(p_of_root(-high, noise), alpha, rtol=1e-5)


def test_p_is_the_mean_of_normal_p_values(wandering):
    _, (line, _, noise) = wandering
    by_hand = 0.0
    for memory in range(len(MEMORIES)):
        for wander in range(len(WANDERS)):
            z = (line.root[0] + noise.shift[memory, 0, wander]) / noise.error[memory, 0, wander]
            by_hand += noise.weight[memory, 0, wander] * 2 * norm.sf(abs(z))
    assert p_of_root(line.root, noise)[0] == pytest.approx(by_hand)


def test_root_of_a_p_value_grows_with_the_wandering(wandering):
    _, (_, _, noise) = wandering
    _, (_, _, calm) = next(draw_noises(Case(5000, 24, "2 years", 0.4, wander=0.0), 1))
    assert (find_root(noise, 0.05) > find_root(calm, 0.05)).all()
    assert (find_root(calm, 0.05) > norm.isf(0.025) - 1e-6).all()


def test_combined_p_is_simes():
    # Of .01, .03 and .04 the second gives the least: .01 * 3, .03 * 3 / 2 and .04 * 3 / 3.
    assert combine_p(np.array([0.04, 0.01, 0.03])) == pytest.approx(0.03)
    assert combine_p(np.array([0.02, 0.021])) == pytest.approx(0.021)
    assert combine_p(np.array([0.02, np.nan])) == pytest.approx(0.02)
    assert combine_p(np.array([0.9, 1.0])) == 1.0
    assert np.isnan(combine_p(np.array([np.nan])))


def test_adjusted_p_is_benjamini_and_hochbergs_and_null_stays_null():
    # By hand: .01 * 3 = .03; .02 * 3 / 2 = .03; .5 * 3 / 3.
    q = adjust_p(np.array([0.5, np.nan, 0.01, 0.02]))
    np.testing.assert_allclose(q, [0.5, np.nan, 0.03, 0.03])
    p = np.random.default_rng(0).random(40) ** 3
    np.testing.assert_allclose(adjust_p(p), false_discovery_control(p))
    assert np.isnan(adjust_p(np.full(3, np.nan))).all()


def test_simes_and_benjamini_hochberg_agree_on_whether_anything_is_found():
    rng = np.random.default_rng(1)
    for _ in range(50):
        p = rng.random(6) ** 2
        assert combine_p(p) == pytest.approx(adjust_p(p).min())
