import datetime as dt

import pytest

from analysis.corpus.formats.xml.pubmed import PUBMED_XML
from tests.corpus.made_sources import read_with

HEAD = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet>
"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">90000001</PMID>
<DateRevised><Year>2023</Year><Month>01</Month><Day>02</Day></DateRevised>
<Article PubModel="Print-Electronic"><Journal>
<JournalIssue>{issue}</JournalIssue><Title>Journal of Moss</Title></Journal>
<ArticleTitle>Moss on H<sub>2</sub>O and <i>Bryum</i> walls.</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/Moss.1</ELocationID>
<Abstract><AbstractText Label="AIM">To grow CO<sub>2</sub> moss.</AbstractText>
<AbstractText Label="UNLABELLED">We did.</AbstractText><AbstractText/>
<CopyrightInformation>Copyright Moss Press</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y"><Author><LastName>Fern</LastName><ForeName>Ada B</ForeName><Suffix>Jr</Suffix>
<AffiliationInfo><Affiliation>Moss Lab</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>The Moss Group</CollectiveName></Author></AuthorList><Language>fre</Language>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList>
<VernacularTitle>Mousse</VernacularTitle>{online}</Article>
<MeshHeadingList><MeshHeading><DescriptorName>Bryophyta</DescriptorName><QualifierName>growth</QualifierName></MeshHeading>
</MeshHeadingList><OtherAbstract Type="Publisher" Language="spa"><AbstractText>Musgo</AbstractText></OtherAbstract>
<KeywordList><Keyword>moss</Keyword><Keyword>wall</Keyword></KeywordList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">90000001</ArticleId><ArticleId IdType="pmc">PMC1</ArticleId>
</ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>
"""
MAY = "<PubDate><Year>2018</Year><Month>May</Month></PubDate>"
ONLINE = '<ArticleDate DateType="Electronic"><Year>2018</Year><Month>03</Month><Day>09</Day></ArticleDate>'
BOOK = """<PubmedBookArticle><BookDocument><PMID>90000002</PMID><ArticleIdList>
<ArticleId IdType="doi">10.1000/b</ArticleId></ArticleIdList>
<Book><BookTitle>The Book of Moss</BookTitle><PubDate><Year>2015</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Editor</LastName></Author></AuthorList></Book>
<ArticleTitle>Walls</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors"><Author><LastName>Fern</LastName><Initials>A</Initials></Author></AuthorList>
<Abstract><AbstractText>On walls.</AbstractText></Abstract>
<ContributionDate><Year>2016</Year><Month>2</Month></ContributionDate></BookDocument></PubmedBookArticle>"""


@pytest.fixture
def read(tmp_path):
    def read_it(*records, after="</PubmedArticleSet>"):
        path = tmp_path / "pubmed.xml"
        path.write_text(HEAD + "".join(records) + after, encoding="utf-8")
        return read_with(PUBMED_XML, path)

    return read_it


def test_an_article_becomes_a_record(read):
    (paper,) = read(ARTICLE.format(issue=MAY, online=ONLINE)).records
    assert paper.title == "Moss on H2O and Bryum walls."
    assert paper.abstract == "AIM: To grow CO2 moss. We did."
    assert (paper.paper_id, paper.pmid, paper.doi) == ("90000001", "90000001", "10.1000/moss.1")
    assert (paper.span.first, paper.span.precision, paper.date_kind) == (dt.date(2018, 3, 9), "day", "online")
    assert paper.authors == ("Ada B Fern Jr", "The Moss Group")
    assert (paper.venue, paper.language) == ("Journal of Moss", "fr")
    assert paper.labels == {
        "keywords": "moss; wall",
        "mesh": "Bryophyta",
        "type": "Journal Article; Retracted Publication",
        "retracted": "yes",
        "pmcid": "PMC1",
        "vernacular_title": "Mousse",
        "other_abstracts": "spa",
    }


@pytest.mark.parametrize(
    ("issue", "online", "first", "last", "precision", "kind"),
    [
        (MAY, "", "2018-05-01", "2018-05-31", "month", "publication"),
        ("<PubDate><Year>2018</Year></PubDate>", ONLINE, "2018-03-09", "2018-03-09", "day", "online"),
        ("<PubDate><Year>2017</Year></PubDate>", ONLINE, "2017-01-01", "2017-12-31", "year", "publication"),
        ("<PubDate><Year>2018</Year><Month>05</Month><Day>7</Day></PubDate>", "",
         "2018-05-07", "2018-05-07", "day", "publication"),
        ("<PubDate><Year>2018</Year><Season>Summer</Season></PubDate>", "",
         "2018-01-01", "2018-12-31", "year", "publication"),
        ("<PubDate><MedlineDate>2018 Nov-Dec</MedlineDate></PubDate>", "",
         "2018-11-01", "2018-12-31", "month", "publication"),
        ("<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>", "",
         "1998-12-01", "1999-01-31", "month", "publication"),
        ("<PubDate><MedlineDate>2000 Spring</MedlineDate></PubDate>", "",
         "2000-01-01", "2000-12-31", "year", "publication"),
        ("<PubDate><MedlineDate>1976-1977</MedlineDate></PubDate>", "",
         "1976-01-01", "1977-12-31", "year", "publication"),
    ],
)  # fmt: skip
def test_the_earliest_public_date_counts_as_finely_as_it_is_known(read, issue, online, first, last, precision, kind):
    (paper,) = read(ARTICLE.format(issue=issue, online=online)).records
    assert (paper.span.first.isoformat(), paper.span.last.isoformat()) == (first, last)
    assert (paper.span.precision, paper.date_kind) == (precision, kind)


def test_an_unreadable_date_is_kept_as_text(read):
    (paper,) = read(ARTICLE.format(issue="<PubDate><MedlineDate>undated</MedlineDate></PubDate>", online="")).records
    assert (paper.span, paper.date_text, paper.date_kind) == (None, "undated", "unstated")


def test_a_chapter_of_a_book_becomes_a_record(read):
    (paper,) = read(BOOK).records
    assert (paper.title, paper.abstract, paper.venue) == ("Walls", "On walls.", "The Book of Moss")
    assert (paper.pmid, paper.doi, paper.authors) == ("90000002", "10.1000/b", ("A Fern",))
    # The book of 2015 is the older one; the chapter came in 2016.
    assert (paper.span.first, paper.span.precision) == (dt.date(2016, 2, 1), "month")


def test_deleted_ids_are_noted_and_an_empty_set_says_so(read):
    found = read(BOOK, "<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation>")
    assert found.notes == ["pubmed.xml: PubMed has deleted 2 of its records; they are listed, not read."]
    assert "without an article" in read().notes[-1]


def test_an_older_set_of_bare_citations_is_read(tmp_path):
    citation = ARTICLE.partition("<MedlineCitation")[2].partition("</MedlineCitation>")[0].format(issue=MAY, online="")
    path = tmp_path / "medline.xml"
    path.write_text(f"<MedlineCitationSet><MedlineCitation{citation}</MedlineCitation></MedlineCitationSet>")
    (paper,) = read_with(PUBMED_XML, path).records
    assert (paper.pmid, paper.doi, paper.span.first) == ("90000001", "10.1000/moss.1", dt.date(2018, 5, 1))


def test_a_set_cut_short_keeps_the_whole_articles(read):
    found = read(BOOK, ARTICLE.format(issue=MAY, online="")[:900], after="")
    assert len(found.records) == 1
    assert [item.position for item in found.set_aside] == ["PubmedArticle 1 (line 11)"]


def test_a_whole_book_has_its_title_authors_and_date_from_the_book(read):
    book = """<PubmedBookArticle><BookDocument><PMID>90000003</PMID><Book><BookTitle>All of Moss</BookTitle>
    <PubDate><Year>2016</Year></PubDate><AuthorList Type="authors"><Author><LastName>Fern</LastName>
    <ForeName>Ada</ForeName></Author></AuthorList></Book><Abstract><AbstractText>Moss.</AbstractText></Abstract>
    </BookDocument></PubmedBookArticle>"""
    (paper,) = read(book).records
    assert (paper.title, paper.authors, paper.abstract) == ("All of Moss", ("Ada Fern",), "Moss.")
    assert paper.span.first == dt.date(2016, 1, 1)
