"""The words of a corpus as a space: the numbers of scikit-learn, with each text read once."""

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.config import EmbeddingSection
from analysis.themes.embedding import embed_texts, embed_words, lexical, make_unit
from analysis.themes.embedding.counting import count_terms, count_words
from tests.themes.embedding.test_shards import Counting
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS, *STARS, *COOKING, "Ünïcode_words, 3D; the GPT-4 — naïve ﬁne 機械学習 x y"]


def test_words_are_those_of_scikit_learn():
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2, max_df=0.3, dtype=np.float32)
    expected = vectorizer.fit_transform(TEXTS)
    vectors, space = embed_words(TEXTS, EmbeddingSection(), 42)
    svd = TruncatedSVD(vectors.shape[1], random_state=42)
    assert np.array_equal(vectors, make_unit(svd.fit_transform(expected).astype(np.float32)))
    assert space.terms == tuple(vectorizer.get_feature_names_out())
    assert np.array_equal(space.idf, vectorizer.idf_)


def test_placed_texts_get_the_weights_of_scikit_learn():
    _, space = embed_words(TEXTS, EmbeddingSection(), 42)
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True, vocabulary=space.terms, dtype=np.float32)
    vectorizer.idf_ = space.idf
    asked = ["A robot grasps soup", "", "unheard words only", TEXTS[3]]
    expected = make_unit(np.asarray(vectorizer.transform(asked) @ space.components.T, dtype=np.float32))
    assert np.allclose(space.embed(asked), expected, atol=1e-6)
    assert not space.embed(asked)[1:3].any()


def test_counting_in_parts_changes_nothing(monkeypatch):
    from analysis.themes.embedding import counting

    whole = count_words(TEXTS)
    monkeypatch.setattr(counting, "_AT_ONCE", 3)
    parts = count_words(TEXTS)
    assert whole.words == parts.words
    assert (whole.counts != parts.counts).nnz == 0
    assert np.array_equal(whole.counts.indices, parts.counts.indices)


def test_terms_are_counted_as_words_are():
    counted = count_words(TEXTS)
    assert (counted.counts != count_terms(TEXTS, counted.words)).nnz == 0


def test_words_nobody_else_uses_are_unknown():
    _, space = embed_words(TEXTS, EmbeddingSection(), 42)
    assert space.find_unknown(["robot robot zyzzyva"]) == pytest.approx(1 / 2)
    assert np.isnan(space.find_unknown(["", "the"]))
    assert 0 < space.unknown < 1


def test_directions_fitted_on_a_part_place_all_texts(monkeypatch):
    texts = [f"{text} {other}" for text in TEXTS for other in ("again", "twice", "thrice")]
    monkeypatch.setattr(lexical, "_MOST_FITTED", 50)
    mapped, space = embed_words(texts, EmbeddingSection(lexical_dimensions=8), 42)
    assert np.allclose(mapped, space.embed(texts), atol=1e-6)
    similarity = mapped @ mapped.T
    np.fill_diagonal(similarity, -1)
    # The same text with another last word is nearest, for texts that were drawn and for those that were not.
    assert (similarity.argmax(axis=1) // 3 == np.arange(len(texts)) // 3).all()


def test_words_join_the_vectors_from_twenty_papers_on():
    encoder, texts = Counting(), [*ROBOTS, *STARS, *COOKING]
    few, many = (embed_texts(texts[:n], EmbeddingSection(), encoder=encoder) for n in (19, 23))
    assert few.joined.shape[1] == 2
    assert many.joined.shape[1] > 2
    assert "TF-IDF" in many.rung
    assert "alone" in few.rung


@pytest.mark.parametrize("texts", [[f"unique{number} token{number}" for number in range(30)], [""] * 30])
def test_texts_that_share_no_word_are_embedded_by_meaning_alone(texts):
    assert embed_texts(texts, EmbeddingSection(), encoder=Counting()).joined.shape[1] == 2
