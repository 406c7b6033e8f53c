"""Weights of the packaged model in whole numbers of eight bits, rounded so that errors cancel.

Nearest rounding would move some vectors by more than is allowed. So the
columns are rounded one after the other, and what one loses the later ones
make good, as far as inputs are correlated (GPTQ [1]_). What inputs look like
is seen on sixteen invented abstracts; no text of any study has a part in it.

References
----------
.. [1] Frantar et al. (2023), Proceedings of ICLR 2023, https://openreview.net/forum?id=tcbBPnfwxS
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cache import hash_code
from analysis.themes.embedding.graph import Rounded, build_observed, list_products
from analysis.themes.embedding.weights import MAX_TOKENS, MINILM_SHA256, load_tokenizer, read_abstracts, take_prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 32
_DAMPING = 0.01
_MOST = 127
# Share of the spread of channels that the weights take over; half, as in the paper on it.
_TAKEN = 0.5
_LEAST_SPREAD = 0.02


def take_rounded(
    weights: Mapping[str, NDArray[np.float32]], folder: Path, *, cache: Path | None = None
) -> dict[str, Rounded]:
    """Rounded weights of every product, by name: made once on a machine, then read.

    Parameters
    ----------
    weights : mapping of str to array
    folder : Path
        Of the model, for its tokenizer.
    cache : Path, optional
        Another folder than the user's cache.
    """
    key = hash_code("themes/embedding/rounding.py", "themes/embedding/graph.py", "themes/words/abstracts.txt")
    packed = take_prepared(
        f"rounded-{MINILM_SHA256[:16]}", key, lambda: _pack(round_weights(weights, folder)), folder=cache
    )
    return _unpack(packed, weights)


def round_weights(weights: Mapping[str, NDArray[np.float32]], folder: Path) -> dict[str, Rounded]:
    """Observe what enters every product, and round its weights."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):  # The same bits, whatever the number of threads.
        return _round_all(weights, _observe(weights, folder))


def _round_all(
    weights: Mapping[str, NDArray[np.float32]], observed: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> dict[str, Rounded]:
    found = {}
    for (_, norm, names), (moments, spread) in zip(list_products(), observed, strict=True):
        own = [weights[f"{name}.weight"] for name in names]
        largest = np.max([np.abs(one).max(axis=0) for one in own], axis=0)
        smooth = np.maximum(spread, _LEAST_SPREAD) ** _TAKEN / largest ** (1 - _TAKEN)
        # Elsewhere it would cost a pass over the inputs, for hardly any gain.
        smooth = (smooth / smooth.mean() if norm else np.ones_like(smooth)).astype(np.float32)
        root = _factor(moments / np.outer(smooth, smooth))
        for name, weight in zip(names, own, strict=True):
            found[name] = Rounded(*round_columns(weight * smooth, root), smooth)
    return found


def round_columns(
    weight: NDArray[np.float32], root: NDArray[np.float64]
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round the columns of a matrix one after the other; the later ones make good what one loses.

    Parameters
    ----------
    weight : float32 array (n_out, n_in)
    root : array (n_in, n_in)
        Upper Cholesky factor of the inverse of the inputs' second moments.

    Returns
    -------
    whole : int8 array (n_out, n_in)
    scale : float32 array (n_out,)
        `whole` times this is near `weight`.
    """
    # Transposed: what is worked on lies side by side in memory.
    rest = np.ascontiguousarray(weight.T, dtype=np.float32)
    root = root.astype(np.float32)
    scale = np.maximum(np.abs(rest).max(axis=0), 1e-12) / np.float32(_MOST)
    whole = np.zeros(rest.shape, dtype=np.int8)
    for start in range(0, len(rest), _BLOCK):
        stop = min(start + _BLOCK, len(rest))
        errors = np.zeros((stop - start, rest.shape[1]), dtype=np.float32)
        for row in range(start, stop):
            rounded = np.clip(np.rint(rest[row] / scale), -_MOST, _MOST)
            whole[row] = rounded
            errors[row - start] = (rest[row] - rounded * scale) / root[row, row]
            rest[row + 1 : stop] -= root[row, row + 1 : stop, np.newaxis] * errors[row - start]
        rest[stop:] -= root[start:stop, stop:].T @ errors
    return np.ascontiguousarray(whole.T), scale


def _observe(
    weights: Mapping[str, NDArray[np.float32]], folder: Path
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Second moments, and largest size of each channel, of what enters each product."""
    seen: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    n_tokens = 0
    for inputs in _run_observed(weights, folder, read_abstracts()):
        n_tokens += len(inputs[0])
        fresh = [(one.T @ one, np.abs(one).max(axis=0)) for one in inputs]
        if seen:
            fresh = [(a + b, np.maximum(c, d)) for (a, c), (b, d) in zip(seen, fresh, strict=True)]
        seen = fresh
    return [(moments / n_tokens, spread) for moments, spread in seen]


def _run_observed(
    weights: Mapping[str, NDArray[np.float32]], folder: Path, texts: Sequence[str]
) -> Iterator[list[NDArray[np.float64]]]:
    import openvino as ov

    tokenizer = load_tokenizer(folder)
    tokenizer.enable_truncation(MAX_TOKENS)
    compiled = ov.Core().compile_model(
        build_observed(weights), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "CACHE_DIR": ""}
    )
    for text in texts:
        outputs = compiled({"ids": np.array([tokenizer.encode(text).ids], dtype=np.int64)})
        yield [outputs[place][0].astype(np.float64) for place in range(len(compiled.outputs))]


def _factor(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.linalg import cho_solve, cholesky

    n = len(moments)
    damped = moments + np.eye(n) * moments.diagonal().mean() * _DAMPING
    inverse = cho_solve((cholesky(damped, lower=True), True), np.eye(n))
    return np.asarray(cholesky(inverse, lower=False))


def _pack(rounded: Mapping[str, Rounded]) -> dict[str, NDArray[Any]]:
    return {
        field: np.concatenate([getattr(rounded[name], field).ravel() for name in sorted(rounded)])
        for field in Rounded._fields
    }


def _unpack(packed: Mapping[str, NDArray[Any]], weights: Mapping[str, NDArray[np.float32]]) -> dict[str, Rounded]:
    names = sorted(name for _, _, names in list_products() for name in names)
    shapes = {name: weights[f"{name}.weight"].shape for name in names}
    found, at = {}, {"weight": 0, "scale": 0, "smooth": 0}
    for name in names:
        n_out, n_in = shapes[name]
        parts = {}
        for field, size in (("weight", n_out * n_in), ("scale", n_out), ("smooth", n_in)):
            parts[field] = packed[field][at[field] : at[field] + size]
            at[field] += size
        found[name] = Rounded(parts["weight"].reshape(n_out, n_in), parts["scale"], parts["smooth"])
    return found
