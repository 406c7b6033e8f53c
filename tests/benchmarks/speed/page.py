"""The measurements as a Markdown page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from tests.benchmarks.speed.trials import Trial

_SLOPE_FROM = 10_000
_NAMES = {
    "stock": "BERTopic, stock",
    "minilm": "Themeline, contextual",
    "static": "Themeline, static",
    "auto": "Themeline, its own choice",
}


def render_page(trials: Sequence[Trial], machine: str) -> str:
    """Totals against stock BERTopic, steps, and how time grows with the number of papers."""
    medians = take_medians(trials)
    parts = [
        "# From file to report, timed",
        f"Command: `make benchmark-speed CORPORA=DIR`. Machine: {machine}. Each trial is a new process with no cache "
        "of any kind; its seconds hold start, imports and compilation. Ours reads, finds and names themes, refits ten "
        "times, tests trends, draws every figure (HTML, PNG, SVG) and writes the report; stock BERTopic reads, embeds "
        "with sentence-transformers, fits and writes its figure of topics over time. Peak memory is that of all "
        "processes together. Above 17,145 papers the corpus is spliced from sentences of neighbouring papers: it tells "
        "of time and memory, and nothing of themes.",
        _tabulate_totals(medians),
        "## Steps, in seconds\n\n" + "\n\n".join(_tabulate_steps(medians, who) for who in _list_who(medians)),
        _tell_slopes(medians),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def take_medians(trials: Sequence[Trial]) -> dict[tuple[str, int], Trial]:
    """One trial for each way and size, its numbers the medians of the rounds."""
    found = {}
    for key in dict.fromkeys((trial.who, trial.size) for trial in trials):
        same = [trial for trial in trials if (trial.who, trial.size) == key]
        steps = dict.fromkeys(step for trial in same for step in trial.steps)
        again = [trial.again for trial in same if trial.again is not None]
        found[key] = Trial(
            *key,
            total=median(trial.total for trial in same),
            cpu=median(trial.cpu for trial in same),
            peak_mb=median(trial.peak_mb for trial in same),
            steps={step: median(trial.steps.get(step, 0.0) for trial in same) for step in steps},
            again=median(again) if again else None,
        )
    return found


def find_slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Least-squares slope on a log-log plot: 1 is linear; NaN below two sizes.

    Examples
    --------
    >>> round(find_slope([10, 100, 1000], [1, 10, 100]), 6)
    1.0
    """
    if len(sizes) < 2:
        return float("nan")
    x, y = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle) ** 2 for one in x)
    return sum((one - middle) * (other - height) for one, other in zip(x, y, strict=True)) / spread


def _list_who(medians: dict[tuple[str, int], Trial]) -> list[str]:
    return list(dict.fromkeys(who for who, _ in medians))


def _tabulate_totals(medians: dict[tuple[str, int], Trial]) -> str:
    lines = [
        "| papers | what | seconds | papers/s | times as fast as stock | peak MiB | again, nothing changed |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for (who, size), trial in sorted(medians.items(), key=lambda item: item[0][1]):
        stock = medians.get(("stock", size))
        ratio = f"{stock.total / trial.total:.1f}" if stock and who != "stock" else ""
        again = "" if trial.again is None else f"{trial.again:.1f}"
        lines.append(
            f"| {size:,} | {_NAMES[who]} | {trial.total:.1f} | {size / trial.total:,.0f} | {ratio} "
            f"| {trial.peak_mb:,.0f} | {again} |"
        )
    return "\n".join(lines)


def _tabulate_steps(medians: dict[tuple[str, int], Trial], who: str) -> str:
    mine = {size: trial for (one, size), trial in sorted(medians.items()) if one == who}
    steps = list(dict.fromkeys(step for trial in mine.values() for step in trial.steps))
    lines = [
        f"| {_NAMES[who]} | {' | '.join(f'{size:,}' for size in mine)} |",
        "|---|" + "---:|" * len(mine),
    ]
    for step in steps:
        seconds = [f"{trial.steps[step]:.1f}" if step in trial.steps else "" for trial in mine.values()]
        lines.append(f"| {step} | {' | '.join(seconds)} |")
    return "\n".join(lines)


def _tell_slopes(medians: dict[tuple[str, int], Trial]) -> str:
    told = []
    for who in _list_who(medians):
        mine = {size: trial.total for (one, size), trial in sorted(medians.items()) if one == who}
        large = {size: total for size, total in mine.items() if size >= _SLOPE_FROM}
        if len(large) > 1:
            slope = find_slope(list(large), list(large.values()))
            nlogn = find_slope(list(large), [size * math.log(size) for size in large])
            sizes = f"from {min(large):,} to {max(large):,} papers"
            told.append(f"{_NAMES[who]}: {slope:.2f} {sizes} (n log n would be {nlogn:.2f}).")
    return "## How time grows\n\nSlope of seconds over papers on a log-log plot. " + " ".join(told) if told else ""
