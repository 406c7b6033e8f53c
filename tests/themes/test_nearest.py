"""Nearest papers are exact, in one order, and never searched twice."""

import numpy as np
import pytest

from analysis.themes import nearest, threads
from analysis.themes.nearest import draw_nearest, find_nearest
from analysis.themes.neighbours import build_graph, draw_graph


def make_vectors(n_papers, n_dimensions=8, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n_papers, n_dimensions)).astype(np.float32)
    vectors[1::7] = vectors[0]  # Equal texts.
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def sort_all(vectors, k):
    cosine = np.round(vectors @ vectors.T, 6)
    np.fill_diagonal(cosine, 2)
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    return order, np.clip(1 - np.take_along_axis(cosine, order, 1), 0, 2)


@pytest.mark.parametrize("block", [7, 50, 1_000])
def test_the_search_in_blocks_finds_what_sorting_everything_finds(monkeypatch, block):
    monkeypatch.setattr(nearest, "_BLOCK", block)
    # Corners of a cube: their cosines come out the same in products of any shape.
    vectors = (np.random.default_rng(0).integers(2, size=(120, 4)) - 0.5).astype(np.float32)
    found = find_nearest(vectors, 9)
    order, distances = sort_all(vectors, 9)
    assert np.array_equal(found.indices, order)
    assert np.array_equal(found.distances, distances)
    assert found.indices[:, 0].tolist() == list(range(120))


def test_the_number_of_threads_changes_nothing(monkeypatch):
    monkeypatch.setattr(nearest, "_BLOCK", 40)
    vectors, found = make_vectors(300), []
    for n_cores in (1, 2, 5):
        monkeypatch.setattr(threads, "count_cores", lambda n_cores=n_cores: n_cores)
        found.append(find_nearest(vectors, 12))
    for other in found[1:]:
        assert np.array_equal(found[0].indices, other.indices)
        assert np.array_equal(found[0].distances, other.distances)


@pytest.mark.parametrize("width", [10, 16, 25, 200])
def test_neighbours_among_drawn_papers_are_those_of_a_new_search(width):
    vectors = make_vectors(200, 32)
    rows = np.sort(np.random.default_rng(1).choice(200, 160, replace=False))
    drawn = draw_nearest(find_nearest(vectors, width), vectors, rows, 12)
    anew = find_nearest(vectors[rows], 12)
    assert np.allclose(drawn.distances, anew.distances, atol=2e-6)
    assert (drawn.indices == anew.indices).mean() > 0.99  # Of equally near ones the last digit decides.
    assert drawn.indices[:, 0].tolist() == list(range(160))


@pytest.mark.parametrize("n_drawn", [1, 3, 5, 60])
def test_a_drawn_graph_is_the_graph_of_the_drawn_papers(n_drawn):
    vectors = make_vectors(80, 32)
    rows = np.sort(np.random.default_rng(2).choice(80, n_drawn, replace=False))
    drawn, anew = draw_graph(build_graph(vectors), vectors, rows), build_graph(vectors[rows])
    assert drawn.indices.shape == anew.indices.shape
    assert abs(drawn.weights - anew.weights).sum() < 1e-3 * max(anew.weights.sum(), 1)
