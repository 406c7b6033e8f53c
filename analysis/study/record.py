"""run.json: how the results were made, so that every number can be traced."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from analysis.config import Config
from analysis.corpus import Corpus
from analysis.themes import ThemeTables

PACKAGES = (
    "themeline", "bertopic", "graspologic-native", "hdbscan", "kaleido", "numpy", "openvino", "pandas", "plotly",
    "pyarrow", "scikit-learn", "scipy", "tokenizers", "umap-learn",
)  # fmt: skip

_MOST_NAMED = 3


def describe_run(config: Config, corpus: Corpus, found: ThemeTables, facts: dict[str, Any]) -> dict[str, Any]:
    """The record of a run.

    Parameters
    ----------
    config : Config
    corpus : Corpus
    found : ThemeTables
    facts : dict
        Of `analysis.study.counting.Moves`.

    Returns
    -------
    dict
        ``seconds``, ``peak_memory_mb``, ``commit`` and ``python`` differ from
        run to run; all else is a function of input, settings and lock file
        (and of the endpoint, where one writes the labels).
    """
    settings = config.model_dump(mode="json")
    # Paths depend on where the study lies; the files stand below by name and hash.
    del settings["corpus"]["sources"]
    settings["trends"]["field_totals"] = Path(config.trends.field_totals).name
    sources = [dataclasses.asdict(source) for source in corpus.sources]
    for source in sources:
        del source["path"]
    return {
        "title": config.report.title or _make_title([source["name"] for source in sources], corpus.n_papers),
        "caution": config.corpus.caution,
        "corpus": {"sources": sources, "ledger": corpus.ledger, "notes": list(corpus.notes)},
        "config": settings,
        "encoder": found.encoder,
        "rungs": list(found.rungs),
        **({"labels": found.labels} if found.labels else {}),
        **({"identity": found.identity} if found.identity else {}),
        **facts,
        "seed": config.seed,
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "seconds": dict(found.seconds),
        "peak_memory_mb": _peak_memory(),
        "commit": _find_commit(),
    }


def note_seconds(path: Path, steps: dict[str, float]) -> None:
    """Write into a record of a run how long the steps took that come after it."""
    record = json.loads(path.read_text(encoding="utf-8"))
    record["seconds"] |= {step: round(seconds, 3) for step, seconds in steps.items()}
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _make_title(names: list[str], n_papers: int) -> str:
    if len(names) <= _MOST_NAMED:
        return f"Themes of {', '.join(names)}"
    return f"Themes of {n_papers} papers from {len(names)} sources"


def _peak_memory() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in kilobytes, macOS in bytes.
    return int(used / (1 if sys.platform != "darwin" else 1024) / 1024)


def _find_commit() -> str | None:
    """Commit of the code; None outside a checkout."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None
