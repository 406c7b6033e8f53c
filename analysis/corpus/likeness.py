"""Whether two records that share a key are one paper."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SIGNS = re.compile(r"[\W_]+")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
# Registrants of preprint servers: arXiv, bioRxiv and medRxiv (two), Research Square, PsyArXiv and OSF (two), SSRN,
# Preprints.org, ChemRxiv, TechRxiv, Authorea, SocArXiv, EarthArXiv.
_PREPRINT_DOI = re.compile(
    r"10\.(48550|1101|64898|21203|31234|31219|2139|20944|26434|36227|22541|31235|31223)/", re.ASCII
)
# A shorter title ("Editorial", "Machine learning") names many papers.
_MIN_LETTERS, _MIN_WORDS = 20, 4
# Overlap of the words of two abstracts. Of 59,523 pairs of one arXiv category, .1 % have more than .20 and none more
# than .28; of 42 abstracts rewritten between arXiv and a conference, 40 have more than .20 and 34 more than .25.
_ALIKE, _SURELY_ALIKE = 0.2, 0.25


class Verdict(enum.Enum):
    """Whether two records are one paper, may be, or are not."""

    SAME = "same"
    SUSPECT = "suspect"
    OTHER = "other"


@dataclass(frozen=True)
class Facts:
    """What is known of a paper from all its records so far; `title` and `abstract` are those of its first."""

    title: str
    abstract: str
    first_author: str
    year: int | None
    dois: frozenset[str]
    arxiv_ids: frozenset[str]
    pmids: frozenset[str]
    sources: frozenset[str]

    def join(self, other: Facts) -> Facts:
        """One paper's facts after another record of it."""
        return Facts(
            self.title or other.title,
            self.abstract or other.abstract,
            self.first_author or other.first_author,
            self.year or other.year,
            self.dois | other.dois,
            self.arxiv_ids | other.arxiv_ids,
            self.pmids | other.pmids,
            self.sources | other.sources,
        )


def make_facts(record: Mapping[str, Any]) -> Facts:
    """The facts of one row of the table of records."""
    return Facts(
        title=record["title"],
        abstract=record["abstract"],
        first_author=find_family_name(record["authors"][0]) if record["authors"] else "",
        year=record["published"].year if record["published"] else None,
        dois=frozenset(filter(None, [record["doi"]])),
        arxiv_ids=frozenset(filter(None, [record["arxiv_id"]])),
        pmids=frozenset(filter(None, [record["pmid"]])),
        sources=frozenset([record["source"]]),
    )


def agree(rule: str, one: Facts, other: Facts) -> Verdict:
    """Whether two papers that share what `rule` names are one."""
    if rule in ("same arXiv id", "same DOI", "same PMID", "same OpenReview id"):
        return Verdict.SAME if _speak_alike(one, other) else Verdict.SUSPECT
    same_title = fold_text(one.title) == fold_text(other.title)
    if rule == "same title and abstract":
        return Verdict.SAME if same_title else Verdict.OTHER
    if not same_title:
        return Verdict.OTHER
    if rule == "same id and title":
        # Within one file the same name with another abstract is another paper; in another file, a revision.
        revised = one.abstract and other.abstract and fold_text(one.abstract) != fold_text(other.abstract)
        if revised and one.sources & other.sources:
            return Verdict.OTHER
        return Verdict.SUSPECT if _contradict(one, other) else Verdict.SAME
    return _compare_titles(one, other)


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI was given by a preprint server.

    >>> is_preprint_doi("10.48550/arxiv.2503.11731"), is_preprint_doi("10.1038/s41586-021-03534-y")
    (True, False)
    """
    return _PREPRINT_DOI.match(doi) is not None


def fold_text(text: str) -> str:
    """Letters and digits alone, in one case; a text of signs alone (formulas, emoji) is compared as it stands."""
    if text.isascii():
        folded = text.lower()
        # The same as below, at a tenth of the time.
        return folded.encode("ascii").translate(None, _ASCII_SIGNS).decode("ascii") or folded
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SIGNS.sub("", folded) or folded


def list_words(text: str) -> frozenset[str]:
    """The distinct words of a text, in one case."""
    return frozenset(_SIGNS.split(text.casefold())) - {""}


def measure_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard overlap of two sets, in [0, 1]; 0 where either is empty."""
    return len(one & other) / len(one | other) if one and other else 0.0


def find_family_name(name: str) -> str:
    """The family name, folded: what stands before the comma, else the last word that is no initial.

    >>> find_family_name("Müller, K. R."), find_family_name("Klaus-Robert Müller"), find_family_name("Griffin DK")
    ('muller', 'muller', 'griffin')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    if "," in plain:
        return fold_text(plain.split(",", 1)[0])
    words = [word for word in plain.split() if not _is_initials(word)]
    return fold_text(words[-1]) if words else fold_text(plain)


def _is_initials(word: str) -> bool:
    return "." in word or (word.isupper() and len(word) <= 3)


def _speak_alike(one: Facts, other: Facts) -> bool:
    """Whether titles (or abstracts) do not speak against one paper."""
    if not one.title or not other.title or fold_text(one.title) == fold_text(other.title):
        return True
    return (
        measure_overlap(list_words(one.title), list_words(other.title)) >= 0.3
        or measure_overlap(list_words(one.abstract), list_words(other.abstract)) >= 0.4
    )


def _contradict(one: Facts, other: Facts) -> bool:
    """Whether both bear ids of a kind in which one paper has one, and they differ."""
    for kind in ("arxiv_ids", "pmids"):
        ours, theirs = getattr(one, kind), getattr(other, kind)
        if ours and theirs and not ours & theirs:
            return True
    ours, theirs = ({doi for doi in facts.dois if not is_preprint_doi(doi)} for facts in (one, other))
    return bool(ours and theirs and not ours & theirs)


def _compare_titles(one: Facts, other: Facts) -> Verdict:
    """Whether one title means one paper: years at most one apart, the same first author, much the same abstract."""
    if len(fold_text(one.title)) < _MIN_LETTERS or len(list_words(one.title)) < _MIN_WORDS:
        return Verdict.OTHER
    near = one.year is None or other.year is None or abs(one.year - other.year) <= 1
    if not near:
        return Verdict.OTHER
    if _contradict(one, other):
        return Verdict.SUSPECT
    authors_known = bool(one.first_author and other.first_author)
    if authors_known and one.first_author != other.first_author:
        return Verdict.SUSPECT
    if one.abstract and other.abstract:
        overlap = measure_overlap(list_words(one.abstract), list_words(other.abstract))
        alike = overlap >= (_ALIKE if authors_known else _SURELY_ALIKE)
        return Verdict.SAME if alike else Verdict.SUSPECT
    return Verdict.SAME if one.year == other.year else Verdict.SUSPECT
