"""What came back, looked at before it counts: a page of XML or JSON, and not half of one or something else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_QUOTED = 200
_DEEPEST = 100
_MOST_ELEMENTS = 3_000_000
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ATOM_SUMMARY = re.compile(r"<summary[^>]*>([^<]*)</summary>")


class Passing(Exception):
    """A fault that may pass: the request is worth another try.

    Parameters
    ----------
    reason : str
        What was found, without address or key.
    pause : float
        Seconds that the server asks for; 0 when it does not say.
    """

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


def walk_xml(body: bytes, root: str, record: str) -> Iterator[Element]:
    """Every element of a page, when it ends; none is kept but the parts of a record, until that ends.

    Parameters
    ----------
    body : bytes
        The page.
    root, record : str
        Tag that it must begin with, and the tag of a record, with their namespaces in braces.

    Raises
    ------
    Passing
        If it is an HTML page, another document, cut short, declares entities, or has no end of elements.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    _refuse_html(body)
    above: list[Element] = []
    n_elements = n_records_above = 0
    try:
        for event, element in iterparse(io.BytesIO(body), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                n_elements += 1
                if not above and element.tag != root:
                    raise Passing("an XML document of another kind than was asked for")
                if len(above) == _DEEPEST or n_elements > _MOST_ELEMENTS:
                    raise Passing("XML of more elements than any page has")
                above.append(element)
                n_records_above += element.tag == record
                continue
            above.pop()
            n_records_above -= element.tag == record
            yield element
            if above and not n_records_above:
                above[-1].remove(element)
    # LookupError, ValueError: an encoding that does not exist or that expat cannot take.
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise Passing(f"XML that is damaged or cut short ({_shorten(str(error))})") from None


def read_json(body: bytes) -> Any:
    """The page as JSON.

    Raises
    ------
    Passing
        If it is an HTML page, damaged or cut short.
    """
    import orjson

    _refuse_html(body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Passing(f"JSON that is damaged or cut short ({_shorten(str(error))})") from None


def find_reason(body: bytes) -> str:
    """What a server says of its refusal, on one line and short; empty when it is a page for people or says nothing."""
    import orjson

    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        match = _ATOM_SUMMARY.search(body.decode("utf-8", "replace"))
        return _shorten(match[1]) if match else ""
    if not isinstance(said, dict):
        return ""
    parts = [said[name] for name in ("error", "message") if isinstance(said.get(name), str)]
    return _shorten(": ".join(parts))


def _refuse_html(body: bytes) -> None:
    if not body.strip():
        raise Passing("an empty answer")
    if _HTML.match(body[:1000]):
        raise Passing("an HTML page for people instead of data")


def _shorten(text: str) -> str:
    plain = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return plain if len(plain) <= _MOST_QUOTED else f"{plain[:_MOST_QUOTED]}..."
