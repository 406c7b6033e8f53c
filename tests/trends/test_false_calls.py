"""How often a theme that does not move is called: the promise behind every verdict."""

import numpy as np
import pandas as pd
import pytest

from analysis.trends.design import Design
from analysis.trends.judging import judge


def make_design(n_periods):
    return Design(
        key="theme",
        groups=[],
        counts=np.zeros((0, n_periods)),
        totals=np.zeros(n_periods),
        time=np.arange(n_periods) + 0.5,
        position=np.arange(n_periods),
        complete=np.ones(n_periods, dtype=bool),
        periods=pd.DataFrame(),
        unit="per year",
        span="",
        grain="year",
    )


def draw_level_corpus(rng, *, n_periods, wander, memory, n_papers=5000, n_themes=8):
    """Counts of themes that go nowhere, but wander around their level with a memory."""
    level = np.log(rng.dirichlet(np.full(n_themes, 3.0)))
    noise = np.zeros((n_themes, n_periods))
    noise[:, 0] = rng.normal(size=n_themes) * wander
    for place in range(1, n_periods):
        fresh = rng.normal(size=n_themes) * wander * np.sqrt(1 - memory**2)
        noise[:, place] = memory * noise[:, place - 1] + fresh
    shares = np.exp(level[:, None] + noise)
    shares /= shares.sum(axis=0)
    totals = rng.poisson(n_papers / n_periods, n_periods) + 1
    counts = [rng.multinomial(total, shares[:, place]) for place, total in enumerate(totals)]
    return np.array(counts, dtype=float).T, totals.astype(float)


@pytest.mark.parametrize("n_periods", [8, 24])
@pytest.mark.parametrize(("wander", "memory"), [(0.0, 0.0), (0.25, 0.0), (0.25, 0.7)])
def test_wandering_themes_are_seldom_called(n_periods, wander, memory):
    rng = np.random.default_rng(7)
    design = make_design(n_periods)
    single, called = [], []
    for _ in range(60):
        counts, totals = draw_level_corpus(rng, n_periods=n_periods, wander=wander, memory=memory)
        found = judge(counts, totals, design, alpha=0.05, margin=1.25)
        single.append((found.p < 0.05).mean())
        called.append(bool(np.isin(found.verdict, ["rising", "falling"]).any()))
    # A plain quasi-binomial test calls 23 to 26 % of single themes and half of all corpora at a memory of 0.7.
    assert np.mean(single) < 0.13
    assert np.mean(called) < 0.17


def count_calls(keep, *, verdicts):
    rng = np.random.default_rng(8)
    design, called = make_design(24), []
    for _ in range(30):
        counts, _ = draw_level_corpus(rng, n_periods=24, wander=0.25, memory=0.7)
        theme = int(counts.sum(axis=1).argmax())
        counts[theme] = rng.binomial(counts[theme].astype(int), keep)
        found = judge(counts, counts.sum(axis=0), design, alpha=0.05, margin=1.25)
        called.append(found.verdict[theme] in verdicts)
    return np.mean(called)


def test_planted_line_is_called_in_spite_of_the_wandering():
    assert count_calls(np.geomspace(0.1, 1.0, 24), verdicts=("rising",)) > 0.6


def test_planted_rise_that_levels_off_is_called_less_often():
    # Known weakness: .43 measured, where a test that is told the noise calls all. The bend is taken for wandering.
    assert count_calls(np.linspace(0.1, 1.0, 24), verdicts=("rising", "changing")) > 0.3
