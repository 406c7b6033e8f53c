"""Semantic Scholar papers: the Graph interface (search, batch, citations, references) and the bulk data sets.

Source: https://api.semanticscholar.org/api-docs/ and the data sets' README.
The bulk data sets write the keys in lower case. `tldr` is made by a model and
is no abstract.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.formats.json.dialects import (
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_objects,
    list_texts,
    look_up,
    read_date,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_id, to_pmid, to_text, to_web_address
from analysis.corpus.records import RawRecord

_WRAPPERS = ("citedPaper", "citingPaper")


def recognise_paper(item: dict[str, Any]) -> bool:
    """Whether it is a paper, a citation or a reference."""
    return "paperId" in item or any(key in item for key in _WRAPPERS) or ("corpusid" in item and "title" in item)


def read_paper(item: dict[str, Any], place: Place) -> RawRecord:
    """Read one paper; of a citation, the other paper."""
    paper = next((item[key] for key in _WRAPPERS if isinstance(item.get(key), dict)), item)
    ids = paper.get("externalIds") or paper.get("externalids")
    dates = read_date(take_first(paper.get("publicationDate"), paper.get("publicationdate")), "publication")
    fields = [one.get("category") for one in list_objects(paper.get("s2FieldsOfStudy") or paper.get("s2fieldsofstudy"))]
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(paper.get("title")),
        abstract=to_text(paper.get("abstract")),
        paper_id=to_id(paper.get("paperId")) or to_id(paper.get("corpusid")),
        authors=list_texts(author.get("name") for author in list_objects(paper.get("authors"))),
        venue=take_first(
            look_up(paper, "publicationVenue", "name"), paper.get("venue"), look_up(paper, "journal", "name")
        ),
        doi=to_doi(look_up(ids, "DOI")),
        arxiv_id=to_arxiv_id(look_up(ids, "ArXiv")) or to_arxiv_id(look_up(ids, "DOI")),
        pmid=to_pmid(look_up(ids, "PubMed")),
        url=to_web_address(paper.get("url")),
        labels=keep_labels(
            type=paper.get("publicationTypes") or paper.get("publicationtypes"),
            fields_of_study=paper.get("fieldsOfStudy") or fields,
        ),
        **choose_date(dates or read_date(paper.get("year"), "publication")),
    )


SEMANTIC_SCHOLAR = Dialect(
    "Semantic Scholar papers",
    recognise_paper,
    read_paper,
    advice="Ask Semantic Scholar again with fields=title,abstract,publicationDate,externalIds,authors.",
)
