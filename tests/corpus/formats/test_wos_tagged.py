import datetime as dt

import pytest

from analysis.corpus.formats.tagged.wos import WOS_TAGGED
from tests.corpus.made_sources import make_source, read_with

HEAD = "\ufeffFN Clarivate Analytics Web of Science\nVR 1.0\n"
ARTICLE = """PT J
AU Lovelace, A
   Ng, B
AF Lovelace, Ada
   Ng, Bee
TI Gaits of small robots: a title
   over two lines
SO JOURNAL OF LEGS
LA English
DT Article
DE gait; legs
ID WALKING;
   RUNNING
AB Legs are hard. We built
   six of them.
PD NOV-DEC
PY 2018
DI 10.1000/Legs.7
WC Robotics
UT WOS:000123
PM 12345
DA 2024-07-24
ER

"""


@pytest.fixture
def read(file):
    return lambda text: read_with(WOS_TAGGED, file(text, "savedrecs.txt"))


def test_every_field_finds_its_place(read):
    found = read(HEAD + ARTICLE + "EF")
    (paper,) = found.records
    assert paper.title == "Gaits of small robots: a title over two lines"
    assert paper.abstract == "Legs are hard. We built\nsix of them."
    assert paper.authors == ("Lovelace, Ada", "Ng, Bee")
    assert (paper.paper_id, paper.pmid, paper.doi) == ("WOS:000123", "12345", "10.1000/legs.7")
    assert (paper.venue, paper.language) == ("JOURNAL OF LEGS", "en")
    assert paper.labels == {
        "keywords": "gait; legs", "keywords_plus": "WALKING; RUNNING", "type": "Article", "categories": "Robotics",
    }  # fmt: skip
    assert not found.set_aside
    assert not found.notes


def test_the_day_of_the_export_is_when_it_was_captured_and_no_date_of_the_paper(read):
    found = read(HEAD + ARTICLE)
    assert found.captured.day == dt.date(2024, 7, 24)
    assert (found.records[0].span.first, found.records[0].span.last) == (dt.date(2018, 11, 1), dt.date(2018, 12, 31))


@pytest.mark.parametrize(
    ("written", "first", "precision"),
    [("JAN 15", (2018, 1, 15), "day"), ("JAN", (2018, 1, 1), "month"), ("WIN", (2018, 1, 1), "year")],
)
def test_the_month_belongs_to_the_year_beside_it(read, written, first, precision):
    (paper,) = read(HEAD + ARTICLE.replace("NOV-DEC", written)).records
    assert (paper.span.first, paper.span.precision) == (dt.date(*first), precision)


def test_early_access_is_the_date_where_it_is_earlier(read):
    (paper,) = read(HEAD + ARTICLE.replace("PY 2018", "PY 2018\nEA SEP 2017")).records
    assert (paper.span.first, paper.date_kind) == (dt.date(2017, 9, 1), "online")


def test_an_export_without_its_head_is_recognised(read):
    assert [paper.position for paper in read(ARTICLE * 2).records] == ["record 1 (line 1)", "record 2 (line 25)"]


def test_a_broken_record_costs_itself_alone(read):
    found = read(HEAD + ARTICLE + ARTICLE.replace("PT J\n", "") + ARTICLE)
    assert len(found.records) == 2
    assert "without a line 'PT'" in found.set_aside[0].reason


@pytest.mark.parametrize("text", ["PT Jones\nx", "FN Anything\nVR 1.0\nhello", "PT\tAU\tTI\nJ\tA\tB\n", "TY  - JOUR\n"])
def test_other_texts_are_not_claimed(file, text):
    assert not WOS_TAGGED.recognise(make_source(file(text, "savedrecs.txt")))


def test_a_tag_without_a_text_is_an_empty_field(read):
    (paper,) = read("PT J\nAU\nTI Legs\nAB\nER\n").records
    assert (paper.title, paper.abstract, paper.authors) == ("Legs", "", ())


@pytest.mark.parametrize(
    ("day", "first", "precision", "written"),
    [
        ("2018 MAR 17", dt.date(2018, 3, 17), "day", "2018 MAR 17"),
        ("DEC 16 2018", dt.date(2018, 12, 16), "day", "DEC 16 2018"),
        ("2018-Dec", dt.date(2018, 12, 1), "month", "2018-Dec"),
        ("DEC 15", dt.date(2018, 12, 15), "day", "DEC 15 2018"),
    ],
)
def test_the_year_may_stand_with_the_day_too(read, day, first, precision, written):
    (paper,) = read(HEAD + ARTICLE.replace("PD NOV-DEC", f"PD {day}")).records
    assert (paper.span.first, paper.span.precision, paper.date_text) == (first, precision, written)
