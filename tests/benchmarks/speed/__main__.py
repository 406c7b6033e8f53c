"""``python -m tests.benchmarks.speed --corpora DIR [--sizes 78,1000,4302,17145,100000] [--rounds 1]``."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

from analysis.cache import Cache, hash_code, hash_parts
from tests.benchmarks.reading.made import write_papers
from tests.benchmarks.speed.page import render_page
from tests.benchmarks.speed.trials import ENCODERS, Trial, run_trial
from tests.benchmarks.themes.jobs import describe_machine

ROOT = Path(__file__).resolve().parents[3]
BUNDLED = ROOT / "study.toml"
ARXIV, ICLR = "arxiv_2025-03_2025-06.jsonl.gz", "iclr2026_primary_area.jsonl.gz"
OUT = ROOT / "figures" / "benchmarks" / "speed.md"
WORK = ROOT / "data" / "cache" / "benchmark-speed"
# Beyond it stock BERTopic would take hours.
_MOST_FOR_STOCK = 17_145


def main() -> None:
    """Run every trial at every size, one after another, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder of the labelled corpora")
    parser.add_argument("--sizes", default="78,1000,4302,17145,100000", help="numbers of papers")
    parser.add_argument("--who", default="stock,minilm,static", help="stock and our encoders")
    parser.add_argument("--rounds", type=int, default=1, help="trials of each kind, interleaved; medians are shown")
    parser.add_argument("--again", action="store_true", help="measure anew what is kept of the same code")
    parser.add_argument("--kept", action="store_true", help="measure nothing: write what is kept of the same code")
    options = parser.parse_args()
    if options.corpora is None or not (options.corpora / ARXIV).exists():
        sys.exit(f"{options.corpora}: {ARXIV} is not there. Give the folder of the corpora: --corpora DIR")
    kept = Cache(WORK / "answers")
    code = hash_parts(hash_code("."), describe_machine())
    trials: list[Trial] = []
    for size in map(int, options.sizes.split(",")):
        papers = find_papers(size, options.corpora)
        for round_ in range(options.rounds):
            for who in options.who.split(","):
                if who == "stock" and size > _MOST_FOR_STOCK:
                    continue
                key = hash_parts(code if who in ENCODERS else describe_machine(), who, size, round_)
                answer = None if options.again else kept.read("trials", key)
                if answer is None and options.kept:
                    continue
                if answer is None:
                    answer = run_trial(who, papers)
                    kept.write("trials", key, answer)
                trials.append(Trial(who=who, size=size, **answer))
                print(trials[-1].describe(), flush=True)
    OUT.write_text(render_page(trials, describe_machine()), encoding="utf-8")
    print(OUT.relative_to(ROOT))


def find_papers(size: int, corpora: Path) -> Path:
    """A file of so many papers: bundled, real, drawn from real ones, or spliced from them."""
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"papers-{size}.jsonl"
    if path.exists():
        return path
    beside = path.with_suffix(".tmp")
    if size == 78:
        from analysis.corpus import read_corpus

        table = read_corpus(ROOT / "data" / "raw").papers
        lines = table.assign(published=table["published"].dt.strftime("%Y-%m-%d"))[
            ["title", "abstract", "published"]
        ].to_json(orient="records", lines=True, force_ascii=False)
        beside.write_text(lines, encoding="utf-8")
    elif size <= _MOST_FOR_STOCK:
        with gzip.open(corpora / (ICLR if size == 4302 else ARXIV), "rt", encoding="utf-8") as file:
            lines = [{**json.loads(line)} for line in file]
        # Every n-th: over all dates alike.
        step = len(lines) / size
        chosen = [lines[int(number * step)] for number in range(size)]
        beside.write_text("".join(f"{json.dumps(line)}\n" for line in chosen), encoding="utf-8")
    else:
        write_papers(corpora / ARXIV, beside, size)
    beside.rename(path)
    return path


if __name__ == "__main__":
    main()
