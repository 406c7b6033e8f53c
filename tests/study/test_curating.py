"""Corrections by hand on the disk: counted, taken back, noted, and safe from kills and from each other."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from analysis.results import publish, recover
from analysis.study import apply_corrections_again, load, run
from analysis.study.writing import hold_study
from tests.study.made_corrections import CORRECTED_BY_HAND, RECIPES, STARS, record, tables_of


@pytest.fixture
def folder(fitted, tmp_path):
    return shutil.copytree(fitted, tmp_path / "study")


def test_counts_that_are_taken_over_are_those_that_counting_gives(folder, tmp_path, monkeypatch):
    other = shutil.copytree(folder, tmp_path / "other")
    with monkeypatch.context() as patch:
        patch.setattr("analysis.study.recounting.count_moves", lambda *_, **__: pytest.fail("it counts"))
        load(folder).rename("robotics", "Robots at work").rename(RECIPES, "Recipes")
    with monkeypatch.context() as patch:
        patch.setattr("analysis.study.recounting.take_counts", lambda *_: None)
        load(other).rename("robotics", "Robots at work").rename(RECIPES, "Recipes")
    assert tables_of(folder) == tables_of(other)
    assert record(folder) == record(other)
    assert any("“Robots at work”" in sentence for sentence in record(folder)["left_out"])
    # A paper that moves changes counts.
    monkeypatch.setattr("analysis.study.recounting.count_moves", lambda *_, **__: pytest.fail("it counts"))
    with pytest.raises(pytest.fail.Exception, match="it counts"):
        load(folder).move(["r0"], to=STARS)


def test_redo_gives_the_bytes_of_the_correction(folder):
    study = load(folder).merge([STARS, RECIPES])
    after = tables_of(folder)
    study.undo().redo()
    again = tables_of(folder)
    assert {name for name in {*after, *again} if after.get(name) != again.get(name)} == {"data/journal.jsonl"}


def test_a_correction_that_is_killed_in_its_swap_is_whole_at_the_next_start(folder, monkeypatch):
    before = tables_of(folder)
    study, rename = load(folder), os.replace
    renamed = []

    def die_after_three(source, target):
        if ".themeline/new" in str(source):
            renamed.append(target)
            if len(renamed) > 3:
                raise SystemExit("killed")
        rename(source, target)

    monkeypatch.setattr("analysis.results.swap.os.replace", die_after_three)
    with pytest.raises(SystemExit):
        study.merge([STARS, RECIPES])
    monkeypatch.undo()
    merged = load(folder)
    assert len(merged.themes) == 2
    assert merged.run["corrections"]["applied"]
    assert (folder / "curation.toml").exists()
    assert not recover(folder)
    merged.undo()
    left = tables_of(folder)
    assert {name for name in {*before, *left} if before.get(name) != left.get(name)} == {"data/journal.jsonl"}


def test_a_theme_that_was_split_off_keeps_its_colour_whatever_comes_later(folder):
    def color(study):
        return study.themes.set_index("theme")["color"]["young-stars"]

    study = load(folder).split(STARS, topics=["Young star"], label="Young stars")
    first = color(study)
    assert study.themes["color"].is_unique
    study = study.split("Recipe", papers=["c0", "c1"], label="A few recipes").merge(["robotics", "a-few-recipes"])
    assert color(study) == first
    (folder / "curation.toml").write_text((folder / "curation.toml").read_text(encoding="utf-8") + CORRECTED_BY_HAND)
    assert color(run(folder, refit=True)) == first


def test_every_correction_is_taken_back_at_once(folder):
    before = tables_of(folder)
    study = load(folder).rename("robotics", "Robots").merge([STARS, RECIPES]).undo(everything=True)
    assert study.journal["act"].tolist() == ["done", "done", "undone", "undone"]
    assert study.journal["do"].tolist() == ["rename", "merge", "merge", "rename"]
    left = tables_of(folder)
    assert {name for name in {*before, *left} if before.get(name) != left.get(name)} == {"data/journal.jsonl"}


def test_the_journal_tells_of_a_file_that_was_edited(folder):
    (folder / "curation.toml").write_text(CORRECTED_BY_HAND, encoding="utf-8")
    study = apply_corrections_again(folder, draw=False)
    assert study.journal["what"].tolist() == ["Read curation.toml as edited: 2 corrections, 1 not done."]
    assert len(apply_corrections_again(folder, draw=False).journal) == 1
    (folder / "curation.toml").unlink()
    again = apply_corrections_again(folder, draw=False).journal
    assert again["what"].iloc[-1] == "Read curation.toml as edited: no correction."


def test_a_correction_waits_for_another_one_to_end(folder):
    study = load(folder)
    with ThreadPoolExecutor() as pool, hold_study(folder) as staging:
        waiting = pool.submit(study.rename, "robotics", "Robots")
        assert not wait([waiting], timeout=0.3).done
        staging.folder.joinpath("note.txt").write_text("the other one", encoding="utf-8")
        publish(staging)
        # What follows may end only after the study is let go.
    assert waiting.result().themes.set_index("theme")["label"]["robotics"] == "Robots"
    assert (folder / "note.txt").exists()
