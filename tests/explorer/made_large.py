"""A made-up study of as many papers as are asked for, with texts about as hard to compress as real ones."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from analysis.results import Tables
from analysis.trends import share_by_period
from tests.made_study import make_tables

THEMES = {f"theme-{i:02d}": ("named" if i == 0 else "discovered", f"Made theme {i} of many papers") for i in range(18)}
N_WORDS = 180


def make_large(n_papers: int) -> Tables:
    """Papers in clouds, one for each of eighteen themes, over ten years of quarters."""
    rng = np.random.default_rng(11)
    tables = make_tables(400, themes=THEMES)
    papers = tables.papers.iloc[np.arange(n_papers) % len(tables.papers)].reset_index(drop=True)
    theme = rng.integers(0, len(THEMES), n_papers)
    middle = rng.uniform(-10, 10, (len(THEMES), 2))
    place = middle[theme] + rng.normal(0, 1.2, (n_papers, 2))
    days = np.datetime64("2015-01-01") + rng.integers(0, 3650, n_papers).astype("timedelta64[D]")
    words = _make_words(rng)
    # Words of a language: the commonest is as common as the next ten together.
    chances = 1 / np.arange(1, len(words) + 1)
    drawn = words[rng.choice(len(words), (n_papers, N_WORDS + 9), p=chances / chances.sum())]
    papers = papers.assign(
        paper_id=[f"{i % 2500:04d}.{i:06d}" for i in range(n_papers)],
        title=[" ".join(row[:9]) for row in drawn],
        abstract=[" ".join(row[9:]) for row in drawn],
        theme=np.array(list(THEMES))[theme],
        published=pd.to_datetime(days),
        published_end=pd.to_datetime(days),
        published_precision="day",
        url=[f"https://arxiv.org/abs/{i % 2500:04d}.{i:06d}" for i in range(n_papers)],
        map_x=place[:, 0],
        map_y=place[:, 1],
    )
    shares = share_by_period(papers, period="quarter")
    return dataclasses.replace(tables, papers=papers, shares=shares)


def _make_words(rng: np.random.Generator) -> np.ndarray:
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    lengths = rng.integers(3, 12, 60_000)
    return np.array(["".join(rng.choice(letters, n)) for n in lengths], dtype=object)
