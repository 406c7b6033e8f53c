"""Themeline: named themes in paper abstracts, and honest statistics of how they move over time.

>>> import analysis as tl
>>> study = tl.run("my-papers.csv")       # doctest: +SKIP
>>> study.themes[["label", "size"]]       # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import Any

# Loaded on first use: `import analysis` and `themeline --help` stay fast.
_HOMES = {
    "Config": "analysis.config",
    "InputError": "analysis.config",
    "Corpus": "analysis.corpus",
    "read_corpus": "analysis.corpus",
    "write_corpus": "analysis.corpus",
    "write_papers": "analysis.corpus",
    "Comparison": "analysis.study",
    "Study": "analysis.study",
    "check": "analysis.study",
    "digest": "analysis.study",
    "compare": "analysis.study",
    "evaluate": "analysis.study",
    "export_papers": "analysis.study",
    "list_variations": "analysis.study",
    "load": "analysis.study",
    "make_figures": "analysis.study",
    "make_report": "analysis.study",
    "run": "analysis.study",
    "vary_study": "analysis.study",
    "write_explorer": "analysis.study",
    "choose_period": "analysis.trends",
    "collect_phrases": "analysis.trends",
    "compare_phrases": "analysis.trends",
    "count_set_apart": "analysis.trends",
    "describe_visible": "analysis.trends",
    "find_bursts": "analysis.trends",
    "find_newcomers": "analysis.trends",
    "global_change": "analysis.trends",
    "pick_representatives": "analysis.trends",
    "rate_by_period": "analysis.trends",
    "share_by_period": "analysis.trends",
    "smooth_shares": "analysis.trends",
    "tabulate_drivers": "analysis.trends",
    "tabulate_growth": "analysis.trends",
    "trend_verdicts": "analysis.trends",
}
_ROOMS = ("plots", "reports", "trends")

__all__ = [*_HOMES, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
