"""Texts to vectors: a cached encoder, joined with the words themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import EmbeddingSection
from analysis.themes.embedding.choosing import describe_encoder, explain_choice, find_encoder
from analysis.themes.embedding.lexical import LexicalSpace, embed_words, make_unit
from analysis.themes.embedding.shards import encode_cached

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEXICAL_FROM = 20


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
    encoder : dict of str
        Of `describe_encoder`.
    n_new : int
        Texts that were not in the cache.
    rung : str
        Which way was taken, as a sentence.
    words : LexicalSpace or None
        The space of the words, where they join.
    """

    meaning: NDArray[np.float32]
    joined: NDArray[np.float32]
    encoder: dict[str, str] = field(default_factory=dict)
    n_new: int = 0
    rung: str = ""
    words: LexicalSpace | None = None


def embed_texts(
    texts: Sequence[str],
    settings: EmbeddingSection,
    *,
    seed: int = 42,
    cache: Path | None = None,
    encoder: Any = None,
    on_done: Callable[[int], Any] | None = None,
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
    encoder : Encoder, optional
        Default: the one that the settings name.
    on_done : callable, optional
        Called with the number of texts finished since the last call.

    Returns
    -------
    Embedding
    """
    encoder = encoder or find_encoder(settings.encoder, len(texts))
    meaning, n_new = encode_cached(texts, encoder, cache=cache, on_done=on_done)
    found = embed_words(texts, settings, seed) if _wants_words(len(texts), settings) else None
    facts = describe_encoder(encoder)
    chosen = f"Vectors: {encoder.name}{_say_precision(facts)}{explain_choice(settings.encoder, len(texts))}"
    if found is None:
        rung = f"{chosen} alone (words join from {LEXICAL_FROM} papers on)."
        return Embedding(meaning, meaning, facts, n_new, rung)
    lexical, words = found
    rung = f"{chosen}, joined with TF-IDF + SVD ({lexical.shape[1]} dimensions) at weight {settings.lexical_weight:g}."
    joined = join_vectors(meaning, lexical, settings.lexical_weight)
    return Embedding(meaning, joined, facts, n_new, rung, words)


def join_vectors(meaning: NDArray[np.float32], lexical: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
    """Meaning and words of each paper side by side, rows of length 1."""
    return make_unit(np.hstack([meaning, np.float32(weight) * lexical]))


def _say_precision(facts: dict[str, str]) -> str:
    return f" in {facts['precision']}" if "precision" in facts else ""


def _wants_words(n_papers: int, settings: EmbeddingSection) -> bool:
    return settings.lexical == "on" or (settings.lexical == "auto" and n_papers >= LEXICAL_FROM)
