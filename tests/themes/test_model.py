"""What a fit knows comes back from disk as it was, or not at all."""

import dataclasses
import json
import shutil

import numpy as np
import pytest

from analysis.config import InputError
from analysis.themes.model import ARCHIVE, read_model, write_model
from tests.themes.made_fit import make_fit

FACTS, ARRAYS = ARCHIVE.files


@pytest.fixture(scope="module")
def model():
    return make_fit().tables.model


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    write_model(model, folder)
    return folder


def assert_equal(one, other, where="model"):
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, where
        np.testing.assert_array_equal(one, other, err_msg=where)
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_equal(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_equal(one[key], other[key], f"{where}[{key}]")
    elif isinstance(one, tuple) and one and not isinstance(one[0], str):
        assert len(one) == len(other)
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_equal(mine, theirs, f"{where}[{place}]")
    else:
        assert one == other, where


def test_every_part_of_a_model_comes_back(model, folder):
    assert_equal(model, read_model(folder))


def test_a_model_without_words_and_named_themes_comes_back(tmp_path):
    model = make_fit({"embedding": {"lexical": "off"}, "themes": {"n_alternatives": 0}}).tables.model
    assert model.lexical is None
    write_model(model, tmp_path)
    assert_equal(model, read_model(tmp_path))


def test_the_same_model_is_the_same_bytes(model, folder, tmp_path):
    write_model(model, tmp_path)
    assert all((tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in (ARRAYS, FACTS))


def test_nothing_in_it_is_code(folder):
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiub" for name in arrays.files)


@pytest.mark.parametrize("name", [ARRAYS, FACTS])
def test_a_missing_half_is_told(folder, tmp_path, name):
    shutil.copytree(folder, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(InputError, match=rf"{name}: this study keeps no fitted model.*--refit"):
        read_model(tmp_path / "model")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        (ARRAYS, lambda whole: whole[: len(whole) // 2]),
        (ARRAYS, lambda _: b""),
        (FACTS, lambda whole: whole[:-40]),
        (FACTS, lambda _: b"[]"),
        (FACTS, lambda _: b"[" * 100_000),
        (FACTS, lambda _: b'{"version": 1}'),
        (FACTS, lambda _: b"\xff\xfe"),
    ],
)
def test_a_damaged_half_is_told(folder, tmp_path, name, harm):
    shutil.copytree(folder, tmp_path / "model")
    path = tmp_path / "model" / name
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(InputError, match=r"the fitted model is damaged.*--refit"):
        read_model(tmp_path / "model")


def test_halves_of_two_fits_are_not_taken_for_one(folder, tmp_path):
    other = make_fit({"themes": {"n_alternatives": 0}}).tables.model
    write_model(other, tmp_path)
    shutil.copy(folder / FACTS, tmp_path / FACTS)
    with pytest.raises(InputError, match=r"do not belong together|damaged"):
        read_model(tmp_path)


def test_a_model_of_another_version_is_told(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model")
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    (tmp_path / "model" / FACTS).write_text(json.dumps({**facts, "version": 99}), encoding="utf-8")
    with pytest.raises(InputError, match=r"the fitted model is of version 99, but this version reads 1"):
        read_model(tmp_path / "model")
