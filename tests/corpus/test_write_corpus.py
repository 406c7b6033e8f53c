import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.corpus import read_corpus, write_corpus

BUNDLED = Path(__file__).parents[2] / "data/raw/daily-papers-2025-10-17.txt"
ITEMS = [
    {"id": "a", "title": "T\\textbf{x} &amp;lt;b", "abstract": "x", "published": "2023-05", "labels": {"area": "r"}},
    {"id": "a", "title": "Other", "abstract": "y", "authors": ["Ann Ng; Junior", "Bee, Cy"], "doi": "10.1000/x"},
    {"title": "=Third", "n_comments": 0, "n_authors": 9, "url": "https://a.org"},
    {"title": ""},
]


def test_what_is_written_is_read_back_without_loss(lines, tmp_path):
    corpus = read_corpus(lines(*ITEMS))
    write_corpus(corpus, tmp_path / "out" / "corpus.parquet")
    again = read_corpus(tmp_path / "out" / "corpus.parquet")
    pd.testing.assert_frame_equal(again.papers, corpus.papers)
    assert again.ledger == {"read": 3, "merged": 0, "set_aside": 0, "kept": 3}


def test_the_bundled_listing_survives_with_its_capture_day(tmp_path):
    corpus = read_corpus(BUNDLED)
    write_corpus(corpus, tmp_path / "corpus.parquet")
    again = read_corpus(tmp_path / "corpus.parquet")
    pd.testing.assert_frame_equal(again.papers, corpus.papers)
    assert (again.sources[0].captured, again.sources[0].captured_from) == ("2025-10-17", "file")


def test_types_on_disk_are_fixed_when_a_column_is_null_throughout(lines, tmp_path):
    write_corpus(read_corpus(lines({"title": "A"})), tmp_path / "c.parquet")
    schema = pq.read_schema(tmp_path / "c.parquet")
    assert schema.field("published").type == pa.date32()
    assert schema.field("venue").type == pa.string()
    assert schema.field("n_upvotes").type == pa.int64()
    assert schema.field("authors").type == pa.list_(pa.string())


def test_the_account_lies_beside_the_papers(lines, tmp_path):
    corpus = read_corpus(lines(*ITEMS))
    written = write_corpus(corpus, tmp_path / "c.parquet")
    assert [path.name for path in written] == ["c.set_aside.jsonl", "c.ledger.json", "c.parquet"]
    account = json.loads(written[1].read_text("utf-8"))
    assert account["ledger"] == corpus.ledger
    assert account["sources"][0]["n_read"] == 4
    aside = [json.loads(line) for line in written[0].read_text("utf-8").splitlines()]
    assert [row["reason"] for row in aside] == ["neither title nor abstract"]


def test_the_same_corpus_gives_the_same_bytes(lines, tmp_path):
    corpus = read_corpus(lines(*ITEMS))
    first = [path.read_bytes() for path in write_corpus(corpus, tmp_path / "c.parquet")]
    assert [path.read_bytes() for path in write_corpus(corpus, tmp_path / "c.parquet")] == first


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(lines, tmp_path, monkeypatch):
    corpus = read_corpus(lines(*ITEMS))
    path = tmp_path / "out" / "c.parquet"
    write_corpus(corpus, path)
    before = {item.name: item.read_bytes() for item in path.parent.iterdir()}
    monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_corpus(corpus, path)
    assert {item.name: item.read_bytes() for item in path.parent.iterdir()} == before
