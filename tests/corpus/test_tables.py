import datetime as dt
import gzip
import json

import pandas as pd
import pytest

from analysis.config import InputError
from analysis.corpus import read_corpus
from analysis.results.schema import PAPERS

FULL = {
    "id": "a17",
    "title": "Robots",
    "abstract": "We move.",
    "published": "2023-08-23",
    "authors": ["Ann Ng", "Cy Bee"],
    "url": "https://example.org/a17",
    "doi": "https://doi.org/10.1000/ABC",
    "venue": "CoRL",
    "n_comments": 3,
    "n_upvotes": 0,
    "labels": {"area": "robotics", "keywords": ["arm", "hand"]},
}


def test_a_full_record_fills_every_column_of_the_schema(lines):
    papers = read_corpus(lines(FULL)).papers
    names = [column.name for column in PAPERS]
    assert list(papers.columns) == [*names[: names.index("position") + 1], "label_area", "label_keywords"]
    row = papers.iloc[0]
    assert (row["paper_id"], row["doi"], row["venue"], row["source"]) == ("a17", "10.1000/abc", "CoRL", "papers.jsonl")
    assert (row["authors"], row["n_authors"]) == (["Ann Ng", "Cy Bee"], 2)
    assert (row["n_comments"], row["n_upvotes"]) == (3, 0)
    assert (row["label_area"], row["label_keywords"]) == ("robotics", "arm; hand")
    assert row["published"] == row["published_end"] == pd.Timestamp("2023-08-23")


def test_types_are_the_same_for_a_bare_record(lines):
    full, bare = read_corpus(lines(FULL)).papers, read_corpus(lines({"title": "Robots"})).papers
    shared = list(bare.columns)
    assert list(bare.dtypes) == list(full[shared].dtypes)
    assert bare["n_authors"].dtype == bare["n_comments"].dtype == "Int64"
    assert (bare["abstract"].iloc[0], bare["authors"].iloc[0]) == ("", [])


def test_an_empty_author_list_means_unknown_and_not_none(lines):
    papers = read_corpus(lines({"title": "A", "authors": [], "n_authors": 0})).papers
    assert papers["n_authors"].isna().all()


def test_a_bad_line_costs_only_itself(lines):
    corpus = read_corpus(lines("oops", FULL, '{"title": "cut sho', "[1, 2]", {"note": "no text"}, {"title": "B"}))
    assert corpus.ledger == {"read": 6, "merged": 0, "set_aside": 4, "kept": 2}
    assert list(corpus.set_aside["position"]) == ["line 1", "line 3", "line 4", "line 5"]
    assert corpus.set_aside["reason"].iloc[3] == "neither title nor abstract"
    assert corpus.set_aside["raw"].iloc[0] == "oops"


def test_an_array_a_gzipped_file_and_lines_read_alike(lines, file):
    expected = read_corpus(lines(FULL)).papers.drop(columns=["source", "position"])
    array = file(json.dumps([FULL], indent=1), "a.json")
    packed = file(gzip.compress(json.dumps(FULL).encode()), "b.txt")
    single = file(json.dumps(FULL, indent=2), "c.json")
    for path in (array, packed, single):
        pd.testing.assert_frame_equal(read_corpus(path).papers.drop(columns=["source", "position"]), expected)


def test_a_line_separator_inside_a_string_does_not_cut_the_line(file):
    corpus = read_corpus(file(json.dumps({"title": "A\u2028B"}, ensure_ascii=False), "a.jsonl"))
    assert list(corpus.papers["title"]) == ["A B"]
    assert corpus.ledger["read"] == 1


def test_dates_keep_their_precision(lines):
    papers = read_corpus(
        lines(
            {"title": "A", "date": "2023-02"},
            {"title": "B", "year": 2022},
            {"title": "C", "published": "2023-05-01", "date_precision": "month"},
            {"title": "D", "published": "", "date": "Aug 23, 2023"},
        )
    ).papers
    assert list(papers["published_precision"]) == ["month", "year", "month", "day"]
    assert list(papers["published_end"].dt.strftime("%Y-%m-%d")) == [
        "2023-02-28",
        "2022-12-31",
        "2023-05-31",
        "2023-08-23",
    ]


def test_unreadable_and_impossible_dates_leave_papers_undated_with_a_note(lines):
    path = lines(
        {"id": "a17", "title": "A", "published": ""},
        {"id": "b02", "title": "B", "published": "n.d."},
        {"id": "c40", "title": "C", "published": "2023-13-01"},
        {"id": "d01", "title": "D", "published": "1066-10-14"},
        {"id": "e01", "title": "E", "published": "2031-01-01"},
        {"id": "f01", "title": "F", "published": "2023-01-01"},
    )
    corpus = read_corpus(path, captured=dt.date(2025, 1, 1))
    note = next(note for note in corpus.notes if "no readable date" in note)
    assert note == (
        "papers.jsonl: 5 papers have no readable date (a17: '', b02: 'n.d.', c40: '2023-13-01', "
        "d01: '1066-10-14', before 1900, e01: '2031-01-01', after 2025-01-01). "
        'They are kept undated; set corpus.undated = "drop" to leave them out.'
    )
    assert corpus.n_papers == 6
    dropped = read_corpus(path, captured=dt.date(2025, 1, 1), undated="drop")
    assert dropped.ledger == {"read": 6, "merged": 0, "set_aside": 5, "kept": 1}
    assert set(dropped.set_aside["reason"]) == {'undated (corpus.undated = "drop")'}


def test_a_corpus_without_dates_is_kept(lines):
    corpus = read_corpus(lines({"title": "A"}, {"title": "B"}, {"title": "C"}))
    assert corpus.papers["published"].isna().all()
    assert set(corpus.papers["published_precision"]) == {"none"}
    assert any("none of the 3 papers has a date" in note for note in corpus.notes)


def test_more_undated_papers_than_ten_are_counted(lines):
    items = [{"id": f"p{n}", "title": f"T {n}", "date": "soon"} for n in range(13)]
    note = next(note for note in read_corpus(lines(*items)).notes if "no readable date" in note)
    assert note.count("'soon'") == 10
    assert "and 3 more" in note


def test_only_web_addresses_are_kept(lines):
    urls = ["javascript:alert(1)", "https://a.org/x", "file:///etc/passwd", "http://a.org/<b>"]
    papers = read_corpus(lines(*[{"title": url, "url": url} for url in urls])).papers
    assert list(papers["url"].fillna("")) == ["", "https://a.org/x", "", ""]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_each_delimiter_a_mark_and_cells_of_many_lines(file, delimiter):
    rows = [
        ["ID", "Title", "Summary", "Year", "Authors", "label_area", "pages"],
        ["a1", '"A; B, C"', '"One\ntwo ""three"""', "2023", '"Ng, A.; Bee, C."', "vision", "9"],
        [],
        ["a2", "Short", "Row"],
    ]
    text = "\ufeff" + "\r\n".join(delimiter.join(row) for row in rows)
    corpus = read_corpus(file(text, "export.dat"))
    papers = corpus.papers
    assert list(papers["paper_id"]) == ["a1", "a2"]
    assert papers["title"].iloc[0] == "A; B, C"
    assert papers["abstract"].iloc[0] == 'One two "three"'
    assert papers["authors"].iloc[0] == ["Ng, A.", "Bee, C."]
    assert list(papers["label_area"].fillna("")) == ["vision", ""]
    assert any("not used: pages" in note for note in corpus.notes)


def test_a_csv_that_names_its_delimiter_and_a_publication_date_is_read(file):
    papers = read_corpus(file("sep=;\nTitle;Publication Date;Upvotes\nA, b;2023-05;3\n", "p.csv")).papers
    row = papers.iloc[0]
    assert (row["title"], row["published_precision"], row["n_upvotes"]) == ("A, b", "month", 3)


def test_a_csv_row_with_too_many_cells_is_set_aside(file):
    corpus = read_corpus(file("title,abstract\nA,b\nC,d, e\n", "p.csv"))
    assert list(corpus.papers["title"]) == ["A"]
    assert corpus.set_aside["position"].iloc[0] == "line 3"
    assert "3 cells where the header has 2" in corpus.set_aside["reason"].iloc[0]


def test_a_table_without_title_and_abstract_is_refused_with_its_columns(file, lines, tmp_path):
    with pytest.raises(InputError, match=r"no column 'title' or 'abstract' \(columns found: name, text\)"):
        read_corpus(file("name,text\nA,b\n", "p.csv"))
    with pytest.raises(InputError, match=r"none of its 1 records has a title or an abstract \(keys found: name\)"):
        read_corpus(lines({"name": "A"}))
    pd.DataFrame({"name": ["A"]}).to_parquet(tmp_path / "p.parquet")
    with pytest.raises(InputError, match=r"columns found: name"):
        read_corpus(tmp_path / "p.parquet")


def test_a_parquet_table_of_another_hand_is_read(tmp_path):
    table = pd.DataFrame(
        {"Title": ["A", "B"], "abstract": ["x", None], "date": pd.to_datetime(["2023-05-06", None]), "id": [7, 8]}
    )
    table["authors"] = [["Ann Ng"], []]
    table.to_parquet(tmp_path / "p.parquet")
    papers = read_corpus(tmp_path / "p.parquet").papers
    assert list(papers["paper_id"]) == ["7", "8"]
    assert papers["published"].iloc[0] == pd.Timestamp("2023-05-06")
    assert papers["n_authors"].iloc[0] == 1
    assert pd.isna(papers["n_authors"].iloc[1])


def test_a_column_that_is_named_counts_in_the_tables_that_have_it(file):
    german = file("Titel;Zusammenfassung;Jahr\nRobots open doors;We teach robots;2020\n", "german.csv")
    english = file("Title,Abstract,Year\nRobots walk,They walk,2022\n", "english.csv")
    asked = {"title": "Titel", "abstract": "Zusammenfassung", "published": "Jahr"}
    papers = read_corpus(german, english, columns=asked).papers
    assert list(papers["title"]) == ["Robots open doors", "Robots walk"]
    assert list(papers["published"].dt.year) == [2020, 2022]


def test_a_column_that_no_source_has_is_a_fault_that_names_those_found(file, lines):
    table = file("Title,Abstract\nRobots walk,They walk\n", "english.csv")
    with pytest.raises(InputError, match=r"--map abstract=Sumary: no source has such a column. Columns found: Title"):
        read_corpus(table, lines({"title": "A", "text": "x"}), columns={"abstract": "Sumary"})
