"""Commands on a study: run, figures, report, check, search, export, evaluate."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from analysis.cli.papers import add_mapping, parse_mapping
from analysis.cli.printing import DOES_NOT_HOLD, DONE, print_json, printable, say

if TYPE_CHECKING:
    from analysis.study import Study


def add_commands(commands: Any) -> None:
    """Add the commands of this module to a parser's subparsers."""
    one = commands.add_parser("run", help="ingest to report, everything")
    one.add_argument("targets", nargs="*", metavar="STUDY | SOURCE", help="a study.toml or its folder, or source files")
    one.add_argument(
        "--out", metavar="DIR", help="folder for the results; by default the study's own, for sources ./NAME-themeline"
    )
    one.add_argument("--captured", metavar="DAY", help="day on which the sources were captured, such as 2025-10-17")
    add_mapping(one)
    one.add_argument("--add", nargs="+", default=[], metavar="FILE", help="sources to add to a study that has been run")
    one.add_argument("--refit", action="store_true", help="fit anew; else added papers are placed by the last fit")
    one.add_argument("--fresh", action="store_true", help="name all themes anew; else known ones keep their names")
    one.add_argument("--json", action="store_true", help="print a summary as JSON")
    one.set_defaults(command=_run)

    one = commands.add_parser("figures", help="draw figures and reports again from the tables")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.set_defaults(command=_figures)

    one = commands.add_parser("report", help="write the report again, on all themes or on one, in any format")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument(
        "--format",
        metavar="html,pdf,...",
        help="of html, md, pdf, xlsx, csv, json, bibtex, ris; by default the formats that the study sets",
    )
    one.add_argument(
        "--theme", action="append", metavar="THEME", help="report on this theme alone: its id or label; may be repeated"
    )
    one.add_argument("--out", metavar="DIR", help="folder for the files; by default figures/reports of the study")
    one.set_defaults(command=_report)

    one = commands.add_parser("check", help="are all figures and reports what the tables give?")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_check)

    one = commands.add_parser("search", help="papers nearest in meaning to some words")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument("words", nargs="+", metavar="WORD", help="what to look for")
    one.add_argument("--top", type=int, default=10, metavar="N", help="papers at most (default 10)")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_search)

    one = commands.add_parser("export", help="the papers, and those of each theme, for reference managers and tables")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument("--out", metavar="DIR", help="folder for the files; by default exports/ in the study")
    one.add_argument(
        "--format", metavar="bibtex,ris,...", help="of bibtex, ris, csl-json, csv, parquet; by default all"
    )
    one.add_argument("--theme", action="append", metavar="THEME", help="id or label of a theme; may be repeated")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_export)

    one = commands.add_parser("evaluate", help="how good topics and themes are, against labels where there are any")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument("--gold", metavar="COLUMN", help="labels that people gave: a label_* column of the papers")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_evaluate)


def _run(options: argparse.Namespace) -> int:
    from analysis.study import run

    columns = parse_mapping(options.map)
    study = run(
        *options.targets,
        out=options.out,
        captured=options.captured,
        columns=columns,
        add=options.add,
        refit=options.refit,
        fresh=options.fresh,
        say=say,
    )
    if options.json:
        print_json({"study": str(study.root), "ledger": study.run["corpus"]["ledger"], "themes": _summarise(study)})
    else:
        _print_themes(study)
    return DONE


def _figures(options: argparse.Namespace) -> int:
    from analysis.study import make_figures

    make_figures(options.study, say=say)
    return DONE


def _report(options: argparse.Namespace) -> int:
    from analysis.study import make_report

    formats = None if options.format is None else [part.strip() for part in options.format.split(",") if part.strip()]
    make_report(options.study, formats=formats, themes=options.theme, out=options.out, say=say)
    return DONE


def _check(options: argparse.Namespace) -> int:
    from analysis.study import check

    faults = check(options.study)
    if options.json:
        print_json({"holds": not faults, "faults": faults})
    else:
        print(printable("\n".join(faults)) if faults else "Every figure and report is what the tables give.")
    return DOES_NOT_HOLD if faults else DONE


def _search(options: argparse.Namespace) -> int:
    from analysis.study import load

    found = load(options.study).search(" ".join(options.words), top=options.top)
    if options.json:
        print_json(json.loads(found.to_json(orient="records", date_format="iso", force_ascii=False)))
        return DONE
    days = found["published"].dt.strftime("%Y-%m-%d").fillna("undated   ")
    for near, day, title, theme in zip(found["similarity"], days, found["title"], found["theme"], strict=True):
        print(printable(f"{near:.3f}  {day}  {title}  [{theme}]"))
    return DONE


def _export(options: argparse.Namespace) -> int:
    from analysis.study import export_papers

    asked = {} if options.format is None else {"formats": [part.strip() for part in options.format.split(",")]}
    written = export_papers(options.study, out=options.out, themes=options.theme, **asked)
    if options.json:
        print_json({"files": [str(path) for path in written]})
    else:
        print(printable("\n".join(map(str, written))))
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from analysis.study import evaluate

    found = evaluate(options.study, gold=options.gold)
    if options.json:
        print_json(found.to_dict())
    else:
        print(printable(found.describe()))
    return DONE


def _summarise(study: Study) -> list[dict[str, Any]]:
    verdicts = dict(zip(study.trends["theme"], study.trends["verdict"], strict=True))
    rows = study.themes[["theme", "label", "kind", "size"]].to_dict("records")
    plain = [{str(name): value for name, value in row.items()} for row in rows]
    return [{**row, "verdict": verdicts.get(row["theme"])} for row in plain]


def _print_themes(study: Study) -> None:
    rows = _summarise(study)
    width = min(48, max(len(row["label"]) for row in rows)) if rows else 0
    for row in rows:
        print(printable(f"{row['size']:6d}  {row['label'][:width]:{width}}  {row['kind']:10}  {row['verdict'] or ''}"))
    print(printable(f"report: {study.place.figures / 'reports' / 'report.html'}"))
