"""The command that writes the explorer: open."""

from __future__ import annotations

import argparse
from typing import Any

from analysis.cli.printing import DONE, print_json, printable


def add_commands(commands: Any) -> None:
    """Add the command of this module to a parser's subparsers."""
    one = commands.add_parser("open", help="the explorer of a study as one HTML page that works offline")
    one.add_argument("study", metavar="STUDY", nargs="?", default="study.toml", help="a study.toml or its folder")
    one.add_argument("--out", metavar="FILE", help="the page; by default explorer.html in the study")
    one.add_argument("--browser", action="store_true", help="show the page in the browser, too")
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_open)


def _open(options: argparse.Namespace) -> int:
    from analysis.study import write_explorer

    page = write_explorer(options.study, out=options.out).resolve()
    if options.json:
        print_json({"page": str(page), "n_bytes": page.stat().st_size})
    else:
        print(printable(str(page)))
    if options.browser:
        import webbrowser

        webbrowser.open(page.as_uri())
    return DONE
