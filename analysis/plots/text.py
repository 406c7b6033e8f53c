"""Text from papers on its way into a figure: cleaned, escaped, wrapped."""

from __future__ import annotations

import re
import textwrap
import unicodedata

# Controls draw nothing or break XML; bidirectional overrides can make a title read as another one.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: object) -> str:
    """One line of text without control characters and direction overrides; empty for null.

    Examples
    --------
    >>> clean("safe\u202e gnp.exe")
    'safe gnp.exe'
    """
    if text is None or text != text:
        return ""
    plain = _SURROGATES.sub("\ufffd", _UNSAFE.sub("", str(text)))
    return " ".join(plain.split())


def escape(text: object) -> str:
    """Text that plotly shows as it stands: its pseudo-HTML knows links and styles.

    Examples
    --------
    >>> escape("a < b & <script>")
    'a &lt; b &amp; &lt;script&gt;'
    """
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: object, width: int) -> str:
    """Cleaned text of at most `width` characters, cut at a word where one ends near enough."""
    plain = clean(text)
    if len(plain) <= width:
        return plain
    cut = plain[: width - 1]
    word = cut.rfind(" ")
    return (cut[:word] if word > width * 0.6 else cut).rstrip(" ,;:-") + "…"


def wrap(text: object, width: int, *, n_lines: int = 3) -> str:
    """Escaped text in at most `n_lines` lines of `width` characters, broken by ``<br>``."""
    return "<br>".join(escape(line) for line in wrap_lines(text, width, n_lines=n_lines))


def wrap_lines(text: object, width: int, *, n_lines: int = 3) -> list[str]:
    """Cleaned, not yet escaped lines; what does not fit ends in an ellipsis.

    Examples
    --------
    >>> wrap_lines("Representation learning for robots", 16, n_lines=2)
    ['Representation', 'learning for…']
    """
    lines = textwrap.wrap(clean(text), width, break_on_hyphens=False) or [""]
    if len(lines) > n_lines:
        lines = [*lines[: n_lines - 1], shorten(lines[n_lines - 1] + " " + lines[n_lines], width)]
        if not lines[-1].endswith("…"):
            lines[-1] = lines[-1][: width - 1] + "…"
    return lines


def text_width(text: str, size: float) -> float:
    """Rough width in pixels of one line of sans-serif text: enough to keep labels apart."""
    wide = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in text)
    return wide * size


def count_of(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun.

    Examples
    --------
    >>> count_of(1, "paper"), count_of(12300, "paper")
    ('1 paper', '12,300 papers')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def count_papers(number: float) -> str:
    """A count of papers; one decimal where fractional counting splits papers.

    Examples
    --------
    >>> count_papers(1200.0), count_papers(2.25)
    ('1,200', '2.2')
    """
    return f"{number:,.0f}" if abs(number - round(number)) < 1e-6 else f"{number:,.1f}"
