"""How long shares and tests take on a large corpus: ``python -m tests.benchmarks.trends.scale``; prints JSON."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

N_PAPERS, N_THEMES, N_MONTHS = 1_000_000, 100, 120
MOST_SECONDS, MOST_GB = 10.0, 2.0


def draw_papers(n_papers: int, n_themes: int, n_months: int, *, seed: int = 0) -> pd.DataFrame:
    """Papers as the results hold them, but for their text: days drawn evenly, themes of unequal size.

    Every tenth theme moves, so that what is only done for a trend or a bend is timed too.
    """
    rng = np.random.default_rng(seed)
    first = np.datetime64("2015-01", "M")
    last = (first + n_months).astype("datetime64[D]")
    days = first.astype("datetime64[D]") + rng.integers(0, (last - first.astype("datetime64[D]")).astype(int), n_papers)
    when = np.linspace(-1, 1, n_months)[(days.astype("datetime64[M]") - first).astype(int)]
    size = np.log(1 / np.sqrt(np.arange(1, n_themes + 1)))
    moves = np.where(np.arange(n_themes) % 10 == 0, 0.5, 0.0)
    # The theme with the largest of its log weight plus Gumbel noise: a draw by weight, for each paper at once.
    codes = np.zeros(n_papers, dtype=np.int64)
    best = np.full(n_papers, -np.inf)
    for code in range(n_themes):
        value = size[code] + moves[code] * when + rng.gumbel(size=n_papers)
        codes[value > best] = code
        best = np.maximum(best, value)
    names = np.array([f"theme-{code:03d}" for code in range(n_themes)])
    published = days.astype("datetime64[ms]")
    return pd.DataFrame(
        {
            "published": published,
            "published_end": published,
            "published_precision": "day",
            "theme": pd.Series(names[codes], dtype="str"),
        }
    )


def measure_scale(papers: pd.DataFrame) -> dict[str, Any]:
    """Seconds of each step, verdicts, and the memory of the whole process at its peak."""
    from analysis.trends import global_change, share_by_period, smooth_shares, trend_verdicts

    before, seconds = _peak_gb(), {}

    def measure(name: str, step: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        made = step()
        seconds[name] = round(time.perf_counter() - started, 3)
        return made

    shares = measure("share_by_period", lambda: share_by_period(papers, period="month"))
    measure("smooth_shares", lambda: smooth_shares(shares))
    trends = measure("trend_verdicts", lambda: trend_verdicts(shares))
    change = measure("global_change", lambda: global_change(shares))
    total = sum(seconds.values())
    return {
        "n_papers": len(papers),
        "n_themes": papers["theme"].nunique(),
        "n_months": shares["period"].nunique(),
        "verdicts": trends["verdict"].value_counts().sort_index().to_dict(),
        "global_p": change.p,
        "seconds": {**seconds, "total": round(total, 3)},
        "peak_gb": {"before": round(before, 3), "after": round(_peak_gb(), 3)},
        "holds": bool(total < MOST_SECONDS and _peak_gb() < MOST_GB),
    }


def _peak_gb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in kilobytes, macOS in bytes.
    return float(used * (1024 if sys.platform != "darwin" else 1) / 1e9)


def main() -> int:
    """Print what was measured; 1 where it takes longer or more memory than it may."""
    reader = argparse.ArgumentParser(prog="python -m tests.benchmarks.trends.scale", description=__doc__)
    for name, default in (("papers", N_PAPERS), ("themes", N_THEMES), ("months", N_MONTHS)):
        reader.add_argument(f"--{name}", type=int, default=default, metavar="N", help=f"default {default}")
    asked = reader.parse_args()
    found = measure_scale(draw_papers(asked.papers, asked.themes, asked.months))
    print(json.dumps(found, indent=2))
    return 0 if found["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
