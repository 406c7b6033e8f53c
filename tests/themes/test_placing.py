"""Papers that come after a fit are placed by its rules, each by itself."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from analysis.themes.asked import prepare_named
from analysis.themes.embedding import MiniLM
from analysis.themes.linking import link_papers
from analysis.themes.memory import Memory
from analysis.themes.named import score_named
from analysis.themes.neighbours import build_graph, measure_reach
from analysis.themes.placing import place_new
from analysis.themes.refitted import Refitted
from analysis.themes.shift import describe_shift, measure_shift
from analysis.themes.voting import find_places
from tests.themes.made_fit import LAW, embed, join_texts, make_fit, make_frame


@pytest.fixture(scope="module")
def fit():
    return make_fit()


@pytest.fixture(scope="module")
def placed(fit):
    return place(fit, fit.later)


def place(fit, papers):
    return place_new(fit.tables.model, papers, join_texts(papers), embed(papers), fit.config)


def test_what_a_fit_learned_scores_its_own_papers_as_the_fit_did(fit):
    texts, vectors = join_texts(fit.papers), embed(fit.papers)
    asked = prepare_named(fit.config.themes.named, list(fit.papers["paper_id"]), texts, vectors, MiniLM().encode)
    graph = build_graph(vectors)
    memories = [Memory() for _ in asked.themes]
    first = score_named(asked, vectors, vectors, graph, memories=memories)
    again = score_named(asked, vectors, vectors, graph, memories=[Memory(one.kept) for one in memories])
    np.testing.assert_allclose(again.fit, first.fit, atol=1e-12)
    np.testing.assert_array_equal(again.sure, first.sure)
    assert first.sure.any(axis=0).all()


def test_papers_find_their_subject(fit, placed):
    topic_of = dict(zip(fit.papers["paper_id"], fit.tables.placed["topic"], strict=True))
    for paper, topic in zip(fit.later["paper_id"], placed.table["topic"], strict=True):
        mates = [topic_of[one] for one in topic_of if one[0] == paper[0]]
        assert topic in mates
        assert mates.count(topic) > sum(other == topic for one, other in topic_of.items() if one[0] != paper[0])
    theme = dict(zip(fit.later["paper_id"].str[0], placed.table["theme"], strict=True))
    assert theme["r"] == "robotics"
    assert theme["c"] == "kitchen"
    assert theme["s"] not in ("robotics", "kitchen", "unassigned")
    words = placed.table["why_here"].map(" ".join).str.lower()
    assert words[fit.later["paper_id"].str.startswith("r")].str.contains("robot").all()


def test_columns_are_those_of_a_fit_and_on_its_scales(fit, placed):
    known = fit.tables.placed
    assert list(placed.table.columns) == list(known.columns)
    for column in ("topic_strength", "theme_score", "theme_margin", "map_x", "map_y"):
        assert known[column].min() - 0.15 <= placed.table[column].min()
        assert placed.table[column].max() <= known[column].max() + 0.15
    assert list(placed.scores.columns) == list(fit.tables.theme_scores.columns)


def test_a_paper_is_placed_by_itself_to_the_last_bit(fit, placed):
    for row in range(len(fit.later)):
        alone = place(fit, fit.later.iloc[[row]].reset_index(drop=True))
        pd.testing.assert_frame_equal(alone.table, placed.table.iloc[[row]].reset_index(drop=True), check_exact=True)
        pd.testing.assert_frame_equal(alone.scores, placed.scores.iloc[[row]].reset_index(drop=True), check_exact=True)
        np.testing.assert_array_equal(alone.closeness[1], placed.closeness[1][[row]])


@pytest.mark.parametrize("n_workers", [1, 3])
def test_neither_order_nor_threads_change_a_place(fit, placed, n_workers):
    # Many batches, the last one a part of one.
    many = pd.concat([fit.later] * 800, ignore_index=True).iloc[::-1].reset_index(drop=True)
    meaning = np.tile(embed(fit.later), (800, 1))[::-1]
    found = place_new(fit.tables.model, many, join_texts(many), meaning, fit.config, n_workers=n_workers)
    expected = pd.concat([placed.table] * 800, ignore_index=True).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.table, expected, check_exact=True)


def test_no_paper_is_no_trouble(fit):
    none = place(fit, fit.later.iloc[:0])
    assert len(none.table) == len(none.scores) == 0
    assert list(none.table.columns) == list(fit.tables.placed.columns)


@pytest.mark.parametrize("n_papers", [1, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 5))])
def test_a_fit_of_a_few_papers_places_others(n_papers):
    fit = make_fit({"themes": {"n_alternatives": 0}})
    few = fit._replace(papers=fit.papers.iloc[:n_papers])
    from analysis.themes import build_themes

    few = few._replace(tables=build_themes(few.papers, few.config))
    found = place(few, fit.later).table
    assert set(found["topic"]) <= set(few.tables.topics["topic"])
    assert found["topic_strength"].between(0, 1).all()
    assert np.isfinite(found[["map_x", "map_y"]].to_numpy()).all()


def test_a_repeat_of_a_fitted_paper_lies_where_that_lies(fit):
    again = place(fit, fit.papers.iloc[:8].reset_index(drop=True)).table
    known = fit.tables.placed.iloc[:8]
    assert list(again["topic"]) == list(known["topic"])
    extent = fit.tables.placed[["map_x", "map_y"]].to_numpy().std()
    assert np.abs(again[["map_x", "map_y"]].to_numpy() - known[["map_x", "map_y"]].to_numpy()).max() < extent


@pytest.mark.parametrize("n_fitted", [50, 2_700])
def test_links_go_both_ways(n_fitted):
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(n_fitted + 10, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    graph = build_graph(vectors[:n_fitted])
    k = graph.indices.shape[1]
    links = link_papers(vectors[n_fitted:], vectors[:n_fitted], measure_reach(graph), n_neighbours=k)
    weights = links.weights.toarray()
    far = 1 - np.round(vectors[n_fitted:] @ vectors[:n_fitted].T, 6)
    mine = far <= np.sort(far, axis=1)[:, [k - 2]]
    theirs = far <= graph.distances[:, -1]
    np.testing.assert_array_equal(np.sort(links.distances), np.sort(far, axis=1)[:, : k - 1])
    assert (weights[mine] > 0).all()
    # A weight below the least of its type is none.
    np.testing.assert_array_equal((weights > 0) | (mine | theirs), mine | theirs)
    assert (weights[theirs] > 0).mean() > 0.999
    assert weights.max(axis=1).min() == pytest.approx(1.0, abs=1e-5)
    assert (weights <= 1 + 1e-6).all()


def test_a_place_on_the_map_is_the_weighted_median_of_the_neighbours():
    places = np.array([[0.0, 0.0], [0.0, 0.2], [0.2, 0.0], [9.0, 9.0]])
    weights = sp.csr_matrix(np.array([[1.0, 0.9, 0.9, 0.3], [0.0, 0.0, 0.0, 0.5]]))
    found = find_places(weights, places)
    assert np.abs(found[0]).max() < 0.25  # Not drawn off to the one far neighbour, as a mean would be.
    np.testing.assert_allclose(found[1], [9, 9])


def test_a_refit_moves_a_paper_only_where_its_neighbours_moved():
    weights = sp.csr_matrix(np.array([[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]]))
    borne = np.array([[0, 0, 1], [1, 1, 1], [2, -1, -1]], dtype=np.int16)
    refitted = Refitted(("seed-1", "seed-2", "resample-1"), borne, np.array([0, 0, 1], dtype=np.int16), 2)
    # The same neighbours: as given. All of theme 1: that. One drawn, unassigned; none drawn: as given.
    assert refitted.vote(weights, np.array([-1, 1])).tolist() == [[2, 1, 2], [1, 1, 1]]


def measure(fit, papers):
    found = place(fit, papers)
    known = fit.tables.placed.assign(placed=False)
    return found, measure_shift(fit.tables.model, found, join_texts(papers), known)


def test_papers_of_the_same_kind_need_no_new_fit(fit):
    found, shift = measure(fit, fit.later)
    assert not shift.refit_due
    assert shift.far == 0
    assert not found.table["theme_reason"].str.contains("farther").any()
    assert describe_shift(shift)["sentences"][-1].startswith("No new fit is due")


def test_papers_of_another_field_are_told(fit):
    found, shift = measure(fit, make_frame({f"law{row}": text for row, text in enumerate(LAW)}))
    assert shift.refit_due
    assert shift.auc < 0.1
    assert shift.unknown > shift.unknown_fitted
    assert found.table["theme_reason"].str.contains("farther from the fitted papers").all()
    told = describe_shift(shift)
    assert told["refit_due"] is True
    assert "another kind" in told["sentences"][-1]


def test_many_placed_papers_need_a_new_fit_whatever_they_are(fit):
    papers = pd.concat([fit.later.assign(paper_id=fit.later["paper_id"] + str(n)) for n in range(3)])
    shift = measure(fit, papers.reset_index(drop=True))[1]
    assert not shift.differs
    assert shift.refit_due
    assert "more than a third" in describe_shift(shift)["sentences"][-1]
