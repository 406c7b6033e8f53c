"""An engine that measures, and the disk that a folder takes."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from analysis.study.scaling import Engine


class Step(NamedTuple):
    """What one step took in one process."""

    name: str
    n_tasks: int
    wall: float
    cpu: float


class MeasuringEngine(Engine):
    """Every task in this process; time of each step, and bytes of the folder in which it works, are kept."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.steps: list[Step] = []
        self.facts: dict[str, list[dict[str, Any]]] = {}
        self.most_bytes = 0

    def map(self, work, items, *, on_done=None):
        """As `Engine.map`."""
        wall, cpu = time.perf_counter(), time.process_time()
        answers = super().map(work, items, on_done=on_done)
        seconds = time.perf_counter() - wall, time.process_time() - cpu
        self.steps.append(Step(work.__name__.replace("_", " "), len(items), *seconds))
        self.facts[work.__name__] = [answer.facts for answer in answers if hasattr(answer, "facts")]
        self.most_bytes = max(self.most_bytes, measure_disk(self._folder))
        return answers


@contextmanager
def measure(steps: list[Step], name: str):
    """Add the time of the block, less that of the steps inside, as a step of its own."""
    n_before = len(steps)
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    inside = steps[n_before:]
    own_wall = time.perf_counter() - wall - sum(step.wall for step in inside)
    own_cpu = time.process_time() - cpu - sum(step.cpu for step in inside)
    steps.append(Step(name, 1, own_wall, own_cpu))


def measure_disk(folder: Path) -> int:
    """Bytes of all files in a folder."""
    found = (path.lstat() for path in folder.rglob("*") if path.is_file())
    # A file that has several names lies there once.
    return sum({one.st_ino: one.st_size for one in found}.values())


def tell_peak() -> float:
    """Most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
