import datetime as dt

import pytest

from analysis.corpus.formats.xml.endnote import ENDNOTE_XML
from tests.corpus.made_sources import make_source, read_with


def style(text, face="normal"):
    return f'<style face="{face}" font="default" size="100%">{text}</style>'


RECORD = (
    '<record><database>moss.enl</database><source-app name="EndNote" version="20.1">EndNote</source-app>'
    '<rec-number>2</rec-number><ref-type name="Journal Article">17</ref-type>'
    f"<contributors><authors><author>{style('Fern, A.')}</author><author>{style('Lichen, Bo')}</author></authors>"
    f"<secondary-authors><author>{style('Editor, E.')}</author></secondary-authors></contributors>"
    f"<titles><title>{style('Moss on ')}{style('Bryum', 'italic')}{style(' walls')}</title>"
    f"<secondary-title>{style('J Moss')}</secondary-title></titles>"
    f"<periodical><full-title>{style('Journal of Moss')}</full-title></periodical>"
    f"<keywords><keyword>{style('moss')}</keyword><keyword>{style('wall')}</keyword></keywords>"
    f"<edition>{style('2015/03/09')}</edition>"
    f"<dates><year>{style('2015')}</year><pub-dates><date>{style('Jun')}</date></pub-dates></dates>"
    f"<accession-num>{style('90000001')}</accession-num><abstract>{style('We grow.&#xD;It works.')}</abstract>"
    f"<urls><related-urls><url>{style('&lt;Go to ISI&gt;://WOS:1')}</url><url>{style('https://example.org/1')}</url>"
    "</related-urls><pdf-urls><url>internal-pdf://1/moss.pdf</url></pdf-urls></urls>"
    f"<electronic-resource-num>{style('10.1000/Moss.1')}</electronic-resource-num>"
    f"<remote-database-provider>{style('NLM')}</remote-database-provider><language>{style('eng')}</language></record>"
)


@pytest.fixture
def read(tmp_path):
    def read_it(*records):
        path = tmp_path / "endnote.xml"
        path.write_text(f'<?xml version="1.0" encoding="UTF-8" ?><xml><records>{"".join(records)}</records></xml>')
        return read_with(ENDNOTE_XML, path)

    return read_it


def test_a_styled_record_becomes_a_record(read):
    (paper,) = read(RECORD).records
    assert paper.title == "Moss on Bryum walls"
    assert paper.abstract == "We grow.\rIt works."
    assert paper.authors == ("Fern, A.", "Lichen, Bo")
    assert (paper.paper_id, paper.pmid, paper.doi) == ("90000001", "90000001", "10.1000/moss.1")
    assert (paper.venue, paper.language, paper.url) == ("Journal of Moss", "en", "https://example.org/1")
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2015, 3, 9), "day", "online")
    assert paper.labels == {"keywords": "moss; wall", "type": "Journal Article"}


@pytest.mark.parametrize(
    ("date", "first", "precision"),
    [
        ("Jun", "2015-06-01", "month"),
        ("Jun 3", "2015-06-03", "day"),
        ("2015-06-03", "2015-06-03", "day"),
        ("Nov-Dec", "2015-11-01", "month"),
        ("Spring", "2015-01-01", "year"),
    ],
)
def test_the_date_of_the_issue_takes_its_year(read, date, first, precision):
    (paper,) = read(RECORD.replace(style("2015/03/09"), "").replace(style("Jun"), date)).records
    assert (paper.span.first.isoformat(), paper.span.precision) == (first, precision)
    assert paper.date_kind == "publication"


def test_plain_text_without_styles_is_read_too(read):
    plain = (
        '<record><ref-type name="Book">6</ref-type><titles><title>Moss</title></titles><dates><year>2001</year></dates>'
        "<edition>2nd</edition></record>"
    )
    (paper,) = read(plain).records
    assert (paper.title, paper.span.precision, paper.paper_id, paper.labels["type"]) == ("Moss", "year", "", "Book")


def test_xml_of_others_is_not_claimed(tmp_path):
    path = tmp_path / "other.xml"
    path.write_text("<records><record><title>T</title></record></records>")
    assert not ENDNOTE_XML.recognise(make_source(path))
