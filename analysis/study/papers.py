"""The papers of a study, read as its settings say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.config import Config
from analysis.corpus import Corpus, read_corpus


def read_papers(config: Config, sources: Iterable[Path]) -> Corpus:
    """Read sources as ``[corpus]`` says."""
    asked = config.corpus
    return read_corpus(
        *sources,
        captured=asked.captured,
        undated=asked.undated,
        columns=asked.columns,
        languages=asked.languages,
        near_duplicates=asked.near_duplicates,
    )
