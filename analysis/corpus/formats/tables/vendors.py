"""What the columns of each vendor's tables are called, and what they mean.

Sources: the vendors' own exports and help pages (Scopus, Web of Science, IEEE
Xplore, SpringerLink, PubMed, Embase, Dimensions, Lens, Zotero, OpenAlex,
Publish or Perish, Google Scholar, EBSCOhost, Cochrane, Covidence, Rayyan,
Abstrackr, RefWorks, ASReview, arXiv). `is_tried` says whose
exports have been read as they came; the others follow the published headers.
"""

from __future__ import annotations

import re

from analysis.corpus.formats.tables.accepted import DateColumn, Vendor
from analysis.corpus.formats.tables.vendor_dates import (
    parse_american,
    parse_epub,
    parse_first_version,
    parse_issue,
    parse_parts,
    parse_sure_day,
)

_SEMICOLON = re.compile(r";")
# "Ng A., Bee C." and, before 2018, "Ng, A., Bee, C.": a comma parts names only after an initial.
_AFTER_INITIAL = re.compile(r";|(?<=\.),")
_AND = re.compile(r"\s+and\s+|;")
_YEAR = DateColumn(("publication year",), "publication")

OURS = Vendor(
    "Themeline",
    marks=(("paper_id", "published_precision", "published_inferred"),),
    columns={"source": ("source",), "position": ("position",)},
    dates=(DateColumn(("published",), "unstated"),),
    separator=_SEMICOLON,
    is_tried=True,
)
VENDORS = (
    OURS,
    Vendor(
        "Scopus",
        marks=(("eid", "source title"), ("authors id", "source title"), ("author(s) id", "title")),
        columns={
            "paper_id": ("eid",),
            "authors": ("author full names", "authors"),
            "keywords": ("author keywords", "index keywords"),
            "url": ("link",),
        },
        separator=_AFTER_INITIAL,
        advice="In Scopus, export again as CSV with 'Abstract' ticked.",
        is_tried=True,
    ),
    Vendor(
        "Web of Science",
        marks=(("pt", "au", "ti", "so"), ("ut (unique wos id)", "article title"), ("ut (unique id)", "article title")),
        columns={
            "title": ("ti", "article title"),
            "abstract": ("ab", "abstract"),
            "paper_id": ("ut", "ut (unique wos id)", "ut (unique id)"),
            "authors": ("af", "au", "author full names", "authors"),
            "venue": ("so", "source title"),
            "doi": ("di", "doi"),
            "pmid": ("pm", "pubmed id"),
            "language": ("la", "language"),
            "keywords": ("de", "author keywords", "id", "keywords plus"),
            "type": ("dt", "document type"),
            "url": (),
        },
        dates=(
            DateColumn(("ea",), "online"),
            DateColumn(("early access date",), "online"),
            DateColumn(("pd", "py"), "publication"),
            DateColumn(("publication date", "publication year"), "publication"),
            DateColumn(("py",), "publication"),
            _YEAR,
        ),
        separator=_SEMICOLON,
        advice="In Web of Science, export again with the record content 'Full Record'.",
        is_tried=True,
    ),
    Vendor(
        "IEEE Xplore",
        marks=(("document title", "date added to xplore"), ("document title", "pdf link")),
        columns={"keywords": ("author keywords", "ieee terms"), "url": ("pdf link",), "type": ("document identifier",)},
        dates=(
            DateColumn(("online date",), "online"),
            DateColumn(("issue date",), "publication"),
            _YEAR,
            DateColumn(("date added to xplore",), "online"),
        ),
        separator=_SEMICOLON,
        advice="IEEE Xplore's 'Results' CSV holds abstracts: export it again.",
        is_tried=True,
    ),
    Vendor(
        "SpringerLink",
        marks=(("item title", "item doi"),),
        # Its export runs the authors together ("Ann NgCy Bee"): they cannot be told apart, so they stay unknown.
        columns={"authors": (), "type": ("content type",)},
        advice="SpringerLink's CSV never holds abstracts: look its DOIs up in OpenAlex, or export single items as RIS.",
        is_tried=True,
    ),
    Vendor(
        "PubMed",
        marks=(("pmid", "citation", "create date"), ("pmid", "journal/book")),
        columns={"paper_id": ("pmid",), "venue": ("journal/book",)},
        # Create Date is the day on which PubMed opened its record: not a publication date.
        dates=(
            DateColumn(("citation",), "online", parse=parse_epub),
            DateColumn(("citation",), "publication", parse=parse_issue),
            _YEAR,
        ),
        separator=re.compile(r",|\.$"),
        advice="PubMed's CSV never holds abstracts: choose Save, then format 'PubMed' (a .txt or .nbib file).",
        is_tried=True,
    ),
    Vendor(
        "Embase",
        marks=(("pui", "author names"), ("embase accession id",), ("author names", "emtree medical index terms")),
        columns={
            "paper_id": ("pui", "embase accession id", "medline pmid"),
            "url": ("full text link", "embase link"),
            "language": ("article language",),
        },
        dates=(DateColumn(("date of publication",), "publication"), _YEAR),
        separator=_AFTER_INITIAL,
        advice="In Embase, export again with 'Abstract' among the fields.",
        is_tried=True,
    ),
    Vendor(
        "Dimensions",
        marks=(("publication id", "pubyear"), ("publication id", "dimensions url")),
        columns={
            "paper_id": ("publication id",),
            "venue": ("source title", "anthology title", "source title/anthology title"),
            "url": ("source linkout", "dimensions url"),
            "keywords": ("keywords", "mesh terms"),
        },
        dates=(
            DateColumn(("publication date (online)",), "online"),
            DateColumn(("publication date",), "publication"),
            DateColumn(("publication date (print)",), "publication"),
            DateColumn(("pubyear",), "publication"),
        ),
        separator=_SEMICOLON,
        advice="In Dimensions, export again as 'full record' with abstracts (a free account leaves them out).",
    ),
    Vendor(
        "Lens",
        marks=(("lens id",),),
        columns={
            "paper_id": ("lens id",),
            "authors": ("author/s", "authors"),
            "url": ("external url", "source urls"),
            "keywords": ("keywords", "fields of study", "mesh terms"),
        },
        # As with OpenAlex: January 1 where only the year is known.
        dates=(DateColumn(("date published",), "publication", parse=parse_sure_day), _YEAR),
        separator=_SEMICOLON,
        advice="In Lens, export again with 'Abstract' among the fields.",
        is_tried=True,
    ),
    Vendor(
        "Zotero",
        marks=(("key", "item type"),),
        columns={"paper_id": ("key",), "keywords": ("manual tags", "automatic tags"), "type": ("item type",)},
        # Date Added is the day on which the user saved it.
        dates=(DateColumn(("date",), "publication"), _YEAR),
        separator=_SEMICOLON,
        advice="Zotero has none for these items: add them there, or join a source that has them.",
        is_tried=True,
    ),
    Vendor(
        "OpenAlex",
        marks=(
            ("id", "primary_location.source.display_name"),
            ("id", "authorships.author.display_name"),
            ("ids.openalex",),
            ("id", "display_name", "publication_year", "cited_by_count"),
        ),
        columns={
            "authors": ("authorships.author.display_name", "authorships.raw_author_name", "author_names"),
            "venue": ("primary_location.source.display_name", "host_venue.display_name"),
            "url": ("primary_location.landing_page_url", "doi"),
            "pmid": ("ids.pmid", "pmid"),
            "keywords": ("keywords.display_name", "keywords"),
            "openalex_topic": ("primary_topic.display_name",),
        },
        dates=(
            DateColumn(("publication_date",), "publication", parse=parse_sure_day),
            DateColumn(("publication_year",), "publication"),
        ),
        separator=re.compile(r"\|"),
        advice="OpenAlex's site leaves abstracts out of its CSV: use its API (`themeline fetch openalex`).",
        id_prefix="https://openalex.org/",
        is_tried=True,
    ),
    Vendor(
        "Publish or Perish",
        marks=(("cites", "gsrank"), ("cites", "articleurl")),
        # Its count of authors takes the dots of a cut list for one of them.
        columns={"venue": ("source",), "url": ("articleurl",), "n_authors": ()},
        dates=(DateColumn(("year",), "publication"),),
        separator=re.compile(r",\s*(?:\.{3}|…)\s*$|,"),
        advice="Google Scholar gives no full abstracts: take the same papers from OpenAlex or Crossref.",
        is_tried=True,
    ),
    Vendor(
        "Google Scholar",
        marks=(("authors", "title", "publication", "volume", "number", "pages", "year"),),
        columns={"venue": ("publication",)},
        dates=(DateColumn(("year",), "publication"),),
        separator=_SEMICOLON,
        advice="Google Scholar exports no abstracts: take the same papers from OpenAlex or Crossref.",
        is_tried=True,
    ),
    Vendor(
        "arXiv",
        marks=(("published", "updated", "primary_category"), ("entry_id", "published"), ("versions", "update_date"),
               ("created", "updated", "categories")),
        columns={"paper_id": ("entry_id", "id", "arxiv_id"), "arxiv_id": ("arxiv_id", "entry_id", "id"),
                 "venue": ("journal_ref", "journal-ref"), "url": ("url", "entry_id", "pdf_url"), "type": ()},
        # The day of an update is no date of publication.
        dates=(
            DateColumn(("published",), "first_version"),
            DateColumn(("created",), "first_version"),
            DateColumn(("versions",), "first_version", parse=parse_first_version),
        ),
    ),
    Vendor(
        "EBSCOhost",
        marks=(("article title", "accession number", "plink"),),
        columns={"paper_id": ("accession number",), "url": ("plink",), "type": ("doctype",),
                 "keywords": ("keywords", "subjects")},
        dates=(DateColumn(("publication date",), "publication", parse=parse_american),),
        separator=_SEMICOLON,
        is_tried=True,
    ),
    Vendor(
        "Cochrane",
        marks=(("central id", "title"), ("cochrane review id", "title")),
        columns={"paper_id": ("central id", "cochrane review id"), "venue": ("source",)},
        dates=(_YEAR, DateColumn(("year",), "publication")),
        separator=_SEMICOLON,
        is_tried=True,
    ),
    Vendor(
        "Covidence",
        marks=(("covidence #", "title"),),
        columns={"paper_id": ("covidence #",)},
        dates=(DateColumn(("published year",), "publication"),),
        separator=_SEMICOLON,
        is_tried=True,
    ),
    Vendor(
        "Rayyan",
        marks=(("key", "title", "year", "month", "day", "abstract", "authors"),),
        columns={"paper_id": ("key",)},
        dates=(
            DateColumn(("year", "month", "day"), "publication", parse=parse_parts),
            DateColumn(("year", "month"), "publication", parse=parse_parts),
            DateColumn(("year",), "publication"),
        ),
        separator=_AND,
        is_tried=True,
    ),
    Vendor(
        "Abstrackr",
        marks=(("(internal) id", "(source) id", "title"),),
        columns={"paper_id": ("(internal) id",)},
        separator=_AND,
        is_tried=True,
    ),
    Vendor(
        "RefWorks",
        marks=(("reference type", "title primary"),),
        columns={"title": ("title primary",), "authors": ("authors, primary",), "paper_id": ("reference id",),
                 "venue": ("periodical full", "title secondary"), "type": ("reference type",)},
        dates=(DateColumn(("pub year",), "publication"),),
        separator=_SEMICOLON,
        is_tried=True,
    ),
    Vendor("ASReview", marks=(("asreview_label",), ("label_included", "record_id"), ("included", "abstract"))),
)  # fmt: skip
