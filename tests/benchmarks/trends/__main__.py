"""`python -m tests.benchmarks.trends [--corpora N] [--processes N]`: measures all cases and writes the tables."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pandas as pd

# Before numpy is loaded: each process has one core.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from tests.benchmarks.trends import cases  # noqa: E402
from tests.benchmarks.trends.jobs import ROOT, Job, run_jobs  # noqa: E402


def list_parts(n_corpora: int) -> dict[str, list[Job]]:
    """What is measured, by the name of its table."""
    fewer = max(n_corpora // 4, 20)
    return {
        "level": [Job("calls", case, n_corpora) for case in cases.list_level()],
        "peers": [Job("calls", case, fewer, others=True) for case in cases.list_level() if case.span == "2 years"],
        "harder": [Job("calls", case, n_corpora // 2) for case in cases.list_harder()],
        "lines": [Job("calls", case, fewer, others=True) for case in cases.list_lines()],
        "margins": [Job("calls", case, fewer) for case in cases.list_margins()],
        "turns": [Job("places", case, fewer) for case in cases.list_turns()],
        "cover": [Job("cover", case, fewer) for case in cases.list_level() if case.span == "2 years"]
        + [
            Job("cover", case, fewer) for case in cases.list_lines() if (case.span, case.odds_ratio) == ("2 years", 2.0)
        ],
    }


def main() -> None:
    """Measure, then write CSV files and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--corpora",
        type=int,
        default=400,
        help="corpora per case without a trend; a quarter as many for the other parts",
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=ROOT / "figures" / "benchmarks")
    parser.add_argument("--only", nargs="*", default=None, help="parts to measure; nothing is written then")
    given = parser.parse_args()
    parts = list_parts(given.corpora)
    chosen = {name: jobs for name, jobs in parts.items() if given.only is None or name in given.only}
    cache = ROOT / "data" / "cache" / "benchmark-trends"
    tables = {}
    for name, jobs in chosen.items():
        print(name, flush=True)
        tables[name] = pd.DataFrame(run_jobs(jobs, cache, n_processes=given.processes))
    if given.only is not None:
        for name, table in tables.items():
            print(name, table.to_string(), sep="\n")
        return
    from tests.benchmarks.trends.page import write_page

    write_page(tables, given.out)


if __name__ == "__main__":
    main()
