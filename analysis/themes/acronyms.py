"""Acronyms and what they stand for, as the texts themselves define them.

"reinforcement learning from human feedback (RLHF)": the rule of Schwartz and
Hearst [1]_, with the letters of the acronym sought from right to left.

References
----------
.. [1] Schwartz, Hearst (2003), Pacific Symposium on Biocomputing 8, 451-462,
   doi:10.1142/9789812776303_0042.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.themes.grammar import make_key

_DEFINED = re.compile(r"\(\s*(\w[\w-]{1,10})\s*[;,)]")
_CLAUSE_END = re.compile(r"[^\w\s/-]")
_REACH = 120
_CLEAR = 0.7


def find_acronyms(texts: Sequence[str]) -> dict[str, str]:
    """Acronyms that the texts define, each with the expansion that nearly all papers give.

    Parameters
    ----------
    texts : sequence of n_papers str

    Returns
    -------
    dict of str to str
        ``{"LLM": "large language model"}``: both in the singular, the expansion in lower case.

    Examples
    --------
    >>> find_acronyms(["We use reinforcement learning from human feedback (RLHF)."])
    {'RLHF': 'reinforcement learning from human feedback'}
    """
    given: dict[str, Counter[str]] = {}
    for text in texts:
        for short, long in dict(_iterate_definitions(text)).items():
            given.setdefault(short, Counter())[make_key(long)] += 1
    least = 2 if len(texts) >= 10 else 1
    found = {}
    for short, longs in sorted(given.items()):
        long, n_papers = longs.most_common(1)[0]
        # SAM: segment anything model, or sharpness-aware minimization? Then it stands for itself.
        if n_papers >= least and n_papers >= _CLEAR * longs.total():
            found[short] = long
    return found


def _iterate_definitions(text: str) -> Iterator[tuple[str, str]]:
    for found in _DEFINED.finditer(text):
        short = re.sub(r"(?<=[A-Z])s$", "", found.group(1))
        if 2 <= len(short) <= 10 and sum(c.isupper() for c in short) >= 2:
            before = _CLAUSE_END.split(text[max(0, found.start() - _REACH) : found.start()])[-1]
            long = match_expansion(short, before)
            if long:
                yield short, long


def match_expansion(short: str, before: str) -> str | None:
    """The words before an acronym that its letters stand for; None where they do not match.

    Examples
    --------
    >>> match_expansion("VLA", "we train a vision-language-action"), match_expansion("GPT", "a model")
    ('vision-language-action', None)
    """
    n_words = min(len(short) + 5, len(short) * 2)
    text = " ".join(before.split()[-n_words:])
    at = len(text)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (text[at].lower() != letter or (place == 0 and at > 0 and text[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    long = text[text.rfind(" ", 0, at + 1) + 1 :]
    # Letters taken from the middle of words make chance matches; most must open one, but in "electrocardiogram".
    openings = [part[0].lower() for part in re.split(r"[\s/-]+", long) if part]
    hits = sum(letter.lower() in openings for letter in short)
    fits = len(openings) == 1 or hits >= 0.6 * len(short)
    return long if fits and len(long) > len(short) else None
