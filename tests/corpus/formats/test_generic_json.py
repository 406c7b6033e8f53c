import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.corpus.formats.json import generic as generic_json
from analysis.corpus.formats.json.dialects import Place
from analysis.corpus.formats.json.generic import DIALECTS, JSON_FORMATS
from analysis.corpus.records import RawRecord
from tests.corpus.made_sources import make_source, read_with

GENERIC = JSON_FORMATS[-1]
OPENALEX = JSON_FORMATS[0]
WORK = {"id": "https://openalex.org/W1", "title": "A", "abstract_inverted_index": {"We": [0]}, "note": "Better text."}


def write(tmp_path, *items, name="p.jsonl"):
    path = tmp_path / name
    path.write_text("".join(f"{json.dumps(item)}\n" for item in items))
    return path


def test_a_file_of_several_dialects_is_read_record_by_record(tmp_path):
    snapshot = {"id": "2305.00010", "title": "B", "abstract": "b", "categories": "cs.RO", "versions": []}
    own = {"id": "own", "title": "C", "abstract": "c", "year": 2020}
    path = write(tmp_path, own, WORK, snapshot, own)
    assert not OPENALEX.recognise(make_source(path))
    records = read_with(GENERIC, path).records
    assert [record.paper_id for record in records] == ["own", "W1", "2305.00010", "own"]
    assert [record.abstract for record in records] == ["c", "We", "b", "c"]


def test_records_with_other_keys_each_are_read_by_their_own(tmp_path):
    path = write(tmp_path, {"title": "A", "abstract": "x"}, {"Title": "B", "Summary": "y"}, {"x": 1})
    assert [(one.title, one.abstract) for one in read_with(GENERIC, path).records] == [("A", "x"), ("B", "y"), ("", "")]


def test_keys_of_any_length_and_number_leave_the_note_short(tmp_path):
    paper = {"title": "A", "abstract": "x", "year": 2020}
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"data" * 20_000: [paper, paper], **{f"{i}" * 100: [paper] for i in range(99)}}))
    found = read_with(GENERIC, path)
    assert len(found.records) == 2
    (note,) = [note for note in found.notes if "its records are read from" in note]
    assert len(note) < 2_000


def test_a_key_that_the_user_names_is_read(tmp_path):
    path = write(tmp_path, {"headline": "A", "body": "x"}, {"title": "B"})
    columns = {"title": "headline", "abstract": "body", "venue": "nowhere"}
    records, _, notes, _ = read_with(GENERIC, path, columns=columns)
    assert [(record.title, record.abstract) for record in records] == [("A", "x"), ("B", "")]
    assert any("--map venue=nowhere: no record has such a key" in note for note in notes)


def test_a_key_that_the_user_names_takes_the_place_of_the_dialect_s(tmp_path):
    columns = {"abstract": "note", "label_note": "note"}
    (record,) = read_with(OPENALEX, write(tmp_path, WORK), columns=columns).records
    assert (record.title, record.abstract, record.paper_id) == ("A", "Better text.", "W1")
    assert record.labels == {"note": "Better text."}


def test_a_file_without_titles_and_abstracts_is_refused_with_its_keys(tmp_path):
    with pytest.raises(
        InputError, match=r"none of its 2 records has a title or an abstract \(keys found: name, age, x\)"
    ):
        read_with(GENERIC, write(tmp_path, {"name": "A", "age": 3}, {"x": 1}))


@pytest.mark.parametrize(
    "table",
    [
        {"title": {"0": "A", "1": "B"}, "abstract": {"0": "a", "1": "b"}},
        {"columns": ["title", "abstract"], "index": [0, 1], "data": [["A", "a"], ["B", "b"]]},
    ],
)
def test_a_table_by_columns_is_refused_with_advice(tmp_path, table):
    path = tmp_path / "table.json"
    path.write_text(json.dumps(table))
    with pytest.raises(InputError, match=r"orient='records'"):
        read_with(GENERIC, path)


def test_a_file_without_abstracts_is_read_and_that_is_said(tmp_path):
    notes = read_with(GENERIC, write(tmp_path, {"title": "A"}, {"title": "B"})).notes
    assert any("no record has an abstract" in note for note in notes)


def test_a_long_file_of_no_use_is_given_up_early(tmp_path, monkeypatch):
    monkeypatch.setattr(generic_json, "_MAX_USELESS", 100)
    path = tmp_path / "p.json"
    path.write_text(json.dumps(list(range(1000))))
    with pytest.raises(InputError, match="100 of its first 100 values are no records"):
        read_with(GENERIC, path)
    path.write_text(json.dumps([{"x": 1}] * 1000))
    with pytest.raises(InputError, match="none of its 100 records has a title"):
        read_with(GENERIC, path)


@pytest.mark.parametrize(
    "text",
    ["{\\rtf1 Rich}", "@article{a,}", "<a/>", "TY  - JOUR", "title,abstract\nA,b\n", "[a link](x)", "Dear all,", ""],
)
def test_other_texts_are_not_taken_for_json(tmp_path, text):
    path = tmp_path / "x"
    path.write_text(text)
    assert not any(form.recognise(make_source(path)) for form in JSON_FORMATS)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2023-05-06"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "date-parts", "text"]), inner)
    ),
    max_leaves=6,
)
KEYS = [
    "id", "title", "abstract", "summary", "authors", "author", "paper", "content", "info", "versions", "categories",
    "authors_parsed", "abstract_inverted_index", "authorships", "publication_date", "paperId", "externalIds", "year",
    "forum", "invitations", "pdate", "DOI", "issued", "type", "keywords", "keyword", "note", "custom", "ids", "doi",
    "locations", "primary_location", "publishedAt", "upvotes", "@id", "citedPaper", "venue", "journal", "updated-by",
]  # fmt: skip


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8), st.sampled_from(DIALECTS))
def test_no_dialect_stumbles_over_values_of_other_types(item, dialect):
    found = dialect.read(item, Place("p.json", "item 1", ""))
    if isinstance(found, RawRecord):
        texts = (found.title, found.abstract, found.paper_id, found.venue, found.doi, found.url, found.language)
        assert all(isinstance(text, str) for text in (*texts, *found.authors, *found.labels.values()))
