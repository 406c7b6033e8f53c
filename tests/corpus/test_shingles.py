import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.shingles import FACTORS, N_HASHES, list_words, number_runs, sign_texts

TEXTS = st.lists(st.text(st.sampled_from("abAB9_ .,\n\tß\u00c9ﬁ中😀\ud800\x00"), max_size=30), min_size=1, max_size=8)


def number_slowly(text):
    """The same numbers, a word at a time."""
    codes = [word.encode("utf-8", "surrogatepass") for word in list_words(text)]
    words = [zlib.crc32(code) << 32 | zlib.crc32(code, 0x5BD1E995) for code in codes]
    words += [0] * (3 - len(words))
    runs = []
    for start in range(len(words) - 2):
        mixed = sum(words[start + step] * int(FACTORS[step]) for step in range(3)) % 2**64
        runs.append(mixed ^ (mixed >> 29))
    return runs


@given(TEXTS)
def test_runs_of_many_texts_are_those_of_each(texts):
    runs = number_runs(texts)
    found = [runs.numbers[start:end].tolist() for start, end in zip(runs.ends[:-1], runs.ends[1:], strict=True)]
    assert found == [number_slowly(text) for text in texts]


@given(TEXTS)
def test_a_signature_does_not_depend_on_its_neighbours(texts):
    whole = sign_texts(texts)
    assert whole.shape == (len(texts), N_HASHES)
    assert (whole == np.concatenate([sign_texts([text]) for text in texts])).all()


def test_signatures_agree_about_as_much_as_the_texts():
    draw = np.random.default_rng(1)
    words = [f"w{number}" for number in draw.integers(0, 5000, 400)]
    other = [*words[:300], *(f"v{number}" for number in range(100))]
    one, two = sign_texts([" ".join(words), " ".join(other)])
    # 298 of 498 runs are shared.
    assert abs((one == two).mean() - 298 / 498) < 0.2


def test_no_text_has_no_signature():
    assert sign_texts([]).shape == (0, N_HASHES)
