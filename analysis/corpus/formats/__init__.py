"""One file per kind of source, and the order in which they are tried."""

from analysis.corpus.formats.bibtex.reading import BIBTEX
from analysis.corpus.formats.json.generic import JSON_FORMATS
from analysis.corpus.formats.pages.daily_papers_digest import DAILY_PAPERS_DIGEST
from analysis.corpus.formats.pages.daily_papers_page import DAILY_PAPERS_PAGE
from analysis.corpus.formats.pages.listing import LISTING
from analysis.corpus.formats.tables.csv import CSV, DELIMITED
from analysis.corpus.formats.tables.parquet import PARQUET
from analysis.corpus.formats.tables.xlsx import XLSX
from analysis.corpus.formats.tagged.nbib import NBIB
from analysis.corpus.formats.tagged.ris import RIS
from analysis.corpus.formats.tagged.wos import WOS_TAGGED
from analysis.corpus.formats.xml.acl_anthology import ACL_ANTHOLOGY
from analysis.corpus.formats.xml.arxiv_atom import ARXIV_ATOM
from analysis.corpus.formats.xml.dblp import DBLP_XML
from analysis.corpus.formats.xml.endnote import ENDNOTE_XML
from analysis.corpus.formats.xml.jats import JATS_XML
from analysis.corpus.formats.xml.oai_pmh import OAI_PMH
from analysis.corpus.formats.xml.pubmed import PUBMED_XML
from analysis.corpus.records import Format

# The surest sign first: marks of binary formats, roots of XML, braces, tags at the start of lines. Tables are told by
# their header; a listing by its cards; any other delimited text comes last, to be told what it lacks.
FORMATS: tuple[Format, ...] = (
    PARQUET,
    XLSX,
    ARXIV_ATOM,
    OAI_PMH,
    PUBMED_XML,
    JATS_XML,
    ACL_ANTHOLOGY,
    ENDNOTE_XML,
    DBLP_XML,
    DAILY_PAPERS_PAGE,
    *JSON_FORMATS,
    BIBTEX,
    WOS_TAGGED,
    NBIB,
    RIS,
    DAILY_PAPERS_DIGEST,
    CSV,
    LISTING,
    DELIMITED,
)

__all__ = ["FORMATS"]
