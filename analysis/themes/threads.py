"""Work side by side on the cores that this process may use, with results that do not depend on how many."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_here = threading.local()


def count_cores() -> int:
    """Cores that this process may use; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_side_by_side(
    function: Callable[[_Item], _Result], items: Iterable[_Item], *, n_threads: int | None = None
) -> list[_Result]:
    """Apply a function to each item, one thread per core, and give the results in order.

    It pays where the function leaves the interpreter's lock: compiled loops,
    BLAS, sparse products. Inside such a thread another call runs its items one
    after the other, so that there are never more threads than asked for.

    Parameters
    ----------
    function : callable
        Of one item; it must not depend on what other items do.
    items : iterable
    n_threads : int, optional
        Default: one per core.

    Returns
    -------
    list
        The first error that a call raised is raised again.
    """
    items = list(items)
    n_threads = min(n_threads or count_cores(), len(items))
    if n_threads <= 1 or getattr(_here, "busy", False):
        return [function(item) for item in items]
    with ThreadPoolExecutor(n_threads, initializer=_mark_busy) as pool:
        return list(pool.map(function, items))


def steer_numba() -> None:
    """Keep the parallel loops of libraries off TBB; before the first of them is compiled or called.

    numba would take the TBB that OpenVINO brings, and then wait for ever for
    its threads when the interpreter ends.
    """
    import numba

    vars(numba.config)["THREADING_LAYER_PRIORITY"] = ["omp", "workqueue", "tbb"]


def _mark_busy() -> None:
    _here.busy = True
