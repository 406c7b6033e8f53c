import json

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

SNAPSHOT, LIST = (
    next(form for form in JSON_FORMATS if form.name == name) for name in ("arXiv snapshot", "arXiv daily list")
)
PAPER = {
    "id": "2104.00017",
    "submitter": "Ann Ng",
    "authors": "A. Ng and C. Bee Jr",
    "title": "Arms of\n  soft steel",
    "comments": "3 pages",
    "journal-ref": "J. Arms 3 (2022) 7",
    "doi": "10.1000/ARMS.7",
    "categories": "cs.RO cs.LG",
    "abstract": "  We bend\nsteel.\n",
    "versions": [
        {"version": "v1", "created": "Thu, 1 Apr 2021 08:00:00 GMT"},
        {"version": "v2", "created": "Mon, 3 May 2021 08:00:00 GMT"},
    ],
    "update_date": "2022-02-02",
    "authors_parsed": [["Ng", "A.", ""], ["Bee", "C.", "Jr"]],
}


def read(tmp_path, form, **changes):
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(PAPER | changes) + "\n" + json.dumps(PAPER | {"id": "x"}) + "\n")
    return read_with(form, path).records[0]


def test_a_record_is_dated_by_its_first_version(tmp_path):
    record = read(tmp_path, SNAPSHOT)
    assert (record.span.first.isoformat(), record.date_kind) == ("2021-04-01", "first_version")
    assert (record.paper_id, record.arxiv_id, record.doi) == ("2104.00017", "2104.00017", "10.1000/arms.7")
    assert record.authors == ("A. Ng", "C. Bee Jr")
    assert record.labels == {"arxiv_primary": "cs.RO", "arxiv_categories": "cs.RO; cs.LG"}
    assert (record.title, record.venue) == ("Arms of\n  soft steel", "J. Arms 3 (2022) 7")


def test_the_day_of_the_last_change_is_no_date(tmp_path):
    record = read(tmp_path, SNAPSHOT, versions=[])
    assert record.span is None
    assert (record.date_text, record.date_fault) == (
        "2022-02-02",
        "the day of the last change, not of the first version",
    )


def test_an_id_that_was_read_as_a_number_gets_its_zero_back(tmp_path):
    assert read(tmp_path, SNAPSHOT, id=2104.0001).arxiv_id == "2104.00010"


def test_a_daily_list_gives_ids_and_categories_but_no_dates(tmp_path):
    path = tmp_path / "2025-04-07.jsonl"
    path.write_text(
        json.dumps(
            {"id": "2504.00001", "abs": "https://arxiv.org/abs/2504.00001", "authors": ["Ann Ng"], "title": "Arms",
             "categories": ["cs.RO", "cs.AI"], "comment": None, "summary": "We bend."}
        )
    )  # fmt: skip
    (record,) = read_with(LIST, path).records
    assert (record.arxiv_id, record.span, record.abstract) == ("2504.00001", None, "We bend.")
    assert record.labels["arxiv_primary"] == "cs.RO"
