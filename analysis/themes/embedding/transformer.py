"""Sentence-transformers models that lie on this machine, run by torch: the user's own, or the packaged one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.config import InputError
from analysis.themes.embedding.weights import MINILM, MINILM_SHA256, find_packaged_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH_ON_GPU, _BATCH = 256, 32


class TransformerEncoder:
    """Encode texts with a sentence-transformers model found on this machine, on a GPU where torch sees one.

    Parameters
    ----------
    name : str
        A folder, or the name of a model in the local cache.

    Raises
    ------
    InputError
        If the model is not on this machine: nothing is ever downloaded.

    Notes
    -----
    Texts are encoded in batches, so the last digits of a vector may depend on
    the texts beside it. What is kept is read again and not computed again.
    """

    def __init__(self, name: str) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer

        self.precision = "cuda" if sees_gpu() else ""
        try:
            self._model = SentenceTransformer(name, device=self.precision or "cpu", local_files_only=True)
        except Exception as error:
            raise InputError(
                f"study.toml [embedding]: encoder {name!r} is neither a folder with a "
                "sentence-transformers model nor a model in the local cache, and nothing is "
                "downloaded during a run. Give the path of a folder, download it beforehand, "
                'or use encoder = "minilm".'
            ) from error
        self.name = name
        self.version = _hash_model(self._model)

    def encode(self, texts: Sequence[str], *, on_done: Callable[[int], Any] | None = None) -> NDArray[np.float32]:
        """Unit vectors of the texts, float32 (n_texts, n_dimensions)."""
        vectors = self._model.encode(
            list(texts),
            batch_size=_BATCH_ON_GPU if self.precision == "cuda" else _BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        if on_done is not None:
            on_done(len(texts))
        return np.asarray(vectors, dtype=np.float32)


class TorchMiniLM(TransformerEncoder):
    """The packaged model by torch: on a GPU, or where OpenVINO does not run."""

    def __init__(self) -> None:
        super().__init__(str(find_packaged_weights()))
        self.name, self.version = MINILM, MINILM_SHA256[:16]
        self.precision = self.precision or "torch"


def sees_gpu() -> bool:
    """Whether torch sees a GPU; torch is only loaded where the system has a driver of one."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")) and os.name != "nt":
        return False
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def _hash_model(model: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(json.dumps([name, list(tensor.shape)]).encode())
        digest.update(tensor.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]
