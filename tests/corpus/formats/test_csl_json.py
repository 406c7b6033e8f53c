import json

import pytest

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

CSL, GENERIC = (next(form for form in JSON_FORMATS if form.name == name) for name in ("CSL JSON", "JSON"))
ENTRY = {
    "id": "ng2023",
    "type": "article-journal",
    "title": "Arms of steel",
    "abstract": "We bend.",
    "container-title": "J. Arms",
    "author": [
        {"family": "Ng", "given": "Ann"},
        {"family": "Berg", "non-dropping-particle": "van den"},
        {"literal": "The Arms Group"},
    ],
    "issued": {"date-parts": [["2023", 5]]},
    "DOI": "10.1000/ARMS",
    "URL": "https://example.org/arms",
    "keyword": "arm, steel",
    "language": "en",
    "note": "arXiv:2305.00010 [cs]\nPMID: 123\nread twice",
}  # fmt: skip


def read(tmp_path, *entries, form=CSL):
    path = tmp_path / "library.json"
    path.write_text(json.dumps(entries))
    return read_with(form, path)


def test_an_entry_is_read_with_what_its_note_holds(tmp_path):
    (record,) = read(tmp_path, ENTRY).records
    assert record.authors == ("Ann Ng", "van den Berg", "The Arms Group")
    assert (record.paper_id, record.doi, record.arxiv_id, record.pmid) == (
        "ng2023",
        "10.1000/arms",
        "2305.00010",
        "123",
    )
    assert (record.span.first.isoformat(), record.span.precision) == ("2023-05-01", "month")
    assert (record.venue, record.labels) == ("J. Arms", {"type": "article-journal", "keywords": "arm, steel"})


@pytest.mark.parametrize(
    ("issued", "precision"),
    [
        ({"raw": "2023-05-06"}, "day"),
        ({"literal": "May 2023"}, "month"),
        ({"date-parts": [[2023, 21]]}, "year"),
        ({"date-parts": [[]]}, None),
        ({"literal": "in press"}, None),
        (None, None),
    ],
)
def test_dates_in_parts_and_as_text(tmp_path, issued, precision):
    (record,) = read(tmp_path, ENTRY | {"issued": issued}).records
    assert (record.span.precision if record.span else None) == precision


def test_another_table_with_a_type_is_not_taken_for_csl(tmp_path):
    own = {"id": "a", "type": "article", "title": "Arms", "abstract": "We bend.", "authors": ["Ann Ng"], "year": 2023}
    (record,) = read(tmp_path, own, form=GENERIC).records
    assert (record.authors, record.span.precision) == (("Ann Ng",), "year")
    assert not CSL.recognise(type("S", (), {"head": json.dumps(own).encode(), "name": "s"})())


def test_a_language_with_its_country_is_that_language(tmp_path):
    (record,) = read(tmp_path, ENTRY | {"language": "en-US"}).records
    assert record.language == "en"


def test_an_address_at_arxiv_tells_the_id(tmp_path):
    (record,) = read(tmp_path, ENTRY | {"note": "", "URL": "http://arxiv.org/abs/2305.00010v2"}).records
    assert record.arxiv_id == "2305.00010"
