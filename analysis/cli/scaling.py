"""What the commands ingest and place take to work on parts: in this process, on this machine or on a Dask cluster."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.cli.printing import DONE, print_json, printable


def add_scheduler(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where tasks run."""
    parser.add_argument(
        "--scheduler",
        metavar="local | none | tcp://HOST:PORT",
        help="work on a folder of parts, by tasks: one process per core, this process, or a running Dask scheduler",
    )


def add_parts(parser: argparse.ArgumentParser) -> None:
    """Add the options of a corpus in parts."""
    add_scheduler(parser)
    parser.add_argument(
        "--parts", type=int, metavar="N", help="write a folder of Parquet parts of at most N records (default 50,000)"
    )


def is_in_parts(options: argparse.Namespace) -> bool:
    """Whether the command is asked to work on parts."""
    return options.scheduler is not None or getattr(options, "parts", None) is not None


def ingest(options: argparse.Namespace) -> int:
    """Read sources into a folder of parts."""
    from analysis.cli.papers import parse_mapping
    from analysis.config import InputError, parse_config
    from analysis.study.progress import show_progress
    from analysis.study.scaling import ingest_parts, open_engine
    from analysis.study.scaling.ingesting import N_ROWS

    if Path(options.out).suffix in (".parquet", ".csv", ".jsonl"):
        raise InputError(f"--out {options.out}: --parts and --scheduler write a folder. Give the name of one.")
    codes = [code.strip() for code in options.languages.split(",") if code.strip()]
    settings = {"languages": codes, **({} if options.captured is None else {"captured": options.captured})}
    asked = parse_config({"corpus": settings}, where="--captured, --languages:").corpus
    with open_engine(options.scheduler or "none", show=lambda step, n: show_progress(step, n, unit="tasks")) as engine:
        found = ingest_parts(
            *options.sources,
            out=options.out,
            engine=engine,
            n_rows=N_ROWS if options.parts is None else options.parts,
            captured=asked.captured,
            undated=options.undated,
            columns=parse_mapping(options.map),
            languages=asked.languages,
        )
    if options.json:
        print_json(found)
        return DONE
    count = found["ledger"]
    told = ", ".join(f"{count[part]} {part.replace('_', ' ')}" for part in ("kept", "merged", "set_aside"))
    print(printable(f"{count['read']} records read: {told}. {found['n_parts']} parts in {options.out}"))
    for note in found["notes"]:
        print(printable(note))
    return DONE


def place(options: argparse.Namespace) -> int:
    """Place the parts of a corpus in the themes of a study."""
    from analysis.config import InputError
    from analysis.study.progress import show_progress
    from analysis.study.scaling import open_engine, place_parts

    if options.map:
        raise InputError(
            f"--map {', '.join(options.map)}: parts have their columns already. Name columns where the parts are made: "
            "themeline ingest SOURCE... --out FOLDER/ --map NAME=COLUMN"
        )
    out = options.out or f"{Path(options.source).resolve().name}-placed"
    with open_engine(options.scheduler, show=lambda step, n: show_progress(step, n, unit="tasks")) as engine:
        found = place_parts(options.study, options.source, out=out, engine=engine)
    if options.json:
        print_json(found)
        return DONE
    n_papers = max(1, found["n_papers"])
    print(
        printable(
            f"{found['n_papers']} papers placed in {found['n_parts']} parts in {out}; "
            f"{100 * found['n_unassigned'] / n_papers:.1f} % without a theme, {100 * found['n_far'] / n_papers:.1f} % "
            "farther from the fitted papers than 99 in 100 of those from each other (1 % expected)."
        )
    )
    return DONE
