"""Papers whose texts are nearly the same: candidates by MinHash, each pair then compared exactly.

Texts that agree on a band of their signatures (`analysis.corpus.shingles`) are
compared in full. Nothing is merged here: the list is for people to review.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.corpus.likeness import is_preprint_doi
from analysis.corpus.shingles import FACTORS, N_HASHES, list_words, number_runs, sign_texts

Relation = Literal["same text", "revised text", "preprint and published", "same title"]
NEAR_COLUMNS = ("paper_id", "other_id", "similarity", "relation")

# 16 bands of 4: a pair of similarity .8 is met with probability .9998, one of .7 with .988.
BAND = 4
N_BANDS = N_HASHES // BAND
STRAY = 0.25
_CHUNK = 4_000
_PAIRS_AT_ONCE = 2_000
_LOWEST = 0.7
# In a larger crowd of candidates each is compared with the first alone.
_CROWD = 40
# "Editorial" and "Deep learning" are the titles of many papers.
TITLE_WORDS = 4
_ARXIV_ID = re.compile(r"(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE)
_PREPRINT_URL = re.compile(r"arxiv\.org/|huggingface\.co/papers/")
_PREPRINT = re.compile(
    r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|openreview|preprints?|research square|techrxiv|hal)\b",
    re.IGNORECASE,
)


def find_near_duplicates(
    papers: pd.DataFrame, *, similarity: float = 0.8, signatures: np.ndarray[Any, np.dtype[np.uint32]] | None = None
) -> pd.DataFrame:
    """Pairs of papers that may be one: nearly the same text, or the same title.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Columns ``paper_id``, ``title``, ``abstract``, and, where present,
        ``published``, ``venue``, ``doi``, ``arxiv_id``, ``url``.
    similarity : float in [0.7, 1], default 0.8
        Smallest Jaccard overlap of the three-word runs of title and abstract.
    signatures : ndarray of uint32, shape (n_papers, 64), optional
        From `analysis.corpus.shingles.sign_texts`, of ``"{title} {abstract}"``; those of papers without an abstract
        are not looked at. By default made here.

    Returns
    -------
    DataFrame of n_pairs rows, sorted by `similarity` from the top, then by the order of the papers
        ``paper_id`` and ``other_id`` in corpus order; ``similarity`` in
        [0, 1], exact, of title and abstract (of the titles where either paper
        has no abstract); ``relation``: ``same text`` (word for word),
        ``revised text``, ``preprint and published`` (one of them is on a
        preprint server and the other appeared elsewhere; with the same title
        and at most three years apart this is listed at any similarity), or
        ``same title`` (one has no abstract, and the year agrees or is unknown).

    Raises
    ------
    ValueError
        If `similarity` is outside [0.7, 1]: below, MinHash as set here would miss pairs.

    Notes
    -----
    Case, punctuation and spacing count for nothing. One pair of similarity .8
    in some 4,000 is not met, one of .7 in 80. Where more than 40 texts are
    candidates for each other, each is compared with the first of them only.
    """
    if not _LOWEST <= similarity <= 1:
        raise ValueError(f"similarity = {similarity} is not allowed. Give a number from {_LOWEST} to 1.")
    texts = WordRuns(papers)
    pairs = set(texts.list_title_pairs())
    if signatures is None:
        signatures = texts.sign()
    pairs.update(_list_candidates(signatures, texts.with_abstract, similarity))
    ordered = sorted(pairs)
    rows = []
    for start in range(0, len(ordered), _PAIRS_AT_ONCE):
        piece = ordered[start : start + _PAIRS_AT_ONCE]
        for (first, second), overlap in zip(piece, texts.compare(piece), strict=True):
            relation = texts.relate(first, second, overlap, similarity)
            if relation:
                rows.append((texts.ids[first], texts.ids[second], overlap, relation, first, second))
    rows.sort(key=lambda row: (-row[2], row[4], row[5]))
    table = pd.DataFrame([row[:4] for row in rows], columns=list(NEAR_COLUMNS))
    return table.astype({"paper_id": "str", "other_id": "str", "similarity": "float64", "relation": "str"})


class WordRuns:
    """The papers as word runs, read from their text again when needed."""

    def __init__(self, papers: pd.DataFrame) -> None:
        self.ids = papers["paper_id"].astype("str").tolist()
        self._titles = _list_column(papers, "title")
        # By far the longest column: read a chunk at a time.
        self._abstracts = papers["abstract"].fillna("") if "abstract" in papers else pd.Series([""] * len(papers))
        self._has_abstract = (self._abstracts != "").to_numpy(dtype=bool)
        self.with_abstract = np.flatnonzero(self._has_abstract)
        published = papers["published"] if "published" in papers else pd.Series([pd.NaT] * len(papers))
        years = pd.to_datetime(published).dt.year.to_numpy(dtype=float, na_value=np.nan)
        self._years = [None if year != year else int(year) for year in years.tolist()]
        self._kinds = _tell_kinds(papers)

    def sign(self) -> np.ndarray[Any, np.dtype[np.uint32]]:
        """Signatures of all papers, a chunk at a time; zeros for those without an abstract."""
        signatures = np.zeros((len(self.ids), N_HASHES), dtype=np.uint32)
        for start in range(0, len(self.with_abstract), _CHUNK):
            places = self.with_abstract[start : start + _CHUNK]
            signatures[places] = sign_texts(self._read_texts(places))
        return signatures

    def list_title_pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs with the same title of which one has no abstract, or one is a preprint and the other not."""
        # Whether two titles are equal is looked at again: the numbers only bring them together.
        keys = np.zeros(len(self.ids), dtype=np.int64)
        for start in range(0, len(self.ids), _CHUNK):
            folded = [" ".join(list_words(title)) for title in self._titles[start : start + _CHUNK]]
            codes = (zlib.crc32(title.encode("utf-8", "surrogatepass")) for title in folded)
            keys[start : start + len(folded)] = np.fromiter(codes, np.int64, len(folded))
        for places in list_groups(keys):
            if len(list_words(self._titles[places[0]])) >= TITLE_WORDS:
                yield from (pair for pair in list_pairs(places.tolist()) if self._share_title(*pair))

    def compare(self, pairs: Sequence[tuple[int, int]]) -> list[float]:
        """Jaccard overlap of the word runs of each pair of papers: of the titles where one has no abstract."""
        whole = [self._has_abstract[first] and self._has_abstract[second] for first, second in pairs]
        runs = {
            is_whole: self._list_runs(
                sorted({place for pair, one in zip(pairs, whole, strict=True) if one == is_whole for place in pair}),
                is_whole=is_whole,
            )
            for is_whole in (True, False)
        }
        overlaps = []
        for (first, second), is_whole in zip(pairs, whole, strict=True):
            ours, theirs = runs[bool(is_whole)][first], runs[bool(is_whole)][second]
            n_shared = len(np.intersect1d(ours, theirs, assume_unique=True))
            overlaps.append(n_shared / (len(ours) + len(theirs) - n_shared))
        return overlaps

    def relate(self, first: int, second: int, overlap: float, similarity: float) -> Relation | None:
        """What two papers are to each other; None when they are nothing."""
        kinds = {self._kinds[first], self._kinds[second]}
        if kinds == {"preprint", "published"} and (overlap >= similarity or self._share_title(first, second)):
            return "preprint and published"
        if not (self._has_abstract[first] and self._has_abstract[second]):
            return "same title" if overlap == 1 else None
        if overlap < similarity:
            return None
        if overlap < 1:
            return "revised text"
        words = [list_words(text) for text in self._read_texts([first, second])]
        return "same text" if words[0] == words[1] else "revised text"

    def _share_title(self, first: int, second: int) -> bool:
        """Whether two papers of one title may be one by their years and by what is known of them."""
        if list_words(self._titles[first]) != list_words(self._titles[second]):
            return False
        years = self._years[first], self._years[second]
        apart = 0 if years[0] is None or years[1] is None else abs(years[0] - years[1])
        if {self._kinds[first], self._kinds[second]} == {"preprint", "published"}:
            return apart <= 3
        return apart == 0 and not (self._has_abstract[first] and self._has_abstract[second])

    def _read_texts(self, places: Any) -> list[str]:
        abstracts = self._abstracts.take(places).tolist()
        return [f"{self._titles[place]} {abstract}" for place, abstract in zip(places, abstracts, strict=True)]

    def _list_runs(self, places: list[int], *, is_whole: bool) -> dict[int, np.ndarray[Any, np.dtype[np.uint64]]]:
        """The distinct runs of some papers, or of their titles."""
        if not places:
            return {}
        texts = self._read_texts(places) if is_whole else [self._titles[place] for place in places]
        runs = number_runs(texts)
        ends = runs.ends.tolist()
        return {
            place: np.unique(runs.numbers[start:end])
            for place, start, end in zip(places, ends[:-1], ends[1:], strict=True)
        }


def _list_candidates(
    signatures: np.ndarray[Any, np.dtype[np.uint32]], with_abstract: np.ndarray[Any, Any], similarity: float
) -> Iterator[tuple[int, int]]:
    """Pairs of papers that agree on a band of their signatures, and on about as much of the whole as `similarity`."""
    if not len(with_abstract):
        return
    # The share of equal numbers strays from the similarity by .05 on average; five times that is never met.
    fewest = (similarity - STRAY) * N_HASHES
    for band in range(N_BANDS):
        keys = np.zeros(len(with_abstract), dtype=np.uint64)
        for column in range(band * BAND, (band + 1) * BAND):
            keys = (keys ^ signatures[with_abstract, column]) * FACTORS[0]
        for members in list_groups(keys):
            for first, second in list_pairs(with_abstract[members].tolist()):
                if np.count_nonzero(signatures[first] == signatures[second]) >= fewest:
                    yield first, second


def list_groups(keys: np.ndarray) -> Iterator[np.ndarray]:
    """Places that share a key, in order, for each key that more than one has."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]])) if len(order) else order
    ends = np.append(starts[1:], len(order))
    for group in np.flatnonzero(ends - starts > 1):
        yield order[starts[group] : ends[group]]


def list_pairs(places: list[int]) -> Iterable[tuple[int, int]]:
    """Pairs of places that share a key: all, but in a crowd each with the first."""
    if len(places) > _CROWD:
        return ((places[0], other) for other in places[1:])
    return combinations(places, 2)


def _list_column(papers: pd.DataFrame, name: str) -> list[str]:
    if name not in papers:
        return [""] * len(papers)
    return [value if isinstance(value, str) else "" for value in papers[name].tolist()]


def _tell_kinds(papers: pd.DataFrame) -> list[str]:
    """Of each paper ``preprint``, ``published`` or, where nothing tells, nothing."""
    columns = [_list_column(papers, name) for name in ("doi", "venue", "arxiv_id", "url", "paper_id")]
    return [_tell_kind(*values) for values in zip(*columns, strict=True)]


def _tell_kind(doi: str, venue: str, arxiv_id: str, url: str, paper_id: str) -> str:
    if (doi and not is_preprint_doi(doi)) or (venue and not _PREPRINT.search(venue)):
        return "published"
    is_preprint = doi or venue or arxiv_id or _PREPRINT_URL.search(url) or _ARXIV_ID.fullmatch(paper_id)
    return "preprint" if is_preprint else ""
