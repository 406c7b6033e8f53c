"""Vectors of texts that were encoded before, in shards: each whole, checksummed, found by the texts themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.cache import Cache, hash_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

Progress = Callable[[int], Any]
Kept = Literal["papers", "phrases"]

PER_SHARD = 512
_KEY = np.dtype("S32")


def encode_cached(
    texts: Sequence[str],
    encoder: Any,
    *,
    cache: Path | None = None,
    on_done: Progress | None = None,
    kept: Kept = "papers",
) -> tuple[NDArray[np.float32], int]:
    """Encode texts, each distinct one once, and keep the vectors for the next run.

    Parameters
    ----------
    texts : sequence of n_texts str
    encoder : Encoder
        An object with `name`, `version` and `encode`. Where it has them,
        `precision` and `variant` say how it computes (vectors that were
        computed otherwise are not taken), `per_shard` how many texts are
        encoded before they are kept, and `kept_as` the type on disk, to which
        its vectors are rounded.
    cache : Path, optional
        Folder of finished steps. Whole shards are kept, so a run that was
        killed goes on after the last one.
    on_done : callable, optional
        Called with the number of texts finished since the last call.
    kept : {"papers", "phrases"}, default "papers"
        Phrases stand apart: finding one must not read the vectors of a million papers.

    Returns
    -------
    vectors : float32 array (n_texts, n_dimensions)
    n_new : int
        Distinct texts that had to be encoded.
    """
    keys = np.array([hash_text(text) for text in texts], dtype=_KEY)
    _, first, row_of = np.unique(keys, return_index=True, return_inverse=True)
    # Distinct texts in the order of the corpus: a run that goes on fills the same shards.
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    first, row_of = np.sort(first), place[row_of]
    shards = _Shards(cache, encoder, kept)
    vectors, is_known = shards.read(keys[first])
    todo = np.flatnonzero(~is_known)
    per_shard = getattr(encoder, "per_shard", PER_SHARD)
    for start in range(0, len(todo), per_shard):
        rows = todo[start : start + per_shard]
        fresh = encoder.encode([texts[row] for row in first[rows]], on_done=on_done)
        fresh = np.asarray(fresh, dtype=np.float32).astype(shards.dtype)
        if vectors is None:
            vectors = np.zeros((len(first), fresh.shape[1]), dtype=np.float32)
        vectors[rows] = fresh
        shards.write(keys[first[rows]], fresh)
    if vectors is None:
        vectors = np.zeros((0, 0), dtype=np.float32)
    return vectors if len(first) == len(keys) else vectors[row_of], len(todo)


def hash_text(text: str) -> bytes:
    """The first 32 hex digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32].encode()


class _Shards:
    """The shards of one encoder."""

    def __init__(self, folder: Path | None, encoder: Any, kept: Kept) -> None:
        self.dtype = np.dtype(getattr(encoder, "kept_as", np.float32))
        how = (getattr(encoder, name, "") for name in ("precision", "variant"))
        self._kind = "-".join(part for part in (kept, _slug(encoder.name), encoder.version, *how) if part)
        self._cache = Cache(folder)

    def read(self, wanted: NDArray[Any]) -> tuple[NDArray[np.float32] | None, NDArray[np.bool_]]:
        """Vectors of distinct keys, zeros where there is none, and which are there; None without a shard."""
        vectors: NDArray[np.float32] | None = None
        is_known = np.zeros(len(wanted), dtype=bool)
        if not len(wanted):
            return None, is_known
        order = np.argsort(wanted)
        ordered = wanted[order]
        for keys, held in self._list():
            place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
            is_wanted = ordered[place] == keys
            if is_wanted.any():
                if vectors is None:
                    vectors = np.zeros((len(wanted), held.shape[1]), dtype=np.float32)
                rows = order[place[is_wanted]]
                vectors[rows], is_known[rows] = held[is_wanted], True
        return vectors, is_known

    def write(self, keys: NDArray[Any], vectors: NDArray[Any]) -> None:
        key = hash_parts([one.decode() for one in keys.tolist()])
        self._cache.write(self._kind, key, {"keys": keys.view(np.uint8).reshape(len(keys), -1), "vectors": vectors})

    def _list(self) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
        folder = None if self._cache.folder is None else self._cache.folder / self._kind
        if folder is None or not folder.is_dir():
            return
        for place in sorted(folder.iterdir()):
            found = None if place.name.startswith(".") else self._cache.read(self._kind, place.name)
            if found is None or {*found} != {"keys", "vectors"} or found["vectors"].dtype != self.dtype:
                continue
            yield np.ascontiguousarray(found["keys"]).view(_KEY).ravel(), found["vectors"]


def _slug(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in Path(name).name)[:60]
