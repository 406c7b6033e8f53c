import datetime as dt

import pytest

from analysis.corpus.formats.tagged.ris import RIS
from tests.corpus.made_sources import make_source, read_with

JOURNAL = """TY  - JOUR
TI  - Gaits of small robots
AU  - Lovelace, Ada
AU  - Ng, B.
T2  - Journal of Legs
PY  - 2019/05/
AB  - Background: legs are hard.
   Methods: we built six.
KW  - robotics
KW  - gait; legs
DO  - https://doi.org/10.1000/LEGS.7
UR  - https://example.org/legs;v=1
LA  - English
ER  -
"""


@pytest.fixture
def read(file):
    return lambda text, **options: read_with(RIS, file(text, "papers.txt"), **options)


def test_every_field_finds_its_place(read):
    (paper,) = read(JOURNAL).records
    assert (paper.title, paper.venue, paper.language) == ("Gaits of small robots", "Journal of Legs", "en")
    assert paper.abstract == "Background: legs are hard.\nMethods: we built six."
    assert paper.authors == ("Lovelace, Ada", "Ng, B.")
    assert (paper.doi, paper.url) == ("10.1000/legs.7", "https://example.org/legs;v=1")
    assert paper.labels == {"keywords": "robotics; gait; legs", "type": "JOUR"}
    assert (paper.span.first, paper.span.precision, paper.date_text) == (dt.date(2019, 5, 1), "month", "2019/05/")
    assert paper.position == "record 1 (line 1)"


@pytest.mark.parametrize(
    ("dates", "first", "precision"),
    [
        ("PY  - 2024\nDA  - 2024-02-01", (2024, 2, 1), "day"),
        ("PY  - 2024\nDA  - 2024///", (2024, 1, 1), "year"),
        ("PY  - 2010\nDA  - SEP 22", (2010, 9, 22), "day"),
        ("PY  - 1911\nDA  - JUL-DEC", (1911, 7, 1), "month"),
        ("Y1  - 2019/05/12/Spring", (2019, 5, 12), "day"),
        ("PY  - 2020\nDA  - 2019/12/03", (2019, 12, 3), "day"),
        ("PY  - 2020\nY2  - 2024/01/01", (2020, 1, 1), "year"),
    ],
)
def test_the_earliest_date_is_taken_and_the_finest_that_agrees(read, dates, first, precision):
    (paper,) = read(f"TY  - JOUR\nTI  - A\n{dates}\nER  - \n").records
    assert (paper.span.first, paper.span.precision) == (dt.date(*first), precision)


def test_a_date_that_cannot_be_read_is_kept_as_text(read):
    (paper,) = read("TY  - JOUR\nTI  - A\nPY  - in press\nER  - \n").records
    assert (paper.span, paper.date_text) == (None, "in press")


def test_older_spellings_of_the_tags_are_read(read):
    (paper,) = read("TY  - JOUR\nT1  - Title\nA1  - Ng, B\nN2  - Text.\nJF  - J. Legs\nY1  - 2001//\nER  - \n").records
    assert (paper.title, paper.authors, paper.abstract, paper.venue) == ("Title", ("Ng, B",), "Text.", "J. Legs")
    assert paper.span.first == dt.date(2001, 1, 1)


def test_a_byte_order_mark_and_a_single_blank_before_the_dash_do_not_matter(read):
    text = "\ufeffTY - JOUR\nTI - One\nAB - A well-known\nAI-based method\nER -\n\ufeffTY  - JOUR\nTI  - Two\nER  - \n"
    one, two = read(text).records
    assert (one.title, one.abstract, two.title) == ("One", "A well-known\nAI-based method", "Two")


def test_a_record_without_an_end_ends_where_the_next_begins(read):
    found = read("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [paper.title for paper in found.records] == ["One", "Two"]
    assert found.records[1].position == "record 2 (line 3)"


def test_fields_without_a_beginning_are_set_aside_alone(read):
    found = read(JOURNAL + "\nTI  - Lost\nAU  - Ng\nER  - \n\n" + JOURNAL)
    assert len(found.records) == 2
    (lost,) = found.set_aside
    assert (lost.position, "TI  - Lost" in lost.raw) == ("line 16", True)
    assert "without a line 'TY  -'" in lost.reason


def test_text_outside_of_records_is_told(read):
    found = read("Downloaded from nowhere\n" + JOURNAL)
    assert len(found.records) == 1
    assert found.notes == ["papers.txt: 1 line outside of records was passed over (the first is line 1)."]


def test_a_second_abstract_does_not_mix_with_the_first(read):
    text = "TY  - JOUR\nTI  - A\nAB  - First.\nmore of it\nAB  - Second.\nmore of that\nER  - \n"
    assert read(text).records[0].abstract == "First.\nmore of it"


def test_the_day_of_a_scopus_export_is_when_it_was_captured(read):
    found = read("TY  - JOUR\nTI  - A\nN1  - Export Date: 05 August 2024; Cited By: 7\nER  - \n")
    assert found.captured.day == dt.date(2024, 8, 5)


@pytest.mark.parametrize(
    "field",
    ["DO  - 10.48550/arXiv.2301.00001", "UR  - https://arxiv.org/abs/2301.00001v3", "AN  - arXiv:2301.00001",
     "JO  - arXiv:2301.00001"],
)  # fmt: skip
def test_an_arxiv_id_is_found_wherever_it_stands(read, field):
    assert read(f"TY  - GEN\nTI  - A\n{field}\nER  - \n").records[0].arxiv_id == "2301.00001"


def test_an_endless_record_is_set_aside_and_the_next_one_read(read):
    endless = "TY  - JOUR\nTI  - A\n" + "x" * 999 + "\n" + ("word " * 200 + "\n") * 6_000
    found = read(endless + JOURNAL)
    assert [paper.title for paper in found.records] == ["Gaits of small robots"]
    (aside,) = found.set_aside
    assert (aside.position, "longer than 4 MiB" in aside.reason) == ("record 1 (line 1)", True)
    assert len(aside.raw) < 25_000


@pytest.mark.parametrize(
    "text", ["TYPE  - x", '{"a": "TY  - JOUR"}', "title,abstract\na,b\n", "PMID- 1\n", "", "@article{a,\n"]
)
def test_other_texts_are_not_claimed(file, text):
    assert not RIS.recognise(make_source(file(text or "\n", "papers.ris")))


def test_damage_of_any_kind_ends_in_records_or_set_aside(read):
    text = (
        "TY  - JOUR\nTI  - A\x01\udcff".encode("utf-8", "surrogatepass")
        + b"\xff\xfe\nAB  - \xe9\nPY  - 99999999999\nER  - \n"
    )
    found = read(text)
    assert len(found.records) == 1
    assert found.records[0].span is None


def test_ebscohost_tells_doi_number_and_journal_in_its_own_way(read):
    text = """TY  - JOUR
T1  - Gangarten kleiner Roboter.
T2  - Gaits of small robots.
JO  - J. Legs
JF  - Journal of Legs
AB  - Legs are hard.
AB  - Copyright of Journal of Legs is the property of Legs.
N1  - Accession Number: 100000001; Ng, B. 1; Source Info: Sep2016, p2
L3  - 10.1000/Legs.8
DP  - EBSCOhost
ER  -
"""
    (paper,) = read(text).records
    assert (paper.paper_id, paper.doi, paper.pmid) == ("100000001", "10.1000/legs.8", "")
    assert (paper.venue, paper.abstract) == ("Journal of Legs", "Legs are hard.")


@pytest.mark.parametrize(
    ("fields", "paper_id", "pmid"),
    [
        ("DB  - Embase\nDB  - Medline\nU2  - L2000000001\nC5  - 40000001", "L2000000001", "40000001"),
        ("DB  - Embase\nU2  - L2000000001\nC5  - 40000001", "L2000000001", ""),
        ("DB  - Embase\nDB  - Medline\nAN  - 600000001", "600000001", ""),
        ("DP  - NLM\nAN  - 40000001\nID  - 3", "40000001", "40000001"),
        ("DB  - CAB\nAN  - 40000001", "40000001", ""),
        ("ID  - 40000001\nL2  - http://ovidsp.ovid.com/a.cgi?T=JS&D=medl&NEWS=N&AN=40000001", "40000001", "40000001"),
        ("ID  - 40000001\nL2  - http://ovidsp.ovid.com/a.cgi?T=JS&D=caba6&NEWS=N&AN=40000001", "40000001", ""),
        ("AN  - CN-00000001\nC3  - PUBMED 40000001,EMBASE 2000000001", "CN-00000001", "40000001"),
        ("AN  - CN-00000001\nC3  - EMBASE 2000000001", "CN-00000001", ""),
        ("U2  - read it\nID  - 3", "3", ""),
    ],
)
def test_numbers_are_those_of_the_database(read, fields, paper_id, pmid):
    (paper,) = read(f"TY  - JOUR\nTI  - A\n{fields}\nER  - \n").records
    assert (paper.paper_id, paper.pmid) == (paper_id, pmid)


def test_what_ovid_writes_between_records_needs_no_word(read):
    text = "1.\n" + JOURNAL + "\nLink to the Ovid Full Text or citation: http://example.org/1\n\n2.\n" + JOURNAL
    found = read(text)
    assert (len(found.records), found.set_aside, found.notes) == (2, [], [])


def test_an_arxiv_paper_of_proquest_is_told_by_its_full_text(read):
    text = "TY  - GEN\nT1  - A\nJF  - arXiv.org\nAN  - 1\nL2  - http://arxiv.org/pdf/2601.00001v2.pdf\nER  -\n"
    assert read(text).records[0].arxiv_id == "2601.00001"


@pytest.mark.parametrize(("day", "month"), [("16-18 Oct. 2014", 10), ("26-30 Sept. 2014", 9), ("Jan. 2014", 1)])
def test_the_days_of_a_conference_mean_its_month(read, day, month):
    (paper,) = read(f"TY  - CONF\nTI  - A\nPY  - 2014\nY1  - {day}\nER  - \n").records
    assert (paper.span.first, paper.span.precision) == (dt.date(2014, month, 1), "month")
