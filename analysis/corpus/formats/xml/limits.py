"""What an XML record may hold at most, and how a break in the parsing is told."""

from __future__ import annotations

import re
from functools import lru_cache

# Bytes of a record, bytes of one tag or comment, elements of a record, levels, names of tags in a file.
MAX_RECORD = 16 * 2**20
MAX_TOKEN = 2 * 2**20
MAX_ELEMENTS = 200_000
MAX_DEPTH = 200
MAX_NAMES = 20_000
# How often reading goes back to the start of a broken record, and after how many of them it ends.
MAX_REWINDS = 50
MAX_BROKEN = 100_000


class BrokenError(Exception):
    """Where and why parsing cannot go on; `rewinds` where what follows the record's start may still be sound."""

    def __init__(self, reason: str, at: int, line: int, *, rewinds: bool = False, code: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.at, self.line, self.rewinds, self.code = reason, at, line, rewinds, code


@lru_cache(maxsize=256)
def compile_starts(names: frozenset[str]) -> re.Pattern[bytes]:
    """A pattern for the beginning of a start tag of any of these names, with or without prefix."""
    either = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"<(?:[\w.-]{{1,50}}:)?({either})(?=[\s/>])".encode())
