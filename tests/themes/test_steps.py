"""A fit that was cut short goes on where it was, and ends where an undisturbed one does."""

import shutil

import numpy as np
import pytest

from analysis.config import Config
from analysis.themes import build, build_themes, steps
from tests.themes.made_fit import make_frame, make_texts


class Cut(Exception):
    """A run that is ended in the middle."""


@pytest.fixture(scope="module")
def papers():
    return make_frame(make_texts()).head(24)


@pytest.fixture(scope="module")
def kept(papers, tmp_path_factory):
    """A folder of kept steps, and what that fit gave."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "KEPT_FROM", 10)
        return folder, fit(papers, folder)


@pytest.fixture
def cache(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "KEPT_FROM", 10)
    shutil.copytree(kept[0], tmp_path / "cache")
    return tmp_path / "cache"


def fit(papers, cache=None, **settings):
    return build_themes(papers, Config(**{"themes": {"n_alternatives": 3}, **settings}), cache=cache)


def count_calls(monkeypatch):
    calls = dict.fromkeys(("build_graph", "project", "cluster"), 0)

    def counted(name, function):
        def call(*arguments, **options):
            # Refits, which choose their runs, are kept one by one and not counted here.
            calls[name] += "n_runs" not in options
            return function(*arguments, **options)

        return call

    for name in calls:
        monkeypatch.setattr(build, name, counted(name, getattr(build, name)))
    return calls


def assert_equal(one, other):
    for name in ("placed", "topics", "themes", "theme_scores", "alternatives"):
        assert getattr(one, name).equals(getattr(other, name)), name
    np.testing.assert_array_equal(one.vectors, other.vectors)


def test_a_second_fit_computes_no_step_and_all_are_what_a_fit_without_gives(papers, kept, cache, monkeypatch):
    assert_equal(fit(papers), kept[1])
    calls = count_calls(monkeypatch)
    again = fit(papers, cache)
    assert set(calls.values()) == {0}
    assert_equal(again, kept[1])


def test_a_fit_cut_short_resumes_and_ends_where_another_does(papers, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "KEPT_FROM", 10)
    real = steps.Steps.take_refit

    def cut(self, name, compute):
        if name == "seed-3":
            raise Cut
        return real(self, name, compute)

    with monkeypatch.context() as patched:
        patched.setattr(steps.Steps, "take_refit", cut)
        with pytest.raises(Cut):
            fit(papers, tmp_path)
    calls = count_calls(monkeypatch)
    resumed = fit(papers, tmp_path)
    assert set(calls.values()) == {0}
    assert_equal(resumed, kept[1])


@pytest.mark.parametrize(
    ("settings", "computed"),
    [
        ({"map": {"min_dist": 0.4}}, {"project"}),
        ({"clustering": {"min_topic_size": 5}}, {"cluster"}),
        ({"neighbours": {"n_neighbours": 12}}, {"build_graph", "project", "cluster"}),
        ({"themes": {"n_alternatives": 2}}, set()),
        ({"report": {"title": "Another"}}, set()),
    ],
)
def test_a_setting_moves_the_steps_that_turn_on_it_alone(papers, cache, monkeypatch, settings, computed):
    calls = count_calls(monkeypatch)
    fit(papers, cache, **settings)
    assert {name for name, n_calls in calls.items() if n_calls} == computed


def test_another_seed_and_other_papers_are_another_fit(papers, cache, monkeypatch):
    calls = count_calls(monkeypatch)
    fit(papers, cache, seed=7)
    fit(papers.iloc[1:].reset_index(drop=True), cache)
    assert set(calls.values()) == {2}
