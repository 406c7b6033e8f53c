"""The page of the benchmark: costs of a thousand papers, and what they mean for collections of millions."""

from __future__ import annotations

from typing import Any

COLLECTIONS = {"arXiv, 3 million papers": 3e6, "OpenAlex works with abstracts, 100 million": 1e8}
WORKERS = (16, 256)
# Bytes on the driver, by the arrays that it holds: two row numbers for each record that shares a key with another
# (about one in ten of a collection of many sources), codes and groups of these; dates and a theme for every paper.
_DRIVER_BYTES_SHARED, _SHARED, _DRIVER_BYTES_PAPER = 64, 0.1, 60


def write_page(found: dict[str, Any], facts: dict[str, Any]) -> str:
    """Markdown, from what was measured."""
    n_papers = facts["papers"]
    tables = [_tabulate(name, found[name], n_papers) for name in ("ingest", "place")]
    one, two = (found["workers"]["seconds"][number] for number in ("1", "2"))
    return "\n".join(
        [
            "# Past one machine: what a thousand papers cost\n",
            f"{n_papers:,} papers made from real abstracts (sentences of neighbouring papers spliced), in 8 parts; "
            f"placed in a study fitted on {facts['fitted']:,} of them, encoder {facts['encoder']}. "
            "Every task in one process on one core.\n",
            f"{facts['cores']} cores; `python -m tests.benchmarks.scaling --corpora DIR --papers {n_papers}`\n",
            *tables,
            "## One worker and two\n",
            "Embedding and placing on Dask workers of one thread each, started and warm, "
            f"{found['workers']['cores']} cores: one worker {one:.1f} s, two workers {two:.1f} s, "
            f"**{one / two:.2f} times as fast**.\n",
            *_estimate(found, n_papers),
        ]
    )


def _tabulate(name: str, measured: dict[str, Any], n_papers: int) -> str:
    lines = [
        f"## {name.capitalize()}\n",
        "| step | tasks | CPU seconds per 1,000 papers | wall seconds per 1,000 papers |\n|---|---|---|---|",
    ]
    for step in measured["steps"]:
        units = (1000 * step[kind] / n_papers for kind in ("cpu", "wall"))
        lines.append(f"| {step['name']} | {step['n_tasks']} | {' | '.join(f'{unit:.3f}' for unit in units)} |")
    most, result = (measured[kind] / n_papers / 1000 for kind in ("most_bytes", "result_bytes"))
    lines.append(
        f"\nDisk per 1,000 papers: {most:.2f} MB at most while it works, {result:.2f} MB of result. "
        f"Most memory of the process: {measured['peak_mb']:,.0f} MB.\n"
    )
    if "met" in measured:
        half, whole = measured["met"]
        lines.append(f"Pairs that meet by a band of their signatures: {half:,} in half the papers, {whole:,} in all.\n")
    return "\n".join(lines)


def _estimate(found: dict[str, Any], n_papers: int) -> list[str]:
    lines = [
        "## What collections of millions would take\n",
        "Computed from the wall seconds above, not measured: every step grows with the number of papers, but for pairs "
        "of near-duplicates, which grow faster where a collection holds many, and for the driver, which works alone. "
        "The disk is taken to keep up. Memory of the driver: by the arrays that it holds.\n",
        "| collection | step | core hours | hours on 16 workers | on 256 | disk at work | result | driver memory |\n"
        "|---|---|---|---|---|---|---|---|",
    ]
    for title, size in COLLECTIONS.items():
        for name in ("ingest", "place"):
            measured = found[name]
            alone = sum(step["wall"] for step in measured["steps"] if "driver" in step["name"]) * size / n_papers / 3600
            spread = sum(step["wall"] for step in measured["steps"]) * size / n_papers / 3600 - alone
            hours = [alone + spread / workers for workers in WORKERS]
            disk = [measured[kind] / n_papers * size / 1e9 for kind in ("most_bytes", "result_bytes")]
            shared = _DRIVER_BYTES_SHARED * _SHARED if name == "ingest" else _DRIVER_BYTES_PAPER
            lines.append(
                f"| {title} | {name} | {alone + spread:,.1f} | {' | '.join(f'{hour:,.2f}' for hour in hours)} | "
                f"{disk[0]:,.0f} GB | {disk[1]:,.0f} GB | {shared * size / 1e9 + 0.5:.1f} GB |"
            )
    return [*lines, ""]
