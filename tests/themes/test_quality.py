"""Measures of groups, on tables small enough to check by hand."""

import math

import numpy as np
import pytest

from analysis.themes.quality import (
    measure_agreement,
    measure_coherence,
    measure_diversity,
    score_against,
    split_term,
)

GOLD = ["a"] * 4 + ["b"] * 4


def test_the_same_groups_under_other_names_agree_fully():
    scores = score_against(GOLD, [7] * 4 + [3] * 4)
    assert (scores.ami, scores.ari, scores.v_measure) == pytest.approx((1, 1, 1))
    assert (scores.coverage, scores.n_found, scores.n_gold, scores.found_per_gold) == (1, 2, 2, 1)


def test_one_group_for_all_agrees_no_better_than_chance():
    scores = score_against(GOLD, ["all"] * 8)
    assert (scores.ami, scores.ari) == pytest.approx((0, 0))
    assert (scores.homogeneity, scores.completeness) == pytest.approx((0, 1))


@pytest.mark.parametrize("nothing", [-1, "unassigned"])
def test_papers_left_out_are_a_group_that_counts_against_the_method(nothing):
    found = np.array(["x"] * 4 + ["y"] * 4, dtype=object)
    full = score_against(GOLD, found)
    found[[0, 4]] = nothing
    scores = score_against(GOLD, found)
    assert scores.coverage == 0.75
    assert scores.n_found == 2
    assert scores.ari < full.ari
    # Cells of 3, 1, 3 and 1 papers, by the formula of Hubert and Arabie.
    assert scores.ari == pytest.approx((6 - 12 * 7 / 28) / ((12 + 7) / 2 - 12 * 7 / 28))


def test_classes_below_one_per_cent_are_counted_apart():
    scores = score_against(["a"] * 150 + ["b"] * 149 + ["c"], [0] * 297 + [1] * 3)
    assert (scores.n_gold, scores.n_gold_large) == (3, 2)
    assert (scores.n_found, scores.n_found_large) == (2, 2)


@pytest.mark.parametrize(("gold", "found"), [([], []), (["a"], [1, 2])])
def test_labels_that_do_not_match_the_papers_are_refused(gold, found):
    with pytest.raises(ValueError, match="labels for"):
        score_against(gold, found)


def test_words_that_meet_always_sometimes_and_never():
    texts = ["cat dog", "cat dog", "fish bird", "fish cat"]
    together, never, by_chance = measure_coherence([["fish", "bird"], ["dog", "bird"], ["cat", "fish"]], texts)
    # p(fish) = 1/2, p(bird) = p(both) = 1/4: log(2) / log(4).
    assert together == pytest.approx(0.5)
    assert never == -1
    # p(cat) = 3/4, p(fish) = 1/2, p(both) = 1/4.
    assert by_chance == pytest.approx(math.log((1 / 4) / (3 / 8)) / math.log(4))


def test_two_terms_of_the_same_texts_only_are_as_coherent_as_can_be():
    assert measure_coherence([["robot arm", "gripper"]], ["A robot arm, a gripper.", "stars"]) == pytest.approx([1])


def test_a_phrase_stands_where_its_words_follow_each_other():
    texts = ["Vision-Language Models see.", "a language of vision; a model", "vision language model", "none"]
    adjacent = measure_coherence([["vision-language model", "none"], ["see", "vision language models"]], texts)
    assert adjacent[0] == -1
    # In texts 0 and 2; "see" in text 0.
    assert adjacent[1] == pytest.approx(math.log(2) / math.log(4))


def test_terms_that_meet_by_construction_or_stand_nowhere_form_no_pair():
    texts = ["robot arm", "robot", "star"]
    assert np.isnan(measure_coherence([["robot", "robot arm"]], texts))
    assert np.isnan(measure_coherence([["robot", "Robots", "robotarm"]], texts))
    assert np.isnan(measure_coherence([[]], texts))
    assert measure_coherence([["robot", "robot arm", "star"]], texts) == pytest.approx([-1])


def test_words_of_every_text_tell_nothing():
    assert measure_coherence([["we", "show"]], ["we show", "we show it"]) == pytest.approx([0])


def test_coherence_is_one_number_per_group_even_without_groups_or_texts():
    assert measure_coherence([], ["a b"]).shape == (0,)
    assert np.isnan(measure_coherence([["a", "b"]], [])).all()


def test_diversity_is_the_share_of_unique_words():
    assert measure_diversity([["a1", "b1"], ["a1", "c1"]]) == 0.75
    assert measure_diversity([["reward model", "reward function"]]) == 0.75
    assert math.isnan(measure_diversity([[], []]))


def test_agreement_is_over_shared_papers_only():
    labels = [0, 0, 1, 1, 5]
    assert measure_agreement(labels, ["p", "q", "r", "s", "gone"], ["y", "x", "y", "x"], ["r", "p", "s", "q"]) == 1
    assert measure_agreement([0, 0, 1, 1], [1, 2, 3, 4], [0, 1, 0, 1], [1, 2, 3, 4]) == pytest.approx(-0.5)
    assert math.isnan(measure_agreement([0, 1], [1, 2], [0, 1], [2, 3]))


def test_a_fit_with_a_paper_twice_or_a_label_short_is_refused():
    with pytest.raises(ValueError, match="twice"):
        measure_agreement([0, 1], [1, 1], [0], [1])
    with pytest.raises(ValueError, match="shorter"):
        measure_agreement([0], [1, 2], [0], [1])


def test_case_punctuation_and_the_plural_make_no_difference():
    assert split_term("Large-Language MODELS") == split_term("large language model")
