import datetime as dt
import time

import pytest

from analysis.corpus.formats.xml.oai_pmh import OAI_PMH
from tests.corpus.made_sources import read_with

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2024-05-06T01:02:03Z</responseDate>
<request verb="ListRecords">http://example.org/oai</request>
{body}
</OAI-PMH>
"""
DUBLIN_CORE = """<record><header><identifier>oai:example.org:17</identifier><datestamp>2024-01-09</datestamp></header>
<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Moss on Walls</dc:title><dc:creator>Fern, Ada</dc:creator><dc:creator>Lichen, Bo</dc:creator>
<dc:subject>moss</dc:subject><dc:subject>walls</dc:subject>
<dc:description>Funded.</dc:description><dc:description>We grow moss on many walls.</dc:description>
<dc:date>2021-03-04</dc:date><dc:date>2020</dc:date><dc:date>2020-06</dc:date>
<dc:type>article</dc:type><dc:identifier>https://example.org/17</dc:identifier>
<dc:identifier>https://doi.org/10.1000/Moss.2</dc:identifier><dc:language>ger</dc:language>
<dc:source>J. Moss</dc:source>
</oai_dc:dc></metadata></record>"""
ARXIV = """<record><header><identifier>oai:arXiv.org:2402.01234</identifier><datestamp>2024-03-01</datestamp></header>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2402.01234</id><created>2024-02-02</created>
<updated>2024-03-01</updated><authors><author><keyname>Fern</keyname><forenames>Ada</forenames></author>
<author><keyname>Lichen</keyname><forenames>Bo</forenames><suffix>Jr</suffix></author></authors>
<title>Moss on Walls</title><categories>q-bio.PE cs.RO</categories><comments>9 pages</comments>
<journal-ref>J. Moss 1</journal-ref><doi>10.1000/moss.1 10.1000/moss.2</doi><abstract>  We grow.
</abstract></arXiv></metadata></record>"""
ARXIV_RAW = """<record><header><identifier>oai:arXiv.org:math/0309136</identifier></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>math/0309136</id><submitter>Ada Fern</submitter>
<version version="v1"><date>Mon, 08 Sep 2003 10:45:05 GMT</date><size>9kb</size></version>
<version version="v2"><date>Tue, 09 Dec 2003 10:45:05 GMT</date><size>9kb</size></version>
<title>Moss</title><authors>Ada Fern (Moss Lab (Oslo)), Bo Lichen and C. Alga</authors>
<categories>math.GT</categories><abstract>We grow.</abstract></arXivRaw></metadata></record>"""
DELETED = '<record><header status="deleted"><identifier>oai:example.org:3</identifier></header></record>'


@pytest.fixture
def page(tmp_path):
    def make(*records, after="", n_pages=1):
        path = tmp_path / "page.xml"
        body = f"<ListRecords>{''.join(records)}{after}</ListRecords>"
        path.write_text(PAGE.format(body=body) * n_pages, encoding="utf-8")
        return path

    return make


def test_dublin_core_becomes_a_record(page):
    read = read_with(OAI_PMH, page(DUBLIN_CORE))
    (paper,) = read.records
    assert (paper.title, paper.abstract) == ("Moss on Walls", "We grow moss on many walls.")
    assert (paper.paper_id, paper.doi) == ("oai:example.org:17", "10.1000/moss.2")
    # Of the year 2020 and June 2020, which overlap, the finer counts; March 2021 is later.
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2020, 6, 1), "month", "unstated")
    assert paper.authors == ("Fern, Ada", "Lichen, Bo")
    assert (paper.language, paper.venue, paper.url) == ("de", "J. Moss", "https://example.org/17")
    assert paper.labels == {"keywords": "moss; walls", "type": "article"}
    assert read.captured.day == dt.date(2024, 5, 6)


def test_arxiv_metadata_states_the_first_version(page):
    (paper,) = read_with(OAI_PMH, page(ARXIV)).records
    assert (paper.paper_id, paper.arxiv_id, paper.doi) == ("2402.01234", "2402.01234", "10.1000/moss.1")
    assert (paper.span.first, paper.date_kind) == (dt.date(2024, 2, 2), "first_version")
    assert paper.authors == ("Ada Fern", "Bo Lichen Jr")
    assert paper.labels == {"arxiv_primary": "q-bio.PE", "categories": "q-bio.PE; cs.RO", "comment": "9 pages"}
    assert (paper.abstract, paper.venue) == ("  We grow.\n", "J. Moss 1")


def test_raw_arxiv_metadata_is_dated_by_version_one(page):
    (paper,) = read_with(OAI_PMH, page(ARXIV_RAW)).records
    assert paper.arxiv_id == "math/0309136"
    assert (paper.span.first, paper.date_kind) == (dt.date(2003, 9, 8), "first_version")
    assert paper.authors == ("Ada Fern", "Bo Lichen", "C. Alga")


def test_deleted_records_and_foreign_metadata_are_set_aside(page):
    marc = (
        '<record><header><identifier>oai:x:4</identifier></header><metadata><record xmlns="http://www.loc.gov/MARC21/slim">'
        "<leader/></record></metadata></record>"
    )
    read = read_with(OAI_PMH, page(DELETED, marc, DUBLIN_CORE))
    assert [item.reason for item in read.set_aside] == [
        "deleted by the repository",
        "metadata of a kind that is not read: <record> (ask with metadataPrefix=oai_dc)",
    ]
    assert [paper.position for paper in read.records] == ["record 3 (line 5)"]


def test_headers_alone_are_set_aside_with_what_to_ask_for(tmp_path):
    path = tmp_path / "page.xml"
    path.write_text(
        PAGE.format(body="<ListIdentifiers><header><identifier>oai:x:1</identifier></header></ListIdentifiers>")
    )
    assert [item.reason for item in read_with(OAI_PMH, path).set_aside] == [
        "a header without metadata (ask with verb=ListRecords)"
    ]


def test_an_error_is_noted_with_its_code(tmp_path):
    path = tmp_path / "page.xml"
    path.write_text(PAGE.format(body='<error code="noRecordsMatch">Nothing in\n that range</error>'))
    read = read_with(OAI_PMH, path)
    assert (read.records, read.set_aside) == ([], [])
    assert read.notes == ["page.xml: the repository answered with the error noRecordsMatch (Nothing in that range)."]


def test_a_page_of_more_is_noted_and_the_last_page_is_not(page):
    more = '<resumptionToken completeListSize="800" cursor="0">abc</resumptionToken>'
    assert "one page of a list of 800" in read_with(OAI_PMH, page(DUBLIN_CORE, after=more)).notes[0]
    assert read_with(OAI_PMH, page(DUBLIN_CORE, after="<resumptionToken/>")).notes == []


def test_pages_put_into_one_file_are_all_read(page):
    assert len(read_with(OAI_PMH, page(DUBLIN_CORE, n_pages=3)).records) == 3


def test_brackets_without_end_take_no_time(page):
    begin = time.perf_counter()
    (paper,) = read_with(
        OAI_PMH, page(ARXIV_RAW.replace("Moss Lab (Oslo)", "(" * 50_000 + " " * 50_000 + ")" * 50_000))
    ).records
    assert paper.authors == ("Ada Fern", "Bo Lichen", "C. Alga")
    assert time.perf_counter() - begin < 5
