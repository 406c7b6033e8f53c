"""Text as people read it: one line, one spelling of each character, nothing invisible.

Markup is kept as literal text (``<script>`` stays): escaping is the work of
whatever writes it out.
"""

from __future__ import annotations

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WRAPPER = re.compile(r"\\(?:textbf|textit|textsc|textsf|textrm|texttt|emph|underline|mbox|url)\s*\{([^{}]*)\}")
# Wrappers with two arguments, of which the second is what people read.
_DOUBLE = re.compile(r"\\(?:href|textcolor)\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_SWITCH = re.compile(r"\{\\(?:bf|it|em|sc|tt)\s+([^{}]*)\}")
_ESCAPED = re.compile(r"\\([%&#_])")
# A line broken after a hyphen inside a word: "high-\nresolution", but not "pre-\nand post-training".
_BROKEN_WORD = re.compile(r"(?<=\w)-[ \t]*\r?\n[ \t]*(?!(?:and|or|to)\b)(?=[^\W\d_])")
# C0 and C1 controls but white space; direction marks, overrides and isolates; zero-width and soft
# characters. The joiners U+200C and U+200D stay: Persian and emoji need them. Surrogates cannot be written.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADING_JUNK = re.compile(r"^[\s•·\u2023\u25aa\u25cf]+")
_ABSTRACT_HEAD = re.compile(r"^(?:(?:abstract|summary)\s*(?::|\.(?=\s)|[\u2013\u2014])\s*)+", re.IGNORECASE)
_NO_TEXT = {"", "nan", "none", "null", "n/a", "na", "no abstract available", "[no abstract available]", "-"}
_ROUNDS = 8


def clean_text(text: str) -> str:
    r"""Clean a title, a name or any other line of text.

    Cleaning what is clean changes nothing, so a file that we wrote reads back
    as it was.

    Examples
    --------
    >>> clean_text("High-\nResolution  \\textbf{Robots} &amp; R&amp;D, 45\\%")
    'High-Resolution Robots & R&D, 45%'
    """
    for _ in range(_ROUNDS):
        once = _clean_once(text)
        if once == text:
            break
        text = once
    return text


def clean_abstract(text: str) -> str:
    """Clean an abstract: `clean_text`, without a heading, and empty where the source says that it has none."""
    cleaned = _ABSTRACT_HEAD.sub("", clean_text(text))
    return "" if cleaned.casefold().rstrip(".") in _NO_TEXT else cleaned


def make_writable(text: str) -> str:
    """The text with characters that UTF-8 cannot hold replaced, and otherwise as it stands."""
    return _SURROGATE.sub("\ufffd", text)


def _clean_once(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    if "\n" in text:
        text = _BROKEN_WORD.sub("-", text)
    if "\\" in text:
        for pattern in (_DOUBLE, _WRAPPER, _SWITCH, _ESCAPED):
            text = pattern.sub(r"\1", text)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return _LEADING_JUNK.sub("", text).rstrip(" •·")
