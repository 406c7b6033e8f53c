"""Named themes find their papers, and a theme that the corpus lacks stays empty."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError, NamedTheme, parse_config
from analysis.themes.asked import check_examples, prepare_named
from analysis.themes.decoys import measure_unrelated, read_decoys
from analysis.themes.embedding import MiniLM
from analysis.themes.named import score_named
from analysis.themes.neighbours import build_graph
from tests.themes.made_texts import COOKING, ROBOTS, STARS

ROBOTICS = NamedTheme(name="Robotics", phrases=("robot manipulation", "robotic grasping", "legged locomotion"))
ABSENT = [
    ("underwater basket weaving", "weaving baskets"),
    ("medieval French poetry",),
    ("mortgage law",),
    ("whale songs",),
]
TEXTS = [*ROBOTS, *STARS, *COOKING]
N_ROBOTS = len(ROBOTS)


@pytest.fixture(scope="module")
def encoder():
    return MiniLM()


class Scaled:
    """The same encoder, were all its cosines squeezed together: what members are must not change."""

    def __init__(self, encoder):
        self._encoder = encoder

    def encode(self, texts):
        vectors = self._encoder.encode(texts) * 0.6
        return np.hstack([vectors, np.full((len(texts), 1), 0.8, dtype=np.float32)])


def ask(encoder, texts, *themes):
    vectors = encoder.encode(texts)
    ids = [f"p{row}" for row in range(len(texts))]
    return prepare_named(themes, ids, texts, vectors, encoder.encode), vectors, vectors, build_graph(vectors)


def score(encoder, texts, *themes):
    return score_named(*ask(encoder, texts, *themes))


def test_papers_about_the_theme_are_members_and_others_are_not(encoder):
    fit = score(encoder, TEXTS, ROBOTICS).fit[:, 0]
    assert (fit[:N_ROBOTS] > 0.5).mean() >= 0.8
    assert (fit[N_ROBOTS:] > 0.5).sum() == 0


@pytest.mark.parametrize("phrases", ABSENT, ids=lambda phrases: phrases[0])
def test_a_theme_that_the_corpus_lacks_has_no_member(encoder, phrases):
    named = score(encoder, TEXTS, NamedTheme(name=phrases[0], phrases=phrases))
    assert named.fit.max() < 0.5
    assert not named.sure.any()


def test_a_theme_of_few_papers_among_many_others_is_found(encoder):
    others = [f"{text} Run {number}." for number in range(12) for text in (*STARS, *COOKING)]
    rare = NamedTheme(name="Robotics", phrases=("robot manipulation", "robotic grasping"))
    fit = score(encoder, [*ROBOTS[:4], *others], rare).fit[:, 0]
    assert (fit[:4] > 0.5).sum() >= 3
    assert (fit[4:] > 0.5).sum() == 0


def test_members_do_not_hang_on_the_scale_of_the_encoder(encoder):
    themes = [ROBOTICS, *(NamedTheme(name=phrases[0], phrases=phrases) for phrases in ABSENT)]
    plain, scaled = (score(one, TEXTS, *themes).fit > 0.5 for one in (encoder, Scaled(encoder)))
    assert plain[:, 0].sum() >= 0.8 * N_ROBOTS
    assert (plain[:, 0] == scaled[:, 0]).mean() >= 0.9
    assert not scaled[:, 1:].any()


def test_a_paper_closer_to_another_sense_of_the_word_is_no_member(encoder):
    kitchen = "A robot vacuum and a food processor compared: which kitchen robot chops onions best in a home kitchen?"
    asked = ROBOTICS.model_copy(update={"unlike": ("kitchen appliances that chop food",)})
    texts = [*ROBOTS, kitchen, *STARS]
    plain, told = score(encoder, texts, ROBOTICS).fit[:, 0], score(encoder, texts, asked).fit[:, 0]
    assert told[N_ROBOTS] <= 0.25
    assert told[N_ROBOTS] < plain[N_ROBOTS]
    assert (told[:N_ROBOTS] > 0.5).mean() >= 0.8


def test_examples_alone_find_their_like(encoder):
    theme = NamedTheme(name="Robotics", examples=("p0", "p3"))
    named = score(encoder, TEXTS, theme)
    fit = named.fit[:, 0]
    assert fit[0] == fit[3] == 1.0
    assert named.sure[[0, 3], 0].all()
    assert fit[:N_ROBOTS].min() > fit[N_ROBOTS:].max()


def test_an_example_is_a_member_whatever_the_phrases_say(encoder):
    odd = len(TEXTS) - 1  # A dish.
    theme = ROBOTICS.model_copy(update={"examples": (f"p{odd}",)})
    named = score(encoder, TEXTS, theme)
    assert named.fit[odd, 0] == 1.0
    assert named.sure[odd, 0]
    assert (named.fit[:N_ROBOTS, 0] > 0.5).mean() >= 0.8


def test_an_example_that_a_refit_does_not_draw_is_none_there(encoder):
    asked, meaning, joined, _ = ask(encoder, TEXTS, NamedTheme(name="Robotics", examples=("p0",)))
    rows = np.arange(1, len(TEXTS))
    named = score_named(asked.take(rows), meaning[rows], joined[rows], build_graph(joined[rows]))
    assert not named.fit.any()


def test_scores_are_the_same_in_every_run(encoder):
    first, second = (score(encoder, TEXTS, ROBOTICS).fit for _ in range(2))
    assert np.array_equal(first, second)


def test_no_named_theme_gives_no_column(encoder):
    asked, meaning, joined, _ = ask(encoder, STARS)
    assert score(encoder, STARS).fit.shape == (len(STARS), 0)
    rows = np.arange(5)
    drawn = score_named(asked.take(rows), meaning[rows], joined[rows], build_graph(joined[rows]))
    assert drawn.fit.shape == (5, 0)


@pytest.mark.parametrize("n_papers", [1, 2, 3, 5, 8])
def test_few_papers_are_scored_without_an_error(encoder, n_papers):
    weaving, example = (
        NamedTheme(name="Weaving", phrases=ABSENT[0]),
        NamedTheme(name="Like the first", examples=("p0",)),
    )
    fit = score(encoder, ROBOTS[:n_papers], ROBOTICS, weaving, example).fit
    assert fit.shape == (n_papers, 3)
    assert np.isfinite(fit).all()
    assert ((fit >= 0) & (fit <= 1)).all()


@pytest.mark.parametrize("texts", [[""] * 30, ["the same text"] * 30, ["機械学習"] * 6])
def test_texts_without_words_are_scored_without_an_error(encoder, texts):
    assert np.isfinite(score(encoder, texts, ROBOTICS).fit).all()


def test_decoys_are_many_and_hardly_like_the_papers(encoder):
    assert len(read_decoys()) >= 50
    assert all(len(phrases) >= 2 and all(phrases) for phrases in read_decoys())
    unrelated = measure_unrelated(encoder.encode(ROBOTS), encoder.encode)
    assert unrelated.count_steps(encoder.encode(ROBOTS[:1]) @ encoder.encode(["robot manipulation"])[0])[0] > 5


def test_an_unknown_example_is_refused_with_its_id():
    themes = [NamedTheme(name="Robotics", examples=("p1", "zz")), NamedTheme(name="Stars", examples=("x.9",))]
    aside = pd.DataFrame({"source": ["a.csv"], "position": ["3"], "reason": ["no abstract"], "raw": ['{"id": "x.9"}']})
    with pytest.raises(InputError) as fault:
        check_examples(themes, ["p1"], aside)
    message = str(fault.value)
    assert "2 examples are not among the papers" in message
    assert "Robotics: 'zz' (unknown)" in message
    assert "Stars: 'x.9' (set aside from a.csv: no abstract)" in message
    assert "p1" not in message
    check_examples(themes[:1], ["p1", "zz"])


@pytest.mark.parametrize(
    ("theme", "part"),
    [
        ({"name": "A"}, "give phrases, examples (paper ids) or both"),
        ({"name": "A", "examples": []}, "give phrases, examples (paper ids) or both"),
        ({"name": "A", "examples": [" "]}, "an example is empty"),
        ({"name": "A", "phrases": [" "]}, "a phrase is empty"),
    ],
)
def test_a_theme_that_asks_for_nothing_is_refused(theme, part):
    with pytest.raises(InputError, match=r"themes\.named") as fault:
        parse_config({"themes": {"named": [theme]}})
    assert part in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_what_is_given_twice_counts_once():
    theme = NamedTheme(name="A", phrases=("x", "y", "x"), examples=("p1", "p1"))
    assert theme.phrases == ("x", "y")
    assert theme.examples == ("p1",)
