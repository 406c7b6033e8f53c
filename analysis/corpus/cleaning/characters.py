"""Characters: one spelling of each, nothing invisible, one line, and bytes that were read in the wrong encoding."""

from __future__ import annotations

import re
import unicodedata

# A line broken after a hyphen inside a word: "high-\nresolution", but not "pre-\nand post-training".
_BROKEN_WORD = re.compile(r"-(?<=\w-)[ \t]*\r?\n[ \t]*(?!(?:and|or|to)\b)(?=[^\W\d_])")
# C0 and C1 controls but white space; direction marks, overrides and isolates; zero-width and soft
# characters. The joiners U+200C and U+200D stay: Persian and emoji need them. Surrogates cannot be written.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_CONTROL = re.compile("[\x80-\x9f\ufffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADING_JUNK = re.compile(r"^[\s•·\u2023\u25aa\u25cf]+")
# What UTF-8 read as Windows-1252, Latin-1 or Mac Roman begins with, followed by what it goes on with: never one
# letter of a word, as "â€™" or "Ã©" for an apostrophe or an e with an accent.
_GARBLED = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|[\u221a\u201a][\u00a0-\u00ff\u0152\u0153\u2020-\u2022\u2260\u221e\u2264\u2265\u2202\u2211\u220f\u03c0\u222b\u2026]"
)


def tidy_characters(text: str) -> str:
    r"""One line in Unicode normal form C, without invisible characters and without a bullet at either end.

    Examples
    --------
    >>> tidy_characters(" • High-\nresolution\u200b  cafe\u0301 ")
    'High-resolution café'
    """
    if "\n" in text and "-" in text:
        text = _BROKEN_WORD.sub("-", text)
    if text.isascii():
        text = " ".join(text.split())
        return text if text.isprintable() else " ".join(_INVISIBLE.sub("", text).split())
    text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return _LEADING_JUNK.sub("", text).rstrip(" •·")


def mend_encoding(text: str) -> str:
    """Undo a reading in the wrong encoding, where one shows; all other text comes back as it was.

    Only the encoding is mended: curly quotes, ligatures and wide letters stay.

    Examples
    --------
    >>> mend_encoding("SchrÃ¶dinger, naÃ¯ve"), mend_encoding("naïve, Â is a letter")
    ('Schrödinger, naïve', 'naïve, Â is a letter')
    """
    if text.isascii() or not _GARBLED.search(text):
        return text
    import ftfy

    mended = ftfy.fix_encoding(text)
    # A control character is no letter: what gave it was no garbled one.
    return text if _CONTROL.search(mended) and not _CONTROL.search(text) else mended


def make_writable(text: str) -> str:
    """The text with characters that UTF-8 cannot hold replaced, and otherwise as it stands."""
    return _SURROGATE.sub("\ufffd", text)
