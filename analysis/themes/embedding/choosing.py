"""Which encoder a study gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis.config import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# From so many papers on the packaged model computes in whole numbers, where the processor is made for it: below,
# it is done in half a minute anyway.
ROUNDED_FROM = 1_000
# Up to so many papers "auto" takes the contextual encoder: a few minutes on two cores.
CONTEXTUAL_UP_TO = 5_000


class Encoder(Protocol):
    """What turns texts into vectors.

    Attributes
    ----------
    name, version : str
        Vectors of the same name and version can be compared.
    """

    name: str
    version: str

    def encode(self, texts: Sequence[str], *, on_done: Callable[[int], Any] | None = None) -> NDArray[np.float32]:
        """Unit vectors of the texts, float32 (n_texts, n_dimensions)."""
        ...


def find_encoder(
    name: str, n_papers: int | None = None, *, fitted: Mapping[str, str] | None = None, cache: Path | None = None
) -> Any:
    """The encoder that the configuration names.

    Parameters
    ----------
    name : str
        ``"auto"``: contextual up to 5,000 papers, static above. ``"minilm"``
        for the packaged contextual one, ``"static"`` for the one distilled
        from it, else a local folder or the name of a sentence-transformers
        model that is already in the cache.
    n_papers : int, optional
        Papers that are fitted; unknown counts as few.
    fitted : mapping, optional
        What `describe_encoder` said of the encoder of an earlier fit: ``auto``
        and ``minilm`` give the same again, whatever the number of papers now.
    cache : Path, optional
        Where what is made of the packaged weights is kept; default the user's cache.

    Raises
    ------
    InputError
        If the model is not on this machine: nothing is ever downloaded.

    See Also
    --------
    figures/benchmarks/encoders.md : Speed and quality of each, measured.
    """
    from analysis.themes.embedding.static import STATIC, StaticEncoder
    from analysis.themes.embedding.transformer import TransformerEncoder

    if name == "auto":
        is_static = (n_papers or 0) > CONTEXTUAL_UP_TO if fitted is None else fitted.get("name") == STATIC
        name = "static" if is_static else "minilm"
    if name == "static":
        return StaticEncoder(cache=cache)
    if name != "minilm":
        return TransformerEncoder(name)
    if fitted is None:
        return _find_minilm((n_papers or 0) >= ROUNDED_FROM and multiplies_whole_numbers(), cache)
    return _find_minilm(fitted.get("precision") == "int8", cache)


def describe_encoder(encoder: Any) -> dict[str, str]:
    """Name, version and, where it is not the usual one, precision: what run.json and the model say of an encoder."""
    precision = getattr(encoder, "precision", "")
    return {"name": encoder.name, "version": encoder.version, **({"precision": precision} if precision else {})}


def explain_choice(name: str, n_papers: int) -> str:
    """Why ``auto`` took what it took, as the end of a sentence; empty where the study names its encoder."""
    if name != "auto":
        return ""
    if n_papers > CONTEXTUAL_UP_TO:
        return f' ("auto": static above {CONTEXTUAL_UP_TO:,} papers, here {n_papers:,})'
    return f' ("auto": contextual up to {CONTEXTUAL_UP_TO:,} papers, here {n_papers:,})'


def multiplies_whole_numbers() -> bool:
    """Whether products of 8-bit numbers are the fastest here: with VNNI, but not with AMX, whose bf16 does as well."""
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line.split() for line in facts.splitlines() if line.startswith("flags")), [])
    return bool({"avx512_vnni", "avx_vnni"} & {*flags}) and "amx_bf16" not in flags


def _find_minilm(is_rounded: bool, cache: Path | None) -> Any:
    from analysis.themes.embedding.transformer import TorchMiniLM, sees_gpu

    if sees_gpu():
        return TorchMiniLM()
    try:
        from analysis.themes.embedding.minilm import MiniLM

        return MiniLM(precision="int8" if is_rounded else "", cache=cache)
    except InputError:
        raise
    except (ImportError, RuntimeError):  # OpenVINO is not there, or not for this processor.
        return TorchMiniLM()
