"""Measure named themes against the authors' labels: ``python -m tests.benchmarks.themes.named --corpora DIR``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.config import InputError
from analysis.reports.figures import write_images
from analysis.themes.named import BY_EXAMPLES, CALIBRATION
from tests.benchmarks.themes.corpora import SOURCES
from tests.benchmarks.themes.named_figure import draw_reliability
from tests.benchmarks.themes.named_measure import (
    ROOT,
    calibrate,
    fit_corpus,
    list_requests,
    measure,
    prepare,
    read_papers,
    tabulate_reliability,
)
from tests.benchmarks.themes.named_page import render_page

SEEDS = (42, 1, 2, 3, 4)
CAPPED = "arxiv_2025-03_2025-06, at most 300 of each category"
BUNDLED = "bundled listing"
CAUTION = "Labels are the authors' one choice (arXiv: any of a paper's categories). Numbers: named.csv, named.md."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 done, 2 where a corpus is missing."""
    options = _parse(arguments)
    try:
        with threadpool_limits(1, user_api="blas"):
            return _run(options)
    except InputError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.themes.named", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, metavar="DIR", help="folder of the labelled corpora")
    parser.add_argument("--out", type=Path, default=Path("figures/benchmarks"), metavar="DIR")
    parser.add_argument("--cache", type=Path, default=Path("data/cache"), metavar="DIR", help="vectors")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--calibrate", action="store_true", help="only fit the calibration, with the first seed")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    corpora = _read_all(options.corpora)
    if options.calibrate:
        return _calibrate(corpora, options)
    rows, curves = [], []
    for seed in options.seeds:
        for name, papers in corpora.items():
            fitted = fit_corpus(name, papers, options.cache, seed)
            requests = list_requests(name, papers)
            asked = prepare(requests, fitted, options.cache)
            table, fit = measure(requests, asked, fitted)
            rows.append(table)
            for kind in ("area", "held out"):
                curve = tabulate_reliability(requests, fit, kind)
                curves.append(curve.assign(corpus=name, kind=kind, seed=seed))
            print(f"{name}, seed {seed}: {len(requests)} named themes", file=sys.stderr, flush=True)
    _write(options, pd.concat(rows), pd.concat(curves), corpora)
    return 0


def _read_all(folder: Path) -> dict[str, pd.DataFrame]:
    """Every corpus by its name; the capped draw of arXiv and the bundled listing beside them."""
    corpora = {}
    for source in SOURCES:
        path = folder / source.file
        if not path.exists():
            raise InputError(f"{path}: this labelled corpus is missing. Name the folder that holds it: --corpora DIR")
        corpora[source.name] = read_papers(path)
        if source.most is not None:
            corpora[CAPPED] = read_papers(path, most=source.most, fewest=source.fewest, gold=source.gold)
    corpora[BUNDLED] = read_papers(next((ROOT / "data" / "raw").glob("*.txt")))
    return corpora


def _calibrate(corpora: dict[str, pd.DataFrame], options: argparse.Namespace) -> int:
    parts = []
    for source in SOURCES[:2]:
        fitted = fit_corpus(source.name, corpora[source.name], options.cache, options.seeds[0])
        requests = list_requests(source.name, corpora[source.name])
        parts.append((requests, prepare(requests, fitted, options.cache), fitted))
    for way, in_use in (("phrases", CALIBRATION), ("5 examples", BY_EXAMPLES)):
        found = calibrate(parts, way)
        print(f"{way}: {found}; in use: {in_use}")
    return 0


def _write(
    options: argparse.Namespace, rows: pd.DataFrame, curves: pd.DataFrame, corpora: dict[str, pd.DataFrame]
) -> None:
    options.out.mkdir(parents=True, exist_ok=True)
    measures = ["n_labelled", "n_members", "highest", "precision", "recall", "auc", "ap", "auc_any"]
    groups = ["corpus", "kind", "way", "theme"]
    medians = rows.groupby(groups, sort=False)[measures].median().reset_index()
    medians["auc_lowest"] = rows.groupby(groups, sort=False)["auc"].min().to_numpy()
    reliability = curves.groupby(["corpus", "kind", "low", "high"])[["score", "labelled", "n_pairs"]].median()
    reliability = reliability.reset_index()
    medians.round(4).to_csv(options.out / "named.csv", index=False)
    reliability.round(4).to_csv(options.out / "named-reliability.csv", index=False)
    command = f"python -m tests.benchmarks.themes.named --corpora DIR --seeds {' '.join(map(str, options.seeds))}"
    sizes = {name: len(papers) for name, papers in corpora.items()}
    page = render_page(medians, reliability, command=command, sizes=sizes)
    (options.out / "named.md").write_text(page, encoding="utf-8")
    for note in write_images({"named": draw_reliability(reliability, caution=CAUTION)}, options.out, formats=("png",)):
        print(note, file=sys.stderr)
    most = float(np.nanmax(rows.loc[rows["kind"] == "absent", "highest"]))
    print(f"{options.out}: named.md, named.csv, named-reliability.csv, named.png; highest score of an absent theme "
          f"{most:.2f}", file=sys.stderr)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
