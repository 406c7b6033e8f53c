"""A run that would make again what is there writes nothing; one that would make anything else does."""

import shutil

import pytest

from analysis.reports import write_outputs
from analysis.study import run
from analysis.study.places import find_study
from analysis.study.run import load
from analysis.study.unchanged import hash_inputs, is_unchanged
from tests.conftest import make_papers, read_files, write_jsonl

SAYS = "nothing has changed since the last run"


@pytest.fixture
def folder(small_study, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(small_study.root, folder)
    return folder


def run_again(folder, **how):
    said = []
    study = run(folder, say=said.append, **how)
    return study, any(SAYS in line for line in said)


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_same_study_again_writes_nothing_and_gives_its_results(folder):
    before = stamps(folder)
    study, said_so = run_again(folder)
    assert said_so
    assert {path: stamp for path, stamp in stamps(folder).items() if path.name != "lock"} == {
        path: stamp for path, stamp in before.items() if path.name != "lock"
    }
    assert study.papers.equals(load(folder).papers)


def test_a_comment_in_the_settings_changes_nothing(folder):
    toml = folder / "study.toml"
    toml.write_text(toml.read_text() + "# seen\n")
    assert run_again(folder)[1]


def change_sources(folder):
    write_jsonl(folder / "papers.jsonl", make_papers(13))


def change_settings(folder):
    toml = folder / "study.toml"
    toml.write_text("seed = 7\n" + toml.read_text())


def add_sidecar(folder):
    (folder / "papers.toml").write_text("captured = 2030-01-01\n")


def change_figure(folder):
    next((folder / "figures").glob("*.html")).write_text("hacked")


def remove_vectors(folder):
    (folder / "data" / "model" / "vectors.npy").unlink()


def damage_table(folder):
    path = folder / "data" / "results" / "papers.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_mark(folder):
    (folder / ".themeline" / "made.json").write_text('{"inputs": []}')


def is_still_unchanged(folder):
    place = find_study(folder)
    return is_unchanged(place, hash_inputs(place))


@pytest.mark.parametrize(
    "change",
    [change_sources, change_settings, add_sidecar, change_figure, remove_vectors, damage_table, damage_mark],
)
def test_anything_that_changed_is_noticed(folder, change):
    assert is_still_unchanged(folder)
    change(folder)
    assert not is_still_unchanged(folder)


def test_what_was_damaged_is_made_right(folder):
    whole = read_files(folder)
    for damage in (change_figure, remove_vectors, damage_table):
        damage(folder)
    assert not run_again(folder)[1]
    assert read_files(folder) == whole
    assert is_still_unchanged(folder)


def test_other_code_is_noticed(folder, monkeypatch):
    monkeypatch.setattr("analysis.study.unchanged.hash_code", lambda *_: "another")
    assert not is_still_unchanged(folder)


def test_a_refit_that_is_asked_for_is_made(folder):
    assert not run_again(folder, refit=True)[1]


def leave_out_pictures(tables, folder, **how):
    figures, _ = write_outputs(tables, folder, **how)
    return figures, ["PNG and SVG were left out"]


def test_results_without_their_pictures_are_not_taken_for_complete(folder, monkeypatch):
    change_settings(folder)
    monkeypatch.setattr("analysis.reports.write_outputs", leave_out_pictures)
    run(folder)
    assert not is_still_unchanged(folder)
