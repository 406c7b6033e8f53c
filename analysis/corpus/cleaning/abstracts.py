"""What stands around an abstract and is none: its own heading, copyright notices, "[No abstract available]".

A notice goes only as whole sentences at either end that hold nothing else.
The wordings are those that Scopus, PubMed, Embase, Springer, Elsevier, Wiley
and MDPI append.
"""

from __future__ import annotations

import re

from analysis.corpus.cleaning.text import clean_text

_HEADING = re.compile(
    r"(?:(?:abstract|summary)\s*(?::|\.(?=\s)|[\u2013\u2014])\s*)+"
    r"|(?-i:ABSTRACT\s+(?=[A-Z][a-z]|[A-Z]\s))"
    # Words that ran together when the markup was stripped.
    r"|(?-i:Abstract(?=(?:Background|Introduction|Objective|Purpose|Aims?\b|We\b|In\b|The\b|This\b)))",
    re.IGNORECASE,
)
_NO_ABSTRACT = re.compile(
    r"[\[(<]?\s*(?:nan|none|null|n\.?/?a|-+|no abstract(?: is| was)?(?: available| provided| supplied)?"
    r"|(?:the )?abstract (?:is |was )?(?:not|un)\s?(?:yet )?(?:available|provided|supplied)(?: for this \w+)?"
    r"|not available|no summary available|abstract|summary|international audience)?\s*[\])>]?\s*[.!]?",
    re.IGNORECASE,
)
# How a notice begins: a sign or the word, then a year or an owner; never "Copyright law in 2020 ...".
_YEAR = r"(?:19|20)\d\d"
_NOTICE = re.compile(
    rf"(?:copyright\W{{0,3}})?\u00a9\W{{0,3}}(?:copyright\W{{0,3}})?\w"
    rf"|(?:copyright\W{{0,3}})?\(c\)\W{{0,3}}(?:copyright\W{{0,3}})?(?:{_YEAR}|by\b|the author|(?-i:[A-Z]{{2}}))"
    rf"|copyright\W{{1,3}}(?:{_YEAR}\b|by (?-i:[A-Z])|of the authors?\b|the authors?\b)|copyright\W*$"
    r"|(?:all|some) rights (?:are )?reserved|\(psycinfo database record",
    re.IGNORECASE,
)
_SIGNS = ("\u00a9", "(c)", "copyright", "rights reserved", "rights are reserved")
# What may follow inside a notice: sentences that hold owners, licences and addresses.
_MORE = re.compile(
    "|".join(
        (
            r"(?:all|some) rights|no claim|government works?|for permissions?|reprinted|reproduced",
            r"publish(?:ed|ing)\b|.{0,80}? published by|on behalf of",
            r"licensee|licen[cs]ed|(?:under )?exclusive licen[cs]e|open access|this is an open[- ]access",
            r"this (?:article|work|paper) is (?:an open|licen[cs]ed|published|distributed|protected|available|a U\.?S)",
            r"[\w&. ]{0,60}\u00a9 ?(?:19|20)\d\d",
            r"(?:the )?authors?(?:\(s\)|s)?\b.{0,40}$",
            # An owner: "Springer-Verlag GmbH, part of Springer Nature", the rest of "Ltd. Falling Society."
            r"(?:the )?\w[\w&,. -]{0,60}\b(?:ltd|inc|llc|gmbh|b\.?v|kgaa|co|s\.?a\.?s?|limited|group)\b\W{0,3}$",
            r"(?:the )?\w[\w&,. -]{0,60}\b(?:press|publishers?|society|association|verlag|weinheim|nature)\b\W{0,3}$",
            r"(?:the )?\w[\w&,. -]{0,60}\b(?:elsevier|springer|wiley)\b\W{0,3}$",
            r"(?-i:(?:[A-Z][\w&]*\s?){1,5})$|\W*$",
        )
    ),
    re.IGNORECASE,
)
# Who wrote it, as EBSCOhost says at the end.
_SUPPLIER = re.compile(r"\s*\[?\[ABSTRACT FROM (?:AUTHOR|PUBLISHER)(?:\(S\))?\]\Z")
_VERB = re.compile(r"\b(?:we|is|are|was|were|has|have|can|show|shows|find|study|results?|propose|present)\b")
_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][)\]]))\s+(?=[\w\u00a9(\"'])|\s*(?=(?:\bCopyright\W{1,3})?\u00a9)|\s+(?=\(PsycI)"
)
_EDGE = " \u2022\u00b7\u2023\u25aa\u25cf"
_REACH = 600
_MAX_HEAD = 250
_MAX_PHRASE = 80
_ROUNDS = 8


def clean_abstract(text: str) -> str:
    """Clean an abstract: `clean_text`, without a heading or notice, and empty where the source says it has none.

    Examples
    --------
    >>> clean_abstract("Abstract: We study robots. © 2024 Elsevier B.V. All rights reserved.")
    'We study robots.'
    >>> clean_abstract("We study doors. [ABSTRACT FROM AUTHOR]")
    'We study doors.'
    >>> clean_abstract("[No abstract available]")
    ''
    """
    cleaned = clean_text(text)
    for _ in range(_ROUNDS):
        inner = _cut_ends(cleaned)
        if inner == cleaned:
            break
        cleaned = clean_text(inner)
    return "" if len(cleaned) < _MAX_PHRASE and _NO_ABSTRACT.fullmatch(cleaned) else cleaned


def _cut_ends(text: str) -> str:
    start, end = 0, len(text)
    if text.endswith("]") and (tail := _SUPPLIER.search(text, max(0, end - _MAX_PHRASE))):
        end = tail.start()
    while True:
        inner_start = _find_start(text, start, end)
        inner_end = _find_end(text, inner_start, end)
        if (inner_start, inner_end) == (start, end):
            return text[start:end]
        start, end = inner_start, inner_end


def _find_start(text: str, start: int, end: int) -> int:
    """Where the text begins after a heading or a notice at its head."""
    heading = _HEADING.match(text, start, end)
    if heading:
        return _skip(text, heading.end(), end)
    if not _NOTICE.match(text, start, min(end, start + _MAX_HEAD)):
        return start
    head = text[start : min(end, start + _MAX_HEAD)]
    # The notice and, after it, sentences that only go on with it.
    place = 0
    breaks = [found.end() for found in _SENTENCE_END.finditer(head)]
    for after in [*breaks, len(head)] if start + len(head) == end else breaks:
        sentence = head[place:after].strip()
        belongs = _NOTICE.match(sentence) or (place and _MORE.match(sentence))
        if sentence and (not belongs or _VERB.search(sentence)):
            break
        place = after
    return _skip(text, start + place, end)


def _find_end(text: str, start: int, end: int) -> int:
    """Where the text ends before a notice at its tail."""
    tail_from = max(start, end - _REACH)
    tail = text[tail_from:end]
    lowered = tail.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return end
    places = [found.end() for found in _SENTENCE_END.finditer(tail)]
    if tail_from == start:
        places.insert(0, 0)
    # From the last sentence back: each belongs to the notice, up to the one that begins it.
    last, found = len(tail), end
    for place in reversed(places):
        sentence = tail[place:last].strip()
        if _NOTICE.match(sentence) and not _VERB.search(sentence) and not _is_enumeration(tail, place):
            found = tail_from + place
        elif not _MORE.match(sentence):
            break
        last = place
    else:
        if found == tail_from and tail_from > start:
            found = end
    return _strip_end(text, start, found) if found < end else end


def _is_enumeration(tail: str, place: int) -> bool:
    """Whether "(c)" is the third of a list."""
    return tail[place : place + 3].lower() == "(c)" and "(b)" in tail[:place].lower()


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _EDGE:
        start += 1
    return start


def _strip_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return end
