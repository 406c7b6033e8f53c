"""Each step of reading, timed alone in a process of its own so that its peak memory is its own."""

from __future__ import annotations

import datetime as dt
import json
import resource
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.corpus import read_corpus
from analysis.corpus.formats import FORMATS
from analysis.corpus.gathering import open_sources
from analysis.corpus.identity import identify_records
from analysis.corpus.language import detect_languages
from analysis.corpus.merging import merge_records
from analysis.corpus.near import find_near_duplicates
from analysis.corpus.records import Context, RawRecord
from analysis.corpus.table import PIECE, collect_records, list_values, settle_papers
from analysis.corpus.tidying import settle_record, tidy_values

_LATEST = dt.date(2100, 1, 1)


def measure_step(name: str, path: Path) -> dict[str, Any]:
    """Time one step on a file.

    Returns
    -------
    dict
        ``step``, ``seconds`` (of the step alone, without what leads to it), ``n_papers``, ``peak_mb`` of the process,
        and ``table_mb``, what the papers themselves take in memory (where the step makes them).
    """
    seconds, n_papers, table_mb = STEPS[name](path)
    peak_mb = _read_peak()
    return {"step": name, "seconds": seconds, "n_papers": n_papers, "peak_mb": peak_mb, "table_mb": table_mb}


def _read_peak() -> float:
    """Peak of this process in MB; that of the resource module is at least its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def _list_records(path: Path) -> Any:
    (source,) = open_sources(path)
    form = next(form for form in FORMATS if form.recognise(source))
    return (item for item in form.read(source, Context()) if isinstance(item, RawRecord))


def _loads(path: Path) -> tuple[float, int, float]:
    start = time.perf_counter()
    with path.open(encoding="utf-8") as file:
        n_papers = sum(bool(json.loads(line)) for line in file)
    return time.perf_counter() - start, n_papers, 0.0


def _pandas(path: Path) -> tuple[float, int, float]:
    import pandas as pd

    start = time.perf_counter()
    frame = pd.read_json(path, lines=True)
    return time.perf_counter() - start, len(frame), frame.memory_usage(deep=True).sum() / 2**20


def _parse(path: Path) -> tuple[float, int, float]:
    start = time.perf_counter()
    n_papers = sum(1 for _ in _list_records(path))
    return time.perf_counter() - start, n_papers, 0.0


def _map(path: Path) -> tuple[float, int, float]:
    start = time.perf_counter()
    table = collect_records(_list_records(path))
    return time.perf_counter() - start, table.num_rows, table.nbytes / 2**20


def _clean(path: Path) -> tuple[float, int, float]:
    seconds, n_papers = 0.0, 0
    records = _list_records(path)
    while piece := list(islice(records, PIECE)):
        start = time.perf_counter()
        tidy_values(list_values([settle_record(record, "papers.jsonl", _LATEST) for record in piece]))
        seconds += time.perf_counter() - start
        n_papers += len(piece)
    return seconds, n_papers, 0.0


def _identify(path: Path) -> tuple[float, int, float]:
    table = collect_records(_list_records(path))
    start = time.perf_counter()
    merged = merge_records(table, identify_records(table))
    return time.perf_counter() - start, merged.table.num_rows, 0.0


def _tell_language(path: Path) -> tuple[float, int, float]:
    table = collect_records(_list_records(path))
    titles, abstracts = table.column("title").to_pylist(), table.column("abstract").to_pylist()
    start = time.perf_counter()
    detect_languages(titles, abstracts)
    return time.perf_counter() - start, table.num_rows, 0.0


def _find_near(path: Path) -> tuple[float, int, float]:
    papers = settle_papers(collect_records(_list_records(path)))
    start = time.perf_counter()
    find_near_duplicates(papers)
    return time.perf_counter() - start, len(papers), 0.0


def _read(path: Path) -> tuple[float, int, float]:
    start = time.perf_counter()
    corpus = read_corpus(path)
    seconds = time.perf_counter() - start
    return seconds, corpus.n_papers, corpus.papers.memory_usage(deep=True).sum() / 2**20


STEPS: dict[str, Callable[[Path], tuple[float, int, float]]] = {
    "json.loads": _loads,
    "pandas.read_json": _pandas,
    "parse": _parse,
    "parse and map": _map,
    "clean": _clean,
    "merge duplicates": _identify,
    "tell languages": _tell_language,
    "find near-duplicates": _find_near,
    "read_corpus": _read,
}
