"""Communities: planted ones are found, quality is modularity, a seed fixes them."""

import numpy as np
import scipy.sparse as sp
from graspologic_native import leiden_csr

from analysis.themes import threads
from analysis.themes.clustering import cluster
from analysis.themes.consensus import find_communities
from analysis.themes.leiden import run_leiden
from analysis.themes.neighbours import build_graph

RESOLUTION = 0.8


def make_graph(n_groups=6, size=40, inside=0.3, across=0.02, seed=0):
    draw = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), size)
    chance = np.where(group[:, None] == group, inside, across)
    upper = np.triu(draw.random(chance.shape) < chance, 1) * draw.uniform(0.2, 1, chance.shape)
    return sp.csr_matrix(upper + upper.T), group


def run(weights, seed=1, n_rounds=2):
    parts = (weights.indptr.astype(np.int64), weights.indices.astype(np.int32), weights.data.astype(np.float64))
    return run_leiden(*parts, RESOLUTION, seed, n_rounds)


def modularity(weights, community):
    degrees = np.asarray(weights.sum(axis=1)).ravel()
    together = community[:, None] == community
    expected = RESOLUTION * np.outer(degrees, degrees) / degrees.sum()
    return ((weights.toarray() - expected) * together).sum() / degrees.sum()


def test_planted_communities_are_found():
    weights, group = make_graph()
    community, _ = run(weights)
    assert len(set(zip(community, group, strict=True))) == len(set(community)) == 6


def test_quality_is_modularity_and_no_worse_than_that_of_a_library():
    weights, _ = make_graph(inside=0.15, across=0.04)
    ours = [run(weights, seed) for seed in range(5)]
    for community, quality in ours:
        assert np.isclose(quality, modularity(weights, community))
    arrays = (weights.indptr.astype(np.int64), weights.indices.astype(np.int32), weights.data)
    theirs = [leiden_csr(*arrays, 240, resolution=RESOLUTION, seed=seed, iterations=2)[0] for seed in range(5)]
    assert np.median([quality for _, quality in ours]) > np.median(theirs) - 0.01


def test_communities_hold_together():
    weights, _ = make_graph(n_groups=12, size=20, inside=0.2, across=0.03)
    community, _ = run(weights)
    for one in range(community.max() + 1):
        inside = np.flatnonzero(community == one)
        assert sp.csgraph.connected_components(weights[inside][:, inside])[0] == 1


def test_a_node_without_edges_is_a_community_of_its_own():
    weights, _ = make_graph(n_groups=2, size=20)
    lonely = sp.block_diag([weights, sp.csr_matrix((2, 2))]).tocsr()
    community = find_communities(lonely, RESOLUTION, 1)
    assert len(set(community[-2:])) == 2
    assert not set(community[-2:]) & set(community[:-2])
    assert find_communities(sp.csr_matrix((3, 3)), RESOLUTION, 1).tolist() == [0, 1, 2]


def test_an_edge_of_weight_0_is_none():
    n_nodes = 40
    weights = np.zeros((n_nodes, n_nodes))
    weights[:20, :20] = weights[20:, 20:] = 1
    np.fill_diagonal(weights, 0)
    # Stored zeros between all: once they overran the list of communities that a node had met.
    stored = sp.csr_matrix(np.ones((n_nodes, n_nodes)) - np.eye(n_nodes))
    stored.data = weights[stored.nonzero()]
    assert (stored.data == 0).sum() == 800
    community = find_communities(stored, 1.0, 1)
    assert np.array_equal(community, find_communities(sp.csr_matrix(weights), 1.0, 1))
    assert len(set(community[:20])) == len(set(community[20:])) == 1
    assert community[0] != community[20]
    assert (stored.data == 0).sum() == 800


def test_more_trials_do_no_harm_and_a_seed_fixes_the_result():
    weights, _ = make_graph(inside=0.12, across=0.05)
    one, best = (find_communities(weights, RESOLUTION, 3, n_trials=n) for n in (1, 12))
    assert modularity(weights, best) >= modularity(weights, one)
    assert np.array_equal(best, find_communities(weights, RESOLUTION, 3, n_trials=12))


def test_topics_do_not_depend_on_the_number_of_threads(monkeypatch):
    from analysis.config import ClusteringSection

    draw = np.random.default_rng(0)
    vectors = (np.eye(16)[np.arange(400) % 7] + 0.3 * draw.normal(size=(400, 16))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    graph, found = build_graph(vectors), []
    for n_cores in (1, 3):
        monkeypatch.setattr(threads, "count_cores", lambda n_cores=n_cores: n_cores)
        found.append(cluster(graph, vectors, ClusteringSection()))
    assert np.array_equal(found[0].topic, found[1].topic)
    assert np.array_equal(found[0].group, found[1].group)
    assert "consensus of 50" in found[0].rung
