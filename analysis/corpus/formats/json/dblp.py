"""DBLP's search interface as JSON; it holds no abstracts.

Source: https://dblp.org/faq/How+to+use+the+dblp+search+API.html:
``result.hits.hit[].info`` with `title`, `authors.author`, `year`, `venue`,
`type`, `key`, `doi`, `ee`. Titles end in a full stop; people of the same name
carry a number of four digits.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.corpus.formats.json.dialects import (
    Dialect,
    Place,
    choose_date,
    keep_labels,
    list_texts,
    look_up,
    read_date,
    take_first,
)
from analysis.corpus.formats.values import to_arxiv_id, to_doi, to_text, to_web_address
from analysis.corpus.records import RawRecord, SetAside

_HOMONYM = re.compile(r" \d{4}$")


def recognise_hit(item: dict[str, Any]) -> bool:
    """Whether it is a hit of DBLP's search."""
    return isinstance(item.get("info"), dict) and ("@id" in item or "@score" in item or "key" in item["info"])


def read_hit(item: dict[str, Any], place: Place) -> RawRecord | SetAside:
    """Read one hit; whole volumes of proceedings are set aside."""
    info = item.get("info")
    info = info if isinstance(info, dict) else {}
    kind = to_text(info.get("type"))
    if kind == "Editorship":
        return place.set_aside("a volume of proceedings (DBLP type 'Editorship'), no paper")
    authors = look_up(info, "authors", "author")
    names = [to_text(look_up(one, "text") or one) for one in (authors if isinstance(authors, list) else [authors])]
    page = take_first(info.get("ee"), info.get("url"))
    doi = to_doi(info.get("doi")) or to_doi(page)
    return RawRecord(
        place.position,
        place.raw,
        title=to_text(info.get("title")).removesuffix("."),
        paper_id=to_text(info.get("key")),
        authors=list_texts(_HOMONYM.sub("", name) for name in names),
        venue=take_first(info.get("venue")),
        doi=doi,
        arxiv_id=to_arxiv_id(page) or to_arxiv_id(doi),
        url=to_web_address(page),
        labels=keep_labels(type=kind),
        **choose_date(read_date(info.get("year"), "publication"), info.get("year")),
    )


DBLP_JSON = Dialect(
    "DBLP search",
    recognise_hit,
    read_hit,
    advice="DBLP holds no abstracts: look the same papers up in OpenAlex or Semantic Scholar.",
)
