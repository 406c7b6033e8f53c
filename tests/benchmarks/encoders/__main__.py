"""Measure the encoders side by side: ``python -m tests.benchmarks.encoders --corpora DIR``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.config import InputError
from tests.benchmarks.encoders.measure import BATCHES, SEEDS, Timed, score_static, time_ways
from tests.benchmarks.themes.corpora import SOURCES, Labelled, read_labelled
from tests.benchmarks.themes.jobs import describe_machine, list_versions

_REFERENCE = "SentenceTransformer.encode"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 done, 2 where a corpus is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.encoders", description=__doc__)
    parser.add_argument("--corpora", required=True, type=Path, metavar="DIR", help="folder of the labelled corpora")
    parser.add_argument("--papers", type=int, default=60, metavar="N", help="papers of each corpus that are timed")
    parser.add_argument("--themes", type=Path, default=Path("figures/benchmarks/themes.csv"), metavar="FILE")
    parser.add_argument("--out", type=Path, default=Path("figures/benchmarks/encoders.md"), metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        corpora = [read_labelled(options.corpora, source) for source in SOURCES]
    except InputError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2
    drawn = [corpus.texts[row] for corpus in corpora for row in _draw(corpus, options.papers)]
    timed = time_ways(drawn, [text for corpus in corpora for text in corpus.texts])
    quality = _tabulate_quality(corpora, pd.read_csv(options.themes))
    options.out.write_text(render_page(timed, quality, len(drawn), options.papers), encoding="utf-8")
    print(options.out.read_text(encoding="utf-8"))
    return 0


def _draw(corpus: Labelled, n_papers: int) -> np.ndarray:
    return np.sort(np.random.default_rng(42).choice(len(corpus.texts), n_papers, replace=False))


def _tabulate_quality(corpora: Sequence[Labelled], themes: pd.DataFrame) -> list[tuple[str, ...]]:
    """AMI with the labels: of the static encoder now, of the others as the benchmark of themes has them."""
    rows = []
    for corpus in corpora:
        known = themes[themes["corpus"] == corpus.name].groupby("method")["ami"].median()
        group, topic = score_static(corpus.texts, corpus.labelled, corpus.gold)
        others = [known.get(name, np.nan) for name in ("stock", "ours", "ours-topic")]
        rows.append((f"`{corpus.name}`", *(f"{value:.3f}" for value in (*others, group, topic))))
    return rows


def render_page(timed: Sequence[Timed], quality: Sequence[tuple[str, ...]], n_drawn: int, n_each: int) -> str:
    """The page, in Markdown."""
    best = max(one.papers_per_second for one in timed if one.name.startswith(_REFERENCE))
    best_cpu = max(one.papers_per_cpu_second for one in timed if one.name.startswith(_REFERENCE))
    versions = list_versions()
    lines = [
        "# Encoders, measured",
        "",
        f"- Command: `python -m tests.benchmarks.encoders --corpora DIR --papers {n_each}`",
        f"- Machine: {describe_machine()}",
        f"- Versions: {', '.join(f'{name} {version}' for name, version in versions.items())}",
        f"- Texts: {n_drawn} papers of three corpora for the contextual encoders, all of them for the static one",
        f"- `{_REFERENCE}` is the packaged model in fp32, in batches of {', '.join(map(str, BATCHES))}; "
        "ratios are to the fastest of these; medians of three rounds, all ways in turn within a round",
        "",
        "## Speed",
        "",
        "| encoder | papers/s | times the reference | papers per second of processor time | times | lowest cosine |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in timed:
        cosine = "" if one.lowest_cosine is None else f"{one.lowest_cosine:.5f}"
        lines.append(
            f"| {one.name} | {one.papers_per_second:,.1f} | {one.papers_per_second / best:.1f} "
            f"| {one.papers_per_cpu_second:,.1f} | {one.papers_per_cpu_second / best_cpu:.1f} | {cosine} |"
        )
    lines += [
        "",
        "## Quality",
        "",
        "Agreement (AMI) with the labels that people gave. Stock BERTopic and the contextual encoder: medians of "
        f"`themes.csv`. Static: mean of seeds {' and '.join(map(str, SEEDS))}, groups before any theme is asked for.",
        "",
        "| corpus | stock BERTopic | contextual, themes | contextual, topics | static, groups | static, topics |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(row)} |" for row in quality),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
