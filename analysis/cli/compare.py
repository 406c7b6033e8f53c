"""What became of each theme from one study to another."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from analysis.cli.printing import DONE, print_json, printable

if TYPE_CHECKING:
    from analysis.study import Comparison


def add_commands(commands: Any) -> None:
    """Add the command of this module to a parser's subparsers."""
    one = commands.add_parser("compare", help="what became of each theme from one study to another, or to a saved copy")
    one.add_argument("old", metavar="OLD", help="a study, or a folder with the results of one")
    one.add_argument("new", metavar="NEW", help="the same")
    one.add_argument("--out", metavar="DIR", help="write a report, a figure and tables there")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_compare)


def _compare(options: argparse.Namespace) -> int:
    from analysis.study import compare

    found = compare(options.old, options.new)
    written = found.write(options.out) if options.out else []
    if options.json:
        print_json({**found.to_dict(), "files": [str(path) for path in written]})
        return DONE
    _print_table(found)
    for path in written:
        print(printable(str(path)))
    return DONE


def _print_table(found: Comparison) -> None:
    for note in found.notes:
        print(printable(note))
    rows = found.table.to_dict("records")
    labels = [printable(str(row["new_label"] or row["old_label"])) for row in rows]
    width = min(48, max(map(len, labels), default=0))
    print(f"\n{'change':9}  {'theme':{width}}  {'before':>6}  {'now':>6}  overlap")
    for row, label in zip(rows, labels, strict=True):
        before, now = (f"{row[f'n_{side}']:6d}" if row[side] else 6 * " " for side in ("old", "new"))
        overlap = f"{row['overlap']:7.2f}" if row["overlap"] == row["overlap"] else 7 * " "
        line = f"{row['change']:9}  {label[:width]:{width}}  {before}  {now}  {overlap}"
        print(line if row["change"] == "unchanged" else printable(f"{line}  {row['sentence']}"))
