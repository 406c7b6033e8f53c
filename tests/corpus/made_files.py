"""One small valid file of every kind of source, with two papers each; invented throughout."""

from __future__ import annotations

import io
import json
from typing import Any

DOORS = "We teach robots to open doors by showing them how people open doors in a thousand homes."
VALUES = "We ask people which answers of a language model agree with their values, and why they do."
TITLES = ("Robots that open every door", "Asking people about values")


def _lines(*items: dict[str, Any]) -> bytes:
    return "".join(json.dumps(item) + "\n" for item in items).encode()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _openalex(number: int, title: str, words: str) -> dict[str, Any]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words.split()):
        index.setdefault(word, []).append(place)
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.1000/{number}",
        "title": title,
        "publication_date": "2024-05-06",
        "publication_year": 2024,
        "language": "en",
        "authorships": [{"author": {"display_name": "Ann Ng"}}],
        "abstract_inverted_index": index,
    }


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Title", "Abstract", "Year"])
    sheet.append([TITLES[0], DOORS, 2024])
    sheet.append([TITLES[1], VALUES, 2023])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet() -> bytes:
    import pandas as pd

    out = io.BytesIO()
    pd.DataFrame({"title": TITLES, "abstract": [DOORS, VALUES], "year": [2024, 2023]}).to_parquet(out)
    return out.getvalue()


PAGE_ITEM = {
    "paper": {
        "id": "2405.00001",
        "title": TITLES[0],
        "summary": DOORS,
        "publishedAt": "2024-05-06T00:00:00.000Z",
        "submittedOnDailyAt": "2024-05-07T00:00:00.000Z",
        "upvotes": 3,
        "authors": [{"name": "Ann Ng", "hidden": False}],
    },
    "publishedAt": "2024-05-07T00:00:00.000Z",
    "title": TITLES[0],
    "numComments": 1,
}
_SECOND = {**PAGE_ITEM, "paper": {**PAGE_ITEM["paper"], "id": "2405.00002", "title": TITLES[1], "summary": VALUES}}
_PROPS = json.dumps({"dailyPapers": [PAGE_ITEM, _SECOND]}).replace('"', "&quot;")
_ATOM = """<entry><id>http://arxiv.org/abs/2405.0000{n}v2</id><updated>2024-06-01T00:00:00Z</updated>
<published>2024-05-06T00:00:00Z</published><title>{title}</title><summary>{text}</summary>
<author><name>Ann Ng</name></author><arxiv:primary_category term="cs.RO"/></entry>"""
_OAI = """<record><header><identifier>oai:arXiv.org:2405.0000{n}</identifier><datestamp>2024-05-07</datestamp></header>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2405.0000{n}</id><created>2024-05-06</created>
<authors><author><keyname>Ng</keyname><forenames>Ann</forenames></author></authors><title>{title}</title>
<categories>cs.RO</categories><abstract>{text}</abstract></arXiv></metadata></record>"""
_PUBMED = """<PubmedArticle><MedlineCitation><PMID>3092292{n}</PMID><Article><Journal><JournalIssue><PubDate>
<Year>2024</Year><Month>May</Month></PubDate></JournalIssue><Title>Doors</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText Label="AIMS">{text}</AbstractText></Abstract>
<AuthorList><Author><LastName>Ng</LastName><ForeName>Ann</ForeName></Author></AuthorList></Article>
</MedlineCitation></PubmedArticle>"""
_ACL = """<paper id="{n}"><title>{title}</title><author><first>Ann</first><last>Ng</last></author>
<abstract>{text}</abstract><url>2024.doors-main.{n}</url></paper>"""
_ENDNOTE = """<record><rec-number>{n}</rec-number><ref-type name="Journal Article">17</ref-type><contributors><authors>
<author><style face="normal">Ng, Ann</style></author></authors></contributors><titles><title>
<style face="normal">{title}</style></title></titles><dates><year><style face="normal">2024</style></year></dates>
<abstract><style face="normal">{text}</style></abstract></record>"""
_DBLP = """<article key="journals/doors/Ng{n}" mdate="2024-06-01"><author>Ann Ng</author><title>{title}</title>
<year>2024</year><journal>Doors</journal><ee>https://doi.org/10.1000/{n}</ee></article>"""


def _twice(pattern: str) -> str:
    pairs = zip((1, 2), TITLES, (DOORS, VALUES), strict=True)
    return "\n".join(pattern.format(n=n, title=title, text=text) for n, title, text in pairs)


_MEDLINE = f"""PMID- 30922921
TI  - {TITLES[0]}
AB  - {DOORS.replace(" by ", chr(10) + "      by ")}
DP  - 2024 May
FAU - Ng, Ann

PMID- 30922922
TI  - {TITLES[1]}
AB  - {VALUES}
DP  - 2018 Nov-Dec
"""
_RIS = f"""TY  - JOUR
TI  - {TITLES[0]}
AU  - Ng, Ann
AB  - {DOORS}
PY  - 2024/05/06/
ER  -{" "}

TY  - CONF
TI  - {TITLES[1]}
N2  - {VALUES}
Y1  - 2023
ER  -{" "}
"""
_WOS = f"""FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Ng, A
TI {TITLES[0]}
AB {DOORS}
PY 2024
PD MAY
UT WOS:000000000000001
ER

PT J
AU Bee, C
TI {TITLES[1]}
AB {VALUES}
PY 2023
ER

EF
"""
_BIBTEX = f"""@article{{ng1,
  title = {{{TITLES[0]}}},
  author = {{Ng, Ann and Bee, Cy}},
  abstract = {{{DOORS}}},
  year = 2024,
  month = may
}}

@misc{{ng2,
  title = "{TITLES[1]}",
  abstract = "{VALUES}",
  date = {{2023-02}}
}}
"""
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
FILES: dict[str, bytes] = {
    "listing": f"{TITLES[0]}\n\n{DOORS}\n\n  • 5 authors\n·\nMay 6, 2024\n\n{TITLES[1]}\n\n{VALUES}\n\n"
    "  • 1 author\n·\nJun 7, 2024 4\n".encode(),
    "page": f'<html><body><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{_PROPS}">'
    "</div></body></html>".encode(),
    "daily papers API": _json([PAGE_ITEM, _SECOND]),
    "arXiv snapshot": _lines(
        *(
            {
                "id": f"2405.0000{n}",
                "title": title,
                "abstract": text,
                "categories": "cs.RO",
                "update_date": "2024-06-01",
            }
            | {"versions": [{"version": "v1", "created": "Mon, 6 May 2024 01:02:03 GMT"}], "authors": "Ann Ng"}
            | {"authors_parsed": [["Ng", "Ann", ""]], "submitter": "Ann Ng", "license": None}
            for n, title, text in zip((1, 2), TITLES, (DOORS, VALUES), strict=True)
        )
    ),
    "arXiv Atom": f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
    f"{_twice(_ATOM)}</feed>".encode(),
    "OAI-PMH": f'{_XML}<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{_twice(_OAI)}</ListRecords>'
    "</OAI-PMH>".encode(),
    "OpenAlex": _json(
        {"meta": {"count": 2}, "results": [_openalex(1, TITLES[0], DOORS), _openalex(2, TITLES[1], VALUES)]}
    ),
    "Semantic Scholar": _json(
        {
            "total": 2,
            "data": [
                {"paperId": "a" * 40, "externalIds": {"ArXiv": "2405.00001"}, "title": TITLES[0], "abstract": DOORS}
                | {"publicationDate": "2024-05-06", "year": 2024, "authors": [{"authorId": "1", "name": "Ann Ng"}]},
                {"paperId": "b" * 40, "externalIds": {}, "title": TITLES[1], "abstract": VALUES, "year": 2023},
            ],
        }
    ),
    "OpenReview 2": _json(
        {
            "notes": [
                {"id": "rJl9", "forum": "rJl9", "cdate": 1714953600000, "pdate": 1714953600000}
                | {"content": {"title": {"value": TITLES[0]}, "abstract": {"value": DOORS}}},
                {"id": "rJl8", "forum": "rJl8", "cdate": 1714953600000}
                | {"content": {"title": {"value": TITLES[1]}, "abstract": {"value": VALUES}}},
            ]
        }
    ),
    "OpenReview 1": _json(
        {
            "notes": [
                {
                    "id": "rJl9",
                    "forum": "rJl9",
                    "cdate": 1714953600000,
                    "content": {"title": TITLES[0], "abstract": DOORS},
                },
                {
                    "id": "rJl8",
                    "forum": "rJl8",
                    "cdate": 1714953600000,
                    "content": {"title": TITLES[1], "abstract": VALUES},
                },
            ]
        }
    ),
    "Crossref": _json(
        {
            "status": "ok",
            "message-type": "work-list",
            "message": {
                "items": [
                    {"DOI": "10.1000/1", "title": [TITLES[0]], "abstract": f"<jats:p>{DOORS}</jats:p>"}
                    | {"issued": {"date-parts": [[2024, 5]]}, "author": [{"given": "Ann", "family": "Ng"}]},
                    {"DOI": "10.1000/2", "title": [TITLES[1]], "abstract": VALUES, "issued": {"date-parts": [[None]]}},
                ]
            },
        }
    ),
    "CSL JSON": _json(
        [
            {"id": "ng1", "type": "article-journal", "title": TITLES[0], "abstract": DOORS}
            | {"author": [{"family": "Ng", "given": "Ann"}], "issued": {"date-parts": [[2024, 5, 6]]}},
            {
                "id": "ng2",
                "type": "article",
                "title": TITLES[1],
                "abstract": VALUES,
                "issued": {"date-parts": [["2023"]]},
            },
        ]
    ),
    "Zotero JSON": _json(
        {
            "config": {"label": "BetterBibTeX JSON"},
            "items": [
                {"key": "A1", "itemType": "journalArticle", "title": TITLES[0], "abstractNote": DOORS}
                | {"creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Ng"}], "date": "2024-05-06"},
                {"key": "A2", "itemType": "preprint", "title": TITLES[1], "abstractNote": VALUES}
                | {"creators": [], "date": "2023", "dateAdded": "2024-01-02T03:04:05Z"},
            ],
        }
    ),
    "DBLP JSON": _json(
        {
            "result": {
                "hits": {
                    "hit": [
                        {"@id": str(n), "info": {"title": title, "year": "2024", "key": f"journals/doors/Ng{n}"}}
                        for n, title in enumerate(TITLES)
                    ]
                }
            }
        }
    ),
    "DBLP XML": f'{_XML}<!DOCTYPE dblp SYSTEM "dblp.dtd">\n<dblp>{_twice(_DBLP)}</dblp>'.encode(),
    "ACL Anthology": f'{_XML}<collection id="2024.doors"><volume id="main"><meta><booktitle>Doors</booktitle>'
    f"<year>2024</year><month>May</month></meta>{_twice(_ACL)}</volume></collection>".encode(),
    "PubMed XML": f"{_XML}<PubmedArticleSet>{_twice(_PUBMED)}</PubmedArticleSet>".encode(),
    "EndNote XML": f"{_XML}<xml><records>{_twice(_ENDNOTE)}</records></xml>".encode(),
    "MEDLINE": _MEDLINE.encode(),
    "RIS": _RIS.encode(),
    "Web of Science": _WOS.encode(),
    "BibTeX": _BIBTEX.encode(),
    "CSV": f'Title,Abstract,Year\n"{TITLES[0]}","{DOORS}",2024\n"{TITLES[1]}","{VALUES}",2023\n'.encode(),
    "TSV": f"Title\tAbstract\tYear\n{TITLES[0]}\t{DOORS}\t2024\n{TITLES[1]}\t{VALUES}\t2023\n".encode(),
    "XLSX": _workbook(),
    "Parquet": _parquet(),
    "JSON lines": _lines(
        {"id": "a", "title": TITLES[0], "abstract": DOORS, "published": "2024-05-06"},
        {"id": "b", "title": TITLES[1], "abstract": VALUES, "published": "2023"},
    ),
    "JSON": _json([{"title": TITLES[0], "summary": DOORS, "year": 2024}, {"title": TITLES[1], "summary": VALUES}]),
}
# These hold no abstracts by their nature.
TITLES_ONLY = ("DBLP JSON", "DBLP XML")
