"""The static encoder: sums of vectors of word pieces that the packaged model gave once."""

import numpy as np
import pytest

from analysis.themes.embedding import StaticEncoder, static
from analysis.themes.embedding.weights import find_packaged_weights, load_tokenizer
from tests.themes.made_texts import COOKING, ROBOTS, STARS

N_PIECES = 30_522
TEXTS = [*ROBOTS[:3], "", "...", "GPT-4 naïve 🤖", *STARS[:2]]


@pytest.fixture
def made(monkeypatch, tmp_path):
    """An encoder whose pieces have random vectors."""
    pieces = np.random.default_rng(0).normal(size=(N_PIECES, 256)).astype(np.float16)
    monkeypatch.setattr(static, "distil", lambda folder: pieces)
    return StaticEncoder(cache=tmp_path)


def test_a_text_is_the_sum_of_its_pieces(made):
    text = "Robots manipulate unfamiliar objects robustly"
    ids = load_tokenizer(find_packaged_weights()).encode(text, add_special_tokens=False).ids
    expected = made._pieces[ids].sum(axis=0)
    assert made.encode([text])[0] @ expected / np.linalg.norm(expected) > 0.9999


def test_a_vector_does_not_depend_on_what_is_read_before_it(made):
    together = made.encode(TEXTS)
    assert np.array_equal(together[::-1], made.encode(TEXTS[::-1]))
    assert np.array_equal(together, np.array([made.encode([text])[0] for text in TEXTS]))


def test_forgotten_words_are_read_again(made, monkeypatch):
    first = made.encode(TEXTS)
    monkeypatch.setattr(static, "_MOST_WORDS", 2)
    assert np.array_equal(made.encode(TEXTS), first)


def test_vectors_have_length_one_even_without_a_word(made):
    assert np.allclose(np.linalg.norm(made.encode(TEXTS), axis=1), 1, atol=1e-3)


def test_vectors_are_what_is_kept_on_disk(made):
    vectors = made.encode(TEXTS)
    assert np.array_equal(vectors.astype(made.kept_as).astype(np.float32), vectors)


def test_pieces_are_distilled_once(made, monkeypatch, tmp_path):
    def refuse(folder):
        raise AssertionError("distilled again")

    monkeypatch.setattr(static, "distil", refuse)
    assert np.array_equal(StaticEncoder(cache=tmp_path).encode(TEXTS), made.encode(TEXTS))


def test_damaged_pieces_are_distilled_again(made, monkeypatch, tmp_path):
    (kept,) = tmp_path.rglob("pieces.npy")
    held = bytearray(kept.read_bytes())
    held[5000] ^= 1
    kept.write_bytes(held)
    again = []
    monkeypatch.setattr(static, "distil", lambda folder: again.append(folder) or made._pieces.astype(np.float16))
    assert np.array_equal(StaticEncoder(cache=tmp_path).encode(TEXTS), made.encode(TEXTS))
    assert len(again) == 1


def test_frequent_pieces_weigh_less():
    weighed = static.weigh_pieces(np.ones((N_PIECES, 1)))
    assert weighed[1000] < weighed[10_000] < weighed[-1] <= 1


@pytest.mark.slow  # Distils the model where the user's cache does not hold it yet: some ten seconds.
def test_papers_on_one_subject_are_closer_than_others():
    encoder = StaticEncoder()
    robots, stars, cooking = (encoder.encode(texts).mean(axis=0) for texts in (ROBOTS, STARS, COOKING))
    own = encoder.encode(ROBOTS)
    assert ((own @ robots > own @ stars) & (own @ robots > own @ cooking)).all()
