"""A process of `analysis.corpus.crew`: prepares pieces of records until its pipe ends."""

from __future__ import annotations

import os
import sys

from analysis.corpus.crew import serve


def main() -> None:
    """Read pieces from standard input and write them, prepared, to standard output."""
    # Nothing that is printed along the way may come between.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answered:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.stdin.buffer, answered)


if __name__ == "__main__":
    main()
