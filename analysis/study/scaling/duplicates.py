"""Near-duplicates across parts: a hash shuffle of the bands of the signatures, then each pair compared in full.

The rules are those of `analysis.corpus.near`: what a band is, how large a
crowd may grow, what two papers are to each other.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.cache import hash_code, hash_parts
from analysis.corpus.near import (
    BAND,
    N_BANDS,
    NEAR_COLUMNS,
    STRAY,
    TITLE_WORDS,
    WordRuns,
    list_groups,
    list_pairs,
)
from analysis.corpus.shingles import FACTORS, N_HASHES, list_words
from analysis.study.scaling.engine import Engine
from analysis.study.scaling.joining import ROW
from analysis.study.scaling.parts import Part, keep_part
from analysis.study.scaling.shuffling import (
    LayTask,
    Stretch,
    count_buckets,
    read_batches,
    read_bucket,
    share_out,
    write_batches,
    write_keys,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.study.scaling.shuffling import Keys, Rows

SIMILARITY = 0.8
PAIRS_A_TASK = 100_000
_AT_ONCE = 2_000
_BANDS, _TITLES = "bands", "titles"
_NEEDED = ("paper_id", "title", "abstract", "published", "venue", "doi", "arxiv_id", "url")


class PairTask(NamedTuple):
    """One range of the keys of bands and titles."""

    bucket: int
    n_buckets: int
    stretches: list[Stretch]
    folder: str
    digest: str


class CompareTask(NamedTuple):
    """Pairs to compare in full."""

    group: int
    pairs: NDArray[np.int64]
    is_title: NDArray[np.bool_]
    places: list[tuple[str, int]]
    folder: str
    digest: str


def find_duplicates(
    engine: Engine,
    parts: list[Stretch],
    digests: list[str],
    n_keys: int,
    folder: Path,
) -> pd.DataFrame:
    """Pairs of papers that may be one, as `analysis.corpus.near.find_near_duplicates` lists them.

    Parameters
    ----------
    engine : Engine
    parts : list of Stretch
        The Parquet parts of the corpus, in order, with what `write_near_keys` laid beside each.
    digests : list of str
        Of each part.
    n_keys : int
        Of all parts.
    folder : Path
        For what the tasks make.

    Returns
    -------
    DataFrame
        ``paper_id``, ``other_id``, ``similarity``, ``relation``.
    """
    digest = hash_parts(digests)
    n_buckets = count_buckets(n_keys)
    buckets = [PairTask(bucket, n_buckets, parts, str(folder), digest) for bucket in range(n_buckets)]
    engine.map(find_pairs, buckets)
    found = [np.load(folder / f"pairs-{task.bucket:05d}.npy") for task in buckets]
    pairs = np.unique(np.concatenate(found), axis=0)
    # One pair may have met by a band and by its title: it is looked at as the former.
    pairs = pairs[np.r_[True, (pairs[1:, :2] != pairs[:-1, :2]).any(axis=1)]] if len(pairs) else pairs
    rows = [row for part in _compare(engine, parts, pairs, folder, digest) for row in part.facts["rows"]]
    rows.sort(key=lambda row: (-row[2], row[4], row[5]))
    table = pd.DataFrame([row[:4] for row in rows], columns=list(NEAR_COLUMNS))
    return table.astype({"paper_id": "str", "other_id": "str", "similarity": "float64", "relation": "str"})


def write_near_keys(path: Path, papers: pd.DataFrame, signatures: NDArray[np.uint32]) -> int:
    """Lay the signatures of the papers of one part on disk, and the keys of their bands and titles.

    Parameters
    ----------
    path : Path
        Of the part, without an ending.
    papers : DataFrame of n_papers rows
        Columns ``title`` and ``abstract``.
    signatures : uint32 array (n_papers, 64)
        From `analysis.corpus.shingles.sign_texts`.

    Returns
    -------
    int
        How many keys there are.
    """
    np.save(path.with_name(f"{path.name}.signatures.npy"), signatures, allow_pickle=False)
    rows = np.flatnonzero((papers["abstract"].fillna("") != "").to_numpy(dtype=bool))
    keys = [_key_band(signatures[rows], band) for band in range(N_BANDS)]
    write_keys(path.with_name(f"{path.name}.{_BANDS}"), np.concatenate(keys), np.tile(rows, N_BANDS))
    titles = [list_words(title) for title in papers["title"]]
    told = np.array([row for row, words in enumerate(titles) if len(words) >= TITLE_WORDS], dtype=np.int64)
    joined = np.array([" ".join(titles[row]) for row in told], dtype=object)
    hashed = pd.util.hash_array(joined, categorize=False) if len(told) else np.zeros(0, dtype=np.uint64)
    write_keys(path.with_name(f"{path.name}.{_TITLES}"), hashed, told)
    return len(rows) * N_BANDS + len(told)


def _key_band(signatures: NDArray[np.uint32], band: int) -> Keys:
    # Another start for each band: all lie in one space.
    keys = np.full(len(signatures), band + 1, dtype=np.uint64) * FACTORS[1]
    for column in range(band * BAND, (band + 1) * BAND):
        keys = (keys ^ signatures[:, column]) * FACTORS[0]
    return np.asarray(keys ^ (keys >> np.uint64(31)), dtype=np.uint64)


def find_pairs(task: PairTask) -> Part:
    """Pairs of papers that share a band and agree on enough of the whole signature, or that share a title."""
    key = hash_parts("pairs", hash_code("."), task.bucket, task.n_buckets, task.digest)
    return keep_part(Path(task.folder), f"pairs-{task.bucket:05d}", key, partial(_find_pairs, task))


def _find_pairs(task: PairTask, beside: Path) -> dict[str, Any]:
    met = _list_pairs(*read_bucket(task.stretches, _BANDS, task.bucket, task.n_buckets))
    fewest = (SIMILARITY - STRAY) * N_HASHES
    near = met[_count_equal(task.stretches, met) >= fewest]
    titled = _list_pairs(*read_bucket(task.stretches, _TITLES, task.bucket, task.n_buckets))
    kinds = np.repeat([0, 1], [len(near), len(titled)])
    pairs = np.column_stack([np.concatenate([near, titled]), kinds])
    np.save(beside / f"pairs-{task.bucket:05d}.npy", pairs, allow_pickle=False)
    return {"n_met": len(met), "n_pairs": len(pairs)}


def _list_pairs(keys: Keys, rows: Rows) -> NDArray[np.int64]:
    pairs = [pair for members in list_groups(keys) for pair in list_pairs(rows[members].tolist())]
    return np.unique(np.array(pairs, dtype=np.int64).reshape(-1, 2), axis=0)


def _count_equal(stretches: list[Stretch], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """On how many numbers of their signatures the papers of each pair agree."""
    equal = np.zeros(len(pairs), dtype=np.int64)
    for start in range(0, len(pairs), PAIRS_A_TASK):
        piece = pairs[start : start + PAIRS_A_TASK]
        rows, places = np.unique(piece, return_inverse=True)
        signatures = _read_signatures(stretches, rows)[places.reshape(-1, 2)]
        equal[start : start + len(piece)] = (signatures[:, 0] == signatures[:, 1]).sum(axis=1)
    return equal


def _read_signatures(stretches: list[Stretch], rows: Rows) -> NDArray[np.uint32]:
    cuts = np.searchsorted(rows, [*(stretch.first for stretch in stretches), np.iinfo(np.int64).max])
    pieces = [np.zeros((0, N_HASHES), dtype=np.uint32)]
    for stretch, (begin, end) in zip(stretches, pairwise(cuts), strict=True):
        if begin < end:
            own = np.load(f"{stretch.path}.signatures.npy", mmap_mode="r", allow_pickle=False)
            pieces.append(own[rows[begin:end] - stretch.first])
    return np.concatenate(pieces)


def _compare(engine: Engine, parts: list[Stretch], pairs: NDArray[np.int64], folder: Path, digest: str) -> list[Part]:
    digest = hash_parts(digest, pairs.tobytes())
    # A paper goes to every task that has a pair with it.
    task_of = np.arange(len(pairs)) // PAIRS_A_TASK
    asked = np.unique(np.column_stack([np.tile(task_of, 2), pairs[:, :2].T.ravel()]), axis=0)
    shares = share_out(parts, asked[:, 1], asked[:, 0])
    lay_tasks = [
        LayTask(part, share.rows, share.groups, f"near-{place:05d}", str(folder), digest)
        for place, (part, share) in enumerate(zip(parts, shares, strict=True))
        if len(share.rows)
    ]
    places: dict[int, list[tuple[str, int]]] = {}
    for task, laid in zip(lay_tasks, engine.map(lay_papers, lay_tasks), strict=True):
        for group, number in laid.facts["batches"].items():
            places.setdefault(int(group), []).append((str(folder / f"{task.name}.arrow"), number))
    tasks = [
        CompareTask(
            group, pairs[task_of == group, :2], pairs[task_of == group, 2] == 1, places[group], str(folder), digest
        )
        for group in sorted(places)
    ]
    return engine.map(compare_pairs, tasks)


def lay_papers(task: LayTask) -> Part:
    """Lay out papers of one part for the tasks that compare them."""
    key = hash_parts("near", hash_code("."), task.name, task.digest)
    return keep_part(Path(task.folder), task.name, key, partial(_lay_papers, task))


def _lay_papers(task: LayTask, beside: Path) -> dict[str, Any]:
    import pyarrow as pa

    papers = _read_table(task.stretch).take(pa.array(task.rows))
    papers = papers.append_column(ROW, pa.array(task.rows + task.stretch.first))
    return {"batches": write_batches(beside / f"{task.name}.arrow", papers, task.groups)}


def compare_pairs(task: CompareTask) -> Part:
    """Compare the papers of each pair in full, and say what they are to each other."""
    key = hash_parts("compared", hash_code("."), task.group, task.digest)
    return keep_part(Path(task.folder), f"compared-{task.group:05d}", key, lambda _: {"rows": _relate(task)})


def _relate(task: CompareTask) -> list[list[Any]]:
    import pyarrow as pa

    table = pa.concat_tables(read_batches(task.places)).to_pandas()
    table = table.sort_values(ROW, ignore_index=True)
    texts = WordRuns(table)
    places = np.searchsorted(table[ROW].to_numpy(), task.pairs)
    wanted = [
        (int(first), int(second), int(one), int(other))
        for (first, second), (one, other), by_title in zip(places, task.pairs, task.is_title, strict=True)
        if not by_title or texts._share_title(first, second)
    ]
    found = []
    for start in range(0, len(wanted), _AT_ONCE):
        piece = wanted[start : start + _AT_ONCE]
        for pair, overlap in zip(piece, texts.compare([pair[:2] for pair in piece]), strict=True):
            relation = texts.relate(*pair[:2], overlap, SIMILARITY)
            if relation:
                found.append([texts.ids[pair[0]], texts.ids[pair[1]], overlap, relation, *pair[2:]])
    return found


def _read_table(part: Stretch) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(f"{part.path}.parquet", columns=list(_NEEDED))
