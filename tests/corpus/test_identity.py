import datetime as dt
import json
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.corpus import read_corpus
from analysis.corpus.dates import DateSpan, make_span
from analysis.corpus.identity import identify_records
from analysis.corpus.merging import list_suspects, merge_records
from analysis.corpus.records import RawRecord
from analysis.corpus.table import collect_records

TITLE = "Robots that learn to open every door"
ABSTRACT = "We teach robots to open doors by showing them how people open doors in a thousand homes."


class Told(NamedTuple):
    papers: list[dict]
    merges: pd.DataFrame
    suspects: pd.DataFrame
    renamed: list[tuple[str, str]]

    @property
    def ids(self):
        return [row["paper_id"] for row in self.papers]

    @property
    def rules(self):
        return list(self.merges["rule"])


def paper(paper_id="", title="Robots", abstract="We move robots.", source="a.jsonl", **more):
    return RawRecord(position="line 1", paper_id=paper_id, title=title, abstract=abstract, source=source, **more)


def day(text) -> DateSpan:
    first = dt.date.fromisoformat(text)
    span = make_span(first.year, first.month, first.day)
    assert span
    return span


def tell(*records) -> Told:
    table = collect_records(records)
    identity = identify_records(table)
    merged = merge_records(table, identity)
    suspects = list_suspects(identity.suspects, table, identity)
    return Told(merged.table.to_pylist(), merged.merges, suspects, identity.renamed)


def test_an_id_stands_as_it_is_then_doi_then_arxiv_id_then_hash():
    assert tell(paper("Own/7 B", doi="10.1/x")).ids == ["Own/7 B"]
    assert tell(paper(doi="10.1000/x", arxiv_id="2503.11731")).ids == ["10.1000/x"]
    assert tell(paper(arxiv_id="2503.11731")).ids == ["2503.11731"]
    assert tell(paper()).ids == tell(paper(title="ROBOTS!", abstract="We move\nrobots")).ids == ["hdfddb7468930"]


def test_the_same_id_and_text_are_one_paper():
    told = tell(paper("a"), paper("a", abstract="We  MOVE robots"), paper("a", abstract=""))
    assert (told.ids, told.rules) == (["a"], ["same id and title"] * 2)


def test_the_same_id_with_another_text_in_one_source_gets_a_number():
    told = tell(paper("a"), paper("a", title="B"), paper("a-2", title="C"), paper("a", title="D"))
    assert (told.ids, told.rules) == (["a", "a-3", "a-2", "a-4"], [])
    assert told.renamed == [("a", "a-3"), ("a", "a-4")]


def test_a_clash_between_sources_puts_the_source_in_front():
    assert tell(paper("1"), paper("1", title="Other", source="b.jsonl.gz")).ids == ["1", "b:1"]


def test_a_revised_abstract_in_another_source_is_the_same_paper():
    told = tell(paper("1"), paper("1", abstract="We move robots, and code.", source="b.jsonl"))
    assert told.ids == ["1"]
    assert told.papers[0]["abstract"] == "We move robots."


def test_the_same_text_under_two_ids_is_one_paper():
    told = tell(paper("a"), paper("b", source="b.csv"), paper("c", title="Else"))
    assert (told.ids, told.rules) == (["a", "c"], ["same title and abstract"])
    assert told.merges.iloc[0].to_dict() == {
        "source": "b.csv",
        "position": "line 1",
        "rule": "same title and abstract",
        "paper_id": "a",
    }


def test_two_papers_with_one_title_and_no_abstract_stay_two():
    assert tell(paper("a", "Editorial", ""), paper("b", "Editorial", "")).ids == ["a", "b"]


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"arxiv_id": "2503.11731"}, "same arXiv id"),
        ({"doi": "10.1000/x"}, "same DOI"),
        ({"pmid": "30922926"}, "same PMID"),
        ({"openreview_id": "rJl9"}, "same OpenReview id"),
    ],
)
def test_an_id_of_the_work_joins_records_under_other_names(known, rule):
    first = paper("W1", TITLE, ABSTRACT, **known)
    second = paper("k2024", TITLE.upper() + "?", ABSTRACT[:40], source="b.bib", **known)
    assert tell(first, second).rules == [rule]


def test_a_shared_doi_with_nothing_else_in_common_is_reviewed_and_not_merged():
    one = paper("a", "Proceedings of the workshop on doors", "Papers on doors.", doi="10.1000/book")
    two = paper("b", "Grasping soft fruit", "We grasp strawberries.", doi="10.1000/book", source="b.csv")
    told = tell(one, two)
    assert told.ids == ["a", "b"]
    suspects = told.suspects[["paper_id", "other_id", "relation"]].to_numpy().tolist()
    assert suspects == [["a", "b", "same DOI, other text"]]


def test_preprint_and_published_version_are_one_paper_with_the_first_public_date():
    preprint = paper(
        "2503.11731", TITLE, ABSTRACT, arxiv_id="2503.11731", doi="10.48550/arxiv.2503.11731",
        span=day("2025-03-14"), date_kind="first_version", authors=("Ann Ng", "Cy Bee"),
    )  # fmt: skip
    published = paper(
        "W7", TITLE, f"{ABSTRACT} It works.", source="openalex.json", doi="10.1000/door", venue="Journal of Doors",
        span=make_span(2026), date_kind="publication", authors=("Ng, Ann", "Bee, Cy"),
    )  # fmt: skip
    told = tell(preprint, published)
    assert (told.ids, told.rules) == (["2503.11731"], ["same title and year"])
    row = told.papers[0]
    assert (row["doi"], row["venue"], row["arxiv_id"]) == ("10.1000/door", "Journal of Doors", "2503.11731")
    assert (row["published"], row["published_kind"]) == (dt.date(2025, 3, 14), "first_version")


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("Someone Else",)},
        {"doi": "10.1000/other"},
        {"abstract": "This review lists statistical models of weather over the northern seas since 1900."},
    ],
)
def test_one_title_and_year_are_not_enough_when_something_speaks_against_it(changes):
    known = {"span": day("2025-03-14"), "authors": ("Ann Ng",), "doi": "10.1000/door"}
    one, two = paper("a", TITLE, ABSTRACT, **known), paper("b", TITLE, ABSTRACT + " More.", source="b.csv", **known)
    told = tell(one._replace(), two._replace(**{"doi": "", **changes}))
    assert told.ids == ["a", "b"]
    assert list(told.suspects["relation"]) == ["same title and year, other text"]


def test_one_title_ten_years_apart_is_two_papers():
    one, two = (paper(name, TITLE, ABSTRACT + name, span=make_span(year)) for name, year in (("a", 2010), ("b", 2020)))
    assert tell(one, two).ids == ["a", "b"]


def test_an_inferred_year_gives_way_to_a_stated_one():
    inferred = make_span(2025, 8, 8, inferred=True)
    told = tell(paper("a", span=inferred), paper("a", span=make_span(2025, 8, 9), source="b"))
    assert told.papers[0]["published"] == dt.date(2025, 8, 9)


def test_a_finer_date_wins_inside_a_coarser_one_and_an_earlier_one_outside():
    year, inside, before = make_span(2024), make_span(2024, 5, 6), make_span(2023, 12)
    assert tell(paper("a", span=year), paper("a", span=inside)).papers[0]["published"] == dt.date(2024, 5, 6)
    assert tell(paper("a", span=inside), paper("a", span=before)).papers[0]["published"] == dt.date(2023, 12, 1)


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
    assert "Merged by same id and title, 1 record: a." in corpus.notes
    assert "Merged by same title and abstract, 1 record: a-2." in corpus.notes
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
    first = lines({"title": "C"}, {"title": TITLE}, name="z.jsonl")
    second = lines({"title": "B"}, {"title": TITLE}, name="a.jsonl")
    corpus = read_corpus(first, str(second))
    assert list(corpus.papers["title"]) == ["C", TITLE, "B"]
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
    assert ledger["read"] == sum(bool(line.strip(b" \t\r\n\x0b\x0c\x1e")) for line in path.read_bytes().split(b"\n"))
    assert corpus.papers["paper_id"].is_unique
    assert (corpus.papers["paper_id"].str.len() > 0).all()


def test_batches_change_no_merging(monkeypatch):
    known = [{"doi": "10.1000/a"}, {"arxiv_id": "2503.11731"}, {"doi": "10.1000/a", "arxiv_id": "2503.11731"}, {}]
    records = [
        paper(f"p{n % 5}", f"{TITLE} {n % 3}", f"{ABSTRACT} {n % 7}", source=f"{n % 4}.csv", **known[n % 4])
        for n in range(60)
    ]
    whole = tell(*records)
    monkeypatch.setattr("analysis.corpus.identity._AT_ONCE", 1)
    parts = tell(*records)
    assert parts.papers == whole.papers
    assert parts.rules == whole.rules
    assert len(whole.papers) < 10
