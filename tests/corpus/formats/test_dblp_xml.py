import datetime as dt

import pytest

from analysis.corpus.formats.xml.dblp import DBLP_XML
from tests.corpus.made_sources import make_source, read_with

DUMP = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<article mdate="2020-01-01" key="journals/moss/FernL19">
<author>J&uuml;rgen Fern</author><author>Wei Lichen 0002</author>
<title>Moss<sup>2</sup> on &quot;walls&quot;.</title><pages>1-9</pages><year>2019</year><month>March</month>
<journal>J. Moss</journal><ee type="oa">https://example.org/1</ee><ee>https://doi.org/10.1000/MOSS.1</ee>
</article><article publtype="informal" key="journals/corr/abs-2402-01234"><author>Ada Fern</author>
<title>Preprint.</title><year>2024</year><volume>abs/2402.01234</volume><journal>CoRR</journal>
<ee>https://doi.org/10.48550/arXiv.2402.01234</ee></article>
<inproceedings key="conf/moss/X20"><title>Talk.</title><booktitle>MOSS</booktitle><year>2020</year></inproceedings>
<proceedings key="conf/moss/2020"><editor>Ed</editor><title>Proceedings.</title><year>2020</year></proceedings>
<www key="homepages/f/AdaFern"><author>Ada Fern</author><title>Home Page</title></www>
</dblp>
"""
SEARCH = """<?xml version="1.0"?>
<result><query id="1">moss*</query><status code="200">OK</status><hits total="2" computed="2" sent="2" first="0">
<hit score="5" id="77"><info><authors><author pid="1">Ada Fern</author></authors><title>Moss.</title><venue>MOSS</venue>
<year>2021</year><type>Conference and Workshop Papers</type><key>conf/moss/Fern21</key><doi>10.1000/M.2</doi>
<ee>https://doi.org/10.1000/M.2</ee><url>https://dblp.org/rec/conf/moss/Fern21</url></info></hit>
<hit score="1" id="78"><info><title>Proceedings.</title><year>2021</year><type>Editorship</type></info></hit>
</hits></result>
"""


@pytest.fixture
def read(tmp_path):
    def read_it(text):
        path = tmp_path / "dblp.xml"
        path.write_text(text, encoding="iso-8859-1")
        return read_with(DBLP_XML, path)

    return read_it


def test_publications_of_the_dump_become_records(read):
    paper, preprint, talk = read(DUMP).records
    assert paper.authors == ("Jürgen Fern", "Wei Lichen")
    assert paper.title == 'Moss2 on "walls"'
    assert (paper.paper_id, paper.doi, paper.venue) == ("journals/moss/FernL19", "10.1000/moss.1", "J. Moss")
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2019, 3, 1), "month", "publication")
    assert (paper.url, paper.abstract) == ("https://example.org/1", "")
    assert (preprint.arxiv_id, preprint.date_kind) == ("2402.01234", "first_version")
    assert preprint.labels == {"type": "article", "status": "informal"}
    assert (talk.venue, talk.url) == ("MOSS", "https://dblp.org/rec/conf/moss/X20")


def test_volumes_and_pages_of_people_are_set_aside(read):
    assert [(item.position, item.reason) for item in read(DUMP).set_aside] == [
        ("proceedings 1 (line 12)", "a volume of proceedings, no paper"),
        ("www 1 (line 13)", "the page of a person, no paper"),
    ]


def test_answers_of_the_search_become_records(read):
    found = read(SEARCH)
    (paper,) = found.records
    assert (paper.title, paper.authors, paper.venue) == ("Moss", ("Ada Fern",), "MOSS")
    assert (paper.paper_id, paper.doi, paper.span.first.year) == ("conf/moss/Fern21", "10.1000/m.2", 2021)
    assert paper.labels == {"type": "Conference and Workshop Papers"}
    assert len(found.set_aside) == 1


def test_the_page_of_a_person_is_read(read):
    page = (
        '<dblpperson name="Ada Fern"><person key="homepages/f/AdaFern"><author>Ada Fern</author></person><r>'
        '<article key="a/b"><author>Ada Fern</author><title>Moss.</title><year>2020</year></article></r></dblpperson>'
    )
    found = read(page)
    assert [paper.paper_id for paper in found.records] == ["a/b"]
    assert len(found.set_aside) == 1


def test_a_dump_that_declares_entities_is_refused(tmp_path):
    path = tmp_path / "dblp.xml"
    path.write_text('<!DOCTYPE dblp [<!ENTITY a "b">]><dblp><article key="a"><title>&a;</title></article></dblp>')
    assert DBLP_XML.recognise(make_source(path))
    with pytest.raises(ValueError, match="DOCTYPE declares"):
        read_with(DBLP_XML, path)
