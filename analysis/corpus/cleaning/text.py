"""Text as people read it: characters, markup and LaTeX, again and again until nothing changes.

Known markup goes; what is no markup stays as literal text (``<script>``,
``<think>``, "a < b"): escaping is the work of whatever writes it out.
"""

from __future__ import annotations

from analysis.corpus.cleaning.characters import mend_encoding, tidy_characters
from analysis.corpus.cleaning.latex import flatten_latex
from analysis.corpus.cleaning.markup import flatten_tags, resolve_entities

# Sources nest their spellings two or three deep ("&amp;lt;sub&amp;gt;"); more than this is made to harm.
_ROUNDS = 8
_SIGNS_OF_MARKUP = dict.fromkeys(map(ord, "&<>\\${}~`"), " ")


def clean_text(text: str) -> str:
    r"""Clean a title, a name or any other line of text.

    Cleaning what is clean changes nothing, so a file that we wrote reads back
    as it was. The time grows in proportion to the length.

    Examples
    --------
    >>> clean_text("High-\nResolution  \\textbf{Robots} &amp; R&amp;D, 45\\%")
    'High-Resolution Robots & R&D, 45%'
    >>> clean_text("CO<sub>2</sub> and $O(n \\log n)$ for {GPT} at $5 and $10, if a < b")
    'CO2 and O(n log n) for GPT at $5 and $10, if a < b'
    """
    text = tidy_characters(mend_encoding(text))
    if text.isascii() and not _may_hold_markup(text):
        return text
    for _ in range(_ROUNDS):
        flat = mend_encoding(flatten_latex(flatten_tags(resolve_entities(text))))
        if flat == text:
            return text
        flat = tidy_characters(flat)
        if flat == text:
            return text
        text = flat
    return tidy_characters(text.translate(_SIGNS_OF_MARKUP))


def _may_hold_markup(text: str) -> bool:
    """Whether there is a sign without which no entity, tag or macro can be; most texts have none."""
    return "\\" in text or "$" in text or "&" in text or "<" in text or "{" in text or "~" in text or "``" in text
