"""Speed of each encoder, and how far its vectors are from those of its authors' code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.config import ClusteringSection, EmbeddingSection
from analysis.themes.clustering import cluster
from analysis.themes.embedding import MiniLM, StaticEncoder, embed_words, find_packaged_weights, join_vectors
from analysis.themes.neighbours import build_graph

BATCHES = (8, 16, 32)
SEEDS = (42, 1)


@dataclass(frozen=True)
class Timed:
    """One way to encode: papers per second of the clock and of the processor, lowest cosine to the reference."""

    name: str
    papers_per_second: float
    papers_per_cpu_second: float
    lowest_cosine: float | None = None


def list_ways() -> dict[str, Callable[[Sequence[str]], Any]]:
    """The ways to encode that are compared: by the authors' code at several batch sizes, and ours."""
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(find_packaged_weights()), device="cpu")
    exact, rounded, static = MiniLM(), MiniLM(precision="int8"), StaticEncoder()

    def refer(batch: int) -> Callable[[Sequence[str]], Any]:
        return lambda texts: reference.encode(
            list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False
        )

    return {
        **{f"SentenceTransformer.encode, batches of {batch}": refer(batch) for batch in BATCHES},
        "minilm": exact.encode,
        "minilm, int8": rounded.encode,
        "static": static.encode,
        "static + TF-IDF + SVD": lambda texts: (static.encode(texts), embed_words(texts, EmbeddingSection(), 42)),
    }


def time_ways(texts: Sequence[str], many: Sequence[str], *, n_rounds: int = 3) -> list[Timed]:
    """Time every way in turn, round by round; the static ones, which are quick, on `many` texts."""
    ways = list_ways()
    clocks: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    vectors: dict[str, np.ndarray] = {}
    for turn in range(n_rounds + 1):
        for name, encode in ways.items():
            own = many if name.startswith("static") else texts
            started, used = time.perf_counter(), time.process_time()
            found = encode(own)
            clock = (len(own) / (time.perf_counter() - started), len(own) / (time.process_time() - used))
            if turn:  # The first round loads.
                clocks[name].append(clock)
            if not name.startswith("static"):
                vectors[name] = found
    reference = vectors[f"SentenceTransformer.encode, batches of {BATCHES[-1]}"]
    return [
        Timed(
            name,
            *np.median(clocks[name], axis=0).tolist(),
            float((vectors[name] * reference).sum(axis=1).min()) if name in vectors else None,
        )
        for name in ways
    ]


def score_static(texts: Sequence[str], labelled: np.ndarray, gold: np.ndarray) -> tuple[float, float]:
    """AMI of groups and of topics that the static encoder gives, joined with the words; mean of two seeds."""
    from sklearn.metrics import adjusted_mutual_info_score

    lexical = embed_words(texts, EmbeddingSection(), SEEDS[0])
    if lexical is None:
        raise ValueError("the texts share no words")
    joined = join_vectors(StaticEncoder().encode(texts), lexical[0], EmbeddingSection().lexical_weight)
    found = []
    for seed in SEEDS:
        clustering = cluster(build_graph(joined, n_neighbours=40, seed=seed), joined, ClusteringSection(), seed=seed)
        pair = (clustering.group, clustering.topic)
        found.append([adjusted_mutual_info_score(gold, one[labelled]) for one in pair])
    group, topic = np.mean(found, axis=0)
    return float(group), float(topic)
