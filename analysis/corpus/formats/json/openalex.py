"""OpenAlex works, as its interface and its snapshot give them.

Source: https://docs.openalex.org/api-entities/works/work-object

The abstract is an inverted index (word to places) and is put back in order.
`publication_date` is a day throughout: where only the year is known OpenAlex
writes January 1, so that day counts as the year.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.dates import widen_span
from analysis.corpus.formats.json.dialects import (
    Dated,
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
from analysis.corpus.formats.values import to_abstract, to_arxiv_id, to_doi, to_pmid, to_text, to_web_address
from analysis.corpus.records import RawRecord, SetAside

_PREFIX = "https://openalex.org/"


def recognise_work(item: dict[str, Any]) -> bool:
    """Whether it is a work."""
    if "abstract_inverted_index" in item or ("authorships" in item and "id" in item):
        return True
    return to_text(item.get("id")).startswith(_PREFIX)


def read_work(item: dict[str, Any], place: Place) -> RawRecord | SetAside:
    """Read one work; covers, contents pages and the like (paratext) are no papers."""
    if item.get("is_paratext") is True:
        return place.set_aside("paratext (a cover, a contents page or the like), no paper")
    doi = to_doi(take_first(item.get("doi"), look_up(item, "ids", "doi")))
    page = look_up(item, "primary_location", "landing_page_url")
    pages = [look_up(one, "landing_page_url") for one in list_objects(item.get("locations"))]
    work_id = to_text(item.get("id")).strip()
    authorships = list_objects(item.get("authorships"))
    keywords = [take_first(one.get("display_name"), one.get("keyword")) for one in list_objects(item.get("keywords"))]
    return RawRecord(
        place.position,
        place.raw,
        title=take_first(item.get("title"), item.get("display_name")),
        abstract=to_abstract(item.get("abstract_inverted_index")) or to_text(item.get("abstract")),
        paper_id=work_id.removeprefix(_PREFIX),
        authors=list_texts(
            take_first(look_up(one, "author", "display_name"), one.get("raw_author_name")) for one in authorships
        ),
        venue=take_first(
            look_up(item, "primary_location", "source", "display_name"), look_up(item, "host_venue", "display_name")
        ),
        doi=doi,
        arxiv_id=next(filter(None, map(to_arxiv_id, [doi, page, *pages])), ""),
        pmid=to_pmid(look_up(item, "ids", "pmid")),
        url=to_web_address(page) or (f"https://doi.org/{doi}" if doi else to_web_address(work_id)),
        language=to_text(item.get("language")),
        labels=keep_labels(
            type=item.get("type"),
            keywords=keywords,
            openalex_topic=look_up(item, "primary_topic", "display_name"),
            openalex_field=look_up(item, "primary_topic", "field", "display_name"),
            retracted="true" if item.get("is_retracted") is True else "",
        ),
        **choose_date(_list_dates(item), item.get("publication_date")),
    )


def _list_dates(item: dict[str, Any]) -> list[Dated]:
    dates = read_date(item.get("publication_date"), "publication")
    dates = [
        date._replace(span=widen_span(date.span, "year")) if date.text.endswith("-01-01") else date for date in dates
    ]
    return dates or read_date(item.get("publication_year"), "publication")


OPENALEX = Dialect(
    "OpenAlex works",
    recognise_work,
    read_work,
    advice="OpenAlex has none for these works, or was not asked: let 'abstract_inverted_index' be among the fields.",
)
