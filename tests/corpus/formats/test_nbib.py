import datetime as dt

import pytest

from analysis.corpus.formats.tagged.nbib import NBIB
from tests.corpus.made_sources import make_source, read_with

ARTICLE = """
PMID- 12345678
OWN - NLM
STAT- MEDLINE
IS  - 1234-5678 (Print)
DP  - 2020 Feb
TI  - Gaits of small robots: a very long title that goes
      on in the next line.
LID - S1234 [pii]
LID - 10.1000/Legs.7 [doi]
AB  - Legs are hard. We built
      six of them.
FAU - Lovelace, Ada
AU  - Lovelace A
AD  - Department of Legs, a long
      address.
FAU - Ng, B
AU  - Ng B
LA  - eng
PT  - Journal Article
PT  - Review
DEP - 20191203
JT  - Journal of Legs
MH  - *Robotics/history
OT  - gait
OT  - legs
EDAT- 2018/01/01 00:00

"""


@pytest.fixture
def read(file):
    return lambda text: read_with(NBIB, file(text, "papers.txt"))


def test_every_field_finds_its_place(read):
    (paper,) = read(ARTICLE).records
    assert paper.title == "Gaits of small robots: a very long title that goes on in the next line."
    assert paper.abstract == "Legs are hard. We built six of them."
    assert paper.authors == ("Lovelace, Ada", "Ng, B")
    assert (paper.pmid, paper.paper_id, paper.doi) == ("12345678", "12345678", "10.1000/legs.7")
    assert (paper.venue, paper.language) == ("Journal of Legs", "en")
    assert paper.labels == {"keywords": "gait; legs", "mesh": "*Robotics/history", "type": "Journal Article; Review"}
    assert paper.position == "record 1 (line 2)"


def test_the_electronic_date_counts_where_it_is_earlier(read):
    (paper,) = read(ARTICLE).records
    assert (paper.span.first, paper.date_kind) == (dt.date(2019, 12, 3), "online")
    (printed,) = read(ARTICLE.replace("DEP - 20191203", "DEP - 20210101")).records
    assert (printed.span.first, printed.span.precision, printed.date_kind) == (
        dt.date(2020, 2, 1),
        "month",
        "publication",
    )


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        ("2018 Nov-Dec", (2018, 11, 1), (2018, 12, 31), "month"),
        ("2018 Dec-2019 Jan", (2018, 12, 1), (2019, 1, 31), "month"),
        ("2018 Nov 5-12", (2018, 11, 1), (2018, 11, 30), "month"),
        ("2018 Oct 29-Nov 4", (2018, 10, 29), (2018, 11, 4), "month"),
        ("2018 Spring", (2018, 1, 1), (2018, 12, 31), "year"),
        ("2018-2019", (2018, 1, 1), (2019, 12, 31), "year"),
        ("2018 Sep 1", (2018, 9, 1), (2018, 9, 1), "day"),
    ],
)
def test_dates_of_issues_are_spans_of_days(read, written, first, last, precision):
    text = ARTICLE.replace("2020 Feb", written).replace("DEP - 20191203\n", "")
    (paper,) = read(text).records
    assert (paper.span.first, paper.span.last) == (dt.date(*first), dt.date(*last))
    assert (paper.span.precision, paper.date_text) == (precision, written)


def test_records_are_parted_at_their_numbers(read):
    found = read(ARTICLE * 3)
    assert [paper.position for paper in found.records] == [
        "record 1 (line 2)",
        "record 2 (line 30)",
        "record 3 (line 58)",
    ]
    assert not found.set_aside


def test_a_group_is_the_author_where_no_person_is(read):
    text = "PMID- 7\nTI  - A\nCN  - The Legs Consortium\n"
    assert read(text).records[0].authors == ("The Legs Consortium",)


def test_fields_above_the_first_number_are_set_aside(read):
    found = read("TI  - Lost\n" + ARTICLE)
    assert len(found.records) == 1
    assert "without a line 'PMID-'" in found.set_aside[0].reason


@pytest.mark.parametrize("text", ["TY  - JOUR\n", "pmid,title\n1,a\n", "PMID: 7\n", "<PMID>7</PMID>"])
def test_other_texts_are_not_claimed(file, text):
    assert not NBIB.recognise(make_source(file(text, "papers.nbib")))


def test_a_record_of_eric_has_its_own_number_and_no_pmid(read):
    record = """OWN - ERIC
TI  - Legs in class
AU  - Ng, B
JT  - School of Legs
AID - http://dx.doi.org/10.1000/Class.1
OID - EJ0000001
DP  - 2000
LID - http://example.org/?id=EJ0000001
AB  - We teach legs.
ISSN - ISSN-1234-5678

"""
    one, two = read(record + record.replace("EJ0000001", "ED0000002")).records
    assert (one.title, one.abstract, one.authors) == ("Legs in class", "We teach legs.", ("Ng, B",))
    assert (one.paper_id, one.pmid, one.doi) == ("EJ0000001", "", "10.1000/class.1")
    assert (one.url, one.span.precision) == ("http://example.org/?id=EJ0000001", "year")
    assert two.paper_id == "ED0000002"
