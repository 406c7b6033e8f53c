"""Only a fetch opens a connection, and only to the address that it was given."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.conftest import make_papers, write_jsonl
from tests.corpus.fetch.played import arxiv_of, serving

ANALYSIS = Path(__file__).resolve().parents[3] / "analysis"
NETWORK = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib3", "websockets"}
HOMES = {"corpus/fetch/exchange.py", "corpus/fetch/sending.py", "themes/endpoint.py"}
# Whoever tries to find an address or to connect leaves its name behind.
WATCH = """
import sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        print("NETWORK", event, arguments[-1] if event == "socket.connect" else arguments, flush=True)

sys.addaudithook(watch)
"""


def run_watched(code, *arguments):
    command = [sys.executable, "-c", WATCH + code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("NETWORK")]


def test_libraries_of_the_network_are_imported_in_their_homes_only():
    for path in sorted(ANALYSIS.rglob("*.py")):
        place = path.relative_to(ANALYSIS).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found = [name for name in names if name.split(".")[0] in NETWORK or name == "urllib.request"]
            assert not found or place in HOMES, f"{place} imports {', '.join(found)}"


def test_reading_a_corpus_touches_no_network(tmp_path):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(4))
    code = "from analysis import read_corpus\nassert read_corpus(sys.argv[1]).n_papers == 4\n"
    assert run_watched(code, source) == []


def test_importing_fetch_touches_no_network():
    assert run_watched("import analysis.corpus.fetch\nassert 'requests' not in sys.modules\n") == []


def test_a_fetch_connects_to_its_base_address_and_nowhere_else(tmp_path):
    code = """
from analysis.corpus.fetch import Waiting, fetch_arxiv
fetch_arxiv("cat:cs.RO", sys.argv[1], contact="a@b.org", base=sys.argv[2], waiting=Waiting(sleep=lambda _: None))
"""
    with serving(arxiv_of(30, page=10)) as server:
        lines = run_watched(code, tmp_path / "out", server.address)
        assert len(server.asked) == 3
    connected = {line for line in lines if "socket.connect" in line}
    assert connected == {f"NETWORK socket.connect ('127.0.0.1', {server.server_port})"}
    found = {line for line in lines if "socket.connect" not in line}
    assert all("'127.0.0.1'" in line for line in found), found
