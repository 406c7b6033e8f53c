"""A corpus in parts holds what one reading of all sources gives, however it is cut."""

import json
import shutil

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.corpus import read_corpus, write_corpus
from analysis.study.scaling import duplicates, ingest_parts, joining, open_engine, parts, reading
from tests.conftest import read_files
from tests.study.scaling.made_sources import make_record

OPTIONS = {"as they are": {}, "some left out": {"undated": "drop", "languages": ("en",)}}


@pytest.fixture
def small_tasks(monkeypatch):
    """As many tasks of every kind as a large corpus would have."""
    for module in (joining, duplicates):
        monkeypatch.setattr(module, "count_buckets", lambda n_keys: -(-n_keys // 40))
    monkeypatch.setattr(joining, "RECORDS_A_TASK", 3)
    monkeypatch.setattr(duplicates, "PAIRS_A_TASK", 2)
    monkeypatch.setattr(reading, "BYTES_A_TASK", 1)


def ingest(sources, folder, *, scheduler="none", **options):
    with open_engine(scheduler) as engine:
        return ingest_parts(*sources, out=folder, engine=engine, **options)


def read_papers(folder):
    found = [pd.read_parquet(path) for path in sorted(folder.glob("part-*.parquet"))]
    return pd.concat(found, ignore_index=True)


def compare(folder, sources, tmp_path, options):
    """See that a folder of parts says what one reading says: papers, merges, pairs, the whole account."""
    corpus = read_corpus(*sources, **options)
    write_corpus(corpus, tmp_path / "one.parquet")
    pd.testing.assert_frame_equal(read_papers(folder), pd.read_parquet(tmp_path / "one.parquet"))
    expected = json.loads((tmp_path / "one.ledger.json").read_text(encoding="utf-8"))
    found = json.loads((folder / "corpus.ledger.json").read_text(encoding="utf-8"))
    for name in ("ledger", "sources", "flow", "merges", "near_duplicates", "date_audit"):
        assert found[name] == expected[name], name
    # Those inside one paper come by task, so their order is another.
    conflicts = [sorted(map(json.dumps, told["date_conflicts"])) for told in (found, expected)]
    assert conflicts[0] == conflicts[1]
    aside = folder / "corpus.set_aside.jsonl", tmp_path / "one.set_aside.jsonl"
    lines = [sorted(path.read_text(encoding="utf-8").splitlines()) for path in aside]
    assert lines[0] == lines[1]
    return corpus


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("n_rows", [1000, 12])
def test_parts_hold_what_one_reading_gives(sources, tmp_path, n_rows, options):
    ingest(sources, tmp_path / "corpus", n_rows=n_rows, **options)
    corpus = compare(tmp_path / "corpus", sources, tmp_path, options)
    # The sources test something: papers merged, by several rules, renamed, much alike.
    assert corpus.merges["rule"].nunique() == 3
    assert len(corpus.near_duplicates) >= 2
    assert "papers:p0-2" in set(corpus.papers["paper_id"])


def test_many_small_tasks_give_the_same(sources, tmp_path, small_tasks):
    ingest(sources, tmp_path / "corpus", n_rows=12, **OPTIONS["some left out"])
    compare(tmp_path / "corpus", sources, tmp_path, OPTIONS["some left out"])


def test_near_duplicates_can_be_left_out(sources, tmp_path):
    ingest(sources, tmp_path / "corpus", near_duplicates=False)
    compare(tmp_path / "corpus", sources, tmp_path, {"near_duplicates": False})


def test_the_folder_is_a_source_itself(sources, tmp_path):
    ingest(sources, tmp_path / "corpus", n_rows=10)
    again = read_corpus(tmp_path / "corpus")
    assert again.papers["paper_id"].tolist() == read_papers(tmp_path / "corpus")["paper_id"].tolist()
    assert again.merges.empty


def test_a_second_run_changes_nothing(sources, tmp_path, monkeypatch):
    first = ingest(sources, tmp_path / "corpus")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "corpus").iterdir()}
    monkeypatch.setattr("analysis.study.scaling.reading._read", pytest.fail)
    assert ingest(sources, tmp_path / "corpus") == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "corpus").iterdir()} == before


def test_a_run_goes_on_where_it_was_ended(sources, tmp_path, monkeypatch):
    ingest(sources, tmp_path / "whole", n_rows=12)
    with monkeypatch.context() as broken:
        broken.setattr("analysis.study.scaling.settling._write", lambda *_: pytest.fail("ended here"))
        with pytest.raises(pytest.fail.Exception):
            ingest(sources, tmp_path / "corpus", n_rows=12)
    assert not (tmp_path / "corpus").exists()
    # What was read by then is not read again.
    monkeypatch.setattr("analysis.study.scaling.reading._read", pytest.fail)
    ingest(sources, tmp_path / "corpus", n_rows=12)
    assert read_files(tmp_path / "corpus") == read_files(tmp_path / "whole") | {
        ".made.json": (tmp_path / "corpus/.made.json").read_bytes()
    }


def test_a_full_disk_leaves_the_old_corpus_whole(sources, tmp_path, monkeypatch):
    ingest(sources[:1], tmp_path / "corpus")
    before = read_files(tmp_path / "corpus")
    calls = iter(range(100))
    written = parts._hash_written

    def refuse(path, **options):
        if next(calls) >= 20:
            raise OSError(28, "No space left on device", str(path))
        return written(path, **options)

    monkeypatch.setattr(parts, "_hash_written", refuse)
    with pytest.raises(OSError, match="No space left"):
        ingest(sources, tmp_path / "corpus", n_rows=12)
    assert read_files(tmp_path / "corpus") == before


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"sources": ["absent.jsonl"]}, "no such file"),
        ({"n_rows": 0}, "at least 1 record"),
        ({"columns": {"abstract": "Summary"}}, "no source has such a column"),
        ({"sources": []}, "no source given"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(sources, tmp_path, changed, message):
    given = {"sources": sources, **changed}
    with pytest.raises(InputError, match=message):
        ingest(given.pop("sources"), tmp_path / "corpus", **given)
    assert not (tmp_path / "corpus").exists()


def test_every_source_at_fault_is_named(sources, tmp_path):
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_bytes(b"\x00\x01\x02 no text")
    with pytest.raises(InputError, match=r"(?s)one\.jsonl.*two\.jsonl"):
        ingest([*sources, tmp_path / "one.jsonl", tmp_path / "two.jsonl"], tmp_path / "corpus")


def test_a_source_is_never_written_over(sources, tmp_path):
    shutil.copytree(sources[0].parent, tmp_path / "corpus")
    with pytest.raises(InputError, match="A source is never changed"):
        ingest([tmp_path / "corpus"], tmp_path / "corpus")
    assert sorted(path.name for path in (tmp_path / "corpus").iterdir()) == ["papers.jsonl"]


def test_no_paper_left_is_said(tmp_path):
    source = tmp_path / "undated.jsonl"
    source.write_text(json.dumps(make_record(1, published=None)), encoding="utf-8")
    with pytest.raises(InputError, match="no paper is left"):
        ingest([source], tmp_path / "corpus", undated="drop")
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("address", ["dask", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://a b:1"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(InputError, match="not known"), open_engine(address):
        pass


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    monkeypatch.setattr("analysis.study.scaling.engine._SECONDS_TO_CONNECT", 0.3)
    with pytest.raises(InputError, match="no Dask scheduler answers"), open_engine("tcp://127.0.0.1:1"):
        pass
