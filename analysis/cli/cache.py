"""The command on what is kept of finished steps: cache."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Any

from analysis.cli.printing import DONE, print_json, printable

if TYPE_CHECKING:
    from analysis.study import Kept


def add_commands(commands: Any) -> None:
    """Add the commands of this module to a parser's subparsers."""
    one = commands.add_parser("cache", help="what a study keeps of finished steps, and clearing it")
    one.add_argument("study", metavar="STUDY", nargs="?", default="study.toml", help="a study.toml or its folder")
    one.add_argument(
        "--clear",
        nargs="*",
        metavar="STEP",
        help="remove what is kept of these steps; none named: of all but an endpoint's answers",
    )
    one.add_argument("--json", action="store_true", help="answer as JSON")
    one.set_defaults(command=_cache)


def _cache(options: argparse.Namespace) -> int:
    from analysis.study import clear_cache, list_cache

    is_cleared = options.clear is not None
    kept = clear_cache(options.study, options.clear) if is_cleared else list_cache(options.study)
    total = sum(one.n_bytes for one in kept)
    if options.json:
        print_json({"cleared" if is_cleared else "kept": [one._asdict() for one in kept], "n_bytes": total})
        return DONE
    for one in kept:
        print(printable(_describe(one)))
    end = "cleared; the next run computes it again." if is_cleared else "kept. `--clear` removes it."
    print(f"{_measure(total)} {end}" if kept else "Nothing is kept.")
    return DONE


def _describe(one: Kept) -> str:
    day = dt.datetime.fromtimestamp(one.used, dt.UTC).strftime("%Y-%m-%d")
    return f"{one.kind:40}  {one.n_files:>6} files  {_measure(one.n_bytes):>9}  last used {day}"


def _measure(n_bytes: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes} B"
