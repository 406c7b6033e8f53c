"""The command line: the same as the library, for a terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from analysis.study import Study

DONE, DOES_NOT_HOLD, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done; 1 a check did not hold; 2 the input or the configuration is at
        fault; 130 interrupted.
    """
    try:
        return _answer(_build_parser().parse_args(arguments))
    except KeyboardInterrupt:
        print("themeline: interrupted; nothing is half-written.", file=sys.stderr)
        return INTERRUPTED


def _answer(options: argparse.Namespace) -> int:
    # Here and not above: an interrupt is answered from the first moment on.
    from analysis.config import InputError

    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except InputError as error:
        print(_printable(f"themeline: {error}"), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read the answer has left, as `head` does.
        return DONE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(_printable(f"themeline: {where}{error.strerror or error}. Nothing was changed."), file=sys.stderr)
        return BAD_INPUT
    except MemoryError:
        print("themeline: not enough memory. Nothing was changed. Give fewer papers at a time.", file=sys.stderr)
        return BAD_INPUT


def script() -> NoReturn:
    """Entry point of the `themeline` script."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    # Threads of the numerical libraries may outlive an interrupted run; nothing is left to save.
    os._exit(code)


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="themeline",
        description="Named themes in paper abstracts, and honest statistics of how they move over time.",
        epilog="Exit codes: 0 done; 1 a check did not hold; 2 input or configuration at fault; 130 interrupted.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    one = commands.add_parser("run", help="ingest to report, everything")
    one.add_argument("targets", nargs="*", metavar="STUDY | SOURCE", help="a study.toml or its folder, or source files")
    one.add_argument("--out", metavar="DIR", help="folder for the results")
    one.add_argument("--captured", metavar="DAY", help="day on which the sources were captured, such as 2025-10-17")
    one.add_argument("--json", action="store_true", help="print a summary as JSON")
    one.set_defaults(command=_run)

    one = commands.add_parser("figures", help="draw figures and reports again from the tables")
    one.add_argument("study", metavar="STUDY")
    one.set_defaults(command=_figures)

    one = commands.add_parser("report", help="write the reports again from the tables")
    one.add_argument("study", metavar="STUDY")
    one.add_argument("--format", metavar="html,md,csv", help="default: the formats that the study sets")
    one.set_defaults(command=_report)

    one = commands.add_parser("check", help="are all figures and reports what the tables give?")
    one.add_argument("study", metavar="STUDY")
    one.add_argument("--json", action="store_true")
    one.set_defaults(command=_check)

    one = commands.add_parser("search", help="papers nearest in meaning to some words")
    one.add_argument("study", metavar="STUDY")
    one.add_argument("words", nargs="+")
    one.add_argument("--top", type=int, default=10, metavar="N")
    one.add_argument("--json", action="store_true")
    one.set_defaults(command=_search)

    one = commands.add_parser("evaluate", help="how good topics and themes are, against labels where there are any")
    one.add_argument("study", metavar="STUDY")
    one.add_argument("--gold", metavar="COLUMN", help="labels that people gave: a label_* column of the papers")
    one.add_argument("--json", action="store_true")
    one.set_defaults(command=_evaluate)

    one = commands.add_parser("ingest", help="read, clean and audit, without clustering")
    one.add_argument("sources", nargs="+", metavar="SOURCE")
    one.add_argument("--out", required=True, metavar="corpus.parquet")
    one.add_argument("--captured", metavar="DAY")
    one.add_argument("--json", action="store_true")
    one.set_defaults(command=_ingest)
    return parser


def _run(options: argparse.Namespace) -> int:
    from analysis.study import run

    study = run(*options.targets, out=options.out, captured=options.captured, say=_say)
    if options.json:
        _print_json({"study": str(study.root), "ledger": study.run["corpus"]["ledger"], "themes": _summarise(study)})
    else:
        _print_themes(study)
    return DONE


def _figures(options: argparse.Namespace) -> int:
    from analysis.study import make_figures

    make_figures(options.study, say=_say)
    return DONE


def _report(options: argparse.Namespace) -> int:
    from analysis.study import make_report

    make_report(options.study, formats=_parse_formats(options.format), say=_say)
    return DONE


def _parse_formats(text: str | None) -> Any:
    from analysis.config import InputError

    if text is None:
        return None
    known = ("html", "md", "csv")
    formats = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [part for part in formats if part not in known]
    if unknown or not formats:
        found = ", ".join(unknown) or "nothing given"
        raise InputError(f"--format {text}: not known: {found}. Choose of html, md, csv.")
    return formats


def _check(options: argparse.Namespace) -> int:
    from analysis.study import check

    faults = check(options.study)
    if options.json:
        _print_json({"holds": not faults, "faults": faults})
    else:
        print(_printable("\n".join(faults)) if faults else "Every figure and report is what the tables give.")
    return DOES_NOT_HOLD if faults else DONE


def _search(options: argparse.Namespace) -> int:
    from analysis.study import load

    found = load(options.study).search(" ".join(options.words), top=options.top)
    if options.json:
        _print_json(json.loads(found.to_json(orient="records", date_format="iso", force_ascii=False)))
        return DONE
    days = found["published"].dt.strftime("%Y-%m-%d").fillna("undated   ")
    for near, day, title, theme in zip(found["similarity"], days, found["title"], found["theme"], strict=True):
        print(_printable(f"{near:.3f}  {day}  {title}  [{theme}]"))
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from analysis.study import evaluate

    found = evaluate(options.study, gold=options.gold)
    if options.json:
        _print_json(found.to_dict())
    else:
        print(_printable(found.describe()))
    return DONE


def _ingest(options: argparse.Namespace) -> int:
    from analysis.config import InputError, parse_config
    from analysis.corpus import read_corpus, write_corpus

    if Path(options.out).suffix != ".parquet":
        raise InputError(f"--out {options.out}: the corpus is written as Parquet. Give a name that ends in .parquet.")
    out = Path(options.out)
    if out.is_dir():
        raise InputError(f"--out {out}: this is a folder. Give the name of a file that ends in .parquet.")
    if out.exists() and any(Path(source).exists() and out.samefile(source) for source in options.sources):
        raise InputError(f"--out {out}: this is one of the sources. A source is never changed; give another name.")
    settings = {} if options.captured is None else {"corpus": {"captured": options.captured}}
    captured = parse_config(settings, where="--captured:").corpus.captured
    corpus = read_corpus(*options.sources, captured=captured)
    write_corpus(corpus, out)
    if options.json:
        _print_json({"ledger": corpus.ledger, "notes": list(corpus.notes)})
        return DONE
    count = corpus.ledger
    parts = ", ".join(f"{count[part]} {part.replace('_', ' ')}" for part in ("kept", "merged", "set_aside"))
    print(_printable(f"{count['read']} records read: {parts}. {options.out}"))
    for note in corpus.notes:
        print(_printable(note))
    return DONE


def _say(line: str) -> None:
    # A run goes on when nobody listens any more.
    with suppress(BrokenPipeError):
        print(_printable(line), file=sys.stderr, flush=True)


def _summarise(study: Study) -> list[dict[str, Any]]:
    verdicts = dict(zip(study.trends["theme"], study.trends["verdict"], strict=True))
    rows = study.themes[["theme", "label", "kind", "size"]].to_dict("records")
    plain = [{str(name): value for name, value in row.items()} for row in rows]
    return [{**row, "verdict": verdicts.get(row["theme"])} for row in plain]


def _print_themes(study: Study) -> None:
    rows = _summarise(study)
    width = min(48, max(len(row["label"]) for row in rows)) if rows else 0
    for row in rows:
        print(_printable(f"{row['size']:6d}  {row['label'][:width]:{width}}  {row['kind']:10}  {row['verdict'] or ''}"))
    print(_printable(f"report: {study.place.figures / 'reports' / 'report.html'}"))


def _print_json(answer: object) -> None:
    print(json.dumps(answer, indent=2, ensure_ascii=True))


def _printable(text: str) -> str:
    """Text without control characters: what a paper holds never steers the terminal."""
    kept = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    encoding = sys.stdout.encoding or "utf-8"
    return kept.encode(encoding, "replace").decode(encoding)
