import json

import pytest

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

OPENALEX = next(form for form in JSON_FORMATS if form.name == "OpenAlex works")
WORK = {
    "id": "https://openalex.org/W17",
    "doi": "https://doi.org/10.1000/ARMS",
    "display_name": "Arms of steel",
    "title": "Arms of steel",
    "publication_date": "2023-05-06",
    "publication_year": 2023,
    "ids": {"openalex": "https://openalex.org/W17", "pmid": "https://pubmed.ncbi.nlm.nih.gov/123"},
    "language": "en",
    "type": "article",
    "primary_location": {"landing_page_url": "https://doi.org/10.1000/arms", "source": {"display_name": "J. Arms"}},
    "locations": [{"landing_page_url": "https://doi.org/10.1000/arms"}, {"landing_page_url": "http://arxiv.org/abs/2305.00010"}],
    "authorships": [{"author": {"display_name": "Ann Ng"}}, {"author": None, "raw_author_name": "C. Bee"}],
    "is_retracted": False,
    "is_paratext": False,
    "primary_topic": {"display_name": "Robotics", "field": {"display_name": "Engineering"}},
    "keywords": [{"display_name": "Arm"}, {"display_name": "Steel"}],
    "abstract_inverted_index": {"We": [0, 3], "bend": [1], "steel.": [2], "test.": [4]},
}  # fmt: skip


def read(tmp_path, *changes):
    path = tmp_path / "works.json"
    path.write_text(json.dumps({"meta": {"count": 1}, "results": [WORK | change for change in changes or ({},)]}))
    return read_with(OPENALEX, path)


def test_a_work_is_read_with_its_abstract_in_order(tmp_path):
    (record,) = read(tmp_path).records
    assert record.abstract == "We bend steel. We test."
    assert (record.paper_id, record.doi, record.arxiv_id, record.pmid) == ("W17", "10.1000/arms", "2305.00010", "123")
    assert (record.authors, record.venue, record.language) == (("Ann Ng", "C. Bee"), "J. Arms", "en")
    assert (record.span.first.isoformat(), record.date_kind) == ("2023-05-06", "publication")
    assert record.labels == {
        "type": "article",
        "keywords": "Arm; Steel",
        "openalex_topic": "Robotics",
        "openalex_field": "Engineering",
    }


@pytest.mark.parametrize(
    ("change", "precision"),
    [
        ({"publication_date": "2023-01-01"}, "year"),
        ({"publication_date": None}, "year"),
        ({"publication_date": "2023-01-02"}, "day"),
    ],
)
def test_the_first_of_january_counts_as_the_year(tmp_path, change, precision):
    assert read(tmp_path, change).records[0].span.precision == precision


def test_a_retraction_is_a_label_and_paratext_is_set_aside(tmp_path):
    records, set_aside, _, _ = read(tmp_path, {"is_retracted": True}, {"is_paratext": True})
    assert records[0].labels["retracted"] == "true"
    assert "paratext" in set_aside[0].reason


def test_works_with_nulls_and_without_abstracts_are_read_and_said(tmp_path):
    nulls = dict.fromkeys(WORK) | {"id": "https://openalex.org/W1", "title": "A"}
    records, _, notes, _ = read(tmp_path, nulls, {"abstract_inverted_index": None})
    assert [record.paper_id for record in records] == ["W1", "W17"]
    assert any("no record has an abstract" in note and "abstract_inverted_index" in note for note in notes)
