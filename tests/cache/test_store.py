"""A kept step comes back as it was, or counts as never made."""

import errno
import json
import os

import numpy as np
import pyarrow as pa
import pytest

from analysis.cache import Cache, hash_code, hash_parts, store

KEY = hash_parts("a step")


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def make_values():
    return {
        "vectors": np.arange(12, dtype=np.float32).reshape(3, 4),
        "papers": pa.table({"title": ["a", None, "ü"], "n": [1, 2, 3]}),
        "rung": "Which way was taken.",
        "sizes": [3, 2, 1],
    }


def files_of(cache):
    return sorted(path for path in cache.folder.rglob("*") if path.is_file())


def test_arrays_tables_and_values_come_back_equal(cache):
    cache.write("step", KEY, make_values())
    found = cache.read("step", KEY)
    for name, value in make_values().items():
        if isinstance(value, np.ndarray):
            assert found[name].dtype == value.dtype
            np.testing.assert_array_equal(found[name], value)
        elif isinstance(value, pa.Table):
            assert found[name].equals(value)
        else:
            assert found[name] == value
    assert set(found) == set(make_values())


def test_a_step_is_computed_once_for_each_key(cache):
    calls = []
    for key in (KEY, KEY, hash_parts("another")):
        cache.take("step", key, lambda key=key: calls.append(key) or {"n": 1})
    assert calls == [KEY, hash_parts("another")]


@pytest.mark.parametrize("name", ["vectors.npy", "papers.arrow", "values.json", "checksums.json"])
@pytest.mark.parametrize("harm", ["a flipped bit", "cut short", "gone"])
def test_a_damaged_entry_is_noticed_removed_and_made_again(cache, name, harm):
    cache.write("step", KEY, make_values())
    path = cache.folder / "step" / KEY / name
    content = bytearray(path.read_bytes())
    if harm == "a flipped bit":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif harm == "cut short":
        path.write_bytes(content[:-1])
    else:
        path.unlink()
    assert cache.read("step", KEY) is None
    assert not path.parent.exists()
    assert cache.take("step", KEY, make_values)["rung"] == "Which way was taken."
    assert cache.read("step", KEY)["rung"] == "Which way was taken."


def test_an_entry_of_another_layout_is_not_believed(cache):
    cache.write("step", KEY, make_values())
    path = cache.folder / "step" / KEY / "checksums.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "layout": store.LAYOUT + 1}))
    assert cache.read("step", KEY) is None


def test_a_full_disk_leaves_no_half_entry(cache, monkeypatch):
    cache.write("step", KEY, make_values())
    before = {path: path.read_bytes() for path in files_of(cache)}

    def refuse(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        cache.write("step", hash_parts("another"), make_values())
    assert {path: path.read_bytes() for path in files_of(cache)} == before
    assert [path.name for path in (cache.folder / "step").iterdir()] == [KEY]


def test_what_was_unused_for_longest_goes_first(tmp_path):
    big = {"array": np.zeros(1000, dtype=np.float64)}
    cache = Cache(tmp_path, most_bytes=20_000)
    keys = [hash_parts(number) for number in range(3)]
    for age, key in enumerate(keys[:2]):
        cache.write("step", key, big)
        os.utime(tmp_path / "step" / key, (age, age))
    assert cache.read("step", keys[0]) is not None  # Used just now.
    cache.write("step", keys[2], big)
    assert {entry.key for entry in cache.list_entries()} == {keys[0], keys[2]}
    assert sum(entry.n_bytes for entry in cache.list_entries()) <= 20_000


def test_an_entry_larger_than_the_bound_stays_alone(tmp_path):
    cache = Cache(tmp_path, most_bytes=10)
    cache.write("one", KEY, {"n": 1})
    cache.write("two", KEY, {"n": 2})
    assert [entry.kind for entry in cache.list_entries()] == ["two"]


def test_entries_are_listed_and_cleared_by_kind(cache):
    cache.write("one", KEY, {"n": 1})
    cache.write("two", KEY, make_values())
    held = {entry.kind: entry.n_bytes for entry in cache.list_entries()}
    assert held == {
        kind: sum(path.stat().st_size for path in (cache.folder / kind / KEY).iterdir()) for kind in ("one", "two")
    }
    assert cache.clear("one") == held["one"]
    assert [entry.kind for entry in cache.list_entries()] == ["two"]
    assert cache.clear() == held["two"]
    assert cache.list_entries() == []


def test_without_a_folder_nothing_is_kept():
    cache = Cache(None)
    cache.write("step", KEY, {"n": 1})
    assert cache.read("step", KEY) is None
    assert cache.list_entries() == []
    assert cache.clear() == 0


def test_keys_tell_everything_apart():
    parts = [
        ("a", "bc"),
        ("ab", "c"),
        ("abc",),
        (["a", "bc"],),
        (1,),
        (1.0,),
        (True,),
        ("1",),
        (b"1",),
        (None,),
        (np.zeros(2, np.float32),),
        (np.zeros(2, np.float64),),
        (np.zeros((1, 2), np.float32),),
        (np.zeros(2, "datetime64[D]"),),
        (np.zeros(2, "datetime64[s]"),),
        ({"a": 1},),
        ({"a": 2},),
    ]
    assert len({hash_parts(*one) for one in parts}) == len(parts)
    assert hash_parts({"a": 1, "b": 2}) == hash_parts({"b": 2, "a": 1})
    assert hash_parts(np.arange(6).reshape(2, 3).T) == hash_parts(np.arange(6).reshape(2, 3).T.copy())
    assert hash_parts(np.zeros((0, 3))) != hash_parts(np.zeros((0, 4)))
    with pytest.raises(TypeError, match="no stable bytes"):
        hash_parts(object())


def test_code_has_a_version_that_any_change_moves():
    assert hash_code("cache") == hash_code("cache")
    assert hash_code("cache") != hash_code("config")
    assert hash_code("cache/keys.py") != hash_code("cache/store.py")
