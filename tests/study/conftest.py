"""A study to be changed, and no pictures: studies of source files would start a browser for each."""

import shutil

import pytest

from analysis.study import run
from tests.conftest import write_jsonl
from tests.study.made_records import FIRST, TOML


@pytest.fixture
def own_study(small_study, tmp_path):
    """Folder of a study of twelve papers, free to be changed: a copy, for a run takes seconds."""
    return shutil.copytree(small_study.root, tmp_path / "own")


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr("analysis.reports.figures.find_browser", lambda: None)


@pytest.fixture(scope="session")
def fitted(tmp_path_factory):
    """Folder of a study of 37 papers in three themes, run once; copy it to change it."""
    folder = tmp_path_factory.mktemp("fitted") / "study"
    write_jsonl(folder / "papers.jsonl", FIRST)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    run(folder)
    return folder
