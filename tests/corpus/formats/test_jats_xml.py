import datetime as dt

import pytest

from analysis.corpus.formats.xml.jats import JATS_XML
from tests.corpus.made_sources import make_source, read_with

ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="en-GB">
<front><journal-meta>
<journal-title-group><journal-title>Journal of Moss</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">90000001</article-id><article-id pub-id-type="pmc">PMC1</article-id>
<article-id pub-id-type="doi">10.1000/Moss.1</article-id>
<article-categories><subj-group><subject>Botany</subject></subj-group></article-categories>
<title-group><article-title>Moss on <italic>Bryum</italic> walls<fn><p>Funded.</p></fn></article-title></title-group>
<contrib-group>
<contrib contrib-type="author"><name><surname>Fern</surname><given-names>Ada</given-names></name></contrib>
<contrib contrib-type="author"><collab>Moss Group</collab></contrib>
<contrib contrib-type="editor"><name><surname>Editor</surname></name></contrib></contrib-group>
{dates}
<history><date date-type="received"><day>1</day><month>1</month><year>2017</year></date></history>
<abstract abstract-type="graphical"><p>A picture.</p></abstract>
<abstract><title>Abstract</title><sec><title>Aim</title><p>To grow CO<sub>2</sub> moss.</p></sec>
<sec><title>Result</title>
<p>It grew <inline-formula><alternatives><tex-math>\\documentclass{{x}}</tex-math><math>n=3</math></alternatives>
</inline-formula>.</p></sec></abstract>
<trans-abstract xml:lang="fr"><p>Mousse.</p></trans-abstract>
<kwd-group><kwd>moss</kwd><kwd>wall</kwd></kwd-group></article-meta></front>
<body><p>{body}</p></body></article>"""
PRINT = '<pub-date pub-type="ppub"><month>6</month><year>2018</year></pub-date>'
ONLINE = '<pub-date pub-type="epub"><day>9</day><month>3</month><year>2018</year></pub-date>'
RELEASE = '<pub-date pub-type="pmc-release"><day>9</day><month>1</month><year>2018</year></pub-date>'


@pytest.fixture
def read(tmp_path):
    def read_it(*articles):
        path = tmp_path / "pmc.xml"
        path.write_text(f"<pmc-articleset>{''.join(articles)}</pmc-articleset>", encoding="utf-8")
        return read_with(JATS_XML, path)

    return read_it


def test_the_front_of_an_article_becomes_a_record(read):
    (paper,) = read(ARTICLE.format(dates=PRINT + ONLINE + RELEASE, body="Long.")).records
    assert paper.title == "Moss on Bryum walls"
    assert " ".join(paper.abstract.split()) == "Aim: To grow CO2 moss. Result: It grew n=3 ."
    assert (paper.paper_id, paper.doi, paper.pmid) == ("10.1000/moss.1", "10.1000/moss.1", "90000001")
    assert paper.authors == ("Ada Fern", "Moss Group")
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2018, 3, 9), "day", "online")
    assert (paper.venue, paper.language, paper.url) == ("Journal of Moss", "en", "https://doi.org/10.1000/moss.1")
    assert paper.labels == {
        "keywords": "moss; wall",
        "categories": "Botany",
        "type": "research-article",
        "pmcid": "PMC1",
    }


def test_a_long_body_costs_no_record(read):
    body = "<b>word</b>" * 250_000
    found = read(ARTICLE.format(dates=PRINT, body=body), ARTICLE.format(dates=PRINT, body="Short."))
    assert [paper.span.precision for paper in found.records] == ["month", "month"]
    assert found.set_aside == []


def test_articles_of_other_kinds_are_not_claimed(tmp_path):
    path = tmp_path / "book.xml"
    path.write_text('<article xmlns="http://docbook.org/ns/docbook"><title>T</title></article>')
    assert not JATS_XML.recognise(make_source(path))


def test_a_heading_that_has_its_colon_gets_no_second_one(read):
    article = ARTICLE.format(dates=PRINT, body="").replace("<title>Aim</title>", "<title>Aim: </title>")
    assert read(article).records[0].abstract.startswith("Aim: To grow")
