"""The labelled corpora: read by the project's own reader, embedded once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.config import EmbeddingSection, InputError
from analysis.corpus import read_corpus
from analysis.themes import join_text
from analysis.themes.embedding import encode_cached, find_encoder
from analysis.themes.embedding.choosing import ROUNDED_FROM
from analysis.themes.quality import LARGE

# The draw of papers where the big classes are cut down; not a seed of any method.
DRAW = 20_250_601
SHARE = 0.8


@dataclass(frozen=True)
class Source:
    """A labelled corpus and which of its papers take part.

    `fewest`: classes with fewer papers are left out, with their papers.
    `most`: at most so many papers of a class, drawn once and for all.
    """

    name: str
    file: str
    gold: str
    fewest: int = 0
    most: int | None = None


SOURCES = (
    Source("iclr2026_primary_area", "iclr2026_primary_area.jsonl.gz", "primary_area"),
    Source("arxiv_2025-03_2025-06", "arxiv_2025-03_2025-06.jsonl.gz", "arxiv_primary", fewest=50, most=300),
    Source("hf_daily_2024-05_2025-06", "hf_daily_2024-05_2025-06.jsonl.gz", "arxiv_primary"),
)


@dataclass(frozen=True)
class Labelled:
    """Papers with labels that people gave.

    Attributes
    ----------
    name : str
    papers : DataFrame of n_papers rows
        ``paper_id``, ``title``, ``abstract``, ``published``, ``gold`` (null where there is no label).
    """

    name: str
    papers: pd.DataFrame

    @cached_property
    def texts(self) -> list[str]:
        pairs = zip(self.papers["title"], self.papers["abstract"], strict=True)
        return [join_text(title, abstract) for title, abstract in pairs]

    @cached_property
    def labelled(self) -> np.ndarray:
        """Rows of the papers with a label."""
        return np.flatnonzero(self.papers["gold"].notna())

    @property
    def gold(self) -> np.ndarray:
        """Their labels."""
        return self.papers["gold"].to_numpy()[self.labelled]

    @property
    def true_k(self) -> int:
        """Classes that hold at least 1 % of the labelled papers."""
        sizes = pd.Series(self.gold).value_counts()
        return int((sizes >= LARGE * len(self.gold)).sum())

    def take(self, rows: np.ndarray) -> Labelled:
        return Labelled(self.name, self.papers.iloc[rows].reset_index(drop=True))

    def draw_pair(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of two subsamples of 80 %, the same for every method."""
        draw = np.random.default_rng([seed, len(self.papers)])
        n_drawn = round(SHARE * len(self.papers))
        first, second = (np.sort(draw.choice(len(self.papers), n_drawn, replace=False)) for _ in range(2))
        return first, second


def read_labelled(folder: Path, source: Source, *, n_papers: int | None = None) -> Labelled:
    """Read a corpus as a study would, and keep the papers that take part.

    Parameters
    ----------
    folder : Path
    source : Source
    n_papers : int, optional
        Only so many papers, drawn with `DRAW`: for a quick look.
    """
    path = folder / source.file
    if not path.exists():
        raise InputError(f"{path}: this labelled corpus is missing. Name the folder that holds it: --corpora DIR")
    papers = read_corpus(path).papers
    column = f"label_{source.gold}"
    if column not in papers:
        raise InputError(f"{path}: no label {source.gold!r} here. The benchmark compares with it.")
    papers = papers.rename(columns={column: "gold"})[["paper_id", "title", "abstract", "published", "gold"]]
    draw = np.random.default_rng(DRAW)
    papers = papers.iloc[_choose_rows(papers["gold"], source, draw)]
    if n_papers is not None and n_papers < len(papers):
        papers = papers.iloc[np.sort(draw.choice(len(papers), n_papers, replace=False))]
    return Labelled(source.name, papers.reset_index(drop=True))


def _choose_rows(gold: pd.Series, source: Source, draw: np.random.Generator) -> np.ndarray:
    if source.most is None and not source.fewest:
        return np.arange(len(gold))
    chosen = []
    for _, rows in sorted(gold.groupby(gold).indices.items()):
        if len(rows) >= source.fewest:
            too_many = source.most is not None and len(rows) > source.most
            chosen.append(draw.choice(rows, source.most, replace=False) if too_many else rows)
    return np.sort(np.concatenate(chosen))


@dataclass(frozen=True)
class Encoded:
    """What embedding a corpus took: `n_new` of its texts were not in the cache."""

    vectors: np.ndarray
    n_new: int
    seconds: float


def encode_corpus(corpus: Labelled, cache: Path) -> Encoded:
    """The vectors that every method is given, float32 (n_papers, n_dimensions), rows of length 1."""
    encoder = find_encoder(EmbeddingSection().encoder, len(corpus.texts))
    started = time.perf_counter()
    vectors, n_new = encode_cached(corpus.texts, encoder, cache=cache)
    return Encoded(vectors, n_new, time.perf_counter() - started)


def time_encoder(texts: list[str]) -> float:
    """Papers per second, on texts encoded for this alone."""
    encoder = find_encoder(EmbeddingSection().encoder, ROUNDED_FROM)
    encoder.encode(texts[:1])  # Loads the model.
    started = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - started)
