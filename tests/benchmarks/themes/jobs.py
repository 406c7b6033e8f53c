"""Jobs, each in a fresh process of one thread, and what earlier runs of the same job gave."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# Peers of the `benchmark` extra lie apart: what they need must not change the project's own environment.
PEERS = Path(sys.prefix) / "peers"
PACKAGES = ("bertopic", "umap-learn", "hdbscan", "scikit-learn", "numpy", "scipy", "graspologic-native", "openvino")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
# Of the project's code, what a peer's results depend on; ours depend on all that leads to the themes.
_OURS = ("config", "corpus", "themes")
_SHARED = ("themes/quality.py", "themes/embedding")


@dataclass(frozen=True)
class Job:
    """What a process is asked for.

    Attributes
    ----------
    method, corpus : str
    folder : str
        Where `worker.lay_out` has put the corpus.
    seed : int
    pair : bool
        Whether two subsamples are fitted too.
    sizes : tuple of int
        If any: small draws of these sizes instead of the whole corpus.
    n_draws : int
    """

    method: str
    corpus: str
    folder: str
    seed: int = 0
    pair: bool = False
    sizes: tuple[int, ...] = ()
    n_draws: int = 0

    @classmethod
    def read(cls, path: Path) -> Job:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**fields, "sizes": tuple(fields["sizes"])})


@dataclass(frozen=True)
class Done:
    """A job's answer: `error` (a line) instead of results where the method failed; `kept` from an earlier run."""

    job: Job
    answer: dict[str, Any]
    kept: bool

    @property
    def error(self) -> str:
        return str(self.answer.get("error", ""))


def run_jobs(
    jobs: Sequence[Job], *, n_processes: int, keep: Path | None, say: Callable[[str], None] = lambda _: None
) -> list[Done]:
    """Run jobs side by side, in the order given.

    Parameters
    ----------
    jobs : sequence of Job
    n_processes : int
    keep : Path, optional
        Folder of the answers of earlier runs: a job with the same code, papers,
        vectors, versions and machine is not run again. None runs them all.
    say : callable
        Receives a line per job.
    """

    def run_one(job: Job) -> Done:
        done = _run_job(job, keep)
        how = done.error or ("kept from an earlier run" if done.kept else "done")
        say(f"{job.corpus}  {job.method}  {'small draws' if job.sizes else f'seed {job.seed}'}: {how}")
        return done

    with ThreadPoolExecutor(n_processes) as pool:
        return list(pool.map(run_one, jobs))


def _run_job(job: Job, keep: Path | None) -> Done:
    known_by = identify(job)
    place = None if keep is None else keep / f"{known_by}.json"
    if place is not None and place.exists():
        return Done(job, json.loads(place.read_text(encoding="utf-8")), kept=True)
    with tempfile.TemporaryDirectory() as folder:
        task, answer = Path(folder) / "job.json", Path(folder) / "answer.json"
        task.write_text(json.dumps(asdict(job)), encoding="utf-8")
        command = [sys.executable, "-m", "tests.benchmarks.themes.worker", str(task), str(answer)]
        done = subprocess.run(command, cwd=ROOT, env=_environment(job), capture_output=True, text=True, check=False)
        if done.returncode or not answer.exists():
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            return Done(job, {"error": last[:300]}, kept=False)
        text = answer.read_text(encoding="utf-8")
    # Code that was edited meanwhile gave who knows which answer.
    if place is not None and identify(job) == known_by:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".tmp")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, place)
    return Done(job, json.loads(text), kept=False)


def _environment(job: Job) -> dict[str, str]:
    path = [str(ROOT)] + [str(PEERS)] * (job.method == "topeax")
    # All vectors are here: nothing is to be downloaded.
    offline = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    return {**os.environ, **dict.fromkeys(_THREADS, "1"), **offline, "PYTHONPATH": os.pathsep.join(path)}


def identify(job: Job) -> str:
    """A hash of all that the answer to a job depends on."""
    here = Path(__file__).parent
    files = [here / f"{name}.py" for name in ("corpora", "methods", "small", "worker")]
    library = ROOT / "analysis"
    if job.method == "ours":
        files += [path for room in _OURS for path in (library / room).rglob("*") if path.suffix in (".py", ".txt")]
    else:
        files += [
            path for name in _SHARED for path in [library / name, *(library / name).rglob("*.py")] if path.is_file()
        ]
    files += [Path(job.folder) / name for name in ("papers.parquet", "vectors.npy")]
    digest = hashlib.sha256(json.dumps({**asdict(job), "folder": ""}, sort_keys=True).encode())
    digest.update(json.dumps([describe_machine(), list_versions()]).encode())
    for path in sorted(files):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def find_peer() -> str | None:
    """Version of Turftopic in the folder of peers; None where it is not installed."""
    found = list(importlib.metadata.distributions(name="turftopic", path=[str(PEERS)]))
    return found[0].version if found else None


def list_versions() -> dict[str, str]:
    """Versions of what the results depend on."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **versions, "turftopic": find_peer() or "not installed"}


def describe_machine() -> str:
    """Processor and cores, and no name of the machine."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = (line.partition(":") for line in cpuinfo.read_text(encoding="utf-8").splitlines())
        model = next((value.strip() for key, _, value in lines if key.strip() == "model name"), model)
    return f"{model}, {os.cpu_count()} cores"
