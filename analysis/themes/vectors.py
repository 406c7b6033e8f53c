"""Texts to vectors: a cached encoder, joined with the words themselves."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import EmbeddingSection
from analysis.themes.encoder import find_encoder
from analysis.themes.lexical import LexicalSpace, embed_words, make_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEXICAL_FROM = 20
_SHARD = 512


@dataclass(frozen=True)
class Embedding:
    """One unit vector per paper, in corpus order.

    Attributes
    ----------
    meaning : float32 array (n_papers, n_dimensions)
        What the encoder gave; phrases encoded alike can be compared with it.
    joined : float32 array (n_papers, n_dimensions + n_lexical)
        The same, joined with TF-IDF + SVD where the corpus is large enough;
        neighbours, map and clusters stand on it.
    encoder : str
    version : str
        First 16 hex digits of the hash of the weights.
    n_new : int
        Texts that were not in the cache.
    rung : str
        Which way was taken, as a sentence.
    words : LexicalSpace or None
        The space of the words, where they join.
    """

    meaning: NDArray[np.float32]
    joined: NDArray[np.float32]
    encoder: str
    version: str
    n_new: int
    rung: str
    words: LexicalSpace | None = None


def embed_texts(
    texts: Sequence[str],
    settings: EmbeddingSection,
    *,
    seed: int = 42,
    cache: Path | None = None,
    encoder: Any = None,
    on_done: Callable[[int], None] | None = None,
) -> Embedding:
    """Embed the texts of a corpus.

    Parameters
    ----------
    texts : sequence of n_papers str
    settings : EmbeddingSection
    seed : int
        For the randomized SVD.
    cache : Path, optional
        Folder of vectors from earlier runs; only texts that are new to it are encoded.
    encoder : object with `name`, `version` and `encode`, optional
        Default: the one that the settings name.
    on_done : callable, optional
        Called with the number of texts finished since the last call.

    Returns
    -------
    Embedding
    """
    encoder = encoder or find_encoder(settings.encoder)
    meaning, n_new = encode_cached(texts, encoder, cache=cache, on_done=on_done)
    found = embed_words(texts, settings, seed) if _wants_words(len(texts), settings) else None
    if found is None:
        rung = f"Vectors: {encoder.name} alone (words join from {LEXICAL_FROM} papers on)."
        return Embedding(meaning, meaning, encoder.name, encoder.version, n_new, rung)
    lexical, words = found
    rung = (
        f"Vectors: {encoder.name}, joined with TF-IDF + SVD ({lexical.shape[1]} dimensions) "
        f"at weight {settings.lexical_weight:g}."
    )
    joined = join_vectors(meaning, lexical, settings.lexical_weight)
    return Embedding(meaning, joined, encoder.name, encoder.version, n_new, rung, words)


def join_vectors(meaning: NDArray[np.float32], lexical: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Meaning and words of each paper side by side, rows of length 1."""
    return make_unit(np.hstack([meaning, np.float32(weight) * lexical]))


def encode_cached(
    texts: Sequence[str],
    encoder: Any,
    *,
    cache: Path | None = None,
    on_done: Callable[[int], None] | None = None,
) -> tuple[NDArray[np.float32], int]:
    """Encode texts, each distinct one once, and keep the vectors for the next run.

    Returns
    -------
    vectors : float32 array (n_texts, n_dimensions)
    n_new : int
        Distinct texts that had to be encoded.
    """
    keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    folder = None if cache is None else cache / f"{_slug(encoder.name)}-{encoder.version}"
    known = {} if folder is None else _read_shards(folder)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    todo = list(missing.items())
    for start in range(0, len(todo), _SHARD):
        part = todo[start : start + _SHARD]
        vectors = encoder.encode([text for _, text in part], on_done=on_done)
        fresh = {key: vector for (key, _), vector in zip(part, vectors, strict=True)}
        known |= fresh
        if folder is not None:
            _write_shard(folder, fresh)
    return np.array([known[key] for key in keys], dtype=np.float32), len(todo)


def _read_shards(folder: Path) -> dict[str, NDArray[np.float32]]:
    known: dict[str, NDArray[np.float32]] = {}
    for path in sorted(folder.glob("*.npz")):
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as shard:
                keys, vectors = shard["keys"], shard["vectors"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            path.unlink()  # Damaged: what it held is encoded again.
            continue
        known |= dict(zip((str(key) for key in keys), vectors, strict=True))
    return known


def _write_shard(folder: Path, fresh: dict[str, NDArray[np.float32]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256("".join(sorted(fresh)).encode()).hexdigest()[:16]
    beside = folder / f"{name}.tmp"
    with beside.open("wb") as file:
        np.savez(file, keys=np.array(list(fresh)), vectors=np.array(list(fresh.values())))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / f"{name}.npz")


def _wants_words(n_papers: int, settings: EmbeddingSection) -> bool:
    return settings.lexical == "on" or (settings.lexical == "auto" and n_papers >= LEXICAL_FROM)


def _slug(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in Path(name).name)[:60]
