import datetime as dt

import pytest

from analysis.corpus.formats.xml.arxiv_atom import ARXIV_ATOM
from tests.corpus.made_sources import make_source, read_with

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <link href="http://arxiv.org/api/query?search_query=all:moss" rel="self"/>
  <title>ArXiv Query: search_query=all:moss</title>
  <id>http://arxiv.org/api/abc</id>
  <updated>2024-03-05T00:00:00-05:00</updated>
  <opensearch:totalResults>{total}</opensearch:totalResults>
"""
ENTRY = """  <entry>
    <id>http://arxiv.org/abs/2402.01234v3</id>
    <updated>2024-03-01T10:00:00Z</updated>
    <published>2024-02-02T18:59:59Z</published>
    <title>Moss on
  Walls</title>
    <summary>  We grow moss &lt; 2 cm.
</summary>
    <author><name>Ada Fern</name><arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">X</arxiv:affiliation></author>
    <author><name>Bo Lichen</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/MOSS.1</arxiv:doi>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">9 pages</arxiv:comment>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">J. Moss 1 (2024)</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/2402.01234v3" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2402.01234v3" rel="related"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="q-bio.PE"/>
    <category term="q-bio.PE"/><category term="cs.RO"/>
  </entry>
"""
ERROR = """<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_1234</id><title>Error</title>
<summary>incorrect id format for 1234</summary><published>2024-03-05T00:00:00Z</published></entry>"""


@pytest.fixture
def feed(tmp_path):
    def make(*entries, total=1):
        path = tmp_path / "feed.xml"
        path.write_text(HEAD.format(total=total) + "".join(entries) + "</feed>\n", encoding="utf-8")
        return path

    return make


def test_an_entry_becomes_a_record_of_its_first_version(feed):
    read = read_with(ARXIV_ATOM, feed(ENTRY))
    (paper,) = read.records
    assert paper.title == "Moss on\n  Walls"
    assert paper.abstract == "  We grow moss < 2 cm.\n"
    assert (paper.paper_id, paper.arxiv_id, paper.doi) == ("2402.01234", "2402.01234", "10.1000/moss.1")
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2024, 2, 2), "day", "first_version")
    assert paper.authors == ("Ada Fern", "Bo Lichen")
    assert paper.venue == "J. Moss 1 (2024)"
    assert paper.url == "http://arxiv.org/abs/2402.01234v3"
    assert paper.labels == {"arxiv_primary": "q-bio.PE", "categories": "q-bio.PE; cs.RO", "comment": "9 pages"}
    assert read.captured.day == dt.date(2024, 3, 5)
    assert read.notes == []


def test_an_error_that_comes_as_an_entry_is_set_aside(feed):
    read = read_with(ARXIV_ATOM, feed(ERROR))
    assert read.records == []
    assert read.set_aside[0].reason == "arXiv answered with an error: incorrect id format for 1234"


def test_an_old_id_loses_its_version_and_keeps_its_archive(feed):
    (paper,) = read_with(ARXIV_ATOM, feed(ENTRY.replace("2402.01234v3", "math.GT/0309136v1"))).records
    assert paper.arxiv_id == "math.GT/0309136"


def test_an_empty_feed_and_a_page_of_more_are_noted(feed):
    assert read_with(ARXIV_ATOM, feed(total=0)).notes == ["feed.xml: the query found nothing; the feed holds no entry."]
    assert read_with(ARXIV_ATOM, feed(ENTRY, total=5000)).notes == [
        "feed.xml: holds 1 of the 5,000 papers that the query found."
    ]


def test_a_broken_entry_costs_itself_and_not_the_day_of_capture(feed):
    read = read_with(ARXIV_ATOM, feed(ENTRY.replace("Walls", "Walls & <Trees"), ENTRY))
    assert [item.position for item in read.set_aside] == ["entry 1 (line 8)"]
    assert len(read.records) == 1
    assert read.captured.day == dt.date(2024, 3, 5)


def test_feeds_of_others_are_not_claimed(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text('<feed xmlns="http://www.w3.org/2005/Atom"><title>A blog</title><entry/></feed>')
    assert not ARXIV_ATOM.recognise(make_source(path))
