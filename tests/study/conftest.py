"""A study to be changed, and no pictures: studies of source files would start a browser for each."""

import shutil

import pytest


@pytest.fixture
def own_study(small_study, tmp_path):
    """Folder of a study of twelve papers, free to be changed: a copy, for a run takes seconds."""
    return shutil.copytree(small_study.root, tmp_path / "own")


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr("analysis.reports.figures.find_browser", lambda: None)
