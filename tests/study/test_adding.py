"""Papers added to a study find their place in it, and nothing else moves."""

import json
import shutil

import pandas as pd
import pytest

from analysis.study import check, load, run
from tests.conftest import make_papers, read_files, write_jsonl
from tests.study.made_records import FIRST, LATE, RECORDS, SECOND, TOML, make_records
from tests.study.test_kills import start, wait_for
from tests.themes.made_fit import LAW

OF_A_PLACE = [
    "topic", "topic_strength", "theme", "theme_score", "theme_margin", "theme_runner_up", "theme_reason", "why_here",
    "map_x", "map_y",
]  # fmt: skip


@pytest.fixture(scope="module")
def added(fitted, tmp_path_factory):
    """The same with nine papers added, among them one that it has already."""
    folder = tmp_path_factory.mktemp("added") / "study"
    shutil.copytree(fitted, folder)
    run(folder, add=[write_jsonl(folder / "more.jsonl", [FIRST[3], *SECOND])])
    return folder


@pytest.fixture
def study(fitted, tmp_path):
    shutil.copytree(fitted, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def encoded(monkeypatch):
    """Every text that the encoder is given; no fit may start."""
    from analysis.themes.embedding import MiniLM

    texts, encode = [], MiniLM.encode

    def count(self, some, **options):
        texts.extend(some)
        return encode(self, some, **options)

    def refuse(*_, **__):
        raise AssertionError("a fit was started")

    monkeypatch.setattr(MiniLM, "encode", count)
    for name in ("build_themes", "refit", "cluster", "project", "build_graph", "collect_phrases"):
        monkeypatch.setattr(f"analysis.themes.build.{name}", refuse)
    return texts


def test_only_the_new_texts_are_embedded_and_nothing_is_fitted(study, encoded):
    shutil.rmtree(study / "data" / "cache")
    found = run(study, add=[write_jsonl(study / "more.jsonl", SECOND)])
    assert len(encoded) == len(SECOND)
    assert all(any(record["abstract"][:40] in text for record in SECOND) for text in encoded)
    assert len(found.papers) == len(RECORDS)


def test_papers_that_were_there_keep_their_place(fitted, added):
    before, after = load(fitted).papers.set_index("paper_id"), load(added).papers.set_index("paper_id")
    pd.testing.assert_frame_equal(after.loc[before.index, OF_A_PLACE], before[OF_A_PLACE])
    assert not after.loc[before.index, "placed"].any()
    assert set(after.index[after["placed"]]) == set(LATE)
    assert list(after.index) == [record["id"] for record in [*FIRST, *SECOND]]


def test_themes_and_topics_stay_who_they_are_and_count_the_new_papers(fitted, added):
    before, after = load(fitted), load(added)
    for table, key, counted in (("themes", "theme", 9), ("topics", "topic", 9)):
        one, other = getattr(before, table), getattr(after, table)
        stays = [name for name in one if name not in
                 ("size", "representatives", "first_published", "last_published", "theme_purity")]  # fmt: skip
        pd.testing.assert_frame_equal(other[stays], one[stays])
        sizes = after.papers[key].value_counts()
        assert list(other["size"]) == [sizes[name] for name in other[key]]
        assert other["size"].sum() - one["size"].sum() == counted
    dates = after.papers.groupby("theme")["published"]
    assert list(after.themes["last_published"]) == [dates.max()[theme] for theme in after.themes["theme"]]
    assert after.shares["count"].sum() - before.shares["count"].sum() == 9


def test_named_themes_count_the_new_papers(fitted, added):
    before, after = load(fitted), load(added)
    robots = after.papers[after.papers["theme"] == "robotics"]
    assert {"r4again", "r5again", "r6again"} <= set(robots["paper_id"])
    assert after.theme_phrases["n_papers"].sum() == len(robots)
    assert list(after.theme_phrases["n_lost"]) == list(before.theme_phrases["n_lost"])
    assert len(after.theme_scores) == len(RECORDS)
    assert list(after.theme_scores["paper_id"]) == list(after.papers["paper_id"])


def test_every_refit_knows_the_new_papers(fitted, added):
    before, after = load(fitted).alternatives, load(added).alternatives
    old = after[~after["paper_id"].isin(LATE)].reset_index(drop=True)
    pd.testing.assert_frame_equal(old, before)
    new = after[after["paper_id"].isin(LATE)]
    assert list(dict.fromkeys(after["run"])) == list(dict.fromkeys(before["run"]))
    assert (new[new["run"].str.startswith("seed")].groupby("run").size() == len(LATE)).all()
    assert new[new["run"].str.startswith("resample")].groupby("run").size().between(4, 9).all()
    assert set(new["theme"]) <= set(load(added).themes["theme"])


def test_the_record_tells_where_papers_came_from_and_whether_they_fit(added):
    record = load(added).run
    assert record["lineage"] == [
        {"how": "fitted", "sources": ["papers.jsonl"], "n_papers": len(FIRST)},
        {"how": "placed", "sources": ["more.jsonl"], "n_papers": len(SECOND)},
    ]
    assert record["placement"]["refit_due"] is False
    assert (record["placement"]["n_new"], record["placement"]["n_fitted"]) == (len(SECOND), len(FIRST))
    assert record["corpus"]["ledger"]["merged"] == 1
    assert [source["name"] for source in record["corpus"]["sources"]] == ["papers.jsonl", "more.jsonl"]
    assert any(rung.startswith("Placed") for rung in record["rungs"])


def test_outputs_are_whole_and_the_search_finds_the_new_papers(added):
    assert check(added) == []
    assert "s5again" in set(load(added).search("light curves and telescopes of stars", top=40)["paper_id"])


def test_settings_gain_the_source_and_keep_the_rest(added):
    text = (added / "study.toml").read_text(encoding="utf-8")
    assert text == TOML.replace("# the first lot\n", '# the first lot\n  "more.jsonl",\n')


def test_the_same_file_twice_changes_nothing(added, encoded):
    before, record = read_files(added), (added / "data/results/run.json").read_bytes()
    said = []
    run(added, add=[added / "more.jsonl"], say=said.append)
    assert "Not a byte was changed" in said[-1]
    copy = added.parent / "copy.jsonl"
    shutil.copy(added / "more.jsonl", copy)
    run(added, add=[copy])
    assert read_files(added) == before
    assert (added / "data/results/run.json").read_bytes() == record
    assert not encoded


def test_a_new_file_without_a_new_paper_is_accounted_for(study, encoded):
    before = load(study).papers
    after = run(study, add=[write_jsonl(study / "again.jsonl", FIRST[:3])])
    pd.testing.assert_frame_equal(after.papers, before)
    assert after.run["corpus"]["ledger"]["merged"] == 3
    assert after.run["lineage"][-1] == {"how": "placed", "sources": ["again.jsonl"], "n_papers": 0}
    assert check(study) == []
    assert not encoded


@pytest.mark.slow
def test_two_steps_end_where_one_does(added, study):
    run(study, add=[write_jsonl(study / "one.jsonl", SECOND[:4])])
    two = run(study, add=[write_jsonl(study / "other.jsonl", SECOND[4:])])
    both = load(added)
    pd.testing.assert_frame_equal(
        two.papers.drop(columns=["source", "position"]), both.papers.drop(columns=["source", "position"]), atol=2e-6
    )
    pd.testing.assert_frame_equal(two.themes, both.themes)
    pd.testing.assert_frame_equal(two.alternatives, both.alternatives)
    assert [part["n_papers"] for part in two.run["lineage"]] == [len(FIRST), 4, 5]


def test_a_richer_record_is_placed_anew(study):
    longer = FIRST[0]["abstract"] + " " + SECOND[-1]["abstract"] + " And more on the same, at length."
    after = run(study, add=[write_jsonl(study / "rich.jsonl", [{**FIRST[0], "abstract": longer, "venue": "V"}])]).papers
    changed = after.loc[after["paper_id"] == FIRST[0]["id"]].iloc[0]
    assert (changed["abstract"], changed["placed"], after["placed"].sum()) == (longer, True, 1)


@pytest.mark.slow
def test_a_refit_that_takes_over_no_names_is_a_fit_on_all(study, tmp_path):
    found = run(study, add=[write_jsonl(study / "more.jsonl", SECOND)], refit=True, fresh=True)
    assert found.run["lineage"] == [
        {"how": "fitted", "sources": ["papers.jsonl", "more.jsonl"], "n_papers": len(RECORDS)}
    ]
    assert not found.papers["placed"].any()
    other = tmp_path / "other"
    shutil.copytree(study, other, ignore=shutil.ignore_patterns("data", "figures"))
    run(other)
    assert read_files(other) == read_files(study)


def test_another_field_asks_for_a_new_fit(study):
    texts = {f"law{row}": text for row, text in enumerate(LAW)}
    said = []
    found = run(study, add=[write_jsonl(study / "law.jsonl", make_records(texts))], say=said.append)
    assert found.run["placement"]["refit_due"] is True
    assert any("A new fit is due (--refit)" in line for line in said)


@pytest.mark.slow
def test_a_kill_leaves_the_old_generation(study):
    shutil.rmtree(study / ".themeline")
    write_jsonl(study / "more.jsonl", SECOND)
    before = read_files(study)
    process = start("run", study, "--add", study / "more.jsonl")
    wait_for(process, study, ".themeline/new/data/results/run.json")
    process.kill()
    process.communicate()
    assert read_files(study) == before
    assert check(study) == []
    assert len(run(study, add=[study / "more.jsonl"]).papers) == len(RECORDS)


def refuse_settings(folder):
    path = folder / "study.toml"
    path.write_text(path.read_text().replace("robotic grasping", "robot walking"))


def refuse_model(folder):
    shutil.rmtree(folder / "data" / "model")


def refuse_lost(folder):
    write_jsonl(folder / "papers.jsonl", FIRST[2:])


def refuse_schema(folder):
    path = folder / "data/results/run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 1}))


def refuse_line(folder):
    path = folder / "study.toml"
    path.write_text(path.read_text().replace("sources =", '"s\\u006furces" ='))


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (refuse_settings, r"study.toml \[themes\]: changed since the study was fitted.*--refit"),
        (refuse_model, r"model.json: this study keeps no fitted model.*Run the study again"),
        (refuse_lost, r"2 of the study's 37 papers are no longer in its sources \(r0, r0again\).*--refit"),
        (refuse_schema, r"schema version 1, but this version reads.*Run the study again"),
        (refuse_line, r"no line `sources = \[...\]` was found to add to. Add there by hand: \"more.jsonl\""),
    ],
)
def test_what_cannot_be_added_to_says_why_and_stays(study, themeline, harm, message):
    write_jsonl(study / "more.jsonl", SECOND)
    harm(study)
    before = read_files(study)
    answer = themeline("run", study, "--add", study / "more.jsonl")
    assert answer.code == 2
    assert pd.Series([answer.message]).str.contains(message).all(), answer.message
    assert read_files(study) == before


def test_only_a_study_is_added_to(study, tmp_path, themeline):
    source = write_jsonl(tmp_path / "source.jsonl", make_papers(3))
    answer = themeline("run", source, "--add", study / "papers.jsonl")
    assert (answer.code, "need one study" in answer.message) == (2, True)
    answer = themeline("run", tmp_path / "nowhere", "--add", source)
    assert (answer.code, "no such" in answer.message) == (2, True)
    answer = themeline("run", study, "--add", source, "--out", tmp_path / "out")
    assert (answer.code, "Leave --out away" in answer.message) == (2, True)
    answer = themeline("run", study, "--add", tmp_path / "missing.jsonl")
    assert (answer.code, "no such file" in answer.message) == (2, True)


def test_the_command_adds(study, themeline):
    answer = themeline("run", study, "--add", write_jsonl(study / "more.jsonl", SECOND))
    assert answer.code == 0
    assert f"placed   {len(SECOND)} papers by the model of {len(FIRST)} fitted ones" in answer.err
    again = themeline("run", study, "--add", study / "more.jsonl")
    assert (again.code, "nothing" in again.err) == (0, True)
