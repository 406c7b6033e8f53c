"""Corpora of every size and shape: each ends in a right result."""

import datetime as dt
import json

import pandas as pd
import pytest

from analysis.study import check, load, run
from tests.conftest import REPOSITORY, make_papers, write_jsonl, write_study

UNDATED = {"published": None}


def run_on(folder, papers, **options):
    """Run a study on records and hold it against what has to be true of every study."""
    study = run(write_study(folder, papers), **options)
    ledger = study.run["corpus"]["ledger"]
    assert ledger["read"] == len(papers) == ledger["kept"] + ledger["merged"] + ledger["set_aside"]
    assert ledger["kept"] == len(study.papers) == study.themes["size"].sum() == study.topics["size"].sum()
    assert ledger["set_aside"] == len(study.set_aside)
    assert study.papers["paper_id"].is_unique
    assert set(study.papers["theme"]) <= set(study.themes["theme"])
    assert study.papers[["map_x", "map_y", "topic_strength"]].notna().all(axis=None)
    assert check(folder) == []
    return study


@pytest.mark.parametrize("n_papers", [1, 3, 10, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 4, 5))])
def test_a_small_corpus_gets_every_table_and_no_bold_verdict(tmp_path, n_papers):
    study = run_on(tmp_path, make_papers(n_papers))
    assert len(study.papers) == n_papers
    assert set(study.trends["verdict"]) <= {"unclear"}
    assert study.shares["count"].sum() == n_papers


def test_identical_papers_are_merged_and_counted(tmp_path):
    study = run_on(tmp_path, [{"title": "One", "abstract": "The same text."}] * 12)
    assert (len(study.papers), study.run["corpus"]["ledger"]["merged"]) == (1, 11)


def test_papers_that_differ_in_their_id_only_are_one(tmp_path):
    papers = [{**paper, "title": "One", "abstract": "The same text."} for paper in make_papers(12)]
    study = run_on(tmp_path, papers)
    assert len(study.papers) == 1
    assert any("Merged by" in note for note in study.run["corpus"]["notes"])


def test_the_same_words_under_other_titles_are_no_failure(tmp_path):
    papers = [{**paper, "title": f"Part {i}", "abstract": "word"} for i, paper in enumerate(make_papers(25))]
    assert len(run_on(tmp_path, papers).papers) == 25


def test_papers_of_one_day_have_no_trend(tmp_path):
    study = run_on(tmp_path, make_papers(12, published="2024-05-06"))
    assert set(study.shares["period"].dt.year) == {2024}
    assert set(study.trends["verdict"]) <= {"unclear"}


def test_papers_without_dates_are_counted_undated(tmp_path):
    study = run_on(tmp_path, make_papers(12, **UNDATED))
    assert study.shares["period"].isna().all()
    assert study.shares["count"].sum() == 12
    assert study.trends["verdict"].tolist() == ["unclear"] * len(study.trends)


def test_one_dated_paper_among_undated_ones(tmp_path):
    study = run_on(tmp_path, [*make_papers(5, **UNDATED), *make_papers(6)[5:]])
    assert study.shares.groupby(study.shares["period"].isna())["count"].sum().to_dict() == {False: 1, True: 5}


def test_titles_without_abstracts_are_enough(tmp_path):
    study = run_on(tmp_path, make_papers(6, abstract=""))
    assert any("no abstract" in note for note in study.run["corpus"]["notes"])


def test_an_abstract_of_a_megabyte_is_kept_whole(tmp_path):
    long = "learning to grasp and to see " * 36_000
    study = run_on(tmp_path, [*make_papers(3), {"id": "long", "title": "Long", "abstract": long}])
    assert study.papers.set_index("paper_id")["abstract"]["long"] == long.strip()


def test_ids_that_clash_are_renamed_and_ids_that_repeat_merged(tmp_path):
    papers = make_papers(4)
    papers += [papers[0], {**papers[1], "title": "Another paper", "abstract": "Of other things."}]
    study = run_on(tmp_path, papers)
    notes = " ".join(study.run["corpus"]["notes"])
    assert len(study.papers) == 5
    assert "Merged by same id and title, 1 record: p0" in notes
    assert "Same id but another text, both kept" in notes


def test_records_that_hold_nothing_are_set_aside_with_the_reason(tmp_path):
    study = run_on(tmp_path, [*make_papers(3), {"id": "void", "title": " ", "abstract": None}])
    assert study.set_aside["reason"].tolist() == ["neither title nor abstract"]
    assert "void" in study.set_aside["raw"].iloc[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings_are_read_as_meant(tmp_path, themeline, no_browser, encoding):
    table = "title,abstract\n" + "".join(f"Café {i},Naïve robots learn {i}\n" for i in range(3))
    (tmp_path / "papers.csv").write_bytes(table.encode(encoding))
    answer = themeline("run", tmp_path / "papers.csv", "--out", tmp_path / "out", "--json")
    assert answer.code == 0
    assert load(tmp_path / "out").papers["title"].tolist() == ["Café 0", "Café 1", "Café 2"]


def test_what_run_returns_is_what_load_reads(small_study):
    loaded = load(small_study.root)
    for name in ("papers", "topics", "themes", "theme_scores", "alternatives", "set_aside", "shares", "trends"):
        pd.testing.assert_frame_equal(getattr(small_study, name), getattr(loaded, name), obj=name)
    assert {"schema": 1, **small_study.run} == loaded.run


def test_a_source_gets_a_study_that_runs_again_from_anywhere(tmp_path, themeline, no_browser, monkeypatch):
    write_jsonl(tmp_path / "in" / "my papers \x7f ü.jsonl", make_papers(3))
    monkeypatch.chdir(tmp_path / "in")
    answer = themeline("run", "my papers \x7f ü.jsonl", "--captured", "2024-03-04")
    made = tmp_path / "in" / "my papers \x7f ü-themeline"
    assert answer.code == 0
    monkeypatch.chdir(tmp_path)
    assert themeline("run", made).code == 0
    assert load(made).run["corpus"]["sources"][0]["captured"] == "2024-03-04"


def test_captured_ends_the_corpus_and_later_dates_are_no_dates(tmp_path):
    study = run_on(tmp_path, make_papers(6), captured="2019-12-31")
    assert study.papers["published"].max() <= pd.Timestamp(2019, 12, 31)
    assert study.papers["published"].isna().sum() == 2
    assert study.run["corpus"]["sources"][0]["captured"] == "2019-12-31"


def test_json_answers_parse(small_study, themeline, tmp_path):
    found = json.loads(themeline("search", small_study.root, "robots", "--json", "--top", "2").out)
    assert [set(paper) for paper in found] == [{"similarity", "title", "published", "theme", "paper_id"}] * 2
    assert found[0]["similarity"] >= found[1]["similarity"]
    assert json.loads(themeline("check", small_study.root, "--json").out) == {"holds": True, "faults": []}
    answer = themeline("ingest", small_study.root / "papers.jsonl", "--out", tmp_path / "corpus.parquet", "--json")
    assert json.loads(answer.out)["ledger"] == {"read": 12, "merged": 0, "set_aside": 0, "kept": 12}
    folder = write_study(tmp_path / "study", make_papers(2))
    summary = json.loads(themeline("run", folder, "--json").out)
    assert (summary["study"], summary["ledger"]["kept"]) == (str(folder), 2)
    assert {"theme", "label", "kind", "size", "verdict"} == set(summary["themes"][0])


def test_undated_papers_are_found_and_printed(tmp_path, themeline):
    folder = write_study(tmp_path, make_papers(3, **UNDATED))
    run(folder)
    assert themeline("search", folder, "robot", "grasping").out.count("undated") == 3
    assert json.loads(themeline("search", folder, "robot", "--json").out)[0]["published"] is None


def test_figures_and_report_are_made_again_from_the_tables_alone(own_study, themeline):
    folder = own_study
    (folder / "papers.jsonl").unlink()
    (folder / "figures" / "theme-shares.html").write_text("spoilt")
    (folder / "figures" / "reports" / "report.md").unlink()
    assert themeline("check", folder).code == 1
    assert themeline("report", folder, "--format", "md").code == 0
    assert themeline("check", folder).out.splitlines() == ["figures/theme-shares.html: not what the tables give"]
    assert themeline("figures", folder).code == 0
    assert themeline("check", folder).code == 0


def test_a_format_that_is_no_longer_asked_for_goes(own_study, themeline):
    folder, reports = own_study, own_study / "figures" / "reports"
    assert {path.suffix for path in reports.iterdir()} == {".html", ".md", ".csv"}
    toml = folder / "study.toml"
    toml.write_text(toml.read_text() + '[report]\nformats = ["md"]\n')
    own = folder / "figures" / "own.txt"
    own.write_text("mine")
    assert themeline("figures", folder).code == 0
    assert [path.name for path in reports.iterdir()] == ["report.md"]
    assert own.read_text() == "mine"


def test_the_bundled_study_keeps_all_its_papers(bundled_study):
    ledger = bundled_study.run["corpus"]["ledger"]
    assert ledger == {"read": 78, "merged": 0, "set_aside": 0, "kept": 78}
    assert bundled_study.papers["published"].max() <= pd.Timestamp(dt.date(2025, 10, 17))
    assert {"representation-learning", "robotics", "alignment"} <= set(bundled_study.themes["theme"])
    assert check(bundled_study.root) == []


def test_an_out_folder_leaves_the_study_itself_alone(bundled_study):
    assert bundled_study.root != REPOSITORY
    held = load(bundled_study.root)
    assert held.place.sources == load(bundled_study.root / "study.toml").place.sources
    assert held.place.config.themes.named == bundled_study.place.config.themes.named
