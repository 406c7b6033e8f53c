import json

import pytest

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

CROSSREF = next(form for form in JSON_FORMATS if form.name == "Crossref works")
UNKNOWN = {"date-parts": [[None]]}
WORK = {
    "DOI": "10.1000/ARMS",
    "type": "journal-article",
    "title": ["Arms of steel"],
    "subtitle": ["A study"],
    "abstract": "<jats:p>We bend.</jats:p>",
    "author": [{"given": "Ann", "family": "Ng"}, {"name": "The Arms Group"}],
    "container-title": ["J. Arms"],
    "created": {"date-parts": [[2001, 1, 1]]},
    "issued": {"date-parts": [[2023, 5]]},
    "published-online": {"date-parts": [[2023, 5, 6]]},
    "published-print": {"date-parts": [[2023, 7]]},
    "subject": ["Engineering"],
    "reference": [{"key": "r1"}, {"key": "r2"}],
    "is-referenced-by-count": 3,
    "URL": "http://dx.doi.org/10.1000/arms",
}


def read(tmp_path, *works):
    path = tmp_path / "crossref.json"
    message = works[0] if len(works) == 1 else {"total-results": 2, "items": works}
    path.write_text(json.dumps({"status": "ok", "message-type": "work", "message": message}))
    return read_with(CROSSREF, path)


def test_a_single_work_keeps_its_markup_and_ids(tmp_path):
    (record,) = read(tmp_path, WORK).records
    assert (record.title, record.abstract) == ("Arms of steel: A study", "<jats:p>We bend.</jats:p>")
    assert (record.paper_id, record.doi, record.url) == ("10.1000/arms", "10.1000/arms", "https://doi.org/10.1000/arms")
    assert (record.authors, record.venue) == (("Ann Ng", "The Arms Group"), "J. Arms")
    assert record.labels == {"type": "journal-article", "keywords": "Engineering"}


@pytest.mark.parametrize(
    ("changes", "span", "kind"),
    [
        ({}, ("2023-05-06", "day"), "online"),
        ({"published-online": None}, ("2023-05-01", "month"), "publication"),
        ({"issued": {"date-parts": [[2022]]}}, ("2022-01-01", "year"), "publication"),
        ({"published-online": UNKNOWN, "issued": UNKNOWN}, ("2023-07-01", "month"), "publication"),
        ({"issued": {"date-parts": [[2023, 2, 31]]}, "published-online": None}, ("2023-02-01", "month"), "publication"),
    ],
)  # fmt: skip
def test_the_earliest_date_counts_and_a_finer_one_inside_it(tmp_path, changes, span, kind):
    (record,) = read(tmp_path, WORK | changes).records
    assert ((record.span.first.isoformat(), record.span.precision), record.date_kind) == (span, kind)


def test_volumes_are_set_aside_and_a_retracted_work_is_labelled(tmp_path):
    retracted = WORK | {"updated-by": [{"type": "retraction", "DOI": "10.1000/r"}]}
    records, (found,), _, _ = read(tmp_path, WORK | {"type": "proceedings"}, retracted)
    assert records[0].labels["retracted"] == "true"
    assert found.reason == "a Crossref record of type 'proceedings', no paper"


def test_an_undated_work_without_title_list_is_read(tmp_path):
    bare = {"DOI": "10.1000/x", "title": [], "issued": {"date-parts": [[None]]}}
    (record,) = read(tmp_path, bare).records
    assert (record.title, record.span) == ("", None)
