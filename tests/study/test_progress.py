"""Long steps show how far they are, to those who watch."""

import io
import sys
import time

import pytest

from analysis.config import Config
from analysis.study import progress
from analysis.study.papers import read_papers
from analysis.study.progress import is_watched, show_progress
from tests.conftest import make_papers, write_jsonl


class Terminal(io.StringIO):
    def isatty(self):
        return True


def let_pass(monkeypatch, screen, step="embed", total=100, **how):
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    with show_progress(step, total, **how) as on_done:
        for _ in range(4):
            time.sleep(0.15)
            on_done(20)
    return screen.getvalue()


def test_a_terminal_sees_step_rate_and_time_left(monkeypatch):
    seen = let_pass(monkeypatch, Terminal())
    assert "embed" in seen
    assert "60/100" in seen
    assert "papers/s" in seen
    assert "<00:" in seen  # Time left.
    assert seen.rstrip(" ").endswith("\r")  # Nothing stays behind.


def test_bytes_are_shown_in_large_units(monkeypatch):
    seen = let_pass(monkeypatch, Terminal(), step="read", total=None, unit="B")
    assert "B/s" in seen


@pytest.mark.parametrize("screen", [io.StringIO(), None], ids=["a file", "nothing"])
def test_nobody_else_sees_anything(monkeypatch, screen):
    monkeypatch.setattr(sys, "stderr", screen)
    assert not is_watched()
    with show_progress("embed", 10) as on_done:
        on_done(10)
    assert screen is None or screen.getvalue() == ""


def test_a_notebook_sees_it(monkeypatch):
    class Shell:
        kernel = object()

    class IPython:
        @staticmethod
        def get_ipython():
            return Shell()

    monkeypatch.setitem(sys.modules, "IPython", IPython)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert is_watched()
    monkeypatch.setattr(Shell, "kernel", None)
    del Shell.kernel
    assert not is_watched()


def test_reading_shows_how_many_bytes_of_all(monkeypatch, tmp_path):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(2_500))
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    read_papers(Config(), [source])
    seen = screen.getvalue()
    assert "read: 100%" in seen
    assert f"/{source.stat().st_size / 1000:.0f}k" in seen
