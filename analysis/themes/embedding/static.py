"""A static encoder distilled from the packaged model: one vector per word piece, a weighted sum per text.

Every piece of the vocabulary is read by the model alone, the vectors are cut
to their main directions and weighted by how rare a piece is [1]_, [2]_. That
needs no text. What a word means in its sentence is lost; what a paper is
about mostly is not.

References
----------
.. [1] Tulkens, van Dongen (2024), Model2Vec, https://github.com/MinishLab/model2vec
.. [2] Arora, Liang, Ma (2017), Proceedings of ICLR 2017, https://openreview.net/forum?id=SyK00v5xx
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cache import hash_code, hash_parts
from analysis.themes.embedding.weights import (
    MINILM_SHA256,
    find_packaged_weights,
    load_tokenizer,
    read_weights,
    take_prepared,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_DIMENSIONS = 256
STATIC = "static-MiniLM-L6-v2"
# Of smooth inverse frequency: a piece of this share of all text gets half the weight of a rare one.
_HALF_AT = 1e-4
_FIRST_WORD = 999
_AT_ONCE = 256
_MOST_WORDS = 200_000
_WORD = re.compile(r"\w+")


class StaticEncoder:
    """Encode texts as weighted sums of the vectors of their word pieces.

    Parameters
    ----------
    folder : Path, optional
        Folder of the model that it is distilled from; default the packaged one, its hash checked.
    cache : Path, optional
        Where the vectors of the pieces are kept; default the user's cache.

    Notes
    -----
    It reads the whole text, punctuation aside. The order of words is lost, so
    themes are somewhat less like people's own: figures/benchmarks/encoders.md
    has its agreement with labels beside its speed.
    """

    name = STATIC
    version = f"{MINILM_SHA256[:12]}-1"
    precision = ""
    # Encoding takes longer to keep than to do when done in small parts.
    per_shard = 16_384
    kept_as = np.float16

    def __init__(self, folder: Path | None = None, *, cache: Path | None = None) -> None:
        folder = folder or find_packaged_weights()
        self._tokenizer = load_tokenizer(folder)
        key = hash_code("themes/embedding/static.py", "themes/embedding/graph.py")
        kept = take_prepared(f"static-{MINILM_SHA256[:16]}", key, lambda: {"pieces": distil(folder)}, folder=cache)
        self._pieces = np.asarray(kept["pieces"], dtype=np.float32)
        # Made elsewhere they may differ in the last digits: comparable, but not to be kept as the same.
        self.variant = hash_parts(kept["pieces"])[:8]
        # Of a text without a word: the start that the model sets before every text.
        self._silence = self._pieces[self._tokenizer.token_to_id("[CLS]")]
        self._ids: defaultdict[str, int] = defaultdict()
        self._words = np.zeros((0, self._pieces.shape[1]), dtype=np.float32)
        self._forget()

    def encode(self, texts: Sequence[str], *, on_done: Callable[[int], Any] | None = None) -> NDArray[np.float32]:
        """Unit vectors of the texts.

        Parameters
        ----------
        texts : sequence of n_texts str
        on_done : callable, optional
            Called with the number of texts finished since the last call.

        Returns
        -------
        float32 array (n_texts, 256), rows of length 1
            Each number is one of 16 bits, so that nothing is lost where they are kept as such.
        """
        vectors = np.zeros((len(texts), self._pieces.shape[1]), dtype=np.float32)
        for start in range(0, len(texts), self.per_shard):
            part = texts[start : start + self.per_shard]
            vectors[start : start + len(part)] = self._sum(part)
            if on_done is not None:
                on_done(len(part))
        return vectors.astype(self.kept_as).astype(np.float32)

    def _sum(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import scipy.sparse as sp

        if len(self._ids) > _MOST_WORDS:
            self._forget()
        rows, ends = self._list_words(texts)
        ones = np.ones(len(rows), dtype=np.float32)
        # Words in the order of the text and not of their ids: sums then do not turn on what was read before.
        found = sp.csr_matrix((ones, rows, ends), shape=(len(texts), len(self._words)), copy=False)
        summed = np.asarray(found @ self._words)
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        summed[lengths[:, 0] < 1e-6] = self._silence
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.asarray(summed / lengths, dtype=np.float32)

    def _list_words(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Row of `_words` of each word of the texts, and where each text ends."""
        rows, ends, ids = array("i"), array("q", [0]), self._ids
        n_known = len(ids)
        find, number = _WORD.findall, ids.__getitem__
        for text in texts:
            rows.extend(map(number, find(text.lower())))
            ends.append(len(rows))
        fresh = list(ids)[n_known:]
        if fresh:
            self._words = np.vstack([self._words, self._read_words(fresh)])
        return np.frombuffer(rows, dtype=np.int32), np.frombuffer(ends, dtype=np.int64)

    def _read_words(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Sum of the vectors of each word's pieces."""
        import scipy.sparse as sp

        pieces = [one.ids for one in self._tokenizer.encode_batch_fast(words, add_special_tokens=False)]
        ends = np.cumsum([0, *map(len, pieces)])
        columns = np.fromiter((piece for one in pieces for piece in one), dtype=np.int32, count=int(ends[-1]))
        found = sp.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(words), len(self._pieces)))
        return np.asarray(found @ self._pieces)

    def _forget(self) -> None:
        """Know no word; each that is met gets the next number."""
        self._ids = defaultdict()
        self._ids.default_factory = self._ids.__len__
        self._words = self._words[:0]


def distil(folder: Path) -> NDArray[np.float16]:
    """Weighted vectors of all word pieces, float16 (n_pieces, 256).

    Parameters
    ----------
    folder : Path
        Of the packaged model.
    """
    from threadpoolctl import threadpool_limits

    vectors = _read_pieces(folder)
    with threadpool_limits(1, user_api="blas"):  # The same bits, whatever the number of threads.
        return weigh_pieces(reduce_pieces(vectors)).astype(np.float16)


def reduce_pieces(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Main directions of the vectors of all pieces, around their mean; float64 (n_pieces, 256)."""
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    words = centred[_FIRST_WORD:]
    _, axes = np.linalg.eigh(words.T @ words)
    return np.asarray(centred @ axes[:, ::-1][:, :N_DIMENSIONS])


def weigh_pieces(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight by rarity: the vocabulary stands roughly in the order of frequency, which Zipf's law then gives."""
    share = 1 / np.arange(1, len(vectors) + 1)
    share /= share.sum()
    return vectors * (_HALF_AT / (_HALF_AT + share))[:, np.newaxis]


def _read_pieces(folder: Path) -> NDArray[np.float32]:
    """What the model says of each piece alone."""
    import openvino as ov

    from analysis.themes.embedding.graph import WIDTH, build_exact

    tokenizer = load_tokenizer(folder)
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    n_pieces = tokenizer.get_vocab_size()
    compiled = ov.Core().compile_model(build_exact(read_weights(folder)), "CPU", {"CACHE_DIR": ""})
    vectors = np.zeros((n_pieces, WIDTH), dtype=np.float32)
    for first in range(0, n_pieces, _AT_ONCE):
        pieces = np.arange(first, min(first + _AT_ONCE, n_pieces))
        ids = np.stack([np.full_like(pieces, start), pieces, np.full_like(pieces, end)], axis=1)
        vectors[pieces] = compiled({"ids": ids, "mask": np.ones(ids.shape, np.float32)})[0]
    return vectors
