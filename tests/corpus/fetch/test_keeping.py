"""A fetch that is killed, interrupted or called twice goes on where it was and asks for nothing twice."""

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib

import pytest

from analysis.config import InputError
from analysis.corpus.fetch import fetch_arxiv
from tests.corpus.fetch.played import ME, Clock, arxiv_of, read_pages, serving

COMMAND = """
import sys
from analysis.corpus.fetch import Waiting, fetch_arxiv
out, base = sys.argv[1:]
fetch_arxiv("cat:cs.RO", out, contact="a@example.org", base=base, waiting=Waiting(sleep=lambda _: None))
"""


def fetch(server, out, *, query="cat:cs.RO", **changes):
    return fetch_arxiv(query, out, contact=ME, base=server.address, waiting=Clock().waiting(), **changes)


def read_account(folder):
    return tomllib.loads((folder / "fetch.toml").read_text(encoding="utf-8"))


def test_a_complete_folder_is_left_as_it_is(tmp_path):
    with serving(arxiv_of(600)) as server:
        fetch(server, tmp_path)
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        found = fetch(server, tmp_path)
        assert len(server.asked) == 2
    assert found.n_requests == 0
    assert found.describe() == f"{tmp_path}: 600 papers from arXiv API, complete since 2025-11-20; nothing was asked."
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_two_fetches_of_the_same_give_the_same_bytes(tmp_path):
    with serving(arxiv_of(600)) as server:
        for name in ("a", "b"):
            fetch(server, tmp_path / name)
    a, b = ({p.name: p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()} for name in "ab")
    assert a == b


@pytest.mark.parametrize("where", ["the query", "the days", "the address"])
def test_another_question_is_refused_in_the_same_folder(tmp_path, where):
    with serving(arxiv_of(3)) as server, serving(arxiv_of(3)) as other:
        fetch(server, tmp_path)
        before = read_pages(tmp_path)
        changes = {"the query": {"query": "cat:cs.CL"}, "the days": {"since": "2025-01-01"}, "the address": {}}[where]
        with pytest.raises(InputError, match="holds the answer to another question") as caught:
            fetch(other if where == "the address" else server, tmp_path, **changes)
        assert len(server.asked) == 1
        assert other.asked == []
    if where == "the query":
        assert "search_query = 'cat:cs.RO' then, 'cat:cs.CL' now" in str(caught.value)
    assert read_pages(tmp_path) == before


def test_a_folder_with_other_files_and_a_file_are_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with serving(arxiv_of(3)) as server:
        with pytest.raises(InputError, match="holds files that no fetch has put there"):
            fetch(server, tmp_path)
        with pytest.raises(InputError, match="this is a file"):
            fetch(server, tmp_path / "mine.txt")
        with pytest.raises(InputError, match="cannot be made"):
            fetch(server, tmp_path / "mine.txt" / "deeper")
    assert server.asked == []
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_page_that_is_not_as_it_came_is_told(tmp_path, damage):
    with serving(arxiv_of(600)) as server:
        fetch(server, tmp_path)
        page = tmp_path / "page-00001.xml.gz"
        page.unlink() if damage == "gone" else page.write_bytes(gzip.compress(b"<feed/>"))
        what = "is missing" if damage == "gone" else "is not as it came"
        with pytest.raises(InputError, match=rf"page-00001.xml.gz: this page {what}\. Delete the folder"):
            fetch(server, tmp_path)
        assert len(server.asked) == 2


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"[1]\n", b"nonsense\n", b'{"version": 1}\n', b"[" * 100_000 + b"\n"])
def test_a_damaged_journal_is_told(tmp_path, damage):
    with serving(arxiv_of(3)) as server:
        fetch(server, tmp_path)
        (tmp_path / ".fetch" / "journal.jsonl").write_bytes(damage)
        with pytest.raises(InputError, match=r"journal\.jsonl: damaged\. Delete the folder"):
            fetch(server, tmp_path)


def test_a_journal_that_names_a_file_outside_of_the_folder_is_damaged(tmp_path):
    with serving(arxiv_of(3)) as server:
        fetch(server, tmp_path)
        journal = tmp_path / ".fetch" / "journal.jsonl"
        head, page = journal.read_text().splitlines()
        journal.write_text(head + "\n" + json.dumps({**json.loads(page), "name": "../../secret"}) + "\n")
        with pytest.raises(InputError, match="damaged"):
            fetch(server, tmp_path)


@pytest.mark.parametrize("n_bytes", [1, 40, 200])
def test_a_line_that_a_kill_cut_short_does_not_count(tmp_path, n_bytes):
    with serving(arxiv_of(1200)) as server:
        fetch(server, tmp_path)
        whole = {**read_pages(tmp_path)}
        journal = tmp_path / ".fetch" / "journal.jsonl"
        journal.write_bytes(journal.read_bytes()[:-n_bytes])
        found = fetch(server, tmp_path)
        assert (found.n_requests, found.n_papers, found.is_complete) == (1, 1200, True)
    assert read_pages(tmp_path) == whole
    assert [json.loads(line).get("name") for line in journal.read_text().splitlines()][1:] == sorted(whole)


def test_a_page_that_the_journal_does_not_know_goes(tmp_path):
    with serving(arxiv_of(600)) as server:
        fetch(server, tmp_path, limit=500)
        (tmp_path / "page-00002.xml.gz").write_bytes(b"half a page")
        server.play = arxiv_of(500)
        assert fetch(server, tmp_path, limit=500).n_pages == 1
    assert list(read_pages(tmp_path)) == ["page-00001.xml.gz"]


class Killed(BaseException):
    """As a kill: nothing catches it on the way."""


@pytest.mark.parametrize("n_steps", range(27))
def test_a_kill_between_any_two_steps_costs_no_page_and_doubles_none(tmp_path, monkeypatch, n_steps):
    left = [n_steps]

    def dying(step):
        def take(*arguments):
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return step(*arguments)

        return take

    with serving(arxiv_of(30, page=10)) as server:
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", dying(os.replace))
            patch.setattr(os, "fsync", dying(os.fsync))
            with pytest.raises(Killed):
                fetch(server, tmp_path / "killed")
        found = fetch(server, tmp_path / "killed")
        assert (found.n_papers, found.n_records, found.n_pages, found.is_complete) == (30, 30, 3, True)
        # At most the page in hand is asked for again.
        assert len(server.asked) <= 4
        fetch(server, tmp_path / "at once")
    a, b = ({p.name: p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in ("killed", "at once"))
    assert a == b


def start(out, server, **how):
    # From the start of the interpreter on, Ctrl-C is an interrupt as in a terminal.
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(out), server.address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **how,
    )


@pytest.mark.parametrize("moment", ["while it asks", "after a page"])
@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_after_a_kill_the_same_command_goes_on(tmp_path, moment, how):
    out, reached = tmp_path / "out", threading.Event()
    good = arxiv_of(200, page=10)

    def play(handler, question):
        if moment == "while it asks" and question["start"] == "50":
            reached.set()
            time.sleep(0.5)
        good(handler, question)
        if moment == "after a page" and question["start"] == "50":
            reached.set()

    with serving(play) as server:
        process = start(out, server)
        assert reached.wait(30)
        process.send_signal(how)
        _, err = process.communicate(timeout=30)
        assert process.returncode != 0, err
        n_before = len(read_pages(out))
        assert n_before >= 5
        assert not list(out.glob("*.tmp"))
        assert read_account(out)["complete"] is False
        server.play = good
        n_asked = len(server.asked)
        found = fetch(server, out)
        # At most the page in hand is asked for again.
        assert n_before - 1 <= int(server.asked[n_asked]["start"]) / 10 <= n_before
    assert (found.n_papers, found.n_records, found.n_pages, found.is_complete) == (200, 200, 20, True)
    with serving(good) as server:
        fetch(server, tmp_path / "at once")
    assert read_pages(out) == read_pages(tmp_path / "at once")
    account = read_account(out)
    assert (account["complete"], account["papers"], account["pages"]) == (True, 200, 20)


def test_two_fetches_do_not_fill_one_folder(tmp_path):
    entered, leave = threading.Event(), threading.Event()
    good = arxiv_of(3)

    def play(handler, question):
        entered.set()
        leave.wait(30)
        good(handler, question)

    with serving(play) as server:
        process = start(tmp_path, server)
        try:
            assert entered.wait(30)
            with pytest.raises(InputError, match="another fetch is filling this folder"):
                fetch(server, tmp_path)
        finally:
            leave.set()
            _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert len(server.asked) == 1


def test_a_disk_that_is_full_leaves_what_came(tmp_path, monkeypatch):
    with serving(arxiv_of(1200)) as server:
        real, n_left = os.replace, [5]

        def replace(source, target):
            n_left[0] -= 1
            if n_left[0] < 0:
                raise OSError(28, "No space left on device", str(target))
            real(source, target)

        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(OSError, match="No space left"):
            fetch(server, tmp_path)
        monkeypatch.undo()
        assert fetch(server, tmp_path).n_papers == 1200
    assert len(server.asked) <= 4
