"""Themes found again in re-fits: ``python -m tests.benchmarks.identity --corpora DIR`` writes ``identity.md``.

DIR holds ``hf_daily_2024-05_2025-06.jsonl.gz`` and ``iclr2026_primary_area.jsonl.gz``:
one JSON object a line, with ``id``, ``title``, ``abstract``, ``published`` and
``url``; of the conference also ``labels.primary_area``. Parts that are done are
kept under ``--cache`` and not measured again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.identity.measure import measure_growth, measure_months, measure_quality
from tests.benchmarks.identity.page import render_page
from tests.benchmarks.identity.studies import CONFERENCE, DAILY, Bench, read_records
from tests.conftest import REPOSITORY

SEEDS = (42, 7, 1)
Measure = Callable[[Bench], list[dict[str, Any]]]


def main() -> None:
    """Measure, and write the page where every part is done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=REPOSITORY / "data/cache/benchmark-identity")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "figures/benchmarks/identity.md")
    parser.add_argument("--only", nargs="+", help="names of parts; default all")
    options = parser.parse_args()
    daily = read_records(options.corpora, DAILY)
    conference = read_records(options.corpora, CONFERENCE)
    parts: dict[str, Measure] = {
        f"months-{seed}": lambda bench, seed=seed: measure_months(bench, daily, seed=seed)  # type: ignore[misc]
        for seed in SEEDS
    }
    parts["growth"] = lambda bench: measure_growth(bench, daily, conference)
    parts["quality"] = lambda bench: measure_quality(bench, conference)
    for name, measure in parts.items():
        path = options.cache / f"{name}.json"
        if not path.exists() and name in (options.only or parts):
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory() as folder:
                rows = measure(Bench(Path(folder), options.cache))
            path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
            print(name, "done", flush=True)
    paths = {name: options.cache / f"{name}.json" for name in parts}
    if all(path.exists() for path in paths.values()):
        found = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items()}
        options.out.write_text(render_page(found), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
