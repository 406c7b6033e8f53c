"""A command as a whole: its wall time, and the largest memory of it and all its children together."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

import psutil

_PAUSE = 0.1


@dataclass(frozen=True)
class Watched:
    """What a command did.

    Attributes
    ----------
    seconds : float
        Wall time, its start and imports counted.
    cpu_seconds : float
        Of it and its children.
    peak_mb : float
        Largest sum of proportional set sizes (memory shared by processes counts once), sampled every 0.1 s.
    code : int
    out, err : str
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    code: int
    out: str
    err: str


def watch(command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str | None = None) -> Watched:
    """Run a command to its end."""
    before = _cpu_of_children()
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(env) if env else None, cwd=cwd
    )
    ended, peaks = Event(), [0.0]
    sampler = Thread(target=_sample, args=(process.pid, ended, peaks), daemon=True)
    sampler.start()
    out, err = process.communicate()
    seconds = time.perf_counter() - started
    ended.set()
    sampler.join()
    return Watched(seconds, _cpu_of_children() - before, peaks[0] / 2**20, process.returncode, out, err)


def _cpu_of_children() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


def _sample(pid: int, ended: Event, peaks: list[float]) -> None:
    while not ended.wait(_PAUSE):
        total = 0.0
        try:
            root = psutil.Process(pid)
            for process in [root, *root.children(recursive=True)]:
                total += _measure(process)
        except psutil.Error:
            continue
        peaks[0] = max(peaks[0], total)


def _measure(process: psutil.Process) -> float:
    try:
        full = process.memory_full_info()
        return float(getattr(full, "pss", full.rss))
    except psutil.Error:
        return 0.0
