"""Measure reading: ``python -m tests.benchmarks.reading --corpora DIR [--sizes 100000,1000000]``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.reading.made import write_papers
from tests.benchmarks.reading.steps import STEPS, measure_step

CORPUS = "arxiv_2025-03_2025-06.jsonl.gz"
_MOST_FOR_PANDAS = 300_000
OUT = Path("figures/benchmarks/reading.md")


def main() -> None:
    """Measure every step at every size, each in a new process, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder of the labelled corpora")
    parser.add_argument("--sizes", default="100000,1000000", help="numbers of papers")
    parser.add_argument("--steps", default=",".join(STEPS), help="which steps")
    parser.add_argument("--work", type=Path, help="folder for the made files; kept")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(measure_step(options.step, options.file)))
        return
    if options.corpora is None or not (options.corpora / CORPUS).exists():
        sys.exit(f"{options.corpora}: {CORPUS} is not there. Give the folder of the corpora: --corpora DIR")
    with tempfile.TemporaryDirectory() as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        rows = []
        for size in map(int, options.sizes.split(",")):
            file = work / f"papers-{size}.jsonl"
            if not file.exists():
                write_papers(options.corpora / CORPUS, file, size)
            for step in options.steps.split(","):
                # 20 kB of memory a paper: a million would take more than the machine has.
                if step == "pandas.read_json" and size > _MOST_FOR_PANDAS:
                    continue
                rows.append({"size": size, "file_mb": file.stat().st_size / 2**20, **_measure(step, file)})
                print(_lay_out(rows[-1]), flush=True)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(_write_page(rows), encoding="utf-8")


def _measure(step: str, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.reading", "--step", step, "--file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _lay_out(row: dict[str, Any]) -> str:
    rate = row["n_papers"] / row["seconds"]
    table = f"{row['table_mb']:,.0f}" if row["table_mb"] else ""
    return f"| {row['size']:,} | {row['step']} | {row['seconds']:.1f} | {rate:,.0f} | {row['peak_mb']:,.0f} | {table} |"


def _write_page(rows: list[dict[str, Any]]) -> str:
    loads = {row["size"]: row["seconds"] for row in rows if row["step"] == "json.loads"}
    parsed = {row["size"]: row["seconds"] for row in rows if row["step"] == "parse and map"}
    ratios = [f"{size:,} papers: {parsed[size] / loads[size]:.1f}" for size in loads if size in parsed]
    head = (
        "# How fast papers are read\n\n"
        "JSON lines made from real abstracts (sentences of neighbouring papers spliced). Each step runs in a process "
        "of its own; seconds are those of the step alone, the peak is that of the process.\n\n"
        f"{os.cpu_count()} cores; `python -m tests.benchmarks.reading --corpora DIR`\n\n"
        "| papers | step | seconds | papers/s | peak, MB | of it the table, MB |\n|---|---|---|---|---|---|\n"
    )
    end = f"\nTime of parse and map over that of `json.loads` alone: {'; '.join(ratios)}.\n" if ratios else ""
    return head + "\n".join(map(_lay_out, rows)) + "\n" + end


if __name__ == "__main__":
    main()
