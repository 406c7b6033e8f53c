"""One whole element of an XML source, and the text in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element


class Part(NamedTuple):
    """One element of interest, whole.

    Attributes
    ----------
    name, position, raw : str
        Its name without prefix, where it stands (``record 7 (line 120)``), and the XML as written.
    element : Element
        Names within it are without prefix, too; those of attributes are as written.
    within : mapping
        Attributes of the elements around it, by their name.
    """

    name: str
    position: str
    raw: str
    element: Element
    within: Mapping[str, Mapping[str, str]]


def flatten(element: Element | None) -> str:
    """The text of an element without its tags, as written; empty where there is no element."""
    return "".join(element.itertext()) if element is not None else ""


def find_text(element: Element, path: str) -> str:
    """The text of the first element at `path`, without tags and outer blanks; empty where there is none."""
    return flatten(element.find(path)).strip()


def list_texts(element: Element, path: str) -> tuple[str, ...]:
    """The texts of all elements at `path` that hold any, without tags and outer blanks."""
    texts = (flatten(found).strip() for found in element.iterfind(path))
    return tuple(text for text in texts if text)
