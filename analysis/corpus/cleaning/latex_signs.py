"""What is LaTeX and what only looks like it: braces, formulas and prices."""

from __future__ import annotations

import re

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_MATH_SIGN = re.compile(r"[\\^_=<>|]")
# Words between two prices: four letters in a row, or a short word between blanks.
_LONG_WORD = re.compile(r"[A-Za-z]{4}|\s[A-Za-z]{2,}\s")
# The inside of braces that only keep capitals or mark a phrase: words, no list, no code.
_WORDS = re.compile(r"[^,;={}\"$\\<>|\[\]]*")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}|[A-Z]")


def pair_braces(text: str) -> dict[int, int]:
    """Place of each opening brace that has a partner, to the place of the partner."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACE.finditer(text):
        if found.group() == "{":
            opened.append(found.start())
        elif found.group() == "}" and opened:
            closes[opened.pop()] = found.start()
    return closes


def is_formula(content: str, following: str) -> bool:
    """Whether what stands between two dollars is a formula, not the words between two prices."""
    if not content.strip():
        return False
    if _MATH_SIGN.search(content):
        # Between two prices stand words; between the dollars of a formula, macros, signs and single letters.
        return "\\" in content or not re.search(r"\s[a-z]{3,}\s", content)
    if content[0].isspace() or content[-1].isspace() or following.isdigit():
        return False
    return not (content[0].isdigit() or " " in content) or not _LONG_WORD.search(f"{content} ")


def is_wording(inner: str, before: str, after: str) -> bool:
    """Whether braces keep capitals, mark a phrase or stand inside a word or a number (``82{,}115``)."""
    if not inner or (inner == "," and before.isdigit() and after.isdigit()):
        return True
    if inner.isalpha() and (before.isalpha() or after.isalpha()):
        return True
    return bool(_WORDS.fullmatch(inner) and _TWO_LETTERS.search(inner))
