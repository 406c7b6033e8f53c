"""A run that is killed, interrupted or met by another leaves results that are whole."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from analysis.config import InputError
from analysis.results import lock_study
from analysis.study import check, load, run
from tests.conftest import QUICK, make_papers, read_files, write_jsonl, write_study

STAGED = ".themeline/new"
# The last file that each step writes, or the first sign of the next.
MOMENTS = {
    "while it starts": ".themeline/lock",
    "after the embedding": "data/cache/papers-*/*/checksums.json",
    "with the tables written": f"{STAGED}/data/results/run.json",
    "while figures are written": f"{STAGED}/figures/plotly.min.js",
    "before the swap": f"{STAGED}/figures/manifest.json",
}


def start(*arguments, command=("-m", "analysis")):
    def as_in_a_terminal():
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, *command, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,
    )


def wait_for(process, folder, pattern):
    """Until a file is there or the process has ended."""
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        if any(folder.glob(pattern)):
            return
        time.sleep(0.002)


def change_sources(study, tmp_path):
    """A copy of a study, its sources changed, so that the next run gives other results."""
    folder = tmp_path / "study"
    shutil.copytree(study.root, folder, ignore=shutil.ignore_patterns("cache"))
    write_jsonl(folder / "papers.jsonl", make_papers(14))
    return folder


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(moment, marks=pytest.mark.slow)
        if moment in ("while it starts", "after the embedding", "with the tables written", "while figures are written")
        else moment
        for moment in MOMENTS
    ],
)
def test_a_kill_leaves_one_generation_and_the_next_run_works(small_study, tmp_path, moment):
    folder = change_sources(small_study, tmp_path)
    shutil.rmtree(folder / ".themeline")
    before = read_files(folder)
    process = start("run", folder)
    wait_for(process, folder, MOMENTS[moment])
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert check(folder) == []
    if moment == "before the swap" and len(load(folder).papers) == 14:
        assert read_files(folder) != before
    else:
        assert read_files(folder) == before
        assert len(load(folder).papers) == 12
    assert len(run(folder).papers) == 14
    assert check(folder) == []
    assert not (folder / STAGED).exists()


# Drawing waits for the interrupt: a run this small may else be over before the signal arrives.
DRAWS_SLOWLY = """
import sys, time
import analysis.study, analysis.cli
sys.modules["analysis.study.run"].draw = lambda *_: time.sleep(60)
analysis.cli.script()
"""


@pytest.mark.parametrize(
    ("moment", "command"),
    [
        ("while it starts", ("-m", "analysis")),
        pytest.param("with the tables written", ("-c", DRAWS_SLOWLY), marks=pytest.mark.slow),
    ],
    ids=["while it starts", "with the tables written"],
)
def test_an_interrupt_exits_with_130_and_leaves_the_old_results(small_study, tmp_path, moment, command):
    folder = change_sources(small_study, tmp_path)
    shutil.rmtree(folder / ".themeline")
    before = read_files(folder)
    process = start("run", folder, command=command)
    wait_for(process, folder, MOMENTS[moment])
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip().endswith("themeline: interrupted; nothing is half-written.")
    assert "Traceback" not in out + err
    assert read_files(folder) == before
    assert not (folder / STAGED).exists()
    assert check(folder) == []


@pytest.mark.slow
def test_an_interrupt_while_the_browser_draws_leaves_no_browser_behind(small_study, tmp_path):
    folder = change_sources(small_study, tmp_path)
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace(QUICK, ""))
    before = read_files(folder)
    process = start("run", folder)
    wait_for(process, folder, f"{STAGED}/figures/*.png")
    # As Ctrl-C in a terminal: the browser gets it too.
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    if "PNG and SVG were left out" in err:
        pytest.skip("no browser here")
    assert process.returncode == 130, err
    assert "Traceback" not in out + err
    assert read_files(folder) == before
    assert count_group(process.pid) == 0


def count_group(group, patience=10):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return 0
        time.sleep(0.1)
    return 1


@pytest.mark.slow
def test_a_first_run_that_is_killed_starts_afresh(tmp_path):
    source = write_jsonl(tmp_path / "papers.jsonl", make_papers(3))
    out = tmp_path / "out"
    process = start("run", source, "--out", out)
    wait_for(process, out, MOMENTS["with the tables written"])
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (out / "study.toml").exists()
    assert not (out / "figures").exists()
    folder = write_study(tmp_path / "settings", make_papers(3))
    assert len(run(folder, out=out).papers) == 3
    assert check(out) == []


def test_a_second_run_at_the_same_time_is_refused(small_study, tmp_path, themeline):
    folder = change_sources(small_study, tmp_path)
    before = read_files(folder)
    with lock_study(folder):
        for command in ("run", "figures", "report"):
            answer = themeline(command, folder)
            assert answer.code == 2
            assert answer.message == f"{folder}: another run is writing this study. Wait for it to end."
        assert themeline("check", folder).code == 0
    assert read_files(folder) == before


def test_a_run_that_is_refused_leaves_the_new_folder_of_another(tmp_path, monkeypatch):
    folder = write_study(tmp_path / "in", make_papers(2))
    out = tmp_path / "out"

    def refuse(root):
        # Another run has made the folder since this one looked for it.
        (root / "theirs.txt").write_text("theirs")
        raise InputError("taken")

    monkeypatch.setattr("analysis.results.swap.recover", refuse)
    with pytest.raises(InputError, match="taken"):
        run(folder, out=out)
    assert (out / "theirs.txt").exists()


@pytest.mark.slow
def test_reading_while_a_run_writes_changes_nothing_of_it(small_study, tmp_path):
    folder = change_sources(small_study, tmp_path)
    process = start("run", folder)
    n_read = set()
    while process.poll() is None:
        n_read.add(len(load(folder).papers))
        # All the time around the swap; before it, reading would only take the run's processor.
        time.sleep(0.01 if (folder / MOMENTS["before the swap"]).exists() else 0.3)
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert n_read <= {12, 14}
    assert len(load(folder).papers) == 14
    assert check(folder) == []
