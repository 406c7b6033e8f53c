"""Saved pages of Hugging Face Daily Papers: the data that the page carries, else its cards, else its text.

Source: the pages themselves. A page keeps its data as JSON in the attribute
`data-props` of the element with ``data-target="DailyPapers"``, under
`dailyPapers` (a day, week or month) or `searchResults`. One card may be
repeated for screens of other widths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analysis.config import InputError
from analysis.corpus.formats.json.daily_papers import read_daily_paper
from analysis.corpus.formats.json.dialects import Place, choose_date, list_objects, read_date
from analysis.corpus.formats.json.items import parse_value
from analysis.corpus.formats.pages.listing import read_cards
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_web_address
from analysis.corpus.opening import Source
from analysis.corpus.records import Context, Format, Found, Note, RawRecord, SetAside, shorten_raw

_LISTS = ("dailyPapers", "searchResults", "papers")
_CARD_LINK = re.compile(r"^(?:https://huggingface\.co)?/papers/([^/?#]+)$")
_N_AUTHORS = re.compile(r"\b(\d[\d,]*)\s+authors?\b")
_ABSTRACT_FROM = 200
_TAG = re.compile(r"<(/?)[a-zA-Z]")
_MAX_DEPTH = 20_000


def recognise_page(source: Source) -> bool:
    """Whether it is HTML of a Daily Papers page."""
    text = source.head_text
    if text.lstrip()[:1] != "<" or "<?xml" in text[:100]:
        return False
    if "DailyPapers" in text:
        return True
    folded = text.casefold()
    return "<html" in folded and "huggingface.co" in folded and "daily papers" in folded


def read_page(source: Source, context: Context) -> Iterator[Found]:
    """Read every card once.

    Raises
    ------
    InputError
        If the page is longer than any page, or neither data, cards nor text show a paper.
    """
    from selectolax.lexbor import LexborHTMLParser

    text = source.text()
    _refuse_depth(text, source.name)
    page = LexborHTMLParser(text)
    items, faults = _list_embedded(page, source.name)
    yield from faults
    if items:
        yield from _read_once(_read_embedded(items, source.name), source.name)
        return
    cards = list(_list_cards(page))
    if cards:
        yield Note(f"{source.name}: the page carries no data; its {len(cards)} cards are read as they are shown.")
        yield from _read_once(iter(cards), source.name)
        return
    yield Note(f"{source.name}: the page carries neither data nor cards; its text is read.")
    body = page.body
    yield from read_cards(source.name, body.text(separator="\n", strip=False) if body else "", context)


def _refuse_depth(text: str, name: str) -> None:
    """Refuse a page that no browser would have saved: the time to parse it grows with the square of its depth."""
    depth = 0
    for tag in _TAG.finditer(text):
        depth += -1 if tag.group(1) else 1
        if depth > _MAX_DEPTH:
            raise InputError(f"{name}: more than {_MAX_DEPTH} elements of this page are never closed. Save it again.")


def _list_embedded(page: Any, name: str) -> tuple[list[dict[str, Any]], list[SetAside]]:
    """The cards in the data of the page, and data that cannot be read."""
    items: list[dict[str, Any]] = []
    faults = []
    for number, node in enumerate(page.css('[data-target="DailyPapers"][data-props]'), 1):
        props = node.attributes.get("data-props") or ""
        value, fault = parse_value(props.encode("utf-8", "replace"))
        if isinstance(value, dict):
            items += [item for key in _LISTS for item in list_objects(value.get(key))]
        else:
            reason = f"data of the page that cannot be read ({fault or 'no JSON object'})"
            faults.append(SetAside(name, f"element {number}", reason, shorten_raw(props)))
    return items, faults


def _read_embedded(items: list[dict[str, Any]], name: str) -> Iterator[RawRecord]:
    import orjson

    for number, item in enumerate(items, 1):
        yield read_daily_paper(
            item, Place(name, f"card {number}", shorten_raw(orjson.dumps(item, default=str).decode()))
        )


def _list_cards(page: Any) -> Iterator[RawRecord]:
    """The cards as they are shown: a heading that links to the paper, a day, an abstract where there is one."""
    for number, card in enumerate(page.css("article"), 1):
        link = next((node for node in card.css("h1 a, h2 a, h3 a, h4 a") if _CARD_LINK.match(_href(node))), None)
        if link is None:
            continue
        found = _CARD_LINK.match(_href(link))
        paper_id = found.group(1) if found else ""
        time = card.css_first("time")
        stated = (time.attributes.get("datetime") or "") if time else ""
        texts = [node.text(strip=True) for node in card.css("p")]
        n_authors = _N_AUTHORS.search(card.text(separator=" "))
        yield RawRecord(
            f"card {number}",
            shorten_raw(card.html or ""),
            title=link.text(strip=True),
            abstract=max((text for text in texts if len(text) >= _ABSTRACT_FROM), key=len, default=""),
            paper_id=paper_id,
            n_authors=to_count(n_authors.group(1)) if n_authors else None,
            arxiv_id=to_arxiv_id(paper_id),
            url=to_web_address(f"https://huggingface.co/papers/{paper_id}"),
            **choose_date(read_date(stated, "unstated"), stated),
        )


def _href(node: Any) -> str:
    return node.attributes.get("href") or ""


def _read_once(records: Iterator[RawRecord], name: str) -> Iterator[Found]:
    """Each paper at its first card; a repetition with the same text is said, and is no record of its own."""
    seen: set[tuple[str, str]] = set()
    n_repeated = 0
    for record in records:
        key = (record.paper_id, record.title)
        if any(key) and key in seen:
            n_repeated += 1
            continue
        seen.add(key)
        yield record
    if n_repeated:
        yield Note(f"{name}: {n_repeated} cards are repeated on the page (for other screens) and are read once.")


DAILY_PAPERS_PAGE = Format("Daily Papers page", recognise_page, read_page, experimental=True)
