import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.config import InputError
from analysis.corpus.formats.tables.frame import read_frame
from analysis.corpus.records import Note, RawRecord


def records(frame, columns=None):
    return [found for found in read_frame(frame, "frame", columns) if isinstance(found, RawRecord)]


def test_a_frame_is_read_with_what_pandas_calls_nothing():
    frame = pd.DataFrame(
        {
            "Title": ["A", "B", None],
            "abstract": pd.array(["x", pd.NA, "z"], dtype="string"),
            "published": pd.to_datetime(["2023-05-06", None, "2021-01-01"]),
            "n_authors": pd.array([2, pd.NA, 3], dtype="Int64"),
            "n_upvotes": [1.0, np.nan, 3.0],
            "authors": [np.array(["Ann Ng", "Cy Bee"]), [], ["Dee"]],
            "label_area": pd.Categorical(["robots", None, "vision"]),
        },
        index=[9, 9, 9],
    )
    before = frame.copy(deep=True)
    first, second, third = records(frame)
    assert (first.title, first.span.first, first.authors) == ("A", dt.date(2023, 5, 6), ("Ann Ng", "Cy Bee"))
    assert (first.n_authors, first.n_upvotes, first.labels) == (2, 1, {"area": "robots"})
    assert (second.abstract, second.span, second.n_authors, second.n_upvotes, second.labels) == (
        "",
        None,
        None,
        None,
        {},
    )
    assert (third.title, third.position) == ("", "row 3")
    pd.testing.assert_frame_equal(frame, before)


def test_names_that_are_no_text_and_names_given_twice_are_told_apart():
    frame = pd.DataFrame([["A", "first", "second", 5]], columns=["title", "abstract", "abstract", 0])
    (record,) = records(frame)
    assert (record.title, record.abstract) == ("A", "first")


def test_a_frame_of_ours_keeps_its_sources():
    frame = pd.DataFrame(
        {
            "paper_id": ["a"],
            "title": ["A"],
            "published": pd.to_datetime(["2023-02-01"]),
            "published_precision": ["month"],
            "published_inferred": [False],
            "source": ["x.bib"],
            "position": ["item 3"],
        }
    )
    (record,) = records(frame)
    assert (record.source, record.position, record.span.precision) == ("x.bib", "item 3", "month")


def test_columns_can_be_named_and_without_titles_the_frame_is_refused():
    frame = pd.DataFrame({"name": ["A"]})
    assert records(frame, {"title": "name"})[0].title == "A"
    with pytest.raises(InputError, match=r"frame: no column 'title' or 'abstract' \(columns found: name\)"):
        records(frame)


def test_what_was_made_of_the_columns_is_said():
    notes = [
        found.text
        for found in read_frame(pd.DataFrame({"title": ["A"], "pages": [3]}), "frame")
        if isinstance(found, Note)
    ]
    assert notes[0] == "frame: columns used: title; not used: pages."
    assert "no column holds abstracts" in notes[1]


def test_more_rows_than_a_piece_come_in_order():
    frame = pd.DataFrame({"title": [f"T{number}" for number in range(2_500)]})
    assert [record.title for record in records(frame)] == list(frame["title"])
