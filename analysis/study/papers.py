"""The papers of a study, read as its settings say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis.cache import Cache
from analysis.config import Config
from analysis.corpus import Corpus, read_corpus
from analysis.study.progress import show_reading


def read_papers(config: Config, sources: Iterable[Path], *, cache: Path | None = None) -> Corpus:
    """Read sources as ``[corpus]`` says; a file that `cache` has is not read again."""
    asked = config.corpus
    with show_reading() as on_read:
        return read_corpus(
            *sources,
            captured=asked.captured,
            undated=asked.undated,
            columns=asked.columns,
            languages=asked.languages,
            near_duplicates=asked.near_duplicates,
            on_read=on_read,
            cache=Cache(cache) if cache else None,
        )
