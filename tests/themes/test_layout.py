"""The shared layout: near papers near, one result however many threads."""

import numpy as np

from analysis.themes import layout, projection
from analysis.themes.layout import lay_out
from analysis.themes.neighbours import build_graph
from analysis.themes.projection import project


def make_vectors(n_papers=240, n_groups=4):
    draw = np.random.default_rng(0)
    vectors = np.eye(12)[np.arange(n_papers) % n_groups] + 0.2 * draw.normal(size=(n_papers, 12))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def start_anywhere(n_papers):
    return np.random.default_rng(1).uniform(0, 10, size=(n_papers, 2)).astype(np.float32)


def test_the_number_of_threads_changes_nothing(monkeypatch):
    weights, found = build_graph(make_vectors()).weights, []
    for n_cores in (1, 2, 5):
        monkeypatch.setattr(layout, "count_cores", lambda n_cores=n_cores: n_cores)
        found.append(lay_out(weights, start_anywhere(240), a=1.6, b=0.9, n_epochs=20, seed=7))
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    other = lay_out(weights, start_anywhere(240), a=1.6, b=0.9, n_epochs=20, seed=8)
    assert not np.array_equal(found[0], other)


def test_groups_that_were_mixed_come_apart():
    vectors = make_vectors()
    places = lay_out(build_graph(vectors).weights, start_anywhere(240), a=1.6, b=0.9, n_epochs=100, seed=7)
    group = np.arange(240) % 4
    far = np.linalg.norm(places[:, None] - places, axis=2)
    np.fill_diagonal(far, np.inf)
    assert (group[far.argmin(axis=1)] == group).mean() > 0.95


def test_an_edge_moves_both_of_its_ends_alike(monkeypatch):
    # Else a close group with few ties to the others drifts away from them for good.
    monkeypatch.setattr(layout, "_N_PUSHES", 0)
    weights, start = build_graph(make_vectors(40)).weights, start_anywhere(40)
    starts, ends, moved = weights.indptr.astype(np.int64), weights.indices, np.empty_like(start)
    turns = layout._draw_turns(starts, ends, np.uint64(7))
    step = (0, np.float32(1), np.float32(1.6), np.float32(0.9), 7, 0, 40)
    layout._move.py_func(starts, ends, weights.data, turns, start, moved, *step)
    assert np.abs(moved - start).max() > 0.1
    assert np.allclose(moved.mean(axis=0), start.mean(axis=0), atol=1e-4)


def test_a_large_corpus_is_laid_out_on_all_cores_and_says_so(monkeypatch):
    vectors = make_vectors()
    monkeypatch.setattr(projection, "SHARED_FROM", 200)
    graph = build_graph(vectors)
    places, rung = project(vectors, graph)
    assert "all cores" in rung
    assert places.shape == (240, 2)
    assert np.isfinite(places).all()
    assert np.array_equal(places, project(vectors, graph)[0])


def test_equal_papers_get_places_of_their_own(monkeypatch):
    monkeypatch.setattr(projection, "SHARED_FROM", 40)
    vectors = make_vectors(60)
    vectors[:30] = vectors[0]
    places, _ = project(vectors, build_graph(vectors))
    assert len(np.unique(places, axis=0)) == 60
