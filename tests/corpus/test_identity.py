import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.corpus import read_corpus
from analysis.corpus.identity import identify_papers, make_id
from analysis.corpus.records import RawRecord


def paper(paper_id="", title="Robots", abstract="We move robots.", source="a.jsonl", **more):
    return RawRecord(
        position="line 1", raw="", paper_id=paper_id, title=title, abstract=abstract, source=source, **more
    )


def ids(found):
    return [record.paper_id for record in found.papers]


def test_an_id_stands_as_it_is_then_doi_then_arxiv_id_then_hash():
    assert make_id(paper("Own/7 B", doi="10.1/x")) == "Own/7 B"
    assert make_id(paper(doi="10.1000/x", arxiv_id="2503.11731")) == "10.1000/x"
    assert make_id(paper(arxiv_id="2503.11731")) == "2503.11731"
    assert make_id(paper()) == make_id(paper(title="ROBOTS!", abstract="We move\nrobots"))
    assert make_id(paper()) == "hdfddb7468930"


def test_the_same_id_and_text_are_one_paper():
    found = identify_papers([paper("a"), paper("a", abstract="We  MOVE robots"), paper("a", abstract="")])
    assert (ids(found), found.n_merged) == (["a"], 2)


def test_the_same_id_with_another_text_in_one_source_gets_a_number():
    found = identify_papers([paper("a"), paper("a", title="B"), paper("a-2", title="C"), paper("a", title="D")])
    assert (ids(found), found.n_merged) == (["a", "a-3", "a-2", "a-4"], 0)


def test_a_clash_between_sources_puts_the_source_in_front():
    found = identify_papers([paper("1"), paper("1", title="Other", source="b.jsonl.gz")])
    assert ids(found) == ["1", "b:1"]


def test_a_revised_abstract_in_another_source_is_the_same_paper():
    found = identify_papers([paper("1"), paper("1", abstract="We move robots, and code.", source="b.jsonl")])
    assert (ids(found), found.n_merged) == (["1"], 1)
    assert found.papers[0].abstract == "We move robots."


def test_the_same_text_under_two_ids_is_one_paper():
    found = identify_papers([paper("a"), paper("b", source="b.csv"), paper("c", title="Else")])
    assert (ids(found), found.merged_by_text) == (["a", "c"], ["b into a"])


def test_two_papers_with_one_title_and_no_abstract_stay_two():
    found = identify_papers([paper("a", "Editorial", ""), paper("b", "Editorial", "")])
    assert ids(found) == ["a", "b"]


def test_merging_keeps_the_richer_record(lines):
    poor = {"id": "a", "title": "T", "abstract": "", "published": "2023", "n_comments": 1}
    rich = {
        "id": "a",
        "title": "T",
        "abstract": "Text.",
        "published": "2023-05-06",
        "authors": ["Ann Ng"],
        "venue": "V",
    }
    for order in ([poor, rich], [rich, poor]):
        row = read_corpus(lines(*order)).papers.iloc[0]
        assert (row["abstract"], row["n_authors"], row["n_comments"], row["venue"]) == ("Text.", 1, 1, "V")
        assert row["published"] == pd.Timestamp("2023-05-06")


def test_notes_name_what_was_merged_and_renamed(lines):
    first, second = {"id": "a", "title": "T", "abstract": "x"}, {"id": "a", "title": "U", "abstract": "y"}
    corpus = read_corpus(lines(first, first, second, {**second, "id": "b"}))
    assert corpus.ledger == {"read": 4, "merged": 2, "set_aside": 0, "kept": 2}
    assert "Same id and same text, merged: a." in corpus.notes
    assert "Same title and abstract under two ids, merged: b into a-2." in corpus.notes
    assert "Same id but another text, both kept: a is now a-2." in corpus.notes


def test_ids_read_as_numbers_get_their_lost_zeros_back(lines):
    path = lines('{"id": 2503.1173, "title": "A"}', '{"id": 7, "title": "B"}', '{"id": 1406.266, "title": "C"}')
    assert list(read_corpus(path).papers["paper_id"]) == ["2503.11730", "7", "1406.2660"]


def test_an_arxiv_address_names_a_paper_without_an_id(lines):
    path = lines({"title": "A", "url": "https://arxiv.org/abs/2503.11731v2"})
    assert list(read_corpus(path).papers["paper_id"]) == ["2503.11731"]


@pytest.mark.parametrize("n_papers", [1, 2, 3])
def test_very_few_papers_are_a_corpus(lines, n_papers):
    corpus = read_corpus(lines(*[{"title": f"T{n}", "abstract": f"Text {n}."} for n in range(n_papers)]))
    assert corpus.n_papers == n_papers


def test_identical_papers_are_one(lines):
    corpus = read_corpus(lines(*[{"title": "T", "abstract": "x"}] * 500))
    assert corpus.ledger == {"read": 500, "merged": 499, "set_aside": 0, "kept": 1}


def test_a_thousand_papers_under_one_id_are_kept_apart(lines):
    corpus = read_corpus(lines(*[{"id": "x", "title": f"T{n}", "abstract": "y"} for n in range(1000)]))
    assert corpus.n_papers == 1000
    assert corpus.papers["paper_id"].is_unique


def test_row_order_is_file_order_over_sources(lines):
    first = lines({"title": "C"}, {"title": "A"}, name="z.jsonl")
    second = lines({"title": "B"}, {"title": "A"}, name="a.jsonl")
    corpus = read_corpus(first, str(second))
    assert list(corpus.papers["title"]) == ["C", "A", "B"]
    assert list(corpus.papers["source"]) == ["z.jsonl", "z.jsonl", "a.jsonl"]
    assert list(corpus.papers.index) == [0, 1, 2]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=2)
)
RECORDS = st.dictionaries(
    st.sampled_from(["id", "title", "abstract", "published", "authors", "url", "labels", "n_authors", "doi", "odd"]),
    st.one_of(CELLS, st.sampled_from(["a", "b", "2023-01-02", "2023"]), st.dictionaries(st.text(max_size=3), CELLS)),
)
LINES = st.lists(st.one_of(RECORDS.map(json.dumps), st.text(max_size=12), st.just("")), max_size=12)


@settings(deadline=None)
@given(content=LINES)
def test_every_record_read_is_kept_merged_or_set_aside(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("random") / "random.jsonl"
    path.write_text('{"title": "anchor"}\n' + "\n".join(content), encoding="utf-8", newline="")
    try:
        corpus = read_corpus(path)
    except InputError:
        # A NUL makes it binary.
        assert b"\x00" in path.read_bytes()
        return
    ledger = corpus.ledger
    assert ledger["read"] == ledger["kept"] + ledger["merged"] + ledger["set_aside"]
    assert (ledger["kept"], ledger["set_aside"]) == (len(corpus.papers), len(corpus.set_aside))
    assert ledger["read"] == sum(bool(line.strip()) for line in path.read_bytes().decode().split("\n"))
    assert corpus.papers["paper_id"].is_unique
    assert (corpus.papers["paper_id"].str.len() > 0).all()
