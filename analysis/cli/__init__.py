"""The command line: the same as the library, for a terminal."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from analysis.cli import cache, compare, correct, digest, fetch, open, papers, study
from analysis.cli.printing import BAD_INPUT, DONE, INTERRUPTED, printable


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
        print(printable(f"themeline: {error}"), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # Whoever read the answer has left, as `head` does.
        return DONE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        advice = " Make room on that disk and run again." if error.errno == errno.ENOSPC else ""
        print(printable(f"themeline: {where}{error.strerror or error}. Nothing was changed.{advice}"), file=sys.stderr)
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
    study.add_commands(commands)
    open.add_commands(commands)
    papers.add_commands(commands)
    correct.add_commands(commands)
    fetch.add_commands(commands)
    digest.add_commands(commands)
    cache.add_commands(commands)
    compare.add_commands(commands)
    return parser
