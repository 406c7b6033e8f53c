"""The packaged MiniLM sentence encoder, run by OpenVINO without torch.

The six-layer BERT is rebuilt from its published weights as an OpenVINO graph.
That starts in a second and needs no conversion step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.themes.embedding.graph import WIDTH, build_exact, build_rounded
from analysis.themes.embedding.rounding import take_rounded
from analysis.themes.embedding.weights import (
    MAX_TOKENS,
    MINILM,
    MINILM_SHA256,
    find_packaged_weights,
    load_tokenizer,
    read_weights,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Precision = Literal["", "int8"]
Progress = Callable[[int], Any]
_Batch = tuple[list[int], dict[str, "NDArray[Any]"]]

# Texts of one length go together up to so many tokens. Measured: the bits of a vector do not turn on its company.
_MOST_TOKENS = 256
# Texts are padded to a multiple of this, so that the graph meets few lengths. Rounded products need no padding.
_PAD_TO = 16
# Rounding errors of a paper's many word pieces cancel, those of a phrase do not: shorter texts are not rounded.
_LEAST_ROUNDED = 64


class MiniLM:
    """Encode texts with the packaged all-MiniLM-L6-v2.

    Parameters
    ----------
    folder : Path, optional
        Model folder; default the packaged one, its hash checked.
    precision : {"", "int8"}, default ""
        ``""``: what OpenVINO takes for the processor's best floating-point
        numbers (bf16 where it has them). ``"int8"``: matrix products of all
        but short texts in whole numbers of eight bits.
    cache : Path, optional
        Where rounded weights are kept; default the user's cache.

    Notes
    -----
    The model reads at most 256 word pieces; a longer text is cut there, as its
    authors do. Vectors agree with `SentenceTransformer.encode` to a cosine of
    at least .999 in either precision: figures/benchmarks/encoders.md has the
    lowest of all texts of three corpora, and the papers per second.
    """

    name = MINILM
    version = MINILM_SHA256[:16]

    def __init__(self, folder: Path | None = None, *, precision: Precision = "", cache: Path | None = None) -> None:
        import openvino  # noqa: F401 -- where it is missing, this is the place to learn it

        self._folder = folder or find_packaged_weights()
        self._cache = cache
        self.precision = precision
        self._tokenizer = load_tokenizer(self._folder)
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._graphs: dict[str, Any] = {}

    def encode(self, texts: Sequence[str], *, on_done: Progress | None = None) -> NDArray[np.float32]:
        """Unit vectors of the texts.

        Parameters
        ----------
        texts : sequence of n_texts str
        on_done : callable, optional
            Called with the number of texts finished since the last call.

        Returns
        -------
        float32 array (n_texts, 384), rows of length 1
        """
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        tokens = [one.ids for one in self._tokenizer.encode_batch_fast(list(texts))]
        is_rounded = np.array([bool(self.precision) and len(one) >= _LEAST_ROUNDED for one in tokens], dtype=bool)
        for precision, chosen in ((self.precision, is_rounded), ("", ~is_rounded)):
            rows = np.flatnonzero(chosen).tolist()
            if rows:
                batches = _join_equal_lengths({row: tokens[row] for row in rows}, 1 if precision else _PAD_TO)
                self._run(precision, batches, vectors, on_done)
        return vectors

    def _run(
        self, precision: str, batches: Iterator[_Batch], vectors: NDArray[np.float32], on_done: Progress | None
    ) -> None:
        """Compute batches on as many requests as the processor likes, and set their rows of `vectors`."""
        # No callback: it would need the GIL, and deleting the model, which may come right after,
        # holds the GIL while it waits for the callback to end.
        compiled = self._compile(precision)
        requests = [
            compiled.create_infer_request() for _ in range(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        ]
        rows_of: list[list[int]] = [[] for _ in requests]

        def finish(one: int) -> None:
            if rows_of[one]:
                requests[one].wait()
                vectors[rows_of[one]] = requests[one].get_output_tensor(0).data
                if on_done is not None:
                    on_done(len(rows_of[one]))
                rows_of[one] = []

        for turn, (rows, inputs) in enumerate(batches):
            one = turn % len(requests)
            finish(one)
            rows_of[one] = rows
            requests[one].start_async(inputs if not precision else {"ids": inputs["ids"]})
        for one in range(len(requests)):
            finish(one)

    def _compile(self, precision: str) -> Any:
        """The graph of a precision, compiled when it is first needed."""
        import openvino as ov

        if precision not in self._graphs:
            weights = read_weights(self._folder)
            if precision:
                model = build_rounded(weights, take_rounded(weights, self._folder, cache=self._cache))
            else:
                model = build_exact(weights)
            settings = {"PERFORMANCE_HINT": "THROUGHPUT", "CACHE_DIR": ""}
            self._graphs[precision] = ov.Core().compile_model(model, "CPU", settings)
        return self._graphs[precision]


def _join_equal_lengths(tokens: Mapping[int, Sequence[int]], pad_to: int) -> Iterator[_Batch]:
    """Batches of texts of one padded length, the longest first: rows, and ids and mask of shape (texts, tokens)."""
    length = {row: -(-len(one) // pad_to) * pad_to for row, one in tokens.items()}
    order = sorted(tokens, key=lambda row: (-length[row], row))
    start = 0
    while start < len(order):
        n_tokens = length[order[start]]
        stop = start + max(1, _MOST_TOKENS // n_tokens)
        rows = [row for row in order[start:stop] if length[row] == n_tokens]
        ids, mask = np.zeros((len(rows), n_tokens), np.int64), np.zeros((len(rows), n_tokens), np.float32)
        for place, row in enumerate(rows):
            ids[place, : len(tokens[row])] = tokens[row]
            mask[place, : len(tokens[row])] = 1
        yield rows, {"ids": ids, "mask": mask}
        start += len(rows)
