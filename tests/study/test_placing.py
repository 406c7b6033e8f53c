"""Papers are placed by a study that stays as it is, and a study can be fitted on a sample of its papers."""

import gzip
import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.study import check, load, run
from analysis.study.row_files import COLUMNS
from tests.conftest import QUICK, read_files, write_jsonl
from tests.study.made_records import RECORDS, SECOND
from tests.themes.made_fit import LAW

N_FITTED = 30
TOML = f"""[corpus]
sources = ["papers.jsonl"]
[fit]
papers = {N_FITTED}
{QUICK}[themes]
n_alternatives = 4
[[themes.named]]
name = "Robotics"
phrases = ["robot manipulation", "robotic grasping"]
"""
EMPTY = {"id": "void", "title": "", "abstract": "", "published": "2020-01-01"}
NEW = [{**record, "id": f"new {record['id']}", "title": f"Again: {record['title']}"} for record in SECOND]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study of 46 papers, fitted on 30 of them; tests read it only."""
    folder = tmp_path_factory.mktemp("sampled") / "study"
    write_jsonl(folder / "papers.jsonl", RECORDS)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    run(folder)
    return folder


@pytest.fixture
def source(tmp_path):
    return write_jsonl(tmp_path / "new.jsonl", [*NEW, EMPTY])


def test_a_run_fits_a_sample_and_places_the_rest(study):
    found = load(study)
    assert len(found.papers) == len(RECORDS)
    assert found.papers["placed"].sum() == len(RECORDS) - N_FITTED
    assert found.run["lineage"] == [
        {"how": "fitted", "sources": ["papers.jsonl"], "n_papers": N_FITTED},
        {"how": "placed", "sources": ["papers.jsonl"], "n_papers": len(RECORDS) - N_FITTED},
    ]
    assert found.run["placement"]["refit_due"] is False
    assert found.shares["count"].sum() == len(RECORDS)
    assert check(study) == []
    report = (study / "figures/reports/report.md").read_text(encoding="utf-8")
    assert f"{len(RECORDS) - N_FITTED} papers from papers.jsonl were placed by the fitted model" in report


def test_papers_are_added_to_a_sampled_study_without_placing_any_again(study, tmp_path, monkeypatch):
    from analysis.themes.placing import Placer

    texts, place = [], Placer.place

    def count(self, papers, some, *arguments, **options):
        texts.extend(some)
        return place(self, papers, some, *arguments, **options)

    folder = tmp_path / "study"
    shutil.copytree(study, folder)
    monkeypatch.setattr(Placer, "place", count)
    after = run(folder, add=[write_jsonl(folder / "new.jsonl", NEW)])
    assert len(texts) == len(NEW)
    before = load(study)
    kept = after.papers[after.papers["paper_id"].isin(before.papers["paper_id"])]
    pd.testing.assert_frame_equal(kept[["topic", "theme"]], before.papers[["topic", "theme"]])
    assert after.theme_phrases["n_papers"].sum() == (after.papers["theme"] == "robotics").sum()
    assert check(folder) == []


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "rows.jsonl", "rows"])
def test_placing_writes_a_row_for_each_record_and_leaves_the_study_alone(study, source, tmp_path, themeline, name):
    before = read_files(study)
    out = tmp_path / "out" / name
    answer = themeline("place", study, source, "--out", out)
    assert answer.code == 0, answer.message
    assert f"{len(NEW) + 1} records read, {len(NEW)} papers placed, 1 records set aside" in answer.out
    if name.endswith(".csv"):
        rows = pd.read_csv(out, dtype={"paper_id": str})
    elif name.endswith(".jsonl"):
        rows = pd.DataFrame([json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()])
    else:
        rows = pq.read_table(out).to_pandas()
    assert list(rows.columns) == list(COLUMNS)
    assert list(rows["paper_id"]) == [record["id"] for record in NEW]
    assert list(rows["published"].astype(str)) == [record["published"] for record in NEW]
    assert set(rows.loc[rows["paper_id"].str.startswith("new r"), "label"]) == {"Robotics"}
    assert read_files(study) == before
    assert [path.name for path in out.parent.iterdir()] == [name]


def test_a_paper_is_placed_alike_whatever_comes_with_it(study, source, monkeypatch):
    opened = load(study)
    whole = opened.place_papers(source)
    monkeypatch.setattr("analysis.study.placing._PIECE", 4)
    monkeypatch.setattr("analysis.corpus.collecting.PIECE", 2)
    pd.testing.assert_frame_equal(opened.place_papers(source), whole, check_exact=True)
    frame = pd.DataFrame(NEW[:1])
    alone = opened.place_papers(frame)
    pd.testing.assert_frame_equal(
        alone.drop(columns=["source", "position"]), whole.iloc[:1].drop(columns=["source", "position"])
    )


def test_papers_of_the_study_lie_where_they_lay(study):
    found = load(study)
    placed = found.papers[found.papers["placed"]].reset_index(drop=True)
    again = found.place_papers(placed[["paper_id", "title", "abstract", "published"]])
    for column in ("topic", "theme", "theme_score", "theme_reason", "map_x"):
        pd.testing.assert_series_equal(again[column], placed[column], check_dtype=False)


def test_papers_of_another_field_are_told(study, tmp_path, themeline):
    records = [{"id": f"law{row}", "title": "Law", "abstract": text} for row, text in enumerate(LAW)]
    source = write_jsonl(tmp_path / "law.jsonl", records)
    answer = themeline("place", study, source, "--out", tmp_path / "a.csv", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["n_far"] == len(LAW)


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("rows.xlsx", "no such format"),
        (".", "this folder is there already"),
        ("new.jsonl", "this is the source"),
    ],
)
def test_an_output_that_cannot_be_is_refused(study, source, tmp_path, themeline, out, message):
    before = read_files(tmp_path)
    answer = themeline("place", study, source, "--out", tmp_path / out)
    assert (answer.code, message in answer.message) == (2, True)
    assert read_files(tmp_path) == before


@pytest.mark.parametrize("name", ["rows.parquet", "rows"])
def test_bad_input_leaves_nothing_behind(study, tmp_path, themeline, name):
    packed = gzip.compress(write_jsonl(tmp_path / "whole.jsonl", NEW).read_bytes())
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(packed[: len(packed) // 2])
    empty = write_jsonl(tmp_path / "empty.jsonl", [EMPTY])
    (tmp_path / "out").mkdir()
    missing = tmp_path / "missing.jsonl"
    for source, message in ((empty, "no paper could be read"), (missing, "no such file"), (broken, "damaged")):
        answer = themeline("place", study, source, "--out", tmp_path / "out" / name)
        assert (answer.code, message in answer.message) == (2, True), answer.message
        assert list((tmp_path / "out").iterdir()) == []


def test_a_study_whose_settings_changed_places_no_papers(study, source, tmp_path, themeline):
    folder = tmp_path / "study"
    shutil.copytree(study, folder)
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(f"papers = {N_FITTED}", "papers = 31"), encoding="utf-8")
    answer = themeline("place", folder, source, "--out", tmp_path / "a.csv")
    assert (answer.code, "[fit]: changed since the study was fitted" in answer.message) == (2, True), answer.message
