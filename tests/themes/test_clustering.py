"""Every size of corpus gets topics, and topics nest in groups."""

import numpy as np
import pytest

from analysis.config import ClusteringSection
from analysis.themes.clustering import cluster
from analysis.themes.neighbours import build_graph
from analysis.themes.projection import project


def make_vectors(n_papers, n_centres=3, spread=0.15, seed=0):
    draw = np.random.default_rng(seed)
    centres = np.eye(16)[np.arange(n_papers) % n_centres]
    vectors = centres + spread * draw.normal(size=(n_papers, 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def fit(vectors, **settings):
    graph = build_graph(vectors)
    return cluster(graph, vectors, ClusteringSection(**settings)), graph


@pytest.mark.parametrize("n_papers", [1, 2, 3, 4, 5, 8, 12, pytest.param(30, marks=pytest.mark.slow), 100])
@pytest.mark.parametrize("method", ["leiden", "hdbscan"])
def test_every_size_gets_a_topic_for_every_paper_and_says_how(n_papers, method):
    vectors = make_vectors(n_papers)
    found, graph = fit(vectors, method=method)
    assert found.topic.shape == (n_papers,)
    assert found.topic.min() == 0
    assert sorted(set(found.topic)) == list(range(found.topic.max() + 1))
    assert ((found.strength >= 0) & (found.strength <= 1)).all()
    assert found.rung.startswith("Topics: ")
    places, rung = project(vectors, graph)
    assert places.shape == (n_papers, 2)
    assert np.isfinite(places).all()
    assert rung.startswith("Map: ")


def test_planted_groups_are_recovered():
    found, _ = fit(make_vectors(90))
    truth = np.arange(90) % 3
    for group in range(found.group.max() + 1):
        assert len(set(truth[found.group == group])) == 1


def test_topics_nest_in_groups_and_are_numbered_by_size():
    found, _ = fit(make_vectors(240, n_centres=8, spread=0.3))
    for topic in range(found.topic.max() + 1):
        assert len(set(found.group[found.topic == topic])) == 1
    sizes = np.bincount(found.topic)
    assert (np.diff(sizes) <= 0).all()


def test_equal_texts_are_one_topic():
    found, graph = fit(np.tile(make_vectors(1), (40, 1)))
    assert found.topic.max() == 0
    assert "alike" in found.rung
    assert graph.indices[:, 0].tolist() == list(range(40))


def test_no_topic_is_smaller_than_asked():
    found, _ = fit(make_vectors(100, n_centres=6, spread=0.4), min_topic_size=5)
    assert np.bincount(found.topic).min() >= 5


def test_the_same_seed_gives_the_same_map_and_topics():
    vectors = make_vectors(60)
    (first, graph), (second, _) = fit(vectors), fit(vectors)
    assert np.array_equal(first.topic, second.topic)
    assert np.array_equal(project(vectors, graph)[0], project(vectors, graph)[0])
