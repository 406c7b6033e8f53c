"""One trial: a file of papers to a report (ours) or to its figure (stock BERTopic), from nothing, in a new process."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.speed.watch import watch

ROOT = Path(__file__).resolve().parents[3]
ENCODERS = ("minilm", "static", "auto")


@dataclass(frozen=True)
class Trial:
    """What was measured.

    Attributes
    ----------
    who : str
        ``stock``, or one of our encoders.
    size : int
        Papers.
    total, cpu : float
        Seconds of the whole process: wall, and processor time of it and its children.
    peak_mb : float
    steps : dict of str to float
        Seconds by step.
    again : float or None
        Seconds of a second run with nothing changed (ours alone).
    """

    who: str
    size: int
    total: float
    cpu: float
    peak_mb: float
    steps: dict[str, float] = field(default_factory=dict)
    again: float | None = None

    def describe(self) -> str:
        """One line for the terminal."""
        again = "" if self.again is None else f"; again {self.again:.1f} s"
        return f"{self.size:>9,} papers  {self.who:8} {self.total:8.1f} s  {self.peak_mb:8,.0f} MiB{again}"


def run_trial(who: str, papers: Path) -> dict[str, Any]:
    """Measure one way on one file; nothing is cached before.

    Raises
    ------
    RuntimeError
        If the process fails; with the end of what it said.
    """
    with tempfile.TemporaryDirectory(dir=papers.parent) as folder:
        if who == "stock":
            command = ["-m", "tests.benchmarks.speed.stock", str(papers), str(Path(folder) / "topics.html")]
            done = _watch(command)
            said = json.loads(done.out.splitlines()[-1])
            return {"total": done.seconds, "cpu": done.cpu_seconds, "peak_mb": done.peak_mb, "steps": said["seconds"]}
        study = Path(folder) / "study"
        study.mkdir()
        settings = f'[corpus]\nsources = ["{papers.as_posix()}"]\n[embedding]\nencoder = "{who}"\n'
        (study / "study.toml").write_text(settings, encoding="utf-8")
        command = ["-m", "analysis", "run", str(study)]
        done = _watch(command, cache=Path(folder) / "user-cache")
        steps = json.loads((study / "data/results/run.json").read_text(encoding="utf-8"))["seconds"]
        again = _watch(command, cache=Path(folder) / "user-cache").seconds
    return {"total": done.seconds, "cpu": done.cpu_seconds, "peak_mb": done.peak_mb, "steps": steps, "again": again}


def _watch(command: list[str], *, cache: Path | None = None) -> Any:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    if cache is not None:
        # What a user's first run would have to make (a distilled encoder) is made here, too.
        environment["XDG_CACHE_HOME"] = str(cache)
    done = watch([sys.executable, *command], env=environment, cwd=str(ROOT))
    if done.code:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.code}\n{done.err[-2000:]}")
    return done
