"""PubMed's XML: articles and book chapters, as fetched, saved or from the yearly baseline.

Source: PubMed DTD and "MEDLINE PubMed XML Element Descriptions"
(nlm.nih.gov/bsd/licensee/elements_descriptions.html). The dates are those of
the issue (``PubDate``) and of the electronic article (``ArticleDate``): the
earlier one counts, and where they overlap the finer. A chapter's own date
(``ContributionDate``) comes before that of its book. Days on which PubMed
received or indexed a record are not taken for a publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.languages import LANGUAGES
from analysis.corpus.formats.values import to_doi
from analysis.corpus.formats.xml.decoding import find_root
from analysis.corpus.formats.xml.elements import Part, find_text, flatten, list_texts
from analysis.corpus.formats.xml.records import read_parts
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, DateKind, Format, Found, Note, RawRecord

_ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle", "MedlineCitationSet")
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
# What is long, and is not asked for.
_SKIPPED = (
    "AffiliationInfo",
    "ChemicalList",
    "CommentsCorrectionsList",
    "DataBankList",
    "GrantList",
    "InvestigatorList",
    "ReferenceList",
)
_RETRACTED = "Retracted Publication"


def recognise_pubmed_xml(source: Source) -> bool:
    """Whether the outermost element is one of PubMed's."""
    root = find_root(source)
    return root is not None and root.name in _ROOTS


def read_pubmed_xml(source: Source, _context: Context) -> Iterator[Found]:
    """Every article and chapter; a list of PMIDs that PubMed has deleted is noted."""
    n_records = 0
    root = find_root(source)
    # The older sets hold the citation that is within an article bare.
    records = ("MedlineCitation",) if root and root.name == "MedlineCitationSet" else _RECORDS
    for part in read_parts(source, records, beside=("DeleteCitation",), skipped=_SKIPPED):
        if not isinstance(part, Part):
            yield part
        elif part.name == "DeleteCitation":
            yield Note(
                f"{source.name}: PubMed has deleted {len(part.element):,} of its records; they are listed, not read."
            )
        else:
            n_records += 1
            yield _read_record(part)
    if not n_records:
        yield Note(f"{source.name}: this is PubMed XML without an article.")


def _read_record(part: Part) -> RawRecord:
    record = part.element
    citation = record if part.name == "MedlineCitation" else record.find("MedlineCitation")
    if citation is None:
        citation = record.find("BookDocument")
    citation = record if citation is None else citation
    found = citation.find("Article")
    article = citation if found is None else found
    pmid = find_text(citation, "PMID")
    date = choose_date(_list_dates(article))
    language = find_text(article, "Language")
    return RawRecord(
        position=part.position,
        raw=part.raw,
        title=flatten(article.find("ArticleTitle"))
        or find_text(article, "VernacularTitle")
        or find_text(article, "Book/BookTitle"),
        abstract=_join_abstract(article),
        paper_id=pmid,
        span=date.span if date else None,
        date_text=date.text if date else "; ".join(filter(None, (dated.text for dated in _list_dates(article)))),
        date_kind=date.kind if date else "unstated",
        authors=_list_authors(article),
        venue=find_text(article, "Journal/Title") or find_text(article, "Book/BookTitle"),
        doi=_find_doi(record, article),
        pmid=pmid,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        language=LANGUAGES.get(language.casefold(), language),
        labels=_read_labels(record, citation, article),
    )


def _join_abstract(article: Element) -> str:
    """The parts of the abstract, each with its heading; neither copyright nor translations."""
    parts = []
    for part in article.iterfind("Abstract/AbstractText"):
        heading, text = part.get("Label", "").strip(" :"), flatten(part).strip()
        if text:
            parts.append(f"{heading}: {text}" if heading and heading != "UNLABELLED" else text)
    return " ".join(parts)


def _list_dates(article: Element) -> Iterator[Dated]:
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("ArticleDate", "online"),
        ("Journal/JournalIssue/PubDate", "publication"),
        ("ContributionDate", "publication"),
        ("Book/PubDate", "publication"),
    )
    for path, kind in kinds:
        if path == "Book/PubDate" and article.find("ContributionDate") is not None:
            # A book that grows: its date is that of its first chapter.
            continue
        for date in article.iterfind(path):
            parts = (find_text(date, name) for name in ("Year", "Month", "Day", "Season"))
            text = find_text(date, "MedlineDate") or " ".join(filter(None, parts))
            # Months are written "05" or "May".
            yield Dated(text, parse_issue_date(_use_dashes(text)), kind)


def _use_dashes(text: str) -> str:
    parts = text.split()
    return "-".join(parts) if all(part.isdigit() for part in parts) else text


def _list_authors(article: Element) -> tuple[str, ...]:
    names = []
    # A record of a whole book has its authors in the book.
    path = "AuthorList" if article.find("ArticleTitle") is not None else "Book/AuthorList"
    found = article.findall("AuthorList") or article.findall(path)
    lists = [one for one in found if one.get("Type", "authors") == "authors"]
    for author in (author for one in lists for author in one.iterfind("Author")):
        given = find_text(author, "ForeName") or find_text(author, "Initials")
        parts = (given, find_text(author, "LastName"), find_text(author, "Suffix"))
        names.append(" ".join(filter(None, parts)) or find_text(author, "CollectiveName"))
    return tuple(filter(None, names))


def _find_doi(record: Element, article: Element) -> str:
    places = (
        *(one for one in article.iterfind("ELocationID[@EIdType='doi']") if one.get("ValidYN") != "N"),
        *record.iterfind("PubmedData/ArticleIdList/ArticleId[@IdType='doi']"),
        *record.iterfind("PubmedBookData/ArticleIdList/ArticleId[@IdType='doi']"),
        *article.iterfind("ArticleIdList/ArticleId[@IdType='doi']"),
    )
    return next(filter(None, (to_doi(flatten(place).strip()) for place in places)), "")


def _read_labels(record: Element, citation: Element, article: Element) -> dict[str, str]:
    types = list_texts(article, "PublicationTypeList/PublicationType") or list_texts(article, "PublicationType")
    translations = (one.get("Language", "") for one in citation.iterfind("OtherAbstract"))
    labels = {
        "keywords": "; ".join(list_texts(citation, "KeywordList/Keyword")),
        "mesh": "; ".join(list_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName")),
        "type": "; ".join(types),
        "retracted": "yes" if _RETRACTED in types else "",
        "pmcid": find_text(record, "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']"),
        "vernacular_title": find_text(article, "VernacularTitle"),
        "other_abstracts": "; ".join(filter(None, translations)),
    }
    return {name: label for name, label in labels.items() if label}


PUBMED_XML = Format("PubMed XML", recognise_pubmed_xml, read_pubmed_xml)
