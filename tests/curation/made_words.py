"""Counts and vectors of the made-up study, as a fit would have kept them."""

import hashlib

import numpy as np

from analysis.curation import TermCounts, Wording
from analysis.themes.build import join_text
from analysis.themes.phrases import collect_phrases

N_DIMENSIONS = 8


def encode(phrases):
    """Unit vectors that depend on the words alone."""
    rows = []
    for phrase in phrases:
        digest = hashlib.sha256(phrase.encode()).digest()[: 2 * N_DIMENSIONS]
        rows.append(np.frombuffer(digest, dtype=np.uint16).astype(np.float32) - 32768)
    vectors = np.array(rows, dtype=np.float32).reshape(len(rows), N_DIMENSIONS)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_wording(tables):
    """What words are found with in `tables.made_study.make_tables`."""
    papers = tables.papers
    texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
    named = tuple(tables.themes.loc[tables.themes["kind"] == "named", "theme"])
    n_papers = len(papers)
    counts = TermCounts(
        papers["paper_id"].to_numpy(dtype=object),
        collect_phrases(texts),
        named,
        closest=np.tile(np.arange(n_papers)[:, None] % 3, len(named)).astype(np.int16),
        fits=np.stack([np.arange(n_papers) % (2 + place) == 0 for place in range(len(named))], axis=1),
        counted=np.ones(n_papers, dtype=bool),
    )
    return Wording(counts, encode(texts), encode)
