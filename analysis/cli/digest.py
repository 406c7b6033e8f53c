"""The command that tells what is new."""

from __future__ import annotations

import argparse
from typing import Any

from analysis.cli.printing import DONE, print_json, printable


def add_commands(commands: Any) -> None:
    """Add the command of this module to a parser's subparsers."""
    one = commands.add_parser("digest", help="what is new and moving since a day, as text, HTML and mail")
    one.add_argument("study", metavar="STUDY", help="a study.toml or its folder")
    one.add_argument(
        "--since",
        required=True,
        metavar="DAY",
        help="first day of what is new: 2025-07-01; or 7d, 4w, 3m, 1y before the last day of the collection",
    )
    one.add_argument("--until", metavar="DAY", help="last day; later papers are left out")
    one.add_argument(
        "--out", metavar="FILE | DIR", help=".eml, .html, .txt or .json, or a folder for all four; by default printed"
    )
    one.add_argument("--top", type=int, default=10, metavar="N", help="papers to list first (default 10)")
    one.add_argument("--to", default="", metavar="ADDRESS", help="header To of the mail; several with commas between")
    one.add_argument("--from", default="", metavar="ADDRESS", dest="sender", help="header From of the mail")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_digest)


def _digest(options: argparse.Namespace) -> int:
    from analysis.reports.digest import read_addresses
    from analysis.study import digest

    for name, given in (("to", options.to), ("from", options.sender)):
        # Before anything is read: an address at fault is soon said.
        if given:
            read_addresses(given, name=name)
    found = digest(options.study, since=options.since, until=options.until, top=options.top)
    written = found.save(options.out, to=options.to, sender=options.sender) if options.out else []
    if options.json:
        print_json(found.to_dict() | {"files": [str(path) for path in written]})
    elif written:
        print(printable("\n".join([f"{found.bulletin.subject}.", *map(str, written)])))
    else:
        print(printable(found.text.rstrip("\n")))
    return DONE
