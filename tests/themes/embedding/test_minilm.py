"""The packaged encoder gives the vectors that its authors' code gives, alone or in company, rounded or not."""

import numpy as np
import pytest

from analysis.config import InputError
from analysis.themes.embedding import MiniLM, find_encoder, find_packaged_weights, minilm, weights
from analysis.themes.embedding.graph import Rounded, list_products
from analysis.themes.embedding.rounding import round_columns
from analysis.themes.embedding.weights import read_abstracts, read_weights
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS[:2], "One word", "", "GPT-4 🤖 on 3D data — naïve?", " ".join(STARS)]
LONG = [" ".join(ROBOTS), " ".join(COOKING), *read_abstracts()[:2]]


@pytest.fixture(scope="module")
def exact():
    return MiniLM()


@pytest.fixture(scope="module")
def nearest():
    """An encoder with every weight rounded to the nearest, which takes no time to make."""

    def round_nearest(weights, folder, *, cache=None):
        found = {}
        for _, _, names in list_products():
            for name in names:
                weight = weights[f"{name}.weight"]
                scale = np.abs(weight).max(axis=1) / 127
                whole = np.rint(weight / scale[:, np.newaxis]).astype(np.int8)
                found[name] = Rounded(whole, scale, np.ones(weight.shape[1], np.float32))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minilm, "take_rounded", round_nearest)
        encoder = MiniLM(precision="int8")
        encoder.encode(LONG[:1])
    return encoder


def test_vectors_agree_with_sentence_transformers(exact):
    reference = find_encoder(str(find_packaged_weights()))
    cosines = (exact.encode(TEXTS) * reference.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.999


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(exact):
    texts = [*TEXTS, *ROBOTS, *COOKING, "robots", "kitchen robots"]
    together = exact.encode(texts)
    alone = np.array([exact.encode([text])[0] for text in texts])
    assert np.array_equal(together, alone)


def test_a_rounded_vector_does_not_depend_on_what_is_embedded_beside_it(nearest):
    texts = [*LONG, *TEXTS, *LONG[:2]]
    together = nearest.encode(texts)
    assert np.array_equal(together[::-1], nearest.encode(texts[::-1]))
    assert np.array_equal(together[:4], np.array([nearest.encode([text])[0] for text in LONG]))


def test_rounding_moves_long_texts_little_and_short_ones_not_at_all(exact, nearest):
    cosines = (exact.encode(LONG) * nearest.encode(LONG)).sum(axis=1)
    assert cosines.min() > 0.99
    assert cosines.max() < 0.99999
    assert np.array_equal(exact.encode(TEXTS[:5]), nearest.encode(TEXTS[:5]))


@pytest.mark.slow  # Rounds the whole model where the user's cache does not hold it yet: half a minute.
def test_the_rounded_model_keeps_a_cosine_of_999(exact):
    cosines = (exact.encode(LONG) * MiniLM(precision="int8").encode(LONG)).sum(axis=1)
    assert cosines.min() > 0.9991


def test_rounding_column_by_column_loses_less_than_rounding_to_the_nearest():
    draw = np.random.default_rng(0)
    inputs = draw.normal(size=(400, 6)) @ draw.normal(size=(6, 24)) + 0.1 * draw.normal(size=(400, 24))
    weight = draw.normal(size=(8, 24)).astype(np.float32)
    moments = inputs.T @ inputs / len(inputs)
    root = np.linalg.cholesky(np.linalg.inv(moments)).T
    whole, scale = round_columns(weight, root)
    nearest = np.rint(weight / scale[:, np.newaxis]) * scale[:, np.newaxis]
    lost, lost_nearest = (
        np.square(inputs @ (one - weight).T).mean() for one in (whole * scale[:, np.newaxis], nearest)
    )
    assert lost < 0.7 * lost_nearest
    assert np.abs(whole).max() <= 127


def test_vectors_have_length_one(exact):
    assert np.allclose(np.linalg.norm(exact.encode(TEXTS), axis=1), 1, atol=1e-5)


def test_every_text_is_told_of_once(exact):
    done = []
    exact.encode([*TEXTS, *ROBOTS], on_done=done.append)
    assert sum(done) == len(TEXTS) + len(ROBOTS)


def test_no_text_gives_no_vector(exact):
    assert exact.encode([]).shape == (0, 384)


def test_other_weights_than_the_published_ones_are_refused(monkeypatch):
    monkeypatch.setattr(weights, "MINILM_SHA256", "0" * 64)
    with pytest.raises(InputError, match="SHA-256"):
        find_packaged_weights()


def test_the_weights_have_all_that_is_rounded():
    known = read_weights(find_packaged_weights())
    assert all(f"{name}.weight" in known for _, _, names in list_products() for name in names)
