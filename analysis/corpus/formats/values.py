"""Single cells and fields of any format, turned into the values of a record."""

from __future__ import annotations

import ast
import datetime as dt
import json
import math
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from analysis.corpus.dates import DateSpan, parse_date
from analysis.corpus.formats.languages import LANGUAGES

_MAX_COUNT = 2**63 - 1
_MAX_LITERAL = 100_000
_MAX_DATE = 64
_MAX_WORDS = 100_000
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\."
    r"|https?://(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/))?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:https?://(?:www\.)?(?:pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?|(?:pmid|pubmed|medline):?\s*)?([1-9]\d{0,8})/?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+and\s+|\s+&\s+")


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: null, not a number, blank text, an empty list or mapping."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, list | dict | tuple) and not value


def to_text(value: Any) -> str:
    """A cell as text; lists are joined by ``; ``, whole floats lose their ``.0``.

    >>> to_text(["robotics", "vision"]), to_text(7.0), to_text(None)
    ('robotics; vision', '7', '')
    """
    if isinstance(value, str):
        return "" if value.isspace() else value
    if is_missing(value):
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(text for text in map(to_text, value) if text)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def to_id(value: Any) -> str:
    """An id as it stands; an arXiv id that was read as a number gets its lost zeros back.

    >>> to_id(" a17 "), to_id(2503.1173), to_id(3)
    ('a17', '2503.11730', '3')
    """
    if isinstance(value, float) and 700 < value < 10_000 and not value.is_integer():
        # Five digits after the dot since January 2015, four before.
        return f"{value:010.5f}" if value >= 1501 else f"{value:09.4f}"
    return to_text(value).strip()


def to_count(value: Any) -> int | None:
    """A whole number from 0 up; None for anything else.

    >>> to_count("1,024"), to_count(3.0), to_count("many"), to_count(-1)
    (1024, 3, None, None)
    """
    if isinstance(value, bool) or is_missing(value):
        return None
    if isinstance(value, str):
        digits = value.strip().replace(",", "").removesuffix(".0")
        value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and 0 <= value <= _MAX_COUNT else None


def to_names(value: Any, separator: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """Author names of a list, or of text that separates them.

    Parameters
    ----------
    value : list, dict or str
        Names, mappings that hold them (``name``, or ``given`` and ``family``), or text.
    separator : pattern, optional
        What stands between the names of a text, where the source is known to keep to it.

    >>> to_names("Ng, A.; Bee, C."), to_names("Ann Ng, Cy Bee"), to_names("Ng, A. and Bee, C.")
    (('Ng, A.', 'Bee, C.'), ('Ann Ng', 'Cy Bee'), ('Ng, A.', 'Bee, C.'))
    """
    if isinstance(value, dict):
        value = value.get("name") or " ".join(str(value.get(key) or "") for key in ("given", "family"))
    if isinstance(value, list | tuple):
        names = [name for item in value for name in (to_names(item) if isinstance(item, dict) else (to_text(item),))]
        return tuple(name.strip() for name in names if name.strip())
    text = to_text(value).strip()
    listed = _parse_literal(text, "[", "]")
    if isinstance(listed, list):
        return to_names(listed)
    return tuple(name for name in (part.strip(" ,\t\n") for part in _split_names(text, separator)) if name)


def _split_names(text: str, separator: re.Pattern[str] | None) -> list[str]:
    if separator:
        return separator.split(text)
    if ";" in text:
        return text.split(";")
    names = _AND.split(text)
    parts = names[0].split(",")
    # "Ann Ng, Cy Bee" are two names; "Ng, Ann" is one.
    if len(parts) > 1 and all(" " in part.strip() for part in parts):
        names = [*parts, *names[1:]]
    return names


def to_web_address(value: Any) -> str:
    """The address when it is plain http or https; else empty."""
    text = to_text(value).strip()
    return text if _WEB.fullmatch(text) else ""


def to_doi(value: Any) -> str:
    """A DOI in lower case, without a resolver and percent signs; empty when it is none.

    >>> to_doi("https://doi.org/10.1000/XYZ"), to_doi("10.1000/a%281%29"), to_doi("10.1000/xyz     LK  - elsewhere")
    ('10.1000/xyz', '10.1000/a(1)', '10.1000/xyz')
    """
    # Behind wide blanks some exports leave the next field of what they read.
    found = _DOI.fullmatch(to_text(value).strip().partition("   ")[0])
    return unquote(found.group(1)).casefold() if found else ""


def to_arxiv_id(value: Any) -> str:
    """An arXiv id without its version, from the id, an address or arXiv's own DOI; empty when there is none.

    >>> to_arxiv_id("https://arxiv.org/abs/2503.11731v2"), to_arxiv_id("10.48550/arXiv.2503.11731")
    ('2503.11731', '2503.11731')
    """
    found = _ARXIV.fullmatch(to_id(value))
    return found.group(1) if found else ""


def to_pmid(value: Any) -> str:
    """A PubMed id: digits alone; empty when it is none.

    >>> to_pmid("https://pubmed.ncbi.nlm.nih.gov/30922926/"), to_pmid(30922926.0), to_pmid("PMC7026692")
    ('30922926', '30922926', '')
    """
    found = _PMID.fullmatch(to_text(value).strip())
    return found.group(1) if found else ""


def to_language(value: Any) -> str:
    """A language by its ISO 639-1 code where it is known; otherwise as written. Of several, the first.

    >>> to_language("English; Chinese"), to_language("ger"), to_language("Klingon")
    ('en', 'de', 'Klingon')
    """
    first = re.split(r"[;,|]", to_text(value), maxsplit=1)[0].strip()
    return LANGUAGES.get(first.casefold().replace("_", "-").split("-")[0], first)


def to_span(text: str) -> DateSpan | None:
    """`parse_date`, remembering what was read before: a table holds few dates, often."""
    return _read_date(text.strip()) if len(text) <= _MAX_DATE else None


_read_date = lru_cache(maxsize=65_536)(parse_date)


def to_labels(value: Any) -> dict[str, str]:
    """Labels by name, each as text.

    >>> to_labels({"area": "robots", "keywords": ["a", "b"], "none": None})
    {'area': 'robots', 'keywords': 'a; b'}
    """
    if isinstance(value, str) and value.strip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = {"label": value}
    if not isinstance(value, dict):
        value = {"label": value}
    return {str(name): to_text(label) for name, label in value.items() if not is_missing(label)}


def to_abstract(value: Any) -> str:
    """An abstract as text; an inverted index (word to places) is put back in order.

    >>> to_abstract("{'Robots': [0, 2], 'and': [1]}")
    'Robots and Robots'
    """
    index = value if isinstance(value, dict) else _parse_literal(to_text(value).strip(), "{", "}", limit=2**22)
    if not isinstance(index, dict) or not all(isinstance(places, list) for places in index.values()):
        return to_text(value)
    places = [(place, str(word)) for word, found in index.items() for place in found if isinstance(place, int)]
    return " ".join(word for _, word in sorted(places[:_MAX_WORDS]))


def _parse_literal(text: str, first: str, last: str, limit: int = _MAX_LITERAL) -> Any:
    """What text that looks like a JSON or Python literal holds; None when it is neither."""
    if not (text.startswith(first) and text.endswith(last)) or len(text) > limit:
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return None
