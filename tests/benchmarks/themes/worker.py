"""What a process of the benchmark does: one method on one corpus, whole or in small draws."""

from __future__ import annotations

import dataclasses
import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import EmbeddingSection
from analysis.themes.embedding import encode_cached, find_encoder
from analysis.themes.quality import measure_agreement
from tests.benchmarks.themes.corpora import Labelled
from tests.benchmarks.themes.jobs import Job
from tests.benchmarks.themes.methods import METHODS, Input
from tests.benchmarks.themes.small import score_draws


def lay_out(corpus: Labelled, vectors: np.ndarray, folder: Path) -> None:
    """Write what the processes read: papers and vectors, and a cache that holds these vectors and no other."""
    folder.mkdir(parents=True)
    corpus.papers.to_parquet(folder / "papers.parquet")
    np.save(folder / "vectors.npy", vectors)
    for precision in ("", "int8"):  # Small draws are encoded in another precision than whole corpora.
        encode_cached(corpus.texts, _Known(corpus.texts, vectors, precision), cache=folder / "cache")


class _Known:
    """Vectors that are there already, as an encoder of the real one's name."""

    def __init__(self, texts: list[str], vectors: np.ndarray, precision: str) -> None:
        encoder = find_encoder(EmbeddingSection().encoder)
        self.name, self.version, self.precision = encoder.name, encoder.version, precision
        self._vectors = dict(zip(texts, vectors, strict=True))

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        return np.array([self._vectors[text] for text in texts])


def work(job: Job) -> dict[str, Any]:
    """Do a job."""
    folder = Path(job.folder)
    corpus = Labelled(job.corpus, pd.read_parquet(folder / "papers.parquet"))
    vectors = np.load(folder / "vectors.npy", allow_pickle=False)
    with tempfile.TemporaryDirectory() as fresh:
        # A copy: the words and phrases that a method encodes are not there for the next one.
        cache = Path(shutil.copytree(folder / "cache", Path(fresh) / "cache"))
        given = Input(corpus, vectors, cache, job.seed)
        if job.sizes:
            return {"draws": score_draws(job.method, given, sizes=job.sizes, n_draws=job.n_draws)}
        return _fit(job, given)


def _fit(job: Job, given: Input) -> dict[str, Any]:
    method = METHODS[job.method]
    started = time.perf_counter()
    whole = method(given)
    seconds, peak = time.perf_counter() - started, read_peak_mb()
    return {
        "seconds": seconds,
        "peak_mb": peak,
        "labels": {line: [str(label) for label in labels] for line, labels in whole.labels.items()},
        "terms": whole.terms,
        "agreement": _agree(job, given) if job.pair else {},
    }


def _agree(job: Job, given: Input) -> dict[str, float]:
    """Agreement of two fits on 80 % of the papers each, over the papers that both drew."""
    rows = given.corpus.draw_pair(job.seed)
    first, second = (
        METHODS[job.method](
            dataclasses.replace(given, corpus=given.corpus.take(some), vectors=given.vectors[some], whole=False)
        )
        for some in rows
    )
    return {line: measure_agreement(first.labels[line], rows[0], second.labels[line], rows[1]) for line in first.labels}


def read_peak_mb() -> float:
    """Largest resident memory of this process so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: there a child starts with its parent's peak.
        high = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), None)
        if high:
            return int(high.split()[1]) / 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1000


if __name__ == "__main__":
    asked = Job.read(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(work(asked)), encoding="utf-8")
