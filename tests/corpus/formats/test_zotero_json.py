import json

import pytest

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

ZOTERO = next(form for form in JSON_FORMATS if form.name == "Zotero JSON")
ITEM = {
    "key": "ABCD2345",
    "itemType": "journalArticle",
    "title": "Arms of steel",
    "abstractNote": "We bend.",
    "creators": [
        {"creatorType": "author", "firstName": "Ann", "lastName": "Ng"},
        {"creatorType": "author", "name": "The Arms Group"},
        {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
    ],
    "publicationTitle": "J. Arms",
    "date": "2023/5/6",
    "dateAdded": "2024-01-02T03:04:05Z",
    "DOI": "10.1000/ARMS",
    "url": "https://example.org/arms",
    "language": "en-GB",
    "extra": "PMID: 123\narXiv: 2305.00010 [cs]",
    "tags": [{"tag": "arm"}, {"tag": "steel"}],
}
NOTE = {"key": "N1", "itemType": "note", "note": "<p>read twice</p>", "dateAdded": "2024-01-02T03:04:05Z"}


@pytest.fixture
def read(tmp_path):
    def read_it(content):
        path = tmp_path / "My Library.json"
        path.write_text(json.dumps(content))
        return read_with(ZOTERO, path)

    return read_it


@pytest.mark.parametrize(
    "content",
    [
        {
            "collections": {"C1": {"items": [1, 2], "key": "C1"}},
            "config": {"label": "BetterBibTeX JSON"},
            "items": [ITEM],
        },
        [{"key": "ABCD2345", "version": 3, "library": {"id": 1}, "meta": {"parsedDate": "2023-05-06"}, "data": ITEM}],
    ],
)
def test_an_item_of_the_export_and_of_the_interface_is_read(read, content):
    (record,) = read(content).records
    assert (record.paper_id, record.title, record.abstract) == ("ABCD2345", "Arms of steel", "We bend.")
    assert record.authors == ("Ann Ng", "The Arms Group")
    assert (record.doi, record.arxiv_id, record.pmid) == ("10.1000/arms", "2305.00010", "123")
    assert (record.span.first.isoformat(), record.date_kind) == ("2023-05-06", "publication")
    assert (record.venue, record.language, record.url) == ("J. Arms", "en", "https://example.org/arms")
    assert record.labels == {"type": "journalArticle", "keywords": "arm; steel"}


def test_the_day_on_which_it_was_saved_is_no_date_of_the_paper(read):
    (record,) = read([{name: value for name, value in ITEM.items() if name != "date"}]).records
    assert record.span is None


@pytest.mark.parametrize(
    ("change", "arxiv_id"),
    [
        ({"archiveID": "arXiv:2305.00011", "extra": ""}, "2305.00011"),
        ({"url": "http://arxiv.org/abs/2305.00012", "extra": ""}, "2305.00012"),
        ({"DOI": "10.48550/arXiv.2305.00013", "extra": ""}, "2305.00013"),
        ({"extra": ""}, ""),
    ],
)
def test_an_arxiv_id_may_stand_in_many_places(read, change, arxiv_id):
    (record,) = read([{**ITEM, **change}]).records
    assert record.arxiv_id == arxiv_id


def test_notes_and_attachments_are_set_aside(read):
    found = read([ITEM, NOTE, {**NOTE, "itemType": "attachment", "title": "arms.pdf"}])
    assert len(found.records) == 1
    reasons = [one.reason for one in found.set_aside]
    assert reasons == ["an item of type 'note', no paper", "an item of type 'attachment', no paper"]


def test_the_citation_key_is_the_id_where_there_is_one(read):
    (record,) = read([{**ITEM, "citationKey": "ng2023"}]).records
    assert record.paper_id == "ng2023"
    (preprint,) = read([{**ITEM, "itemType": "preprint"}]).records
    assert preprint.date_kind == "unstated"
