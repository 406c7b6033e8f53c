"""Commands on papers: ingest, before any theme; place, in the themes of a study."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from analysis.cli import scaling
from analysis.cli.printing import DONE, print_json, printable


def add_commands(commands: Any) -> None:
    """Add the commands of this module to a parser's subparsers."""
    one = commands.add_parser("ingest", help="read, clean and audit, without clustering")
    one.add_argument("sources", nargs="+", metavar="SOURCE", help="files, folders, patterns or archives")
    one.add_argument("--out", required=True, metavar="corpus.parquet", help="a file; with --parts a folder")
    one.add_argument("--captured", metavar="DAY", help="day on which the sources were captured, such as 2025-10-17")
    one.add_argument("--undated", choices=("keep", "drop"), default="keep", help="papers without a readable date")
    one.add_argument("--languages", metavar="en,de", default="", help="set papers in other languages aside")
    add_mapping(one)
    scaling.add_parts(one)
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_ingest)

    one = commands.add_parser("place", help="papers of a source in the themes of a study, which stays as it is")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument("source", metavar="SOURCE", help="a file, folder, pattern or archive")
    one.add_argument(
        "--out", metavar="FILE", help=".parquet, .csv or .jsonl, or a new folder; by default SOURCE-placed.parquet"
    )
    add_mapping(one)
    scaling.add_scheduler(one)
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_place)


def add_mapping(parser: argparse.ArgumentParser) -> None:
    """Add the option that names columns."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="column of a table that holds title, abstract, published, ...: --map abstract=Summary; may be repeated",
    )


def parse_mapping(given: list[str]) -> dict[str, str]:
    """Our names to the columns that the user names.

    Raises
    ------
    InputError
        If one is not ``NAME=COLUMN``.
    """
    from analysis.config import InputError

    wrong = [pair for pair in given if not all(part.strip() for part in pair.partition("=")[::2])]
    if wrong:
        raise InputError(f"--map {', '.join(wrong)}: give NAME=COLUMN, such as --map abstract=Summary.")
    return {name.strip(): column.strip() for name, _, column in (pair.partition("=") for pair in given)}


def _ingest(options: argparse.Namespace) -> int:
    from analysis.config import InputError, parse_config
    from analysis.corpus import read_corpus, write_corpus

    if scaling.is_in_parts(options):
        return scaling.ingest(options)
    if Path(options.out).suffix != ".parquet":
        raise InputError(f"--out {options.out}: the corpus is written as Parquet. Give a name that ends in .parquet.")
    out = Path(options.out)
    if out.is_dir():
        raise InputError(f"--out {out}: this is a folder. Give the name of a file that ends in .parquet.")
    if out.exists() and any(Path(source).exists() and out.samefile(source) for source in options.sources):
        raise InputError(f"--out {out}: this is one of the sources. A source is never changed; give another name.")
    settings = {} if options.captured is None else {"corpus": {"captured": options.captured}}
    captured = parse_config(settings, where="--captured:").corpus.captured
    codes = [code.strip() for code in options.languages.split(",") if code.strip()]
    languages = parse_config({"corpus": {"languages": codes}}, where="--languages:").corpus.languages
    corpus = read_corpus(
        *options.sources,
        captured=captured,
        undated=options.undated,
        columns=parse_mapping(options.map),
        languages=languages,
    )
    write_corpus(corpus, out)
    if options.json:
        print_json({"ledger": corpus.ledger, "notes": list(corpus.notes)})
        return DONE
    count = corpus.ledger
    parts = ", ".join(f"{count[part]} {part.replace('_', ' ')}" for part in ("kept", "merged", "set_aside"))
    print(printable(f"{count['read']} records read: {parts}. {options.out}"))
    for note in corpus.notes:
        print(printable(note))
    return DONE


def _place(options: argparse.Namespace) -> int:
    import dataclasses

    from analysis.study import describe_summary, place_source

    if scaling.is_in_parts(options):
        return scaling.place(options)
    found = place_source(
        options.study, options.source, out=options.out, columns=parse_mapping(options.map), say=lambda _: None
    )
    if options.json:
        print_json(dataclasses.asdict(found))
        return DONE
    for line in (*found.notes, describe_summary(found)):
        print(printable(line))
    return DONE
