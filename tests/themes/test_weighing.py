"""Words weighed over whole arrays weigh what scikit-learn makes of them, and later texts are weighed alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from analysis.themes.weighing import Weigher
from analysis.themes.wording import index_words, keep_vocabulary, list_stems
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING]
WORDS = [
    "robot",
    "Robots",
    "the",
    "of",
    "x_y",
    "GPT-4",
    "a",
    "1",
    "42",
    "rock\u2019n\u2019roll",
    "Σας",
    "(arm),",
    "arm",
    "--",
    "é",
]
COUNTING = {"stop_words": "english", "sublinear_tf": True, "ngram_range": (1, 2), "dtype": np.float32}


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=3, max_size=8))
@settings(max_examples=40)
def test_weights_are_those_of_scikit_learn(texts):
    texts = [*texts, "robot arm", "kitchen stove", "night sky"]
    theirs = TfidfVectorizer(**COUNTING, max_df=0.6)
    weights = theirs.fit_transform(texts)
    words = index_words(texts)
    assert list(words.weigh.terms) == theirs.get_feature_names_out().tolist()
    assert np.array_equal(words.weigh.idf, theirs.idf_)
    assert np.array_equal(words.weights.toarray(), weights.toarray())
    stems = CountVectorizer(analyzer=list_stems, binary=True)
    assert np.array_equal(words.stems.toarray(), stems.fit_transform(texts).toarray())
    assert words.columns == stems.vocabulary_


def test_later_texts_are_weighed_by_what_the_corpus_taught():
    theirs = TfidfVectorizer(**COUNTING, max_df=0.6).fit(TEXTS)
    later = ["The robot arm of an unheard robot arm.", "", "Unheard words alone"]
    vocabulary = keep_vocabulary(index_words(TEXTS), ["robot learning"])
    found = vocabulary.index(later)
    assert np.array_equal(found.weights.toarray(), theirs.transform(later).toarray())
    assert found.match("robot arm")[0] > 0
    covered = found.cover(["robot learning"])[:, 0]
    assert covered[0] > 0
    assert not covered[1:].any()
    assert np.array_equal(vocabulary.index(TEXTS).cover(["robot"]), index_words(TEXTS).cover(["robot"]))


def test_a_text_is_weighed_the_same_alone_and_among_others():
    vocabulary = keep_vocabulary(index_words(TEXTS), ["robot learning"])
    together = vocabulary.index(TEXTS).weights.toarray()
    alone = [vocabulary.index([text]).weights.toarray()[0] for text in reversed(TEXTS)]
    assert np.array_equal(np.array(alone[::-1]), together)


@pytest.mark.parametrize("texts", [[], [""], ["the of", "--"]])
def test_texts_without_a_word_weigh_nothing(texts):
    words = index_words(texts)
    assert words.weights.shape == (len(texts), 0)
    assert words.match("robot").tolist() == [0.0] * len(texts)
    assert keep_vocabulary(words, ["robot"]).index(["robot"]).match("robot").tolist() == [0.0]
    assert Weigher((), np.zeros(0, np.float32)).weigh(texts).shape == (len(texts), 0)
