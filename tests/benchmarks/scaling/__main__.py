"""Measure the way past one machine: ``python -m tests.benchmarks.scaling --corpora DIR [--papers N]``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from analysis.study import run
from analysis.study.scaling import ingest_parts, open_engine, place_parts
from analysis.study.scaling.processes import list_cores
from tests.benchmarks.reading.made import write_papers
from tests.benchmarks.scaling.measured import MeasuringEngine, measure, measure_disk, tell_peak
from tests.benchmarks.scaling.page import write_page

CORPUS = "arxiv_2025-03_2025-06.jsonl.gz"
OUT = Path("figures/benchmarks/scaling.md")
_STUDY = """[corpus]
sources = ["fitted.jsonl"]
[embedding]
encoder = "{encoder}"
[figures]
formats = ["html"]
[themes]
n_alternatives = 0
"""


def main() -> None:
    """Measure every step in a process of its own, then one worker against two, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder of the labelled corpora")
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--fitted", type=int, default=2_000, help="papers that the study is fitted on")
    parser.add_argument("--encoder", default="static")
    parser.add_argument("--work", type=Path, help="folder for what is made; kept")
    parser.add_argument("--step", choices=("ingest", "place", "workers"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        if options.step != "workers":
            # What one worker of one thread takes.
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(json.dumps(_STEPS[options.step](options.work, options.papers)))
        return
    if options.corpora is None or not (options.corpora / CORPUS).exists():
        sys.exit(f"{options.corpora}: {CORPUS} is not there. Give the folder of the corpora: --corpora DIR")
    with tempfile.TemporaryDirectory() as folder:
        work = options.work or Path(folder)
        _prepare(work, options)
        found = {step: _measure(step, work, options.papers) for step in _STEPS}
    facts = {"papers": options.papers, "fitted": options.fitted, "encoder": options.encoder, "cores": os.cpu_count()}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(write_page(found, facts), encoding="utf-8")


def _prepare(work: Path, options: argparse.Namespace) -> None:
    """Half the papers in each of two files, and a study fitted on some of them."""
    study = work / "study"
    study.mkdir(parents=True, exist_ok=True)
    if not (work / "one.jsonl").exists():
        write_papers(options.corpora / CORPUS, work / "all.jsonl", options.papers)
        lines = (work / "all.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        half = len(lines) // 2
        (work / "half.jsonl").write_text("".join(lines[:half]), encoding="utf-8")
        (work / "rest.jsonl").write_text("".join(lines[half:]), encoding="utf-8")
        (study / "fitted.jsonl").write_text("".join(lines[: options.fitted]), encoding="utf-8")
    if not (study / "data").exists():
        (study / "study.toml").write_text(_STUDY.format(encoder=options.encoder), encoding="utf-8")
        run(study)


def _ingest(work: Path, n_papers: int) -> dict[str, Any]:
    """Unit costs of ingest, and how many pairs meet at half the papers and at all."""
    engine = MeasuringEngine(work)
    ingest_parts(work / "half.jsonl", out=work / "first", engine=engine, n_rows=n_papers // 8)
    half = sum(facts["n_met"] for facts in engine.facts["find_pairs"])
    engine = MeasuringEngine(work)
    before = measure_disk(work)
    with measure(engine.steps, "the rest, on the driver"):
        ingest_parts(work / "half.jsonl", work / "rest.jsonl", out=work / "corpus", engine=engine, n_rows=n_papers // 8)
    met = sum(facts["n_met"] for facts in engine.facts["find_pairs"])
    return {
        "steps": [step._asdict() for step in engine.steps],
        "peak_mb": tell_peak(),
        "most_bytes": engine.most_bytes - before,
        "result_bytes": measure_disk(work / "corpus"),
        "met": [half, met],
    }


def _place(work: Path, n_papers: int) -> dict[str, Any]:
    """Unit costs of place."""
    engine = MeasuringEngine(work)
    before = measure_disk(work)
    with measure(engine.steps, "the rest, on the driver"):
        place_parts(work / "study", work / "corpus", out=work / "placed", engine=engine)
    return {
        "steps": [step._asdict() for step in engine.steps],
        "peak_mb": tell_peak(),
        "most_bytes": engine.most_bytes - before,
        "result_bytes": measure_disk(work / "placed"),
    }


def _compare(work: Path, n_papers: int) -> dict[str, Any]:
    """Wall time of embedding and placing with one worker of one thread, and with two; workers are started before."""
    seconds: dict[str, float] = {}
    for n_workers in (1, 2):
        with open_engine("local", n_workers=n_workers) as engine:
            # Every worker has the libraries and the model in memory: the steady state of a long run.
            place_parts(work / "study", work / "first", out=work / f"warm{n_workers}", engine=engine)
            start = time.perf_counter()
            place_parts(work / "study", work / "corpus", out=work / f"placed{n_workers}", engine=engine)
            seconds[str(n_workers)] = time.perf_counter() - start
    return {"seconds": seconds, "cores": len(list_cores())}


_STEPS = {"ingest": _ingest, "place": _place, "workers": _compare}


def _measure(step: str, work: Path, n_papers: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.scaling", "--step", step, "--work", str(work)]
    done = subprocess.run([*command, "--papers", str(n_papers)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{step}: {done.stderr}")
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


if __name__ == "__main__":
    main()
