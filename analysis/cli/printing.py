"""What the commands print: plain text that steers no terminal, and JSON."""

from __future__ import annotations

import json
import sys
from contextlib import suppress

DONE, DOES_NOT_HOLD, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def say(line: str) -> None:
    """Tell a step of the work, on stderr."""
    # A run goes on when nobody listens any more.
    with suppress(BrokenPipeError):
        print(printable(line), file=sys.stderr, flush=True)


def print_json(answer: object) -> None:
    """Print an answer as JSON."""
    print(json.dumps(answer, indent=2, ensure_ascii=True))


def printable(text: str) -> str:
    """Text without control characters: what a paper holds never steers the terminal."""
    kept = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    encoding = sys.stdout.encoding or "utf-8"
    return kept.encode(encoding, "replace").decode(encoding)
