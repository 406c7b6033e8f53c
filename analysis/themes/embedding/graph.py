"""The packaged model as an OpenVINO graph, built from its weights: exact, observed, or with rounded products.

Rounded: both factors of most matrix products with weights are whole numbers
of eight bits, which processors with VNNI multiply several times as fast. A
word piece is scaled by its own largest value and each weight row by its own,
so no text is rounded on the scale of another. What enters a product is first
freed of its constant part (which goes into the bias, exactly), and its
channels are made more alike: what they lose, the weights gain [1]_.

References
----------
.. [1] Xiao et al. (2023), SmoothQuant, Proceedings of ICML 2023.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import openvino as ov
    from numpy.typing import NDArray

N_LAYERS, N_HEADS, WIDTH = 6, 12, 384
# Below every value of GELU, whose least is -.16997: with this added, none is negative.
GELU_FLOOR = 0.17


class Rounded(NamedTuple):
    """The factors of one product, as whole numbers.

    Attributes
    ----------
    weight : int8 array (n_out, n_in)
        For inputs that were divided by `smooth`.
    scale : float32 array (n_out,)
    smooth : float32 array (n_in,)
        The same for all products of one input; 1 where that is not the output of a layer norm.
    """

    weight: NDArray[np.int8]
    scale: NDArray[np.float32]
    smooth: NDArray[np.float32]


def list_products() -> list[tuple[str, str | None, tuple[str, ...]]]:
    """The inputs of the products that may be rounded: a name, the layer norm that it comes from, the products."""
    found: list[tuple[str, str | None, tuple[str, ...]]] = []
    norm = "embeddings.LayerNorm"
    for layer in range(N_LAYERS):
        at = f"encoder.layer.{layer}"
        parts = tuple(f"{at}.attention.self.{part}" for part in ("query", "key"))
        attended = f"{at}.attention.output.LayerNorm"
        found += [
            (f"{at}.attention.self", norm, parts),
            (f"{at}.attention.output.dense", None, (f"{at}.attention.output.dense",)),
            (f"{at}.intermediate.dense", attended, (f"{at}.intermediate.dense",)),
            (f"{at}.output.dense", None, (f"{at}.output.dense",)),
        ]
        norm = f"{at}.output.LayerNorm"
    return found


def build_exact(weights: Mapping[str, NDArray[np.float32]]) -> ov.Model:
    """BERT with mean pooling and unit length, over inputs ids and mask of shape (batch, tokens)."""
    return _Graph(weights).finish(masked=True)


def build_observed(weights: Mapping[str, NDArray[np.float32]]) -> ov.Model:
    """The same without a mask, whose outputs are what enters each product of `list_products`."""
    graph = _Graph(weights, observed=[])
    graph.finish(masked=False)
    return graph.finish_observed()


def build_rounded(weights: Mapping[str, NDArray[np.float32]], rounded: Mapping[str, Rounded]) -> ov.Model:
    """The same as `build_exact` with rounded products, over ids of shape (batch, tokens) without padding."""
    return _Graph(weights, rounded=rounded).finish(masked=False)


class _Graph:
    def __init__(
        self,
        weights: Mapping[str, NDArray[np.float32]],
        *,
        rounded: Mapping[str, Rounded] | None = None,
        observed: list[Any] | None = None,
    ) -> None:
        from openvino import opset13

        self._ops = opset13
        self._weights, self._rounded, self._observed = weights, rounded, observed
        self._ids = opset13.parameter([-1, -1], np.int64, name="ids")
        self._last = self._whole([-1])

    def finish(self, *, masked: bool) -> ov.Model:
        import openvino as ov

        ops = self._ops
        mask = ops.parameter([-1, -1], np.float32, name="mask") if masked else None
        penalty = []
        if mask is not None:
            far = ops.multiply(ops.subtract(mask, self._number(1.0)), self._number(1e4))
            penalty = [ops.unsqueeze(far, self._whole([1, 2]))]
        x = self._attend(self._embed(), penalty)
        if mask is not None:
            x = ops.multiply(x, ops.unsqueeze(mask, self._whole([2])))
        # A sum and not a mean: the length that normalising removes need not be divided by first.
        pooled = ops.reduce_sum(x, self._whole([1]))
        unit = ops.normalize_l2(pooled, self._whole([1]), 1e-12, "max")
        return ov.Model([unit], [self._ids] if mask is None else [self._ids, mask], "minilm")

    def finish_observed(self) -> ov.Model:
        import openvino as ov

        return ov.Model(self._observed, [self._ids], "minilm-observed")

    def _embed(self) -> Any:
        ops, axis = self._ops, self._whole(0)
        words = ops.gather(self._number(self._weights["embeddings.word_embeddings.weight"]), self._ids, axis)
        length = ops.gather(ops.shape_of(self._ids), self._whole(1), axis)
        places = ops.range(axis, length, self._whole(1), output_type="i64")
        offsets = self._weights["embeddings.position_embeddings.weight"]
        offsets = offsets + self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._center(ops.add(words, ops.gather(self._number(offsets), places, axis)))

    def _attend(self, z: Any, penalty: Sequence[Any]) -> Any:
        """All layers; `z` is centred and scaled, and not yet weighted by its layer norm."""
        ops, norm = self._ops, "embeddings.LayerNorm"
        for layer in range(N_LAYERS):
            at = f"encoder.layer.{layer}"
            x = self._weigh(z, norm)
            names = [f"{at}.attention.self.{part}" for part in ("query", "key")]
            query, key = (self._split(one) for one in self._multiply_normed(z, x, norm, names))
            # Never rounded: all word pieces look at the same few, whose errors would not cancel.
            value = self._split(self._dense(x, f"{at}.attention.self.value"))
            mixed = ops.scaled_dot_product_attention(query, key, value, *penalty)
            joined = ops.transpose(mixed, self._whole([0, 2, 1, 3]))
            joined = ops.reshape(joined, self._whole([0, 0, WIDTH]), True)
            z = self._center(ops.add(x, self._multiply(joined, 0.0, f"{at}.attention.output.dense")))
            norm = f"{at}.attention.output.LayerNorm"
            x = self._weigh(z, norm)
            (hidden,) = self._multiply_normed(z, x, norm, [f"{at}.intermediate.dense"])
            hidden = ops.gelu(hidden, "ERF")
            z = self._center(ops.add(x, self._multiply(hidden, GELU_FLOOR, f"{at}.output.dense")))
            norm = f"{at}.output.LayerNorm"
        return self._weigh(z, norm)

    def _multiply_normed(self, z: Any, x: Any, norm: str, names: Sequence[str]) -> list[Any]:
        """Products of the output of a layer norm: `x`, which is `z` times its weight plus its bias."""
        if self._rounded is None and self._observed is None:
            return [self._dense(x, name) for name in names]
        gain, shift = self._weights[f"{norm}.weight"], self._weights[f"{norm}.bias"]
        if self._rounded is None:
            self._observe(self._ops.multiply(z, self._number(gain)))
            return [self._dense(x, name) for name in names]
        whole = self._round(self._ops.multiply(z, self._number(gain / self._rounded[names[0]].smooth)), signed=True)
        return [self._dense_rounded(whole, name, shift) for name in names]

    def _multiply(self, x: Any, floor: float, name: str) -> Any:
        """Product of an input that is nowhere below minus `floor`, or of either sign where that is 0."""
        lifted = self._ops.add(x, self._number(floor)) if floor else x
        if self._rounded is None:
            self._observe(lifted)
            return self._dense(x, name)
        shift = np.full(self._weights[f"{name}.weight"].shape[1], -floor, dtype=np.float32)
        return self._dense_rounded(self._round(lifted, signed=not floor), name, shift)

    def _observe(self, x: Any) -> None:
        if self._observed is not None:
            self._observed.append(x)

    def _dense(self, x: Any, name: str) -> Any:
        product = self._ops.matmul(x, self._number(self._weights[f"{name}.weight"]), False, True)
        return self._ops.add(product, self._number(self._weights[f"{name}.bias"]))

    def _round(self, x: Any, *, signed: bool) -> tuple[Any, Any]:
        """The input in whole numbers, each word piece on its own scale, and that scale."""
        ops = self._ops
        top = ops.reduce_max(ops.abs(x) if signed else x, self._last, True)
        low, high = self._number(-128 / 127 if signed else 0.0), self._number(1.0)
        return ops.fake_quantize(ops.divide(x, top), low, high, low, high, 256), top

    def _dense_rounded(self, whole: tuple[Any, Any], name: str, shift: NDArray[np.float32]) -> Any:
        ops, one = self._ops, (self._rounded or {})[name]
        weight = ops.multiply(ops.convert(ops.constant(one.weight), np.float32), self._number(one.scale[:, np.newaxis]))
        product = ops.multiply(ops.matmul(whole[0], weight, False, True), whole[1])
        bias = self._weights[f"{name}.bias"] + self._weights[f"{name}.weight"] @ shift
        return ops.add(product, self._number(bias))

    def _center(self, x: Any) -> Any:
        return self._ops.mvn(x, self._last, True, 1e-12, "inside_sqrt")

    def _weigh(self, z: Any, norm: str) -> Any:
        scaled = self._ops.multiply(z, self._number(self._weights[f"{norm}.weight"]))
        return self._ops.add(scaled, self._number(self._weights[f"{norm}.bias"]))

    def _split(self, x: Any) -> Any:
        heads = self._ops.reshape(x, self._whole([0, 0, N_HEADS, WIDTH // N_HEADS]), True)
        return self._ops.transpose(heads, self._whole([0, 2, 1, 3]))

    def _number(self, value: Any) -> Any:
        return self._ops.constant(np.asarray(value, dtype=np.float32))

    def _whole(self, value: Any) -> Any:
        return self._ops.constant(np.asarray(value, dtype=np.int64))
