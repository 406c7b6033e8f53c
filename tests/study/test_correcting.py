"""Corrections by hand on a study: saved, counted, undone, done again after every fit, and told of."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.curation import Wording, collect_counts, read_counts
from analysis.curation.words import Group, find_words
from analysis.results import publish
from analysis.study import apply_corrections_again, check, load, run
from analysis.study.places import find_corrections, plan_study
from analysis.study.writing import hold_study, write_settings
from analysis.themes.embedding import MiniLM
from analysis.themes.model import read_model
from analysis.themes.placements import keep_none
from tests.conftest import read_files, write_jsonl
from tests.study.made_corrections import CORRECTED_BY_HAND, RECIPES, STARS, record, tables_of
from tests.study.made_records import FIRST, SECOND


@pytest.fixture
def folder(fitted, tmp_path):
    return shutil.copytree(fitted, tmp_path / "study")


def themes_of(study, papers):
    return list(study.papers.set_index("paper_id")["theme"][papers])


def test_a_study_without_corrections_keeps_no_second_copy_of_its_tables(fitted):
    assert not (fitted / "data/found").exists()
    assert "corrections" not in record(fitted)


def test_a_renamed_theme_bears_its_name_in_every_table_and_the_file_says_so(folder):
    study = load(folder).rename("Robotics", "Robots at work")
    assert study.themes.set_index("theme").loc["robotics", ["label", "edited"]].tolist() == ["Robots at work", True]
    assert study.papers["theme_reason"].str.contains("Robots at work").any()
    assert load(folder).themes.equals(study.themes)
    assert 'label = "Robots at work"' in (folder / "curation.toml").read_text(encoding="utf-8")
    assert study.journal[["act", "do", "what"]].to_numpy().tolist() == [
        ["done", "rename", "Renamed “Robotics” to “Robots at work”."]
    ]


@pytest.mark.parametrize(
    "correct",
    [
        lambda study: study.rename("robotics", "Robots"),
        lambda study: study.merge([STARS, RECIPES], label="Sky and bread"),
        lambda study: study.split(STARS, topics=["Young star"], label="Young stars"),
        lambda study: study.move(["r0", "s1"], to="Recipe"),
        lambda study: study.ignore(["galaxy", "robot"]),
    ],
    ids=["rename", "merge", "split", "move", "ignore"],
)
def test_undo_gives_the_same_bytes(folder, correct):
    before, record_before = tables_of(folder), record(folder)
    corrected = correct(load(folder))
    shares = corrected.shares.groupby("period")["count"].sum()
    assert (shares == load(folder).shares.groupby("period")["total"].first()).all()
    undone = corrected.undo()
    assert undone.journal["act"].tolist() == ["done", "undone"]
    left = tables_of(folder)
    assert {name for name in {*before, *left} if before.get(name) != left.get(name)} == {"data/journal.jsonl"}
    assert record(folder) == record_before


def test_what_cannot_be_done_is_refused_and_nothing_is_changed(folder):
    study, before = load(folder), read_files(folder)
    for refused, message in (
        (lambda: study.rename("robotic", "x"), "Did you mean 'Robotics'"),
        (lambda: study.rename("robotics", "recipe"), "another theme is called “Recipe”"),
        (lambda: study.rename("robotics", "a\u202eb"), "label"),
        (lambda: study.merge(["robotics"]), "two themes or more"),
        (lambda: study.split("robotics", label="x"), "give topics, papers"),
        (lambda: study.split("robotics", papers=["c0"], label="x"), "of another theme"),
        (lambda: study.split("robotics", topics=["no topic"], label="x"), "no topic 'no topic'"),
        (lambda: study.move(["nobody", "no one"], to="robotics"), r"2 papers \(nobody, no one\) are not in the study"),
        (lambda: study.move([], to="robotics"), "no paper was given"),
        (lambda: study.ignore("?"), "needs a letter"),
        (study.undo, "holds no correction"),
        (study.redo, "nothing was undone"),
    ):
        with pytest.raises(InputError, match=message):
            refused()
    assert read_files(folder) == before


def test_a_run_after_a_correction_draws_it_and_fits_nothing(folder, monkeypatch):
    (folder / "curation.toml").write_text(CORRECTED_BY_HAND, encoding="utf-8")
    monkeypatch.setattr("analysis.themes.sampling.fit_and_place", lambda *_, **__: pytest.fail("it fits"))
    said = []
    study = run(folder, say=said.append)
    assert any("nothing is fitted" in line for line in said)
    assert any("correction 1 (merge) was not done: there is no theme “gone”" in line for line in said)
    assert study.run["corrections"]["failed"][0]["what"] == "there is no theme “gone”"
    study.rename(RECIPES, "Recipes")
    assert any("theme-lines" in fault for fault in check(folder))
    run(folder)
    assert check(folder) == []
    report = (folder / "figures/reports/report.html").read_text(encoding="utf-8")
    assert "Corrected by hand: “Robots at work” and “Recipes”." in report
    assert "Correction 1 (merge) was not done: there is no theme “gone”." in report
    assert "Corrected by hand" in (folder / "figures/theme-lines.html").read_text(encoding="utf-8")
    assert "Corrected by hand" not in (folder / "figures/ledger.html").read_text(encoding="utf-8")
    assert 'themes = ["galaxies-stars", "gone"]' in (folder / "curation.toml").read_text(encoding="utf-8")
    before = read_files(folder)
    run(folder, say=said.append)
    assert "nothing has changed" in said[-1]
    assert read_files(folder) == before


def test_a_file_at_fault_stops_a_run_before_anything_is_written(folder):
    (folder / "curation.toml").write_text('[[corrections]]\ndo = "rename"\n', encoding="utf-8")
    before = read_files(folder)
    for refused in (run, apply_corrections_again):
        with pytest.raises(InputError, match=r"correction 1 \(rename\): theme is missing"):
            refused(folder)
    assert read_files(folder) == before


def test_corrections_hold_after_papers_were_added_and_after_a_new_fit(folder):
    study = load(folder).split(STARS, topics=["Young star"], label="Young stars")
    study = study.merge(["robotics", RECIPES], label="Machines and bread").move(["r0"], to="Young stars")
    more = write_jsonl(folder / "more.jsonl", SECOND)
    added = run(folder, add=[more])
    young = added.papers.set_index("paper_id").loc[[record["id"] for record in SECOND]]
    topics = set(study.papers.loc[study.papers["theme"] == "young-stars", "topic"]) - {0}
    follows = young["topic"].isin(topics) & young.index.str.startswith("s")
    assert set(young.loc[follows, "theme"]) <= {"young-stars"}
    refitted = run(folder, refit=True)
    for one in (added, refitted):
        assert not one.run["corrections"]["failed"]
        assert {"Young stars", "Machines and bread"} <= set(one.themes["label"])
        assert themes_of(one, ["r0", "s2", "r1", "c1"]) == ["young-stars", *themes_of(study, ["s2", "r1", "c1"])]
    assert len(refitted.papers) == len(FIRST) + len(SECOND)


@pytest.mark.parametrize("by", ["theme", "topic"])
def test_keyphrases_found_from_the_counts_of_a_study_are_those_of_its_fit(fitted, by):
    study = load(fitted)
    table, titles = getattr(study, f"{by}s"), study.papers["title"].tolist()
    wording = Wording(read_counts(fitted / "data/model"), study.vectors, MiniLM().encode)
    groups = [Group(np.flatnonzero(study.papers[by] == one), "", False, ()) for one in table[by]]
    assert [one.keyphrases for one in find_words(groups, wording, titles)] == list(table["keyphrases"])
    # Alone as beside the others.
    assert find_words(groups[1:2], wording, titles)[0].keyphrases == table["keyphrases"].iloc[1]


def test_phrases_of_papers_that_come_later_are_counted_as_those_of_the_fit(fitted, monkeypatch):
    study, counts = load(fitted), read_counts(fitted / "data/model")
    model = read_model(fitted / "data/model")
    none = keep_none([one.closeness.shape[1] for one in model.asked])
    rows = np.arange(len(study.papers))
    first, later = rows[rows % 3 > 0], rows[rows % 3 == 0]
    part = replace(counts.book, counts=counts.book.counts[first])
    found = collect_counts(part, list(counts.paper_ids[first]), study.papers, model, none)
    assert ((found.book.counts > 0) != (counts.book.counts > 0)).nnz <= 0.01 * counts.book.counts[later].nnz
    assert (found.fits == counts.fits).all()
    assert (found.closest == counts.closest).all()
    assert found.counted.all()
    monkeypatch.setattr("analysis.curation.counts._MOST_COUNTED", 5)
    some = collect_counts(part, list(counts.paper_ids[first]), study.papers, model, none)
    assert len(first) < some.counted.sum() <= len(first) + 5


def test_a_label_is_text_wherever_it_stands(folder):
    label = "<img src=x onerror=alert(1)>=1+1 [x](javascript:alert(2)) {{7*7}}"
    load(folder).rename(RECIPES, "=1+1").rename("robotics", label, draw=True)
    report = (folder / "figures/reports/report.html").read_text(encoding="utf-8")
    assert "<img src=x" not in report
    assert "&lt;img src=x" in report
    text = (folder / "figures/reports/report.md").read_text(encoding="utf-8")
    assert "<img" not in text
    assert "[x](javascript" not in text
    themes = pd.read_csv(folder / "figures/reports/themes.csv", dtype=str)
    assert "'=1+1" in set(themes["label"])


def test_the_command_line_corrects_and_takes_back(folder, themeline):
    assert themeline("correct", folder, "merge", STARS, "Recipe", "--label", "Sky and bread", "--no-draw").code == 0
    answer = themeline("correct", folder, "ignore", "robot", "--no-draw", "--json")
    assert [one["do"] for one in json.loads(answer.out)["applied"]] == ["merge", "ignore"]
    assert "Sky and bread" in {theme["label"] for theme in json.loads(answer.out)["themes"]}
    assert "Taken back: Ignored “robot”" in themeline("correct", folder, "undo", "--no-draw").out
    assert "undone: Ignored “robot”" in themeline("correct", folder, "journal").out
    refused = themeline("correct", folder, "move", "nobody", "--to", "robotics")
    assert (refused.code, "nobody is not in the study" in refused.message) == (2, True)
    with (folder / "curation.toml").open("a", encoding="utf-8") as file:
        file.write(CORRECTED_BY_HAND)
    assert themeline("correct", folder, "--no-draw").code == 1


def test_a_study_that_is_run_into_another_folder_takes_its_corrections_along(folder, tmp_path):
    load(folder).rename("robotics", "Robots at work")
    place = plan_study((folder,), out=tmp_path / "other")
    assert [one.label for one in find_corrections(place)] == ["Robots at work"]
    with hold_study(place.root) as staging:
        write_settings(place, staging)
        publish(staging)
    assert (tmp_path / "other/curation.toml").read_bytes() == (folder / "curation.toml").read_bytes()
    # From here on it has its own.
    load(folder).undo()
    assert len(find_corrections(plan_study((folder,), out=tmp_path / "other"))) == 1


def test_other_papers_are_placed_in_the_themes_that_there_are(folder):
    study = load(folder).merge([STARS, RECIPES], label="Sky and bread")
    placed = study.place_papers(pd.DataFrame(SECOND))
    assert set(placed["theme"]) == {"robotics", study.themes["theme"].iloc[1]}
    assert set(placed["label"]) == {"Robotics", "Sky and bread"}
    assert placed.loc[placed["theme"] != "robotics", "theme_reason"].str.contains("Sky and bread").all()
    topic = placed.loc[placed["theme"] != "robotics", "topic_label"].iloc[0]
    split = study.split("Sky and bread", topics=[topic], label="Some of it").place_papers(pd.DataFrame(SECOND))
    assert set(split.loc[split["topic_label"] == topic, "label"]) == {"Some of it"}
