"""What a fit learns on its way, kept so that papers that come later are scored by the same steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Memory:
    """Values by name: learned and kept when a study is fitted, given back when papers are placed.

    One piece of code serves both: ``memory.take("centre", learn)`` calls
    `learn` in a fit and returns what the fit kept ever after.

    Parameters
    ----------
    kept : mapping of str to array, optional
        What a fit kept; nothing is learned then.
    """

    def __init__(self, kept: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._learns = kept is None
        self._kept: dict[str, NDArray[Any]] = dict(kept or {})

    @property
    def learns(self) -> bool:
        """Whether a fit is going on."""
        return self._learns

    @property
    def kept(self) -> dict[str, NDArray[Any]]:
        """Everything learned so far."""
        return dict(self._kept)

    def take(self, name: str, learn: Callable[[], Any]) -> NDArray[Any]:
        """The value of that name, learned if this is a fit."""
        if self._learns:
            self._kept[name] = np.asarray(learn())
        return self._kept[name]

    def keep(self, name: str, value: Any) -> None:
        """Keep a value that this fit learned."""
        self._kept[name] = np.asarray(value)

    def standardise(self, name: str, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Values in standard deviations from the mean; both are those of the fit."""
        mean, spread = self.take(name, lambda: np.array([values.mean(), values.std()]))
        return np.asarray((values - mean) / (spread + 1e-9), dtype=np.float64)
