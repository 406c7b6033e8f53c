"""What a process tells of itself, and how it keeps to its part of a machine."""

from __future__ import annotations

import os
import platform
import signal
from functools import cache
from pathlib import Path
from typing import Any

from analysis.cache import hash_code


def describe_process(folder: str) -> dict[str, Any]:
    """What a worker and the process that started the run must have in common, and whether it sees the folder."""
    return {"code": hash_code("."), "python": platform.python_version(), "sees": Path(folder).is_dir()}


def tell_difference(told: Any, wanted: dict[str, Any], folder: Path) -> str:
    """What keeps a worker from taking part, by what it told and what is wanted; empty where nothing does."""
    if not isinstance(told, dict):
        return f"cannot be asked ({shorten(told)}); is themeline installed there?"
    if told["python"] != wanted["python"]:
        return f"Python {told['python']}, here {wanted['python']}"
    if told["code"] != wanted["code"]:
        return "another version of themeline or of its libraries"
    return "" if told["sees"] else f"does not see {folder}"


def keep_to_own_cores(rank: int | None, n_threads: int) -> None:
    """Let this thread, and those that libraries start from it, use as many processors as the worker has threads.

    Else every worker of a machine would start one thread for each of its processors.
    """
    cores = list_cores()
    if rank is not None and len(cores) > n_threads and hasattr(os, "sched_setaffinity"):
        own = {cores[(rank + step) % len(cores)] for step in range(n_threads)}
        os.sched_setaffinity(0, own)


@cache
def list_cores() -> tuple[int, ...]:
    """Processors that the process may use, before any thread was bound."""
    if hasattr(os, "sched_getaffinity"):
        return tuple(sorted(os.sched_getaffinity(0)))
    return tuple(range(os.cpu_count() or 1))


def ignore_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; the one that the user runs ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def shorten(error: Any) -> str:
    """The first line of what went wrong."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
