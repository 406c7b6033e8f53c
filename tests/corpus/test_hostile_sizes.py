"""Files made to exhaust a machine: each ends in a message or in records set aside, within 2 GB and two minutes."""

import gzip
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MEGABYTE = 2**20
# Runs the command line and then says how much memory its process took at most.
RUN = """
import resource, sys
from analysis.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""
PAPER = b'{"title": "Robots that open every door", "abstract": "We teach robots."}'


def one_string(n_megabytes: int) -> Iterator[bytes]:
    yield b'{"title": "A", "abstract": "'
    yield from (b"a" * MEGABYTE for _ in range(n_megabytes))
    yield b'"}'


def one_array(n_megabytes: int) -> Iterator[bytes]:
    yield b"[" + PAPER
    yield from (b", 1" * (MEGABYTE // 3) for _ in range(n_megabytes))
    yield b"]"


def nested(n_megabytes: int) -> Iterator[bytes]:
    yield PAPER + b"\n"
    yield from (b'{"a":[' * (MEGABYTE // 6) for _ in range(n_megabytes))


def many_columns(n_columns: int) -> Iterator[bytes]:
    yield b"title,abstract"
    yield from (b",c" * 100_000 for _ in range(n_columns // 100_000))
    yield b"\nA,b\n"


def open_quote(n_megabytes: int) -> Iterator[bytes]:
    yield b'title,abstract\nA,"never closed\n'
    yield from (b"B,text of a paper\n" * (MEGABYTE // 18) for _ in range(n_megabytes))


def bibtex_of_braces(n_megabytes: int) -> Iterator[bytes]:
    yield b"@article{a, title = {A}}\n@article{b, title = "
    yield from (b"{" * MEGABYTE for _ in range(n_megabytes))


def ris_of_one_field(n_megabytes: int) -> Iterator[bytes]:
    yield b"TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nAB  - "
    yield from (b"text " * (MEGABYTE // 5) for _ in range(n_megabytes))


def xml_of_one_text(n_megabytes: int) -> Iterator[bytes]:
    yield b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><summary>'
    yield from (b"a" * MEGABYTE for _ in range(n_megabytes))
    yield b"</summary></entry></feed>"


def noise(n_megabytes: int) -> Iterator[bytes]:
    draw = random.Random(1)
    yield from (draw.randbytes(MEGABYTE) for _ in range(n_megabytes))


CASES: dict[str, tuple[Callable[[int], Iterator[bytes]], int]] = {
    "one string of 1 GB.json": (one_string, 1024),
    "one array of 1 GB.json": (one_array, 1024),
    "nested 1 GB deep.json": (nested, 1024),
    "ten million columns.csv": (many_columns, 10_000_000),
    "a quote never closed.csv": (open_quote, 5),
    "braces.bib": (bibtex_of_braces, 200),
    "binary.bib": (noise, 50),
    "one field.ris": (ris_of_one_field, 500),
    "one text.xml": (xml_of_one_text, 1024),
}


def ingest(path: Path) -> tuple[int, str, int]:
    """Exit code, what was said, and the peak of memory in MB."""
    arguments = ["ingest", str(path), "--out", str(path.with_name("corpus.parquet")), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    *said, peak = done.stderr.strip().splitlines()
    return done.returncode, "\n".join(said) + done.stdout, int(peak)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_file_made_to_exhaust_the_machine_does_not(tmp_path, name):
    make, size = CASES[name]
    path = tmp_path / name
    with path.open("wb") as file:
        file.writelines(make(size))
    code, said, peak = ingest(path)
    assert code in (0, 2), said
    assert "Traceback" not in said
    assert peak < 2000
    if code:
        assert name in said
    else:
        account = json.loads(said)["ledger"]
        assert account["read"] == account["kept"] + account["merged"] + account["set_aside"]


@pytest.mark.slow
@pytest.mark.parametrize("packing", ["gz", "zip", "xlsx"])
def test_a_bomb_is_refused_before_it_bursts(tmp_path, packing):
    path = tmp_path / f"bomb.{packing}"
    if packing == "gz":
        with gzip.open(path, "wb") as file:
            file.writelines(b"\n" * MEGABYTE for _ in range(4000))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            if packing == "xlsx":
                archive.writestr("[Content_Types].xml", "<Types/>")
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
                for _ in range(4000):
                    member.write(b"a" * MEGABYTE)
    code, said, peak = ingest(path)
    assert code == 2, said
    assert "bomb" in said
    assert "Traceback" not in said
    assert peak < 2000
