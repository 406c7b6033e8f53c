"""Counts of phrases on the disk."""

import json

import pytest

from analysis.config import InputError
from analysis.curation import read_counts, write_counts
from tests.curation.made_words import make_wording
from tests.made_study import make_tables

COUNTS = make_wording(make_tables()).counts


def test_what_is_read_is_what_was_written(tmp_path):
    write_counts(COUNTS, tmp_path)
    found, book = read_counts(tmp_path), COUNTS.book
    assert (found.book.counts != book.counts).nnz == 0
    assert list(found.book.keys) == list(book.keys)
    assert [found.book.write(key) for key in book.keys] == [book.write(key) for key in book.keys]
    assert found.book.common == book.common
    assert (found.named, list(found.paper_ids)) == (COUNTS.named, list(COUNTS.paper_ids))
    assert (found.closest == COUNTS.closest).all()
    assert (found.fits == COUNTS.fits).all()


def test_the_same_counts_are_the_same_bytes(tmp_path):
    for folder in (tmp_path / "one", tmp_path / "two"):
        write_counts(COUNTS, folder)
    for name in ("terms.npz", "terms.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_papers_that_are_not_there_are_not_counted():
    aligned = COUNTS.align([COUNTS.paper_ids[1], "nobody", COUNTS.paper_ids[0]])
    assert (aligned.book.counts[0] != COUNTS.book.counts[1]).nnz == 0
    assert aligned.book.counts[1].nnz == 0
    assert not aligned.fits[1].any()
    assert aligned.counted.tolist() == [True, False, True]
    assert aligned.fits[2].tolist() == COUNTS.fits[0].tolist()


def test_damaged_or_missing_counts_are_told_in_one_message(tmp_path):
    with pytest.raises(InputError, match="--refit"):
        read_counts(tmp_path)
    write_counts(COUNTS, tmp_path)
    texts = json.loads((tmp_path / "terms.json").read_text())
    for changed, message in (({"keys": texts["keys"][1:]}, "damaged"), ({"version": 99}, "version 99")):
        (tmp_path / "terms.json").write_text(json.dumps({**texts, **changed}))
        with pytest.raises(InputError, match=message):
            read_counts(tmp_path)
    (tmp_path / "terms.json").write_text(json.dumps(texts))
    (tmp_path / "terms.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged"):
        read_counts(tmp_path)
