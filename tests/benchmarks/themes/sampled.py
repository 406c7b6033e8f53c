"""What is lost when a study is fitted on a sample of its papers and places the rest, and how fast papers are placed.

Part of ``python -m tests.benchmarks.themes.placing``. A corpus is fitted whole
under several seeds: how far these fits agree is what any sample can be asked
for. Then samples of several sizes are fitted and the rest is placed.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from analysis.config import Config, parse_config
from analysis.themes import join_text
from analysis.themes.embedding import find_encoder
from analysis.themes.placing import Placer
from analysis.themes.refitted import restore_refits
from analysis.themes.sampling import fit_and_place

SEEDS = (42, 1, 2)
SHARES = (0.06, 0.12, 0.23, 0.47, 0.7)
N_TIMED = 8_192


def make_config(encoder: str, seed: int, n_papers: int | str = 10**9) -> Config:
    """A study without named themes and without refits, fitted on at most so many papers."""
    return parse_config(
        {
            "seed": seed,
            "embedding": {"encoder": encoder},
            "fit": {"papers": n_papers},
            "themes": {"n_alternatives": 0},
        }
    )


def measure_samples(papers: pd.DataFrame, gold: np.ndarray, encoder: str, cache: Path) -> Iterator[dict[str, Any]]:
    """Agreement of each sample with the whole, beside that of wholes under other seeds."""
    wholes = [fit_and_place(papers, make_config(encoder, seed), cache=cache).tables.placed for seed in SEEDS]
    labelled = pd.notna(gold)

    def tell(name: str, n_fitted: int, found: list[pd.DataFrame], rows: np.ndarray) -> dict[str, Any]:
        row: dict[str, Any] = {"fit": name, "n fitted": n_fitted, "n placed": len(papers) - n_fitted}
        for column in ("topic", "theme"):
            scores = [adjusted_rand_score(wholes[0][column][rows], one[column][rows]) for one in found]
            row |= {f"{column} (ARI)": float(np.mean(scores))}
        scores = [adjusted_mutual_info_score(gold[labelled], one["theme"][labelled]) for one in found]
        return {**row, "theme and labels (AMI)": float(np.mean(scores))}

    everyone = np.arange(len(papers))
    yield tell("whole, other seeds", len(papers), wholes[1:], everyone)
    for share in SHARES:
        size = round(share * len(papers))
        found = [fit_and_place(papers, make_config(encoder, seed, size), cache=cache) for seed in SEEDS]
        yield tell("sample, then placed", size, [one.tables.placed for one in found], everyone)


def measure_speed(papers: pd.DataFrame, encoder: str, cache: Path) -> Iterator[dict[str, Any]]:
    """Papers placed in a second by a fit of all, with and without embedding."""
    config = make_config(encoder, SEEDS[0])
    config = config.model_copy(update={"themes": config.themes.model_copy(update={"n_alternatives": 4})})
    found = fit_and_place(papers, config, cache=cache).tables
    some = papers.iloc[np.resize(np.arange(len(papers)), N_TIMED)].reset_index(drop=True)
    texts = [join_text(*pair) for pair in zip(some["title"], some["abstract"], strict=True)]
    main = pd.Series(found.placed["theme"].to_numpy(), index=papers["paper_id"])
    refitted = restore_refits(found.alternatives, main, found.model.paper_ids, found.model.theme_ids)
    placer, tool = Placer(found.model, config, refitted), find_encoder(encoder, fitted=found.model.encoder)
    placer.place(some[:2_048], texts[:2_048], tool.encode(texts[:2_048]))
    began = time.perf_counter()
    meaning = tool.encode(texts)
    embedded = time.perf_counter()
    for n_workers in (1, None):
        start, used = time.perf_counter(), time.process_time()
        placer.place(some, texts, meaning, n_workers=n_workers)
        took = time.perf_counter() - start
        yield {
            "encoder": tool.name,
            "n fitted": len(papers),
            "threads": n_workers or "all cores",
            "placed per second": round(N_TIMED / took),
            "with embedding": round(N_TIMED / (took + embedded - began)),
            "CPU ms a paper": 1000 * (time.process_time() - used) / N_TIMED,
            "peak memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
