"""Two studies are compared, told of in the terminal, and written as a report."""

import csv
import dataclasses
import io
import json
import shutil

import numpy as np
import pytest
from markupsafe import escape

import analysis
from analysis.reports.comparison import explain_rules
from analysis.results import write_tables
from tests.conftest import read_files
from tests.made_study import make_tables, with_hostile_text


def write_results(folder, tables):
    write_tables(tables, folder / "data")
    return folder


def move_half(tables):
    """The same study after a re-fit: every other paper of robotics bears a new theme, and two papers are gone."""
    papers, themes = tables.papers.copy(), tables.themes.copy()
    own = papers.index[papers["theme"] == "robotics"]
    papers.loc[own[::2], "theme"] = "drones"
    row = themes[themes["theme"] == "robotics"].assign(theme="drones", label="Drones", kind="discovered")
    themes.loc[themes["theme"] == "human-behaviour-in-vision", "label"] = "People in pictures"
    themes = type(themes)([*row.to_dict("records"), *themes.to_dict("records")])
    return dataclasses.replace(tables, papers=papers.iloc[:-2], themes=themes)


@pytest.fixture
def old(tmp_path):
    return write_results(tmp_path / "old", make_tables())


@pytest.fixture
def new(tmp_path):
    return write_results(tmp_path / "new", move_half(make_tables()))


def test_what_was_planted_is_told(old, new):
    found = analysis.compare(old, new)
    table = found.table.set_index("new")
    assert dict(table["change"].drop(index="drones").sort_index()) == {
        "alignment": "unchanged",
        "human-behaviour-in-vision": "renamed",
        "recommendation-and-user-modelling": "unchanged",
        "representation-learning": "unchanged",
        "robotics": "split",
    }
    assert table.loc["drones", "change"] == "split"
    assert found.counts["split"] == 2
    assert found.flows["n_papers"].sum() == 60
    assert found.notes[0].endswith("60 papers; new: " + found.new.run["title"] + ", 58 papers; 58 are in both.")
    assert not [note for note in found.notes if "Meaning" in note]


def test_an_equal_study_is_unchanged_and_may_be_given_as_it_is(small_study, tmp_path):
    copy = shutil.copytree(small_study.root / "data", tmp_path / "saved")
    found = analysis.compare(copy, small_study)
    assert set(found.table["change"]) == {"unchanged"}
    assert (found.table["overlap"] == 1).all()
    assert analysis.compare(copy / "results", small_study.root / "study.toml").to_dict() == found.to_dict()
    assert not [note for note in found.notes if "Meaning" in note or "differ" in note]


def test_settings_and_encoders_that_differ_are_named(old, tmp_path):
    tables = make_tables()
    run = {**tables.run, "encoder": {"name": "other", "version": "9"}, "config": {**tables.run["config"], "seed": 1}}
    new = write_results(tmp_path / "new", dataclasses.replace(tables, run=run))
    for folder in (old, new):
        (folder / "data/model").mkdir()
        np.save(folder / "data/model/vectors.npy", np.ones((60, 3), np.float32))
    notes = analysis.compare(old, new).notes
    assert any(note.startswith("Meaning was not compared: the encoders differ (") for note in notes)
    assert "Settings that differ: seed." in notes


def test_other_papers_without_vectors_leave_it_open_which_theme_is_which(old, tmp_path):
    tables = make_tables()
    papers = tables.papers.assign(paper_id="other-" + tables.papers["paper_id"])
    found = analysis.compare(old, write_results(tmp_path / "new", dataclasses.replace(tables, papers=papers)))
    assert found.counts["unknown"] == 4
    assert found.notes[1:] == (
        "Themes that are the same were told 3 by name.",
        "No paper is in both, so no split and no merger can be seen.",
        "Meaning was not compared: vectors are missing.",
    )


def test_the_command_prints_a_table_and_writes_nothing(old, new, themeline, tmp_path):
    before = read_files(tmp_path)
    answer = themeline("compare", old, new)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert next(line for line in lines if line.startswith("split")).split()[:2] == ["split", "Robotics"]
    assert any(line.startswith("renamed") and "Was called “Human behaviour in vision and video”" in line
               for line in lines)  # fmt: skip
    assert read_files(tmp_path) == before


def test_the_command_answers_in_json(old, new, themeline):
    answer = json.loads(themeline("compare", old, new, "--json").out)
    assert answer["counts"]["renamed"] == 1
    assert sum(flow["n_papers"] for flow in answer["flows"]) == 60
    assert {row["new"] for row in answer["themes"]} >= {"drones", "robotics"}
    assert answer["files"] == []


@pytest.fixture
def no_picture(monkeypatch):
    monkeypatch.setattr("analysis.reports.figures.find_browser", lambda: None)


def test_the_report_says_what_the_table_says(old, new, tmp_path, no_picture):
    found = analysis.compare(old, new)
    written = {path.name: path.read_text(encoding="utf-8") for path in found.write(tmp_path / "out")}
    assert sorted(written) == ["comparison.html", "comparison.md", "flows.csv", "themes.csv"]
    rows = list(csv.DictReader(io.StringIO(written["themes.csv"])))
    assert [row["change"] for row in rows] == list(found.table["change"])
    assert [int(row["n_new"]) for row in rows] == list(found.table["n_new"])
    for name in ("comparison.html", "comparison.md"):
        assert "People in pictures" in written[name]
        assert "The papers of “Robotics” went into" in written[name]
    for rule in explain_rules():
        assert escape(rule) in written["comparison.html"]
    again = {path.name: path.read_text(encoding="utf-8") for path in analysis.compare(old, new).write(tmp_path / "two")}
    assert again == written


def test_hostile_labels_are_text_in_every_file(tmp_path, no_picture):
    tables = with_hostile_text(make_tables())
    tables.themes.loc[1, "label"] = '=HYPERLINK("http://evil")'
    tables.run["title"] = "<img src=x onerror=alert(1)> \x1b[31m"
    folder = write_results(tmp_path / "study", tables)
    written = {path.name: path.read_text() for path in analysis.compare(folder, folder).write(tmp_path / "out")}
    page = written["comparison.html"]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-' in page
    assert "unsafe-eval" not in page
    assert "<script>alert" not in written["comparison.md"]
    assert "<img" not in written["comparison.md"]
    assert all(sign not in "".join(written.values()) for sign in "\x1b\u202e")
    cells = [cell for row in csv.reader(io.StringIO(written["themes.csv"])) for cell in row]
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("where", ["nowhere", "empty"])
def test_what_holds_no_results_is_refused(old, themeline, tmp_path, where):
    (tmp_path / "empty").mkdir()
    answer = themeline("compare", old, tmp_path / where)
    assert answer.code == 2
    assert where in answer.message
