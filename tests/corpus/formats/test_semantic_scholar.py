import json

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

SCHOLAR = next(form for form in JSON_FORMATS if form.name == "Semantic Scholar papers")
PAPER = {
    "paperId": "abc",
    "externalIds": {"DOI": "10.1000/Arms", "ArXiv": "2305.00010", "PubMed": "123", "CorpusId": 7},
    "url": "https://www.semanticscholar.org/paper/abc",
    "title": "Arms of steel",
    "abstract": None,
    "venue": "",
    "publicationVenue": None,
    "journal": {"name": "J. Arms"},
    "year": 2023,
    "publicationDate": "2023-05-06",
    "fieldsOfStudy": None,
    "s2FieldsOfStudy": [{"category": "Engineering"}, {"category": "Engineering"}],
    "publicationTypes": ["JournalArticle"],
    "authors": [{"authorId": "1", "name": "Ann Ng"}],
    "tldr": {"text": "A model wrote this."},
}


def read(tmp_path, content):
    path = tmp_path / "s2.json"
    path.write_text(json.dumps(content))
    return read_with(SCHOLAR, path)


def test_a_paper_is_read_and_a_model_s_summary_is_no_abstract(tmp_path):
    records, _, notes, _ = read(tmp_path, {"total": 1, "data": [PAPER]})
    (record,) = records
    assert (record.doi, record.arxiv_id, record.pmid) == ("10.1000/arms", "2305.00010", "123")
    assert (record.abstract, record.venue, record.authors) == ("", "J. Arms", ("Ann Ng",))
    assert record.labels == {"type": "JournalArticle", "fields_of_study": "Engineering"}
    assert record.span.precision == "day"
    assert any("fields=title,abstract" in note for note in notes)


def test_citations_and_references_give_the_other_paper(tmp_path):
    data = [
        {"citedPaper": PAPER},
        {"citedPaper": {"paperId": None, "title": "Legs"}},
        {"contexts": [], "citingPaper": PAPER},
    ]
    records = read(tmp_path, {"offset": 0, "data": data}).records
    assert [(record.paper_id, record.title) for record in records] == [
        ("abc", "Arms of steel"), ("", "Legs"), ("abc", "Arms of steel"),
    ]  # fmt: skip


def test_a_batch_with_nulls_and_a_year_alone(tmp_path):
    records, set_aside, _, _ = read(tmp_path, [PAPER | {"publicationDate": None}, None])
    assert records[0].span.precision == "year"
    assert set_aside[0].position == "item 2"


def test_the_bulk_data_set_writes_its_keys_in_lower_case(tmp_path):
    bulk = {
        "corpusid": 7,
        "externalids": {"ArXiv": "2305.00010"},
        "title": "Arms",
        "publicationdate": "2023-05-06",
        "year": 2023,
    }
    (record,) = read(tmp_path, bulk).records
    assert (record.paper_id, record.arxiv_id, record.span.precision) == ("7", "2305.00010", "day")
