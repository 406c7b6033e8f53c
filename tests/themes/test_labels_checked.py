"""Descriptions say what is true of their papers, and checks tell good labels from bad ones."""

import numpy as np
import pytest

from analysis.themes.checking import measure_faithfulness, measure_intrusion
from analysis.themes.describing import describe_found, find_why_here
from analysis.themes.embedding import MiniLM
from analysis.themes.keyphrases import find_candidates, list_keyphrases
from analysis.themes.labelling import Label
from analysis.themes.phrases import collect_phrases
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
TOPICS = np.array([0] * len(ROBOTS) + [1] * len(STARS) + [2] * len(COOKING))


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


@pytest.fixture(scope="module")
def book():
    return collect_phrases(TEXTS)


@pytest.fixture(scope="module")
def described(minilm, book):
    found = find_candidates(TOPICS, book, minilm.encode(TEXTS), minilm.encode)
    return [list_keyphrases(one, book) for one in found]


def faithfulness(labels, minilm, book, topics=TOPICS):
    return measure_faithfulness(labels, topics, book, minilm.encode(TEXTS), minilm.encode)


def test_a_label_that_says_what_its_papers_say_finds_them(minilm, book):
    found = faithfulness(["Robot learning", "Astronomy", "Cooking recipes"], minilm, book)
    assert (found > 0.95).all()


def test_a_label_of_another_theme_does_not(minilm, book):
    found = faithfulness(["Astronomy", "Cooking recipes", "Robot learning"], minilm, book)
    assert (found < 0.5).all()


def test_the_ranks_of_the_papers_give_the_area(book):
    # Cosines 3, 2, 1, 0 by hand: of four pairs, the label puts three in the right order.
    vectors = np.array([[0.9, 0], [0.6, 0], [0.3, 0], [0.0, 0]], dtype=np.float32)
    few = collect_phrases(["lake", "soup", "bread", "stars"])
    found = measure_faithfulness(
        ["nothing of these", ""],
        np.array([0, 1, 0, 1]),
        few,
        vectors,
        lambda labels: np.array([[1, 0]] * len(labels), np.float32),
    )
    assert found.tolist() == [0.75, 0.25]


def test_what_holds_all_papers_or_none_is_not_checked(minilm, book):
    assert np.isnan(faithfulness(["Everything"], minilm, book, np.zeros(len(TEXTS), int))).all()
    assert np.isnan(faithfulness(["Robots", "Nothing"], minilm, book, np.zeros(len(TEXTS), int))).all()


def test_intruders_stand_out_among_phrases_that_share_their_papers(described, book):
    assert (measure_intrusion(described, book, seed=1) >= 0.9).all()


def test_among_phrases_thrown_together_nobody_stands_out(described, book):
    mixed = [[some[place] for some in described if place < len(some)] for place in range(3)]
    assert np.nanmax(measure_intrusion(mixed, book, seed=1)) <= 0.5


def test_the_same_seed_draws_the_same_intruders(described, book):
    first, second = (measure_intrusion(described, book, seed=7) for _ in range(2))
    assert np.array_equal(first, second, equal_nan=True)


@pytest.mark.parametrize("few", [[], [[]], [[{"phrase": "robot", "weight": 1.0}]]])
def test_too_few_keyphrases_are_not_checked(few, book):
    assert np.isnan(measure_intrusion(few, book, seed=1)).all()


def test_why_here_names_words_of_the_paper_as_its_authors_wrote_them(book):
    words = find_why_here(TOPICS, book, TEXTS)
    assert all(1 <= len(some) <= 5 for some in words)
    assert all(word in text for some, text in zip(words, TEXTS, strict=True) for word in some)
    assert all(any("robot" in word.lower() for word in some) for some in words[: len(ROBOTS)])
    assert not any("robot" in word.lower() for some in words[len(ROBOTS) :] for word in some)


def test_a_paper_without_a_theme_has_no_why(book):
    words = find_why_here(np.where(TOPICS == 1, -1, TOPICS), book, TEXTS)
    assert not any(words[len(ROBOTS) : len(ROBOTS) + len(STARS)])
    assert all(words[: len(ROBOTS)])


def test_a_description_is_one_sentence_with_the_shares_behind_it():
    keyphrases = [{"phrase": phrase, "weight": 1.0} for phrase in ("lakes", "sediment", "cores")]
    said = describe_found(Label("Lakes", ("lakes",), 0.5, 0.004), keyphrases, "On lakes. ")
    assert said == (
        "Papers on lakes (these words stand in 50 % of them and in less than 1 % of the others), "
        "also on sediment and cores; typical: “On lakes”."
    )


def test_without_others_or_phrases_a_description_says_less():
    alone = describe_found(Label("Lakes", ("lakes",), 0.5), [], "")
    assert alone == "Papers on lakes (these words stand in 50 % of them)."
    nothing = describe_found(Label("Mixed papers"), [], "word " * 300)
    assert nothing.startswith("Papers that lie together and that no phrase sets apart; typical:")
    assert len(nothing) < 220
