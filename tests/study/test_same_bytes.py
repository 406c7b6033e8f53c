"""The same input and settings give the same bytes, wherever the study lies."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from analysis.study import check, run
from tests.conftest import REPOSITORY, forget_run, make_papers, read_files, write_study

# These alone may differ from run to run.
OF_THE_RUN = {"seconds", "peak_memory_mb", "commit", "python"}


def read_record(folder):
    record = json.loads((folder / "data" / "results" / "run.json").read_text(encoding="utf-8"))
    return {name: value for name, value in record.items() if name not in OF_THE_RUN}


def assert_same(one, other):
    first, second = read_files(one), read_files(other)
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert read_record(one) == read_record(other)


def test_a_study_of_twelve_papers_gives_the_same_bytes_twice(small_study, tmp_path):
    other = write_study(tmp_path / "much" / "deeper" / "with a blank", make_papers(12))
    run(other)
    assert_same(small_study.root, other)
    # Once more over itself, now with a warm cache.
    before = read_files(other)
    forget_run(other)
    run(other)
    assert read_files(other) == before


def test_a_new_process_gives_the_same_bytes(small_study, tmp_path):
    folder = write_study(tmp_path / "study", make_papers(12))
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "analysis", "run", str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=120)
    assert_same(small_study.root, folder)


@pytest.mark.slow
def test_the_bundled_study_gives_the_same_bytes_twice(bundled_study, tmp_path):
    other = tmp_path / "much" / "deeper" / "down"
    # The number of threads must not matter either.
    command = [sys.executable, "-m", "analysis", "run", str(REPOSITORY / "study.toml"), "--out", str(other)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=300)
    first, second = read_files(bundled_study.root), read_files(other)
    # The path to the sources is relative, so it knows the depth.
    del first["study.toml"], second["study.toml"]
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []
    assert read_record(bundled_study.root) == read_record(other)


def test_figures_made_again_are_the_same_bytes(own_study, themeline):
    before = read_files(own_study)
    for command in ("figures", "report"):
        assert themeline(command, own_study).code == 0
        assert read_files(own_study) == before


@pytest.mark.slow
def test_one_changed_byte_is_found(tmp_path, themeline):
    folder = write_study(tmp_path, make_papers(6))
    run(folder)
    assert themeline("check", folder).code == 0
    for name in ("figures/theme-shares.html", "figures/plotly.min.js", "figures/reports/papers.csv"):
        path = folder / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
        answer = themeline("check", folder)
        assert (answer.code, answer.out) == (1, f"{name}: not what the tables give\n")
        assert json.loads(themeline("check", folder, "--json").out)["holds"] is False
        path.write_bytes(whole)
    table = folder / "data" / "derived" / "trends.parquet"
    table.write_bytes((folder / "data" / "derived" / "shares.parquet").read_bytes())
    assert themeline("check", folder).code == 2
    assert check(write_copy(folder, tmp_path / "copy")) == []


def test_a_report_never_vouches_for_old_pictures(own_study, themeline):
    folder = own_study
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace("[corpus]\n", '[corpus]\ncaution = "Chosen by nobody."\n'))
    assert themeline("report", folder).code == 0
    stale = [line.partition(":")[0] for line in themeline("check", folder).out.splitlines()]
    assert "figures/theme-shares" in stale
    assert "figures/theme-shares.html" in stale
    assert "figures/reports/report.md" not in stale


def write_copy(folder, target):
    """A study runs from wherever its folder is moved to."""
    run(folder, out=target)
    return target


def test_a_changed_picture_is_found(bundled_study, tmp_path, themeline):
    folder = tmp_path / "study"
    shutil.copytree(bundled_study.root, folder)
    pictures = sorted((folder / "figures").glob("*.png"))
    if not pictures:
        pytest.skip("no browser here")
    whole = pictures[0].read_bytes()
    pictures[0].write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    answer = themeline("check", folder)
    assert (answer.code, answer.out) == (1, f"figures/{pictures[0].name}: changed since it was written\n")
