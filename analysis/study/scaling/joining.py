"""Records of one paper made one, across parts.

The rules are those of `analysis.corpus.identity` and `analysis.corpus.merging`.
Records that share a key are brought together by a hash shuffle. The sets of
records that hang together by any key are independent of each other: each set
is put to the very functions that see all records when there is one part.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cache import hash_code, hash_parts
from analysis.corpus.identity import identify_records
from analysis.corpus.merging import list_suspects, merge_records
from analysis.study.scaling.engine import Engine
from analysis.study.scaling.parts import Part, keep_part
from analysis.study.scaling.reading import KEYS, WANTED, hash_values
from analysis.study.scaling.shuffling import (
    LayTask,
    Stretch,
    count_buckets,
    find_keys,
    read_batches,
    read_bucket,
    share_out,
    write_batches,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.study.scaling.shuffling import Rows

# About so many; a set that hangs together is never cut.
RECORDS_A_TASK = 100_000
# The number of a record among all, and in its part.
ROW, LOCAL = "row_of_all", "row_of_part"


class Raw(NamedTuple):
    """Raw parts in file order, and the digest of what they hold."""

    stretches: list[Stretch]
    n_keys: int
    digest: str


class Joined(NamedTuple):
    """What was joined.

    Attributes
    ----------
    laid : list of str or None
        Of each raw part the file with its records that share a key.
    papers : list of list of (str, int)
        Of each raw part the batches of papers that these records make.
    groups : list of Part
        What each task tells: ``renamed``, ``conflicts``, ``n_merges``.
    folder : Path
        With ``<name>.merges.parquet`` and ``<name>.suspects.parquet`` of each task.
    names : list of str
    digest : str
    """

    laid: list[str | None]
    papers: list[list[tuple[str, int]]]
    groups: list[Part]
    folder: Path
    names: list[str]
    digest: str


class BucketTask(NamedTuple):
    """One range of keys."""

    bucket: int
    n_buckets: int
    raw: Raw
    folder: str


class GroupTask(NamedTuple):
    """Sets of records that hang together."""

    group: int
    places: list[tuple[str, int]]
    stretches: list[Stretch]
    folder: str
    digest: str

    @property
    def name(self) -> str:
        """Of the part that its answer is kept as."""
        return f"joined-{self.group:05d}"


def join_records(engine: Engine, raw: Raw, folder: Path) -> Joined:
    """Find and merge the records of one paper.

    Parameters
    ----------
    engine : Engine
    raw : Raw
    folder : Path
        For what the tasks make.
    """
    n_buckets = count_buckets(raw.n_keys)
    buckets = [BucketTask(bucket, n_buckets, raw, str(folder)) for bucket in range(n_buckets)]
    edges = [
        np.load(folder / f"shared-{task.bucket:05d}.npy")
        for task, _ in zip(buckets, engine.map(find_shared, buckets), strict=True)
    ]
    links = np.concatenate(edges) if edges else np.zeros((0, 2), dtype=np.int64)
    while True:
        sets = _Sets.of(links)
        joined = _join_groups(engine, raw, folder, sets)
        more = _find_claims(engine, raw, joined, sets)
        if not len(more):
            return joined
        # A name that was made for a paper is stated elsewhere: those records belong together, too.
        links = np.concatenate([links, more])


class _Sets(NamedTuple):
    """Rows that share a key with another, the set that each hangs together with, and the task that it goes to."""

    rows: Rows
    codes: NDArray[np.int64]
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, links: NDArray[np.int64]) -> _Sets:
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        rows, ends = np.unique(links.ravel(), return_inverse=True)
        ends = ends.reshape(-1, 2)
        graph = coo_matrix((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(len(rows), len(rows)))
        codes = pd.factorize(connected_components(graph, directed=False)[1])[0].astype(np.int64)
        # In the order of their first rows, so many to a task that it is filled.
        sizes = np.bincount(codes)
        groups = (np.cumsum(sizes) - sizes) // RECORDS_A_TASK
        return cls(rows, codes, groups[codes].astype(np.int64))

    def tell(self, rows: Rows) -> NDArray[np.int64]:
        """A number for the set of each row; a row that shares no key is one by itself."""
        if not len(self.rows):
            return -1 - rows
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.asarray(np.where(self.rows[places] == rows, self.codes[places], -1 - rows), dtype=np.int64)


def find_shared(task: BucketTask) -> Part:
    """Pairs of rows that share a key: of each key the first row with every other."""
    key = hash_parts("shared", hash_code("."), task.bucket, task.n_buckets, task.raw.digest)
    return keep_part(Path(task.folder), f"shared-{task.bucket:05d}", key, partial(_find_shared, task))


def _find_shared(task: BucketTask, beside: Path) -> dict[str, Any]:
    keys, rows = read_bucket(task.raw.stretches, KEYS, task.bucket, task.n_buckets)
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
    first = np.repeat(rows[starts], np.diff(np.append(starts, len(keys))))
    pairs = np.unique(np.column_stack([first, rows])[first != rows], axis=0)
    np.save(beside / f"shared-{task.bucket:05d}.npy", pairs, allow_pickle=False)
    return {"n_pairs": len(pairs)}


def _join_groups(engine: Engine, raw: Raw, folder: Path, sets: _Sets) -> Joined:
    digest = hash_parts(raw.digest, sets.rows.tobytes(), sets.groups.tobytes())
    shares = share_out(raw.stretches, sets.rows, sets.groups)
    lay_tasks = [
        LayTask(stretch, share.rows, share.groups, f"laid-{place:05d}", str(folder), digest)
        for place, (stretch, share) in enumerate(zip(raw.stretches, shares, strict=True))
        if len(share.rows)
    ]
    laid = dict(zip((task.name for task in lay_tasks), engine.map(lay_out, lay_tasks), strict=True))
    places = _turn_round({str(folder / f"{name}.arrow"): part.facts["batches"] for name, part in laid.items()})
    tasks = [GroupTask(group, places[group], raw.stretches, str(folder), digest) for group in sorted(places)]
    groups = engine.map(join_group, tasks)
    papers = _turn_round(
        {str(folder / f"{task.name}.arrow"): part.facts["batches"] for task, part in zip(tasks, groups, strict=True)}
    )
    names = [f"laid-{place:05d}" for place in range(len(raw.stretches))]
    return Joined(
        laid=[str(folder / f"{name}.arrow") if name in laid else None for name in names],
        papers=[papers.get(place, []) for place in range(len(names))],
        groups=groups,
        folder=folder,
        names=[task.name for task in tasks],
        digest=hash_parts([part.digest for part in groups], digest),
    )


def _turn_round(batches: dict[str, dict[str, int]]) -> dict[int, list[tuple[str, int]]]:
    """From batches by file to files by batch."""
    found: dict[int, list[tuple[str, int]]] = {}
    for path, numbers in batches.items():
        for name, number in numbers.items():
            found.setdefault(int(name), []).append((path, number))
    return found


def lay_out(task: LayTask) -> Part:
    """Lay out the rows of a raw part for the tasks that they go to."""
    key = hash_parts("laid", hash_code("."), task.name, task.digest)
    return keep_part(Path(task.folder), task.name, key, partial(_lay_out, task))


def _lay_out(task: LayTask, beside: Path) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(f"{task.stretch.path}.parquet").drop_columns([WANTED]).take(pa.array(task.rows))
    table = table.append_column(ROW, pa.array(task.rows + task.stretch.first))
    return {"batches": write_batches(beside / f"{task.name}.arrow", table, task.groups)}


def join_group(task: GroupTask) -> Part:
    """Join the records of some sets, each as where there is one part."""
    key = hash_parts("joined", hash_code("."), task.group, task.digest)
    return keep_part(Path(task.folder), task.name, key, partial(_join_group, task))


def _join_group(task: GroupTask, beside: Path) -> dict[str, Any]:
    import pyarrow as pa

    pieces = list(read_batches(task.places))
    table = pa.concat_tables(pieces, promote_options="default").combine_chunks()
    table = table.take(pa.array(np.argsort(table.column(ROW).to_numpy(), kind="stable")))
    rows = table.column(ROW).to_numpy()
    table = table.drop_columns([ROW])
    identity = identify_records(table)
    suspects = list_suspects(identity.suspects, table, identity)
    merged = merge_records(table, identity)
    is_head = identity.leader == np.arange(len(rows))
    merged.merges.assign(row=rows[~is_head]).to_parquet(beside / f"{task.name}.merges.parquet")
    suspects.to_parquet(beside / f"{task.name}.suspects.parquet")
    heads = rows[is_head]
    firsts = np.array([stretch.first for stretch in task.stretches], dtype=np.int64)
    # The last of several parts that begin there: those before it are empty.
    owner = np.searchsorted(firsts, heads, side="right") - 1
    papers = merged.table.append_column(LOCAL, pa.array(heads - firsts[owner]))
    return {
        "batches": write_batches(beside / f"{task.name}.arrow", papers, owner),
        "renamed": [list(pair) for pair in identity.renamed],
        "heads": [int(rows[identity.paper_id == new][0]) for _, new in identity.renamed],
        "conflicts": [list(conflict) for conflict in merged.conflicts],
        "n_merges": len(merged.merges),
    }


class ClaimTask(NamedTuple):
    """Names to look for among those that the records of one part state."""

    stretch: Stretch
    wanted: NDArray[np.uint64]


def find_claims(task: ClaimTask) -> tuple[NDArray[np.uint64], Rows]:
    """Which records of a part state one of these names."""
    return find_keys(task.stretch, KEYS, task.wanted)


def _find_claims(engine: Engine, raw: Raw, joined: Joined, sets: _Sets) -> NDArray[np.int64]:
    """Pairs of rows of different sets: one bears a name made for it that the other states or was given, too."""
    names = [new for part in joined.groups for _, new in part.facts["renamed"]]
    if not names:
        return np.zeros((0, 2), dtype=np.int64)
    rows = np.array([row for part in joined.groups for row in part.facts["heads"]], dtype=np.int64)
    keys = hash_values(pd.Series(names, dtype="object"), "wanted")
    bearer = dict(zip(keys.tolist(), rows.tolist(), strict=True))
    found = engine.map(find_claims, [ClaimTask(stretch, np.unique(keys)) for stretch in raw.stretches])
    all_keys = np.concatenate([keys, *(own for own, _ in found)])
    all_rows = np.concatenate([rows, *(own for _, own in found)])
    pairs = np.column_stack([[bearer[key] for key in all_keys.tolist()], all_rows]).astype(np.int64)
    return np.asarray(pairs[sets.tell(pairs[:, 0]) != sets.tell(pairs[:, 1])], dtype=np.int64)
