"""Keys of several parts meet in one bucket, and rows find the task that needs them."""

from itertools import chain

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.study.scaling.shuffling import (
    count_buckets,
    find_keys,
    line_up,
    read_batches,
    read_bucket,
    share_out,
    write_batches,
    write_keys,
)

EDGES = [0, 1, 2**63 - 1, 2**63, 2**64 - 1]


@settings(max_examples=20)
@given(
    parts=st.lists(st.lists(st.sampled_from(EDGES) | st.integers(0, 2**64 - 1), max_size=6), min_size=1, max_size=4),
    n_buckets=st.integers(1, 5),
)
def test_every_key_lies_in_one_bucket_with_its_row(tmp_path_factory, parts, n_buckets):
    folder = tmp_path_factory.mktemp("keys")
    for place, keys in enumerate(parts):
        write_keys(folder / f"part{place}.keys", np.array(keys, dtype=np.uint64), np.arange(len(keys)))
    stretches = line_up([folder / f"part{place}" for place in range(len(parts))], [len(keys) for keys in parts])
    found = [read_bucket(stretches, "keys", bucket, n_buckets) for bucket in range(n_buckets)]
    pairs = [(int(key), int(row)) for keys, rows in found for key, row in zip(keys, rows, strict=True)]
    assert sorted(pairs, key=lambda pair: pair[1]) == list(zip(chain(*parts), range(len(pairs)), strict=True))
    assert all((np.diff(rows) >= 0).all() for _, rows in found)


def test_keys_are_looked_up_in_a_part(tmp_path):
    write_keys(tmp_path / "one.keys", np.array([5, 3, 5], dtype=np.uint64), np.array([0, 1, 2]))
    (stretch,) = line_up([tmp_path / "one"], [3])
    keys, rows = find_keys(stretch._replace(first=10), "keys", np.array([5, 9], dtype=np.uint64))
    assert keys.tolist() == [5, 5]
    assert rows.tolist() == [10, 12]


def test_rows_are_shared_out_by_part_and_group(tmp_path):
    stretches = line_up([tmp_path / name for name in "abc"], [3, 0, 4])
    shares = share_out(stretches, np.array([6, 0, 2, 3, 0]), np.array([1, 1, 0, 0, 0]))
    assert [share.rows.tolist() for share in shares] == [[0, 2, 0], [], [0, 3]]
    assert [share.groups.tolist() for share in shares] == [[0, 0, 1], [], [0, 1]]


def test_batches_come_back_by_group(tmp_path):
    table = pa.table({"letter": ["a", "b", "c"]})
    numbers = write_batches(tmp_path / "some.arrow", table, np.array([2, 2, 7]))
    assert numbers == {"2": 0, "7": 1}
    (found,) = read_batches([(str(tmp_path / "some.arrow"), numbers["2"])])
    assert found.column("letter").to_pylist() == ["a", "b"]


@pytest.mark.parametrize(("n_keys", "n_buckets"), [(0, 1), (10, 1), (11, 2), (30, 3)])
def test_there_are_as_many_buckets_as_keys_need(n_keys, n_buckets):
    assert count_buckets(n_keys, at_once=10) == n_buckets
