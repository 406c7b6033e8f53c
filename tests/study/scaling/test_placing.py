"""The parts of a corpus find their place in a study: as one process would place them, whoever does it."""

import json
import shutil

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.study import load, place_source
from analysis.study.scaling import Engine, ingest_parts, open_engine, place_parts
from analysis.study.scaling.parts import read_part
from analysis.trends import share_by_period
from tests.conftest import read_files, write_jsonl
from tests.study.scaling.test_workers import KillingEngine
from tests.study.test_adding import RECORDS

NEW = [{**record, "id": f"new {record['id']}", "title": f"Anew: {record['title']}"} for record in RECORDS[::2]]


@pytest.fixture(scope="module")
def study(small_study):
    """A study that has been run; read only."""
    return small_study.root


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """23 papers in three parts; read only."""
    folder = tmp_path_factory.mktemp("corpus")
    source = write_jsonl(folder / "new.jsonl", NEW)
    ingest_parts(source, out=folder / "corpus", engine=Engine(), n_rows=9)
    return folder / "corpus"


@pytest.fixture(scope="module")
def placed(study, corpus, tmp_path_factory):
    """These, placed in this process; read only."""
    folder = tmp_path_factory.mktemp("placed") / "placed"
    place_parts(study, corpus, out=folder, engine=Engine())
    return folder


def read_rows(folder):
    return pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("part-*.parquet"))], ignore_index=True)


def test_parts_are_placed_as_one_stream_is(study, corpus, placed, tmp_path):
    place_source(study, corpus.parent / "new.jsonl", out=tmp_path / "one.parquet")
    pd.testing.assert_frame_equal(read_rows(placed), pd.read_parquet(tmp_path / "one.parquet"))
    told = json.loads((placed / "placed.json").read_text(encoding="utf-8"))
    assert (told["n_papers"], told["n_parts"]) == (23, 3)


def test_shares_are_those_of_all_papers(study, corpus, placed):
    papers = pd.concat([pd.read_parquet(path) for path in sorted(corpus.glob("part-*.parquet"))], ignore_index=True)
    papers["theme"] = read_rows(placed)["theme"]
    period = load(study).place.config.trends.period
    found = pd.read_parquet(placed / "shares.parquet")
    pd.testing.assert_frame_equal(found, share_by_period(papers, period=period), check_dtype=False)
    counts = pd.read_parquet(placed / "counts.parquet")
    assert counts["n_papers"].sum() == len(papers)
    assert set(counts["month"]) == set(papers["published"].astype(str).str[:7])


@pytest.mark.slow
def test_workers_place_the_same_bytes_though_one_is_killed(cluster, study, corpus, placed, tmp_path):
    killer = KillingEngine(cluster, tmp_path, at="place_part")
    place_parts(study, corpus, out=tmp_path / "placed", engine=killer)
    assert killer.n_killed == 1
    found, expected = read_files(tmp_path / "placed"), read_files(placed)
    assert [name for name in expected if found.get(name) != expected[name]] == []
    assert found.keys() == expected.keys()


def test_only_new_parts_are_placed(study, corpus, placed, tmp_path, monkeypatch):
    shutil.copytree(placed, tmp_path / "placed")
    (tmp_path / "placed" / "part-00001.parquet").write_bytes(b"damaged")
    (tmp_path / "placed" / ".made.json").write_text("{}", encoding="utf-8")
    made = []
    monkeypatch.setattr("analysis.study.scaling.placing._open_placer", lambda *_: made.append(1) or None)
    with pytest.raises(AttributeError):
        place_parts(study, corpus, out=tmp_path / "placed", engine=Engine())
    # The damaged part alone is made again; the others are taken over.
    assert len(made) == 1
    assert read_part(tmp_path / ".placed.started" / "out", "part-00000") is not None


def test_nothing_is_done_twice(study, corpus, placed, monkeypatch):
    before = read_files(placed)
    monkeypatch.setattr("analysis.study.scaling.placing.place_part", pytest.fail)
    place_parts(study, corpus, out=placed, engine=Engine())
    assert read_files(placed) == before


def test_a_folder_that_is_no_corpus_is_refused(study, tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="no corpus in parts"), open_engine() as engine:
        place_parts(study, tmp_path / "other", out=tmp_path / "placed", engine=engine)
    assert not (tmp_path / "placed").exists()


def test_a_damaged_part_of_the_corpus_is_named(study, corpus, tmp_path):
    shutil.copytree(corpus, tmp_path / "corpus")
    with (tmp_path / "corpus" / "part-00001.parquet").open("r+b") as file:
        file.write(b"X")
    with pytest.raises(InputError, match="part-00001 damaged"):
        place_parts(study, tmp_path / "corpus", out=tmp_path / "placed", engine=Engine())


def test_a_study_without_a_model_is_said(study, corpus, tmp_path):
    shutil.copytree(study, tmp_path / "study")
    (tmp_path / "study/data/model/model.json").unlink()
    with pytest.raises(InputError, match="keeps no fitted model"):
        place_parts(tmp_path / "study", corpus, out=tmp_path / "placed", engine=Engine())


def test_the_commands_take_a_scheduler(themeline, study, corpus, tmp_path):
    source = corpus.parent / "new.jsonl"
    made = themeline("ingest", source, "--out", tmp_path / "corpus", "--parts", 9, "--scheduler", "none", "--json")
    assert (made.code, json.loads(made.out)["n_parts"]) == (0, 3)
    answer = themeline("place", study, tmp_path / "corpus", "--out", tmp_path / "placed", "--scheduler", "none")
    assert answer.code == 0
    assert "23 papers placed in 3 parts" in answer.out
    refused = themeline("ingest", source, "--out", tmp_path / "corpus.parquet", "--parts", 9)
    assert (refused.code, "write a folder" in refused.err) == (2, True)
    refused = themeline("place", study, tmp_path / "corpus", "--out", tmp_path / "other", "--scheduler", "nowhere")
    assert (refused.code, "--scheduler nowhere: not known" in refused.err) == (2, True)
    refused = themeline("place", study, tmp_path / "corpus", "--scheduler", "none", "--map", "abstract=Summary")
    assert (refused.code, "parts have their columns already" in refused.err) == (2, True)
