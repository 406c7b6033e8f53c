"""Damage valid files at random and read them: only a clear message or a whole account may come out.

``python -m tests.corpus.fuzzing --seconds 600 CSV BibTeX`` for longer runs than the tests make.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from analysis.config import InputError
from analysis.corpus import read_corpus
from tests.corpus.made_files import FILES

SLOW = 10.0
_TOKENS = (
    b"<", b">", b"&", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
    b"<![CDATA[", b"{", b"}", b"[", b"]", b'"', b"'",
    b"\\", b"\\\\",
    b"\\u0000", b"\x00", b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\n", b"\r", b"\t", b",", b";",
    b"@", b"@article{", b"=", b"#", b"null", b"NaN", b"1e999", b"-1", b"9" * 400, b"ER  - ", b"TY  - ", b"PMID- ",
    b"      ", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"A" * 70_000, b"[" * 3000, b"{" * 3000, b"<a>" * 3000, b'"' * 999,
    b"2024-13-45", b"0000", b"99999999", b"$\\alpha^{2}$", b"=HYPERLINK(1)", b"PK\x03\x04", b"PAR1", b"\x1f\x8b",
)  # fmt: skip


@dataclass
class Outcome:
    """What came out of a run of damaged files."""

    kind: str
    n_cases: int = 0
    n_read: int = 0
    n_refused: int = 0
    slowest: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = f"{self.n_cases} cases, {self.n_read} read, {self.n_refused} refused"
        return f"{self.kind}: {counts}, slowest {self.slowest:.1f} s, {len(self.faults)} faults"


def fuzz(kind: str, *, seconds: float, seed: int = 42) -> Outcome:
    """Read damaged files of a kind for some time.

    Returns
    -------
    Outcome
        ``faults`` holds one damaged file per kind of fault: an exception that
        is no `InputError`, an account that does not add up, or a reading of
        more than `SLOW` seconds.
    """
    draw = random.Random(f"{kind} {seed}")
    found = Outcome(kind)
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        while time.monotonic() < end:
            content = damage(FILES[kind], draw)
            path.write_bytes(content)
            start = time.monotonic()
            fault = _read(path, found)
            took = time.monotonic() - start
            found.n_cases += 1
            found.slowest = max(found.slowest, took)
            if took > SLOW:
                fault = fault or f"took more than {SLOW} s"
            if fault:
                found.faults.setdefault(fault, content)
    return found


def damage(content: bytes, draw: random.Random) -> bytes:
    """The content after one to eight random changes."""
    for _ in range(draw.randint(1, 8)):
        content = draw.choice(_CHANGES)(content, draw) or b"\n"
    return content


def _read(path: Path, found: Outcome) -> str:
    try:
        corpus = read_corpus(path)
    except InputError as error:
        found.n_refused += 1
        return "" if 20 < len(str(error)) < 5000 else f"a message of {len(str(error))} characters"
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {str(error)[:80]}"
    found.n_read += 1
    ledger = corpus.ledger
    if ledger["read"] != ledger["kept"] + ledger["merged"] + ledger["set_aside"]:
        return f"does not add up: {ledger}"
    return "" if corpus.papers["paper_id"].is_unique else "two papers of one id"


def _flip(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]


def _cut(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    return content[:start] + content[start + draw.randint(1, 200) :]


def _end(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    part = content[start : start + draw.randint(1, 300)]
    at = draw.randrange(len(content))
    return content[:at] + part * draw.choice((1, 1, 2, 50)) + content[at:]


def _insert(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + draw.choice(_TOKENS) + content[at:]


def _splice(content: bytes, draw: random.Random) -> bytes:
    other = FILES[draw.choice(list(FILES))]
    return content[: draw.randrange(len(content))] + other[draw.randrange(len(other)) :]


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _end, _repeat, _insert, _insert, _splice)


def main() -> None:
    """Fuzz the kinds that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[[], *FILES], metavar="KIND")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--keep", type=Path, help="folder for the files that brought a fault to light")
    options = parser.parse_args()
    outcomes = []
    for kind in options.kinds or FILES:
        outcomes.append(fuzz(kind, seconds=options.seconds, seed=options.seed))
        print(outcomes[-1], flush=True)
        for number, (fault, content) in enumerate(outcomes[-1].faults.items()):
            print(f"  {fault}", flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{kind.replace(' ', '-')}-{number}").write_bytes(content)
    sys.exit(any(outcome.faults for outcome in outcomes))


if __name__ == "__main__":
    main()
