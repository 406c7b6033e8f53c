"""The kernel's side of the explorer: what a form asks for is done to the study, and what cannot be is said."""

import dataclasses
import shutil

import pytest

from analysis.config import InputError
from analysis.study import load
from tests.explorer.unpacked import unpack_block


@pytest.fixture
def explorer(small_study, tmp_path):
    return load(shutil.copytree(small_study.root, tmp_path / "own")).explore()


@pytest.fixture
def ask(explorer, monkeypatch):
    """Send a message as the page does, and give the answer."""
    answers = []
    monkeypatch.setattr(explorer, "send", answers.append)

    def act(**message):
        explorer._answer(explorer, {"number": 7, **message}, [])
        return answers[-1]

    return act


def read_themes(explorer):
    return {one["theme"]: one for one in unpack_block(explorer.themes)["facts"]["themes"]}


def test_a_theme_renamed_in_the_form_is_renamed_in_the_study_and_on_disk(explorer, ask):
    theme = explorer.study.themes["theme"][0]
    assert ask(do="rename", theme=theme, label="Renamed by hand") == {"number": 7, "n_taken": 1}
    assert read_themes(explorer)[theme]["label"] == "Renamed by hand"
    assert read_themes(explorer)[theme]["edited"] is True
    again = load(explorer.study.root)
    assert again.themes.set_index("theme")["label"][theme] == "Renamed by hand"
    assert ask(do="undo") == {"number": 7, "n_taken": 2}
    assert read_themes(explorer)[theme]["label"] == load(explorer.study.root).themes["label"][0] != "Renamed by hand"


def test_a_study_corrected_in_python_is_shown_when_it_is_given_back(explorer):
    theme = explorer.study.themes["theme"][0]
    explorer.study = explorer.study.rename(theme, "Renamed in a cell")
    assert read_themes(explorer)[theme]["label"] == "Renamed in a cell"
    assert explorer.corrections[-1].endswith("to “Renamed in a cell”.")
    assert explorer.n_taken == 1
    explorer.study = explorer.study.undo()
    assert explorer.corrections == []


def test_a_study_of_other_papers_is_refused(explorer):
    other = dataclasses.replace(explorer.study.tables, papers=explorer.study.papers.iloc[1:].reset_index(drop=True))
    with pytest.raises(InputError, match="other papers"):
        explorer.study = type(explorer.study)(explorer.study.place, other)


def test_what_is_refused_is_said_and_changes_nothing(explorer, ask):
    before = explorer.themes
    assert "there is no theme 'nothing'" in ask(do="rename", theme="nothing", label="New")["error"]
    assert "nothing that can be done" in ask(do="erase")["error"]
    assert explorer.themes == before


def test_a_fault_of_ours_is_told_and_not_swallowed(explorer, ask, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("a fault")

    monkeypatch.setattr(type(explorer.study), "ignore", fail)
    with pytest.raises(RuntimeError):
        ask(do="ignore", words=["user"])
    assert "RuntimeError" in explorer.send.__self__[-1]["error"]


def test_search_by_meaning_gives_rows_of_the_papers(explorer, ask):
    rows = ask(do="search", words="robot grasping")["rows"]
    found = explorer.study.search("robot grasping", top=100)["paper_id"].tolist()
    assert explorer.study.papers["paper_id"].iloc[rows].tolist() == found


def test_papers_selected_on_the_map_are_at_hand_and_the_other_way_round(explorer):
    ids = explorer.study.papers["paper_id"].tolist()
    explorer.rows = [2, 5]
    assert explorer.selected["paper_id"].tolist() == [ids[2], ids[5]]
    explorer.select([ids[1]])
    assert explorer.rows == [1]
    explorer.select([])
    assert len(explorer.selected) == 0
    with pytest.raises(InputError, match="not in the study"):
        explorer.select(["nowhere"])


def test_every_block_is_sent_once(explorer):
    assert set(explorer.blocks) == {"core", "titles", "details", "near", "abstracts-0"}
    assert unpack_block(explorer.blocks["core"])["facts"]["n_papers"] == len(explorer.study.papers)
