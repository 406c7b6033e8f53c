"""Vectors that are kept: found again to the bit, whole or not at all."""

import numpy as np
import pytest

from analysis.themes.embedding import encode_cached


class Counting:
    """An encoder that remembers what it was asked."""

    name, version = "counting", "1"

    def __init__(self, **more):
        self.asked = []
        vars(self).update(more)

    def encode(self, texts, *, on_done=None):
        self.asked += list(texts)
        return np.array([[len(text) / 3, 1.0] for text in texts], dtype=np.float32)


def test_a_second_run_encodes_only_new_texts(tmp_path):
    encoder = Counting()
    encode_cached(["a", "bb"], encoder, cache=tmp_path)
    vectors, n_new = encode_cached(["bb", "ccc", "ccc"], encoder, cache=tmp_path)
    assert n_new == 1
    assert encoder.asked == ["a", "bb", "ccc"]
    assert np.array_equal(vectors, encoder.encode(["bb", "ccc", "ccc"]))


def test_without_a_cache_every_distinct_text_is_encoded_once():
    encoder = Counting()
    vectors, n_new = encode_cached(["bb", "a", "bb"], encoder)
    assert (n_new, encoder.asked) == (2, ["bb", "a"])
    assert np.array_equal(vectors[0], vectors[2])


def test_no_text_gives_no_vector(tmp_path):
    assert encode_cached([], Counting(), cache=tmp_path)[0].shape[0] == 0


@pytest.mark.parametrize("how", ["cut", "flipped", "without its checksums"])
def test_a_damaged_shard_is_built_again_and_the_others_are_kept(tmp_path, how):
    encoder = Counting(per_shard=2)
    texts = ["a", "bb", "ccc", "dddd"]
    encode_cached(texts, encoder, cache=tmp_path)
    shard = sorted(tmp_path.rglob("vectors.npy"))[0]
    held = bytearray(shard.read_bytes())
    if how == "cut":
        shard.write_bytes(held[:-4])
    elif how == "flipped":
        held[-1] ^= 1
        shard.write_bytes(held)
    else:
        (shard.parent / "checksums.json").unlink()
    encoder.asked.clear()
    vectors, n_new = encode_cached(texts, encoder, cache=tmp_path)
    assert n_new == 2
    assert len(encoder.asked) == 2
    assert np.array_equal(vectors, Counting().encode(texts))
    assert encode_cached(texts, encoder, cache=tmp_path)[1] == 0


def test_a_killed_run_goes_on_after_its_last_shard(tmp_path):
    class Killed(Counting):
        def encode(self, texts, *, on_done=None):
            if "ccc" in texts:
                raise KeyboardInterrupt
            return super().encode(texts)

    texts = ["a", "bb", "ccc", "dddd", "eeeee"]
    with pytest.raises(KeyboardInterrupt):
        encode_cached(texts, Killed(per_shard=2), cache=tmp_path)
    encoder = Counting(per_shard=2)
    vectors, _ = encode_cached(texts, encoder, cache=tmp_path)
    assert encoder.asked == ["ccc", "dddd", "eeeee"]
    assert np.array_equal(vectors, Counting().encode(texts))


def test_vectors_that_are_kept_in_16_bits_are_the_same_when_computed_and_when_read(tmp_path):
    encoder = Counting(kept_as=np.float16)
    computed, read = (encode_cached(["a", "bb"], encoder, cache=tmp_path)[0] for _ in range(2))
    assert computed.dtype == np.float32
    assert np.array_equal(computed, read)
    assert np.array_equal(computed, encode_cached(["a", "bb"], encoder)[0])


def test_vectors_of_another_encoder_version_or_precision_are_not_taken(tmp_path):
    for encoder in (Counting(), Counting(version="2"), Counting(precision="int8"), Counting(name="other")):
        assert encode_cached(["a"], encoder, cache=tmp_path)[1] == 1


def test_phrases_stand_apart_from_papers(tmp_path):
    encoder = Counting()
    encode_cached(["a"], encoder, cache=tmp_path)
    assert encode_cached(["a"], encoder, cache=tmp_path, kept="phrases")[1] == 1
    assert encode_cached(["a"], encoder, cache=tmp_path, kept="phrases")[1] == 0
