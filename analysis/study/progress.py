"""Bars for long steps, with rate and time left: in a terminal and in notebooks, silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

# A step this short needs no bar.
_PATIENCE = 0.5


@contextmanager
def show_progress(step: str, total: int | None, *, unit: str = "papers") -> Iterator[Callable[[int], Any]]:
    """A bar for one step.

    Parameters
    ----------
    step : str
        Its name, as in ``seconds`` of ``run.json``.
    total : int or None
        How many units there are; None where nobody knows yet: then only the rate is shown.
    unit : str
        ``"papers"``, ``"refits"``, ``"pictures"``; ``"B"`` for bytes, which are shown in kB, MB and GB.

    Yields
    ------
    callable
        Takes the number of units done since it was last called; any thread may call it.
    """
    from tqdm import tqdm

    is_bytes = unit == "B"
    with tqdm(
        total=total,
        desc=step,
        unit=unit if is_bytes else f" {unit}",
        unit_scale=is_bytes,
        delay=_PATIENCE,
        leave=False,
        dynamic_ncols=True,
        disable=not is_watched(),
    ) as bar:
        yield bar.update


@contextmanager
def show_reading() -> Iterator[Callable[[Any], Any] | None]:
    """A bar over the bytes of the sources; yields None where nobody watches, and then nothing is counted either."""
    if not is_watched():
        yield None
        return
    with ExitStack() as bars:
        advance: list[Callable[[int], Any]] = []

        def on_read(read: Any) -> None:
            if not advance:
                advance.append(bars.enter_context(show_progress("read", read.total_bytes, unit="B")))
            advance[0](read.n_bytes)

        yield on_read


def is_watched() -> bool:
    """Whether somebody sees a bar: a terminal behind stderr, or a notebook."""
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")
