"""The packaged encoder gives the vectors that its authors' code gives."""

import numpy as np
import pytest

from analysis.config import EmbeddingSection, InputError
from analysis.themes import encoder as encoders
from analysis.themes.encoder import MiniLM, find_encoder, find_packaged_weights
from analysis.themes.vectors import embed_texts, encode_cached
from tests.themes.made_texts import COOKING, ROBOTS, STARS

TEXTS = [*ROBOTS[:2], "One word", "", "GPT-4 🤖 on 3D data — naïve?", " ".join(STARS)]


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


class Counting:
    """An encoder that remembers what it was asked."""

    name, version = "counting", "1"

    def __init__(self):
        self.asked = []

    def encode(self, texts, *, on_done=None):
        self.asked += list(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_vectors_agree_with_sentence_transformers(minilm):
    reference = find_encoder(str(find_packaged_weights()))
    cosines = (minilm.encode(TEXTS) * reference.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.999


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(minilm):
    together = minilm.encode(TEXTS)
    alone = np.array([minilm.encode([text])[0] for text in TEXTS])
    assert np.array_equal(together, alone)


def test_vectors_have_length_one(minilm):
    assert np.allclose(np.linalg.norm(minilm.encode(TEXTS), axis=1), 1, atol=1e-5)


def test_other_weights_than_the_published_ones_are_refused(monkeypatch):
    monkeypatch.setattr(encoders, "MINILM_SHA256", "0" * 64)
    with pytest.raises(InputError, match="SHA-256"):
        find_packaged_weights()


def test_a_model_that_would_need_a_download_is_refused(tmp_path):
    with pytest.raises(InputError, match="nothing is downloaded"):
        find_encoder(str(tmp_path / "no-such-model"))


def test_a_second_run_encodes_only_new_texts(tmp_path):
    encoder = Counting()
    encode_cached(["a", "bb"], encoder, cache=tmp_path)
    vectors, n_new = encode_cached(["bb", "ccc", "ccc"], encoder, cache=tmp_path)
    assert n_new == 1
    assert encoder.asked == ["a", "bb", "ccc"]
    assert vectors[:, 0].tolist() == [2, 3, 3]


def test_a_damaged_cache_is_built_again(tmp_path):
    encoder = Counting()
    encode_cached(["a"], encoder, cache=tmp_path)
    (shard,) = tmp_path.rglob("*.npz")
    shard.write_bytes(shard.read_bytes()[:40])
    vectors, n_new = encode_cached(["a"], encoder, cache=tmp_path)
    assert n_new == 1
    assert vectors.tolist() == [[1, 1]]


def test_words_join_the_vectors_from_twenty_papers_on():
    encoder, texts = Counting(), [*ROBOTS, *STARS, *COOKING]
    few, many = (embed_texts(texts[:n], EmbeddingSection(), encoder=encoder) for n in (19, 23))
    assert few.joined.shape[1] == 2
    assert many.joined.shape[1] > 2
    assert "TF-IDF" in many.rung
    assert "alone" in few.rung


def test_texts_that_share_no_word_are_embedded_by_meaning_alone():
    texts = [f"unique{number} token{number}" for number in range(30)]
    assert embed_texts(texts, EmbeddingSection(), encoder=Counting()).joined.shape[1] == 2
