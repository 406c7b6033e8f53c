"""Named themes find their papers, and a theme that the corpus lacks stays empty."""

import numpy as np
import pytest

from analysis.config import NamedTheme
from analysis.themes.encoder import MiniLM
from analysis.themes.named import score_named
from tests.themes.made_texts import COOKING, ROBOTS, STARS

ROBOTICS = NamedTheme(name="Robotics", phrases=("robot manipulation", "robotic grasping", "legged locomotion"))
WEAVING = NamedTheme(name="Underwater basket weaving", phrases=("underwater basket weaving", "weaving baskets"))


@pytest.fixture(scope="module")
def encoder():
    return MiniLM()


def score(encoder, texts, *themes):
    vectors = encoder.encode(texts)
    return score_named(themes, texts, vectors, vectors, encoder.encode)


def test_papers_about_the_theme_are_members_and_others_are_not(encoder):
    fit = score(encoder, [*ROBOTS, *STARS, *COOKING], ROBOTICS).fit[:, 0]
    assert (fit[: len(ROBOTS)] > 0.5).mean() >= 0.8
    assert (fit[len(ROBOTS) :] > 0.5).sum() == 0


def test_a_theme_that_the_corpus_lacks_has_no_member(encoder):
    named = score(encoder, [*ROBOTS, *STARS, *COOKING], WEAVING)
    assert named.fit.max() < 0.5
    assert not named.sure.any()


def test_a_paper_closer_to_another_sense_of_the_word_is_no_member(encoder):
    kitchen = "A robot vacuum and a food processor compared: which kitchen robot chops onions best in a home kitchen?"
    asked = ROBOTICS.model_copy(update={"unlike": ("kitchen appliances that chop food",)})
    texts = [*ROBOTS, kitchen, *STARS]
    plain, told = score(encoder, texts, ROBOTICS).fit[:, 0], score(encoder, texts, asked).fit[:, 0]
    assert told[len(ROBOTS)] <= 0.25
    assert told[len(ROBOTS)] < plain[len(ROBOTS)]
    assert (told[: len(ROBOTS)] > 0.5).mean() >= 0.8


def test_no_named_theme_gives_no_column(encoder):
    assert score(encoder, STARS).fit.shape == (len(STARS), 0)


@pytest.mark.parametrize("n_papers", [1, 2, 3, 5, 8])
def test_few_papers_are_scored_without_an_error(encoder, n_papers):
    fit = score(encoder, ROBOTS[:n_papers], ROBOTICS, WEAVING).fit
    assert fit.shape == (n_papers, 2)
    assert np.isfinite(fit).all()
    assert ((fit >= 0) & (fit <= 1)).all()
