"""Measure theme quality side by side: ``python -m tests.benchmarks.themes --corpora DIR``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.reports.figures import write_images
from tests.benchmarks.themes.corpora import SOURCES, Labelled, encode_corpus, read_labelled, time_encoder
from tests.benchmarks.themes.figure import draw_figure
from tests.benchmarks.themes.jobs import PEERS, Done, Job, describe_machine, find_peer, list_versions, run_jobs
from tests.benchmarks.themes.markdown import Setting, render_page
from tests.benchmarks.themes.methods import METHODS
from tests.benchmarks.themes.small import COMPARED, N_DRAWS, SIZES, average_draws
from tests.benchmarks.themes.tables import LEAST_AMI, judge, tabulate_fits, take_medians
from tests.benchmarks.themes.worker import lay_out

SEEDS = (42, 1, 2, 3, 4)
# Fits on subsamples cost two more fits each: all seeds for those that a requirement is about.
_FEW = 2
_ALWAYS_PAIRED = ("ours", "stock")
_NEVER_PAIRED = ("ceiling",)
_SOURCES = {source.name: source for source in SOURCES}
_QUICK_PAPERS, _QUICK_SIZES, _QUICK_DRAWS = 600, (30, 80), 3
CAUTION = "Labels are one way to sort these papers; another may be as good. Numbers: themes.csv, themes.md."


def plan_jobs(
    corpora: Sequence[Labelled], folder: Path, seeds: Sequence[int], *, methods: Sequence[str], quick: bool
) -> list[Job]:
    """All jobs, corpus by corpus; corpora that no requirement is about get fewer seeds."""
    sizes, n_draws = (_QUICK_SIZES, _QUICK_DRAWS) if quick else (SIZES, N_DRAWS)
    planned = []
    for corpus in corpora:
        place = str(folder / corpus.name)
        few = seeds[:_FEW]
        for seed in seeds if corpus.name in LEAST_AMI else few:
            for method in methods:
                paired = method in _ALWAYS_PAIRED or (method not in _NEVER_PAIRED and seed in few)
                planned.append(Job(method, corpus.name, place, seed, pair=paired))
        planned += [
            Job(method, corpus.name, place, sizes=sizes, n_draws=n_draws) for method in COMPARED if method in methods
        ]
    return planned


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 done, 2 where a corpus or the peer is missing."""
    options = _parse(arguments)
    try:
        return _run(options)
    except InputError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 2


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.themes", description=__doc__)
    parser.add_argument("--corpora", required=True, type=Path, metavar="DIR", help="folder of the labelled corpora")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS), metavar="SEED")
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS), metavar="METHOD")
    parser.add_argument("--only", nargs="+", choices=list(_SOURCES), default=list(_SOURCES), metavar="CORPUS")
    parser.add_argument("--out", type=Path, default=Path("figures/benchmarks"), metavar="DIR")
    parser.add_argument(
        "--cache", type=Path, default=Path("data/cache"), metavar="DIR", help="vectors, earlier answers"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="jobs side by side")
    parser.add_argument("--quick", action="store_true", help="few papers, draws and seeds: does it all run?")
    parser.add_argument("--fresh", action="store_true", help="run every job again, the unchanged ones too")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    if "topeax" in options.methods and find_peer() is None:
        raise InputError(f"{PEERS}: Turftopic is not installed. Run `make benchmark-themes`, or leave out topeax.")
    n_papers = _QUICK_PAPERS if options.quick else None
    corpora = [read_labelled(options.corpora, _SOURCES[name], n_papers=n_papers) for name in options.only]
    seeds = options.seeds[:1] if options.quick else options.seeds
    with tempfile.TemporaryDirectory() as name:
        embedding = _lay_out_all(corpora, options.cache, Path(name))
        done = run_jobs(
            plan_jobs(corpora, Path(name), seeds, methods=options.methods, quick=options.quick),
            n_processes=options.processes,
            keep=None if options.fresh else options.cache / "benchmark-themes",
            say=_say,
        )
    setting = Setting(
        command=_write_command(options),
        machine=f"{describe_machine()}; {options.processes} jobs side by side",
        versions=", ".join(f"{name} {version}" for name, version in list_versions().items()),
        seeds=_describe_seeds(seeds, done),
        corpora=tuple(map(_describe_corpus, corpora)),
        embedding=embedding,
        quick=options.quick,
    )
    _write(options.out, setting, done, {corpus.name: corpus for corpus in corpora})
    return 0


def _lay_out_all(corpora: Sequence[Labelled], cache: Path, folder: Path) -> tuple[str, ...]:
    rate = time_encoder(corpora[0].texts[:256])
    lines = [f"{rate:.0f} papers per second, measured on 256 papers encoded for this alone"]
    for corpus in corpora:
        encoded = encode_corpus(corpus, cache)
        lay_out(corpus, encoded.vectors, folder / corpus.name)
        lines.append(f"`{corpus.name}`: {encoded.n_new} papers newly encoded, {encoded.seconds:.0f} s")
        _say(lines[-1])
    return tuple(lines)


def _write(out: Path, setting: Setting, done: Sequence[Done], corpora: dict[str, Labelled]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    fits = tabulate_fits([one for one in done if not one.job.sizes], corpora)
    draws = pd.DataFrame([row for one in done if one.job.sizes for row in one.answer.get("draws", _failed(one))])
    medians, small = take_medians(fits), average_draws(draws)
    verdicts = judge(medians, small)
    fits.round(4).to_csv(out / "themes.csv", index=False)
    small.round(4).to_csv(out / "themes-small.csv", index=False)
    (out / "themes.md").write_text(render_page(setting, medians, small, verdicts), encoding="utf-8")
    for note in write_images({"themes": draw_figure(fits, caution=CAUTION)}, out, formats=("png",)):
        _say(note)
    for message in sorted({*fits["error"], *draws["error"]} - {""}):
        _say(f"failed: {message}")
    _say(f"{out}: themes.md, themes.csv, themes-small.csv, themes.png; lines that hold: "
         f"{(verdicts['holds'] == 'yes').sum()} of {len(verdicts)}")  # fmt: skip


def _failed(one: Done) -> list[dict[str, object]]:
    """A process that died has lost all its draws."""
    zero = {"ami": 0.0, "ari": 0.0, "coverage": 0.0, "n_found": 0, "error": one.error}
    about = {"corpus": one.job.corpus, "method": one.job.method}
    return [{**about, "n_papers": n, "draw": draw, **zero} for n in one.job.sizes for draw in range(one.job.n_draws)]


def _describe_corpus(corpus: Labelled) -> str:
    sizes = pd.Series(corpus.gold).value_counts()
    return (
        f"`{corpus.name}`: {len(corpus.papers)} papers, {len(corpus.gold)} with a label, {len(sizes)} classes, "
        f"{corpus.true_k} of them with 1 % of the labelled papers"
    )


def _describe_seeds(seeds: Sequence[int], done: Sequence[Done]) -> str:
    n_kept = sum(one.kept for one in done)
    kept = f"; {n_kept} of {len(done)} jobs kept from an earlier run of the same code, data, versions and machine"
    few = f"the first {min(_FEW, len(seeds))}"
    return (
        f"{', '.join(map(str, seeds))} ({few} for corpora without a requirement, and for the subsamples of methods "
        f"without one){kept if n_kept else ''}"
    )


def _write_command(options: argparse.Namespace) -> str:
    flags = " --quick" * options.quick + " --fresh" * options.fresh
    for name, known in (("methods", METHODS), ("only", _SOURCES)):
        if set(getattr(options, name)) != set(known):
            flags += f" --{name} {' '.join(getattr(options, name))}"
    return f"python -m tests.benchmarks.themes --corpora DIR --seeds {' '.join(map(str, options.seeds))}{flags}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
