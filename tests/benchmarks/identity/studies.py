"""Studies of the benchmark: made, fitted and fitted again, with vectors that are computed once."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.results import Tables, read_found
from analysis.study import Study, run
from tests.conftest import REPOSITORY, write_jsonl

DAILY, CONFERENCE = "hf_daily_2024-05_2025-06.jsonl.gz", "iclr2026_primary_area.jsonl.gz"
SETTINGS = """seed = {seed}
[corpus]
sources = [
  "first.jsonl",
]
[figures]
formats = []
[report]
formats = ["csv"]
[themes]
n_alternatives = 2
"""
Record = dict[str, Any]


def read_records(corpora: Path, name: str) -> list[Record]:
    """One object per line, in the order of their days."""
    with gzip.open(corpora / name, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return sorted(records, key=lambda record: (str(record["published"]), str(record["id"])))


class Bench:
    """Studies under one folder that share vectors of papers and phrases.

    Parameters
    ----------
    folder : Path
        Of the studies; made anew.
    cache : Path
        Where vectors are kept from one study to the next.
    """

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache

    def start(self, name: str, records: Sequence[Record], *, seed: int, named: bool = True) -> Study:
        """A first fit; with the themes that the bundled study names."""
        study = self.folder / name
        asked = (REPOSITORY / "study.toml").read_text(encoding="utf-8").partition("[[themes.named]]")
        _write(study / "first.jsonl", records)
        text = SETTINGS.format(seed=seed) + ("".join(asked[1:]) if named else "")
        (study / "study.toml").write_text(text, encoding="utf-8")
        self._move_vectors(self.cache, study / "data/cache")
        return self._run(study)

    def add(self, study: Study, name: str, records: Sequence[Record]) -> Study:
        """A fit on the papers of a study and more."""
        return self._run(study.root, add=[_write(study.root / f"{name}.jsonl", records)], refit=True)

    def forget(self, study: Study) -> Study:
        """The same fit as if there had been none before."""
        return self._run(study.root, fresh=True)

    def _run(self, study: Path, **how: Any) -> Study:
        done = run(study, **how)
        self._move_vectors(study / "data/cache", self.cache)
        return done

    def _move_vectors(self, source: Path, goal: Path) -> None:
        for kind in ("papers-*", "phrases-*"):
            for folder in source.glob(kind):
                shutil.copytree(folder, goal / folder.name, dirs_exist_ok=True)


def list_found(study: Study) -> Tables:
    """The tables of a study before corrections by hand."""
    return read_found(study.place.data)


def _write(path: Path, records: Sequence[Record]) -> Path:
    wanted = ("id", "title", "abstract", "published", "url")
    return write_jsonl(path, [{name: record[name] for name in wanted} for record in records])
