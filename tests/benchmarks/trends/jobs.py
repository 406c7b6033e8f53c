"""Runs cases on several processes and keeps what they gave, by the code and the case."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.benchmarks.trends.measure import measure_calls, measure_cover, measure_places
from tests.benchmarks.trends.simulate import Case

ROOT = Path(__file__).parents[3]
KINDS = {"calls": measure_calls, "cover": measure_cover, "places": measure_places}
# What each kind of measurement runs: a change there, and only there, is measured again.
_OWN = ("simulate.py", "rules.py", "measure.py", "tabulate.py")
_CALLS = ("courses.py", "design.py", "fits.py", "noise.py", "judging.py", "permuting.py", "power.py")
_CODE = {
    "calls": _CALLS,
    "cover": ("courses.py", "design.py", "fits.py", "noise.py", "shares.py", "smoothing.py"),
    "places": (*_CALLS, "turning.py", "bursts.py"),
}


@dataclasses.dataclass(frozen=True)
class Job:
    """One case, what is measured of it, and over how many corpora."""

    kind: str
    case: Case
    n_corpora: int
    others: bool = False


def run_jobs(jobs: Sequence[Job], cache: Path, *, n_processes: int) -> list[dict[str, Any]]:
    """One row per job, in their order: the fields of its case and what was measured."""
    from tqdm import tqdm

    cache.mkdir(parents=True, exist_ok=True)
    codes = {kind: identify_code(kind) for kind in KINDS}
    with ProcessPoolExecutor(n_processes) as pool:
        found = list(
            tqdm(pool.map(_run_one, jobs, [cache] * len(jobs), [codes[job.kind] for job in jobs]), total=len(jobs))
        )
    return [
        dataclasses.asdict(job.case) | {"n_corpora": job.n_corpora} | row for job, row in zip(jobs, found, strict=True)
    ]


def identify_code(kind: str) -> str:
    """Hash of the code that a kind of measurement runs."""
    files = [ROOT / "analysis" / "trends" / name for name in _CODE[kind]]
    digest = hashlib.sha256()
    for path in [*files, *(Path(__file__).with_name(name) for name in _OWN)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _run_one(job: Job, cache: Path, code: str) -> dict[str, Any]:
    key = hashlib.sha256(f"{code} {job!r}".encode()).hexdigest()[:24]
    kept = cache / f"{key}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    extra = {"others": True} if job.others else {}
    found = KINDS[job.kind](job.case, job.n_corpora, **extra)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(found), encoding="utf-8")
    unfinished.replace(kept)
    return found
