"""Rows of different parts brought together: by a key that they share (a hash shuffle), or by the task that needs them.

Each part lays its keys on disk once, in order; a bucket is a range of the
space of keys, so a task reads one slice of every file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Rows = NDArray[np.int64]

KEYS_A_BUCKET = 5_000_000
_SPACE = 2**64


class Stretch(NamedTuple):
    """One part among all.

    Attributes
    ----------
    path : str
        Where it lies, without the end that says of what.
    first : int
        Number of its first row among the rows of all parts.
    n_rows : int
    """

    path: str
    first: int
    n_rows: int


class LayTask(NamedTuple):
    """Rows of one part, in the order of the groups that they go to."""

    stretch: Stretch
    rows: Rows
    groups: NDArray[np.int64]
    name: str
    folder: str
    digest: str


def line_up(paths: Sequence[Path], counts: Sequence[int]) -> list[Stretch]:
    """Parts one after the other."""
    firsts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    return [Stretch(str(path), int(first), int(n)) for path, first, n in zip(paths, firsts[:-1], counts, strict=True)]


def write_keys(path: Path, keys: Keys, rows: Rows) -> None:
    """Lay the keys of a part on disk in order, with the row in the part that bears each."""
    order = np.argsort(keys, kind="stable")
    np.save(path.with_name(f"{path.name}.keys.npy"), keys[order].astype(np.uint64), allow_pickle=False)
    np.save(path.with_name(f"{path.name}.rows.npy"), rows[order].astype(np.uint32), allow_pickle=False)


def count_buckets(n_keys: int, *, at_once: int = KEYS_A_BUCKET) -> int:
    """Into how many buckets the keys are cut: so many that one task holds one."""
    return max(1, -(-n_keys // at_once))


def read_bucket(stretches: Iterable[Stretch], kind: str, bucket: int, n_buckets: int) -> tuple[Keys, Rows]:
    """The keys of one bucket from every part, and the number of the row that bears each, in the order of the rows."""
    low, high = bucket * _SPACE // n_buckets, (bucket + 1) * _SPACE // n_buckets
    keys, rows = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for stretch in stretches:
        all_keys = np.load(f"{stretch.path}.{kind}.keys.npy", mmap_mode="r", allow_pickle=False)
        begin = int(np.searchsorted(all_keys, np.uint64(low)))
        end = len(all_keys) if high >= _SPACE else int(np.searchsorted(all_keys, np.uint64(high)))
        if begin < end:
            own = np.load(f"{stretch.path}.{kind}.rows.npy", mmap_mode="r", allow_pickle=False)
            keys.append(np.array(all_keys[begin:end]))
            rows.append(own[begin:end].astype(np.int64) + stretch.first)
    found = np.concatenate(rows)
    order = np.argsort(found, kind="stable")
    return np.concatenate(keys)[order], found[order]


def find_keys(stretch: Stretch, kind: str, wanted: Keys) -> tuple[Keys, Rows]:
    """Which of some keys the rows of a part bear: the keys found, and the number of the row of each."""
    keys = np.load(f"{stretch.path}.{kind}.keys.npy", mmap_mode="r", allow_pickle=False)
    rows = np.load(f"{stretch.path}.{kind}.rows.npy", mmap_mode="r", allow_pickle=False)
    places = np.flatnonzero(np.isin(keys, wanted))
    return np.array(keys[places]), rows[places].astype(np.int64) + stretch.first


class Share(NamedTuple):
    """What a part lays out for others: `rows` (in the part) for each of the `groups`, both in the order of groups."""

    groups: NDArray[np.int64]
    rows: Rows


def share_out(stretches: Sequence[Stretch], rows: Rows, groups: NDArray[np.int64]) -> list[Share]:
    """For each part its rows and the groups that they go to; a row may go to several.

    Parameters
    ----------
    stretches : sequence of Stretch
    rows : int64 array (n,)
        Numbers of rows among all.
    groups : int64 array (n,)
    """
    order = np.lexsort((rows, groups))
    rows, groups = rows[order], groups[order]
    ends = np.array([stretch.first + stretch.n_rows for stretch in stretches], dtype=np.int64)
    owner = np.searchsorted(ends, rows, side="right")
    by_owner = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[by_owner], np.arange(len(stretches) + 1))
    pieces = [by_owner[begin:end] for begin, end in pairwise(cuts)]
    return [Share(groups[piece], rows[piece] - stretch.first) for piece, stretch in zip(pieces, stretches, strict=True)]


def write_batches(path: Path, table: Any, groups: NDArray[np.int64]) -> dict[str, int]:
    """Write the rows of a table, which stand in the order of their groups, one batch per group.

    Returns
    -------
    dict of str to int
        Group (as text, as JSON keeps it) to the number of its batch.
    """
    import pyarrow as pa

    names, starts = np.unique(groups, return_index=True)
    ends = np.append(starts[1:], len(groups))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        for start, end in zip(starts, ends, strict=True):
            out.write_batch(table.slice(int(start), int(end - start)).combine_chunks().to_batches()[0])
    return {str(name): place for place, name in enumerate(names)}


def read_batches(places: Iterable[tuple[str, int]]) -> Iterator[Any]:
    """Tables from files of `write_batches`, of each the batch of that number."""
    import pyarrow as pa

    for path, number in places:
        with pa.memory_map(path) as source:
            yield pa.Table.from_batches([pa.ipc.open_file(source).get_batch(number)])
