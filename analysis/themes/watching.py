"""How a long step tells whoever waits for it how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

# Takes the number of units done since the last call; any thread may call it.
Advance = Callable[[int], object]


class Watch(Protocol):
    """Opens the watch over one step: what it yields is told of each piece that is done."""

    def __call__(self, step: str, total: int | None, *, unit: str = "papers") -> AbstractContextManager[Advance]:
        """The watch over a step of `total` units, None where nobody knows how many."""


@contextmanager
def watch_nothing(*_: object, **__: object) -> Iterator[Advance]:
    """Nobody waits."""
    yield lambda _: None
