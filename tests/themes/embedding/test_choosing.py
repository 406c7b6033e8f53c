"""The encoder that a study names, or that its size asks for."""

import numpy as np
import pytest

from analysis.config import EmbeddingSection, InputError
from analysis.themes.embedding import MiniLM, choosing, describe_encoder, embed_texts, find_encoder, transformer
from analysis.themes.embedding.static import STATIC
from tests.themes.embedding.test_shards import Counting


class Named:
    """Stands for the static encoder, which takes seconds to make."""

    name, version = STATIC, "1"

    def __init__(self, **_):
        pass


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    monkeypatch.setattr("analysis.themes.embedding.static.StaticEncoder", Named)
    monkeypatch.setattr(transformer, "sees_gpu", lambda: False)
    monkeypatch.setattr(choosing, "multiplies_whole_numbers", lambda: True)


@pytest.mark.parametrize(
    ("asked", "n_papers", "expected", "precision"),
    [
        ("auto", None, MiniLM.name, ""),
        ("auto", 999, MiniLM.name, ""),
        ("auto", 1_000, MiniLM.name, "int8"),
        ("auto", 5_000, MiniLM.name, "int8"),
        ("auto", 5_001, STATIC, ""),
        ("minilm", 100_000, MiniLM.name, "int8"),
        ("static", 10, STATIC, ""),
    ],
)
def test_the_size_of_the_corpus_chooses(asked, n_papers, expected, precision):
    encoder = find_encoder(asked, n_papers)
    assert encoder.name == expected
    assert describe_encoder(encoder).get("precision", "") == precision


@pytest.mark.parametrize(
    "fitted",
    [
        {"name": STATIC, "version": "1"},
        {"name": MiniLM.name, "version": MiniLM.version},
        {"name": MiniLM.name, "version": MiniLM.version, "precision": "int8"},
    ],
)
def test_papers_that_come_later_get_the_encoder_of_the_fit(fitted):
    for n_papers in (None, 10, 100_000):
        assert describe_encoder(find_encoder("auto", n_papers, fitted=fitted)) == fitted


def test_a_processor_without_whole_number_products_keeps_floating_point(monkeypatch):
    monkeypatch.setattr(choosing, "multiplies_whole_numbers", lambda: False)
    assert find_encoder("minilm", 4_000).precision == ""


def test_the_choice_is_said():
    texts = [f"robots number {number}" for number in range(30)]
    assert (
        '("auto": contextual up to 5,000 papers, here 30)'
        in embed_texts(texts, EmbeddingSection(), encoder=Counting()).rung
    )
    assert "auto" not in embed_texts(texts, EmbeddingSection(encoder="minilm"), encoder=Counting()).rung


@pytest.mark.slow
def test_a_model_that_would_need_a_download_is_refused(tmp_path):
    with pytest.raises(InputError, match="nothing is downloaded"):
        find_encoder(str(tmp_path / "no-such-model"))


def test_torch_stands_in_where_openvino_does_not_run(monkeypatch):
    texts = ["Robots learn to walk.", "One word"]
    expected = MiniLM().encode(texts)

    def refuse(self, *_, **__):
        raise RuntimeError("no plugin for this processor")

    monkeypatch.setattr(MiniLM, "__init__", refuse)
    encoder = find_encoder("minilm")
    assert describe_encoder(encoder) == {"name": MiniLM.name, "version": MiniLM.version, "precision": "torch"}
    assert (encoder.encode(texts) * expected).sum(axis=1).min() > 0.999


def test_a_gpu_is_used_where_torch_sees_one(monkeypatch):
    monkeypatch.undo()
    if not transformer.sees_gpu():
        pytest.skip("torch sees no GPU here")
    texts = ["Robots learn to walk.", "One word"]
    encoder = find_encoder("minilm")
    assert describe_encoder(encoder)["precision"] == "cuda"
    assert np.min((encoder.encode(texts) * MiniLM().encode(texts)).sum(axis=1)) > 0.999
