"""Text from papers on its way into a figure: cleaned, escaped, wrapped."""

from __future__ import annotations

import re
import textwrap
import unicodedata

# Controls draw nothing or break XML; bidirectional overrides can make a title read as another one; what takes no
# room hides words in words. The joiners U+200C and U+200D stay: Persian, Hindi and emoji are written with them.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_SIGNS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# More signs over one letter than any language sets cover the lines above and below.
_STACKED = re.compile(f"([{_SIGNS}]{{4}})[{_SIGNS}]+")
# What of all these Python takes for printable.
_PRINTABLE = re.compile(f"[{_SIGNS}\u3164\uffa0]")
_WIDE_RUN = re.compile("[WM@%]{4,}")
# No cleaned text holds it.
_FILLER = "\x00"
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
    return " ".join(strip_marks(str(text)).split())


def strip_marks(text: str) -> str:
    r"""Text without control characters, direction overrides and invisible signs; its lines and blanks stay.

    Examples
    --------
    >>> strip_marks("two\u202e lines:\n\x1b[31mred")
    'two lines:\n[31mred'
    """
    # Most texts of a large table: they hold nothing to search for.
    if text.isprintable() and (text.isascii() or not _PRINTABLE.search(text)):
        return text
    return _STACKED.sub(r"\1", _SURROGATES.sub("\ufffd", _UNSAFE.sub("", text)))


def escape(text: object) -> str:
    """Text that plotly shows as it stands: its pseudo-HTML knows links and styles, and its templates variables.

    Examples
    --------
    >>> escape("a < b & <script>")
    'a &lt; b &amp; &lt;script&gt;'
    """
    marked = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # In names, notes and titles too, plotly fills in what "%{...}" names, or nothing.
    return marked.replace("%{", "&#37;{")


def shorten(text: object, width: int) -> str:
    """Cleaned text of at most `width` characters, wide ones twice, cut at a word where one ends near enough."""
    plain = _widen(clean(text))
    if len(plain) <= width:
        return _narrow(plain)
    cut = plain[: width - 1]
    word = cut.rfind(" ")
    return _narrow(cut[:word] if word > width * 0.6 else cut).rstrip(" ,;:-") + "…"


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
    lines = [_narrow(line) for line in textwrap.wrap(_widen(clean(text)), width, break_on_hyphens=False)] or [""]
    if len(lines) > n_lines:
        lines = [*lines[: n_lines - 1], shorten(lines[n_lines - 1] + " " + lines[n_lines], width)]
        if not lines[-1].endswith("…"):
            lines[-1] = lines[-1][: width - 1] + "…"
    return lines


def _widen(text: str) -> str:
    """Text in which what takes the room of two letters counts as two: Chinese, Japanese, emoji, `WWWW`."""
    if text.isascii() and "WW" not in text and "MM" not in text:
        return text
    doubled = _WIDE_RUN.sub(lambda run: "".join(_FILLER + letter for letter in run.group()), text)
    return "".join(_FILLER + letter if unicodedata.east_asian_width(letter) in "WF" else letter for letter in doubled)


def _narrow(text: str) -> str:
    return text.replace(_FILLER, "")


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
