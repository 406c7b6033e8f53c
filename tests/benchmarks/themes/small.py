"""Small corpora: draws of 30, 80 and 200 labelled papers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from analysis.themes.quality import score_against
from tests.benchmarks.themes.corpora import Labelled
from tests.benchmarks.themes.methods import METHODS, Input

SIZES = (30, 80, 200)
N_DRAWS = 20
COMPARED = ("ours", "stock", "kmeans")


def draw_papers(corpus: Labelled, size: int, number: int) -> np.ndarray:
    """Rows of one draw from the labelled papers, the same for every method."""
    draw = np.random.default_rng([size, number])
    return np.sort(draw.choice(corpus.labelled, size, replace=False))


def score_draws(method: str, given: Input, *, sizes: tuple[int, ...], n_draws: int) -> list[dict[str, Any]]:
    """AMI and ARI of a method on each draw, in one process; a fit that fails scores 0 and keeps its message."""
    rows = []
    for size in sizes:
        for number in range(n_draws if size <= len(given.corpus.labelled) else 0):
            some = draw_papers(given.corpus, size, number)
            drawn = dataclasses.replace(
                given, corpus=given.corpus.take(some), vectors=given.vectors[some], seed=number, whole=False
            )
            about = {"corpus": given.corpus.name, "n_papers": size, "draw": number}
            rows += [{**about, **row} for row in _score_draw(method, drawn)]
    return rows


def _score_draw(method: str, drawn: Input) -> list[dict[str, Any]]:
    try:
        fit = METHODS[method](drawn)
    # Whatever a method raises is a finding here, not a fault of the benchmark.
    except Exception as error:
        message = f"{type(error).__name__}: {error}"[:300]
        return [{"method": method, "ami": 0.0, "ari": 0.0, "coverage": 0.0, "n_found": 0, "error": message}]
    rows = []
    for line, labels in fit.labels.items():
        scores = score_against(drawn.corpus.gold, labels)
        found = {name: getattr(scores, name) for name in ("ami", "ari", "coverage", "n_found")}
        rows.append({"method": line, **found, "error": ""})
    return rows


def average_draws(draws: pd.DataFrame) -> pd.DataFrame:
    """One row per corpus, size and method: mean AMI and ARI with their standard errors, and the failed fits."""
    by = draws.groupby(["corpus", "n_papers", "method"], sort=False)
    table = pd.DataFrame(
        {
            "n_draws": by.size(),
            "ami": by["ami"].mean(),
            "ami_se": by["ami"].sem(),
            "ari": by["ari"].mean(),
            "ari_se": by["ari"].sem(),
            "coverage": by["coverage"].mean(),
            "n_found": by["n_found"].mean(),
            "n_failed": by["error"].agg(lambda errors: int((errors != "").sum())),
        }
    )
    return table.reset_index().sort_values(["corpus", "n_papers"], ignore_index=True)
