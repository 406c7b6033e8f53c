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
    f"<edition>{style('20150309')}</edition>"
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
    (paper,) = read(RECORD.replace(style("20150309"), "").replace(style("Jun"), date)).records
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


@pytest.mark.parametrize(
    ("edition", "notes", "first", "kind"),
    [
        # The day on which PubMed opened its entry is none of the paper's.
        ("2015/01/17", "", "2015-06-01", "publication"),
        ("2015/07/30", "J Moss. 2015 Jun;1(2):3-4. doi: 10.1000/m. Epub 2015 Feb 20.", "2015-02-20", "online"),
        ("20150209", "", "2015-02-09", "online"),
    ],
)
def test_the_day_online_is_told_from_that_of_pubmeds_entry(read, edition, notes, first, kind):
    record = RECORD.replace("20150309", edition).replace("<urls>", f"<notes>{style('a&#xD;' + notes)}</notes><urls>")
    (paper,) = read(record).records
    assert (paper.span.first.isoformat(), paper.date_kind) == (first, kind)


def test_ovid_tells_the_number_of_medline_in_its_address(read):
    url = "https://ovidsp.ovid.com/ovidweb.cgi?T=JS&amp;D=med27&amp;AN=90000002"
    record = (
        f"<record><rec-number>1</rec-number><titles><title>{style('Moss')}</title></titles>"
        f"<urls><related-urls><url>{style(url)}</url></related-urls></urls>"
        f"<remote-database-name>{style('Ovid MEDLINE(R) &lt;January 2025&gt;')}</remote-database-name></record>"
    )
    (paper,) = read(record).records
    assert (paper.paper_id, paper.pmid) == ("90000002", "90000002")
    (other,) = read(record.replace("Ovid MEDLINE(R)", "CAB Abstracts")).records
    assert (other.paper_id, other.pmid) == ("90000002", "")
