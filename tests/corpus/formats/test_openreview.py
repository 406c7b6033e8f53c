import json

import pytest

from analysis.corpus.formats.json.generic import JSON_FORMATS
from tests.corpus.made_sources import read_with

OPENREVIEW = next(form for form in JSON_FORMATS if form.name == "OpenReview notes")
CONTENT = {
    "title": "Arms of steel",
    "abstract": "We bend.",
    "authors": ["Ann Ng", "Cy Bee"],
    "keywords": ["arm", "steel"],
    "venue": "ICARM 2024 Poster",
    "primary_area": "robots",
}
# 2023-10-01, 2023-11-10 and 2024-01-16, in milliseconds.
NOTE = {
    "id": "aB3",
    "forum": "aB3",
    "replyto": None,
    "cdate": 1696118400000,
    "odate": 1699574400000,
    "pdate": 1705363200000,
}
V1 = NOTE | {"invitation": "ICARM.cc/2024/-/Blind_Submission", "content": CONTENT}
V2 = NOTE | {
    "invitations": ["ICARM.cc/2024/-/Submission"],
    "content": {key: {"value": text} for key, text in CONTENT.items()},
}


def read(tmp_path, *notes):
    path = tmp_path / "notes.json"
    path.write_text(json.dumps({"notes": notes, "count": len(notes)}))
    return read_with(OPENREVIEW, path)


def test_both_versions_of_the_interface_give_the_same_record(tmp_path):
    first, second = (record._replace(position="", raw="") for record in read(tmp_path, V1, V2).records)
    assert first == second
    assert (first.title, first.authors, first.venue) == ("Arms of steel", ("Ann Ng", "Cy Bee"), "ICARM 2024 Poster")
    assert (first.openreview_id, first.url) == ("aB3", "https://openreview.net/forum?id=aB3")
    assert first.labels == {"keywords": "arm; steel", "primary_area": "robots"}


@pytest.mark.parametrize(
    ("absent", "day", "kind"),
    [
        ((), "2024-01-16", "publication"),
        (("pdate",), "2023-11-10", "online"),
        (("pdate", "odate"), "2023-10-01", "submission"),
    ],
)
def test_the_date_is_that_of_publication_else_online_else_submission(tmp_path, absent, day, kind):
    (record,) = read(tmp_path, V2 | dict.fromkeys(absent)).records
    assert (record.span.first.isoformat(), record.date_kind) == (day, kind)


def test_reviews_are_set_aside_and_anonymous_authors_are_unknown(tmp_path):
    review = V1 | {"id": "r1", "replyto": "aB3", "invitation": "ICARM.cc/2024/Paper1/-/Official_Review"}
    records, (found,), _, _ = read(tmp_path, V1 | {"content": CONTENT | {"authors": ["Anonymous"]}}, review)
    assert records[0].authors == ()
    assert found.reason == "a reply (Official_Review), no paper"


def test_a_note_without_content_is_read_as_empty(tmp_path):
    records = read(tmp_path, V1, V1 | {"content": None, "pdate": "soon"}).records
    assert (records[1].title, records[1].span.first.isoformat()) == ("", "2023-11-10")


def test_a_note_is_known_by_its_times_alone_and_a_deleted_one_is_set_aside(tmp_path):
    bare = {"id": "aB3", "tmdate": 1696118400000, "content": CONTENT}
    read_notes = read(tmp_path, bare, V2 | {"id": "cD4", "ddate": 1705363200000})
    assert [(note.title, note.openreview_id, note.span) for note in read_notes.records] == [
        ("Arms of steel", "aB3", None)
    ]
    assert "deleted" in read_notes.set_aside[0].reason
