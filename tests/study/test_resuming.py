"""A run that is killed again and again ends where an undisturbed one does, byte for byte."""

import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from analysis.study import check
from tests.conftest import QUICK, SUBJECTS, read_files, write_jsonl

N_PAPERS, N_KILLS = 1_200, 20
WORDS = ("model", "data", "method", "task", "result", "agent", "image", "graph", "policy", "reward", "loss", "scene")


def make_study(folder):
    draw = random.Random(7)
    records = [
        {
            "id": f"p{number}",
            "title": f"Study {number} of {SUBJECTS[number % 3]}",
            "abstract": f"We look at {SUBJECTS[number % 3]}. " + " ".join(draw.choices(WORDS, k=60)) + ".",
            "published": f"{2019 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}",
        }
        for number in range(N_PAPERS)
    ]
    write_jsonl(folder / "papers.jsonl", records)
    settings = '[corpus]\nsources = ["papers.jsonl"]\n[embedding]\nencoder = "static"\n[fit]\npapers = 1100\n'
    (folder / "study.toml").write_text(settings + QUICK + "[themes]\nn_alternatives = 4\n", encoding="utf-8")
    return folder


def start(folder):
    command = [sys.executable, "-m", "analysis", "run", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_twenty_kills_at_random_moments_change_nothing(tmp_path):
    plain = make_study(tmp_path / "plain")
    began = time.monotonic()
    assert start(plain).wait() == 0
    took = time.monotonic() - began
    killed = make_study(tmp_path / "killed")
    draw = random.Random(42)
    for _ in range(N_KILLS):
        process = start(killed)
        try:
            process.communicate(timeout=draw.uniform(0, took))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        if (killed / "data/results/run.json").exists():
            assert check(killed) == []
            # All the way again from what is kept.
            shutil.rmtree(killed / "data/results")
            (killed / ".themeline/made.json").unlink(missing_ok=True)
    final = start(killed)
    _, err = final.communicate()
    assert final.returncode == 0, err
    assert read_files(killed) == read_files(plain)
