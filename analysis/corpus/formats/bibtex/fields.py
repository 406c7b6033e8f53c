"""What the fields of a BibTeX or BibLaTeX entry mean."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import get_args

from analysis.corpus.dates import DateSpan, make_span
from analysis.corpus.formats.bibtex.escapes import unescape_name, unescape_text
from analysis.corpus.formats.issue_dates import Dated, choose_date, parse_issue_date
from analysis.corpus.formats.values import to_arxiv_id, to_count, to_doi, to_language, to_pmid, to_web_address
from analysis.corpus.records import DateKind, RawRecord

LABEL_PREFIX = "label_"
_AND = re.compile(r" and ", re.IGNORECASE)
_SEPARATORS = re.compile(r"\\.|[{}]| and(?= )", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_PLAIN = re.compile(r"\\([%&#_$~])|\{\\_\}|\\url\b|[{}]")
_ARXIV_TEXT = re.compile(r"arxiv[:\s/]\s*(?:preprint\s+arxiv:\s*)?([\w.-]+(?:/\d{7})?)", re.IGNORECASE)
# CoRR, as DBLP and Semantic Scholar write it.
_ARXIV_VOLUME = re.compile(r"abs/(\S+)")
# Zotero keeps what BibTeX has no field for as lines of the note.
_NOTED = re.compile(r"^[ \t]*(DOI|PMID):[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_OPENREVIEW = re.compile(r"openreview\.net/(?:forum|pdf)\?(?:[^#]*&)?id=([\w-]+)")
_DOI_ARXIV = "10.48550/arxiv."
_EDTF_MARKS = "?~%"
# Babel's names, as `langid` and `hyphenation` state them.
_BABEL = {
    "ngerman": "de", "austrian": "de", "naustrian": "de", "nswissgerman": "de", "american": "en", "british": "en",
    "usenglish": "en", "ukenglish": "en", "canadian": "en", "australian": "en", "newzealand": "en", "francais": "fr",
    "acadian": "fr", "canadien": "fr", "brazilian": "pt", "brazil": "pt", "portuges": "pt", "magyar": "hu",
    "norsk": "no", "nynorsk": "no",
}  # fmt: skip
_UNDATED_TYPES = ("misc", "unpublished", "online", "electronic", "www", "preprint")


def map_entry(kind: str, key: str, fields: Mapping[str, str], *, position: str, raw: str, is_own: bool) -> RawRecord:
    """The record of one entry.

    Parameters
    ----------
    kind, key : str
        Type of the entry, in lower case, and its key.
    fields : mapping
        Name in lower case to the value without what encloses it.
    position, raw : str
    is_own : bool
        Whether our own export wrote it: then our escapes are taken back, and
        what BibTeX has no field for is read from ours.
    """
    if is_own:
        return _map_own(fields, key, position, raw)
    noted = dict(_NOTED.findall(_plain(fields.get("note", ""))))
    addresses = [to_web_address(_plain(fields.get(name, ""))) for name in ("url", "link", "ee", "howpublished")]
    url = next(filter(None, addresses), "")
    dois = (_pick_plain(fields, "doi"), noted.get("DOI"), *addresses)
    doi = next(filter(None, map(to_doi, dois)), "")
    date = choose_date(_list_dates(fields, kind))
    title = _pick(fields, "title")
    subtitle = fields.get("subtitle", "") if title else ""
    opened = _OPENREVIEW.search(url)
    return RawRecord(
        position=position,
        raw=raw,
        title=f"{title}: {subtitle}" if subtitle else title,
        abstract=_pick(fields, "abstract"),
        paper_id=key,
        span=date.span if date else None,
        date_text=date.text
        if date
        else " ".join(filter(None, (fields.get(name) for name in ("date", "month", "year")))),
        date_kind=date.kind if date else "unstated",
        authors=split_names(_pick(fields, "author")),
        venue=_pick(fields, "journal", "journaltitle", "booktitle", "eventtitle", "school"),
        doi=doi,
        arxiv_id=_find_arxiv_id(fields, doi, url),
        pmid=to_pmid(_pick_plain(fields, "pmid")) or to_pmid(noted.get("PMID")),
        openreview_id=opened.group(1) if opened else "",
        url=url,
        language=_read_language(_pick(fields, "language", "langid", "hyphenation")),
        labels=_list_labels(fields, kind),
    )


def split_names(text: str) -> tuple[str, ...]:
    """Names parted at ``and`` outside of braces; "others" is no name.

    Examples
    --------
    >>> split_names("Ng, Ann and {Barnes and Noble} and others")
    ('Ng, Ann', '{Barnes and Noble}')
    """
    text = " ".join(text.split())
    names, start, depth = [], 0, 0
    for mark in _SEPARATORS.finditer(text):
        sign = mark.group()
        if sign in "{}":
            depth = max(0, depth + (1 if sign == "{" else -1))
        elif depth == 0 and not sign.startswith("\\"):
            names.append(text[start : mark.start()])
            start = mark.end()
    whole = (name.strip() for name in [*names, text[start:]])
    return tuple(name for name in whole if name and name.lower() != "others")


def needs_braces(name: str) -> bool:
    """Whether BibTeX would take the name of one author for a list, or for no name."""
    return _AND.search(f" {name} ") is not None or name.casefold() == "others"


def _map_own(fields: Mapping[str, str], key: str, position: str, raw: str) -> RawRecord:
    texts = {name: unescape_text(text) for name, text in fields.items()}
    span = _parse_range(texts.get("date", ""), is_own=True)
    kind = texts.get("published_kind", "")
    labels = {
        unescape_name(name.removeprefix(LABEL_PREFIX)): text
        for name, text in texts.items()
        if name.startswith(LABEL_PREFIX)
    }
    own_names = {"keywords": "keywords", "primaryclass": "arxiv_primary"}
    labels |= {ours: texts[name] for name, ours in own_names.items() if name in texts}
    return RawRecord(
        position=position,
        raw=raw,
        title=texts.get("title", ""),
        abstract=texts.get("abstract", ""),
        paper_id=texts.get("paper_id", key),
        span=span,
        date_text=texts.get("date", ""),
        date_kind=kind if kind in get_args(DateKind) else "unstated",  # type: ignore[arg-type]
        authors=tuple(_read_own_name(name) for name in split_names(fields.get("author", ""))),
        n_authors=to_count(texts.get("n_authors")),
        venue=texts.get("journal") or texts.get("booktitle", ""),
        doi=to_doi(texts.get("doi")),
        arxiv_id=texts.get("eprint", ""),
        pmid=texts.get("pmid", ""),
        openreview_id=texts.get("openreview_id", ""),
        n_comments=to_count(texts.get("n_comments")),
        n_upvotes=to_count(texts.get("n_upvotes")),
        url=texts.get("url", ""),
        language=texts.get("language", ""),
        labels=labels,
        source=texts.get("source", ""),
    )


def _read_own_name(name: str) -> str:
    if name.startswith("{") and name.endswith("}") and needs_braces(inner := unescape_text(name[1:-1])):
        return inner
    return unescape_text(name)


def _list_dates(fields: Mapping[str, str], kind: str) -> list[Dated]:
    stated: DateKind = "unstated" if kind in _UNDATED_TYPES else "publication"
    dates = []
    if text := _pick_plain(fields, "date"):
        dates.append(Dated(text, _parse_range(text), stated))
    if text := _pick_plain(fields, "year"):
        day = " ".join(filter(None, (_pick_plain(fields, "month"), _pick_plain(fields, "day"))))
        dates.append(Dated(f"{day} {text}".strip(), _parse_parts(text, day), stated))
    if text := _pick_plain(fields, "earlyaccessdate"):
        dates.append(Dated(text, parse_issue_date(text), "online"))
    return dates


def _parse_parts(year: str, day: str) -> DateSpan | None:
    """A year, and the month (and day) in any of the ways that people write them."""
    found = _YEAR.search(year)
    if not found:
        # "888" is a year that a person should see refused.
        return make_span(int(year)) if year.isascii() and year.isdigit() and len(year) < 5 else None
    whole = int(found.group())
    numbers = day.replace("~", " ").split()
    if 1 <= len(numbers) <= 2 and all(number.isascii() and number.isdigit() and len(number) < 3 for number in numbers):
        return make_span(whole, *map(int, numbers)) or make_span(whole)
    return parse_issue_date(day.replace("~", " "), whole) or make_span(whole)


def _parse_range(text: str, *, is_own: bool = False) -> DateSpan | None:
    """A date of BibLaTeX: ``2018-11``, ``2018-11/2018-12``, ``2019~``, ``2019/..``.

    ``?`` means a doubt about the source; in our own files, that the year is
    inferred.
    """
    start, slash, end = text.strip().partition("/")
    first = parse_issue_date(start.rstrip(_EDTF_MARKS))
    last = parse_issue_date(end.rstrip(_EDTF_MARKS)) if slash else first
    if first is None:
        return None
    if last is not None and last.last > first.last:
        precision = "month" if first.precision == "day" else first.precision
        first = DateSpan(first.first, last.last, precision)
    return dataclasses.replace(first, inferred=is_own and text.strip().endswith("?"))


def _find_arxiv_id(fields: Mapping[str, str], doi: str, url: str) -> str:
    kind = _pick_plain(fields, "archiveprefix", "eprinttype").casefold()
    eprint = to_arxiv_id(_pick_plain(fields, "eprint", "arxiv", "arxivid"))
    if eprint and kind in ("arxiv", ""):
        return eprint
    if doi.startswith(_DOI_ARXIV):
        return to_arxiv_id(doi.removeprefix(_DOI_ARXIV))
    if "arxiv.org/" in url.casefold() and (found := to_arxiv_id(url)):
        return found
    volume = _ARXIV_VOLUME.fullmatch(_pick_plain(fields, "volume"))
    if volume and (found := to_arxiv_id(volume.group(1))):
        return found
    for name in ("journal", "note", "howpublished", "number"):
        match = _ARXIV_TEXT.search(_plain(fields.get(name, "")))
        if match and (found := to_arxiv_id(match.group(1).rstrip("."))):
            return found
    return ""


def _list_labels(fields: Mapping[str, str], kind: str) -> dict[str, str]:
    words = " ".join(_pick(fields, "keywords", "keyword", "author_keywords").split())
    separator = ";" if ";" in words else ","
    labels = {
        "keywords": "; ".join(filter(None, (word.strip() for word in words.split(separator)))),
        "type": kind,
        "arxiv_primary": _pick(fields, "primaryclass", "eprintclass"),
        "groups": _pick(fields, "groups"),
    }
    return {name: text for name, text in labels.items() if text}


def _read_language(text: str) -> str:
    return _BABEL.get(text.strip().casefold(), "") or to_language(text)


def _pick(fields: Mapping[str, str], *names: str) -> str:
    return next((fields[name].strip() for name in names if fields.get(name, "").strip()), "")


def _pick_plain(fields: Mapping[str, str], *names: str) -> str:
    return _plain(_pick(fields, *names))


def _plain(text: str) -> str:
    """An identifier or address without the escapes and braces that LaTeX wants."""
    return _PLAIN.sub(lambda found: found.group(1) or ("_" if "_" in found.group() else ""), text).strip()
