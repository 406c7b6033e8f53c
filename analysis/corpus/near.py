"""Papers whose texts are nearly the same: candidates by MinHash, each pair then compared exactly.

The signature of a text estimates the overlap of its three-word runs with any
other's [1]_; texts that agree on a band of it are compared in full. Nothing is
merged here: the list is for people to review.

References
----------
.. [1] Broder (1997), On the resemblance and containment of documents, SEQUENCES, 21-29.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus.likeness import is_preprint_doi

Relation = Literal["same text", "revised text", "preprint and published", "same title"]
NEAR_COLUMNS = ("paper_id", "other_id", "similarity", "relation")

# 16 bands of 4: a pair of similarity .8 is met with probability .9998, one of .7 with .988.
_N_BANDS, _BAND = 16, 4
_SEED = 0
_STRAY = 0.25
_RUN = 3
_CHUNK = 4_000
_LOWEST = 0.7
# In a larger crowd of candidates each is compared with the first alone.
_CROWD = 40
# "Editorial" and "Deep learning" are the titles of many papers.
_TITLE_WORDS = 4
_WORD = re.compile(r"\w+")
_ARXIV_ID = re.compile(r"(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE)
_PREPRINT_URL = re.compile(r"arxiv\.org/|huggingface\.co/papers/")
_PREPRINT = re.compile(
    r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|openreview|preprints?|research square|techrxiv|hal)\b",
    re.IGNORECASE,
)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def find_near_duplicates(papers: pd.DataFrame, *, similarity: float = 0.8) -> pd.DataFrame:
    """Pairs of papers that may be one: nearly the same text, or the same title.

    Parameters
    ----------
    papers : DataFrame of n_papers rows
        Columns ``paper_id``, ``title``, ``abstract``, and, where present,
        ``published``, ``venue``, ``doi``, ``arxiv_id``, ``url``.
    similarity : float in [0.7, 1], default 0.8
        Smallest Jaccard overlap of the three-word runs of title and abstract.

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
    texts = _Texts(papers)
    pairs = dict.fromkeys(texts.list_title_pairs())
    for pair in _list_candidates(texts, similarity):
        pairs.setdefault(pair, None)
    rows = []
    for first, second in sorted(pairs):
        overlap = texts.compare(first, second)
        relation = texts.relate(first, second, overlap, similarity)
        if relation:
            rows.append((texts.ids[first], texts.ids[second], overlap, relation, first, second))
    rows.sort(key=lambda row: (-row[2], row[4], row[5]))
    table = pd.DataFrame([row[:4] for row in rows], columns=list(NEAR_COLUMNS))
    return table.astype({"paper_id": "str", "other_id": "str", "similarity": "float64", "relation": "str"})


class _Words(dict[str, int]):
    """Word to a number of 64 bits that is the same in every run."""

    def __missing__(self, word: str) -> int:
        code = word.encode("utf-8", "surrogatepass")
        number = zlib.crc32(code) << 32 | zlib.crc32(code, 0x5BD1E995)
        self[word] = number
        return number


class _Texts:
    """The papers as word runs, read from their text again when needed."""

    def __init__(self, papers: pd.DataFrame) -> None:
        self.ids = papers["paper_id"].astype("str").tolist()
        self._titles = _list_column(papers, "title")
        # By far the longest column: read a chunk at a time.
        self._abstracts = papers["abstract"].fillna("") if "abstract" in papers else pd.Series([""] * len(papers))
        self._has_abstract = (self._abstracts != "").tolist()
        self._words = _Words()
        published = papers["published"] if "published" in papers else pd.Series([pd.NaT] * len(papers))
        years = pd.to_datetime(published).dt.year
        self._years = [None if pd.isna(year) else int(year) for year in years]
        self._kinds = _tell_kinds(papers)

    def list_runs(self) -> Iterator[tuple[list[int], list[np.ndarray]]]:
        """Places of papers with an abstract and the numbers of their word runs, a chunk at a time."""
        for start in range(0, len(self.ids), _CHUNK):
            abstracts = self._abstracts.iloc[start : start + _CHUNK].tolist()
            places = [start + step for step, abstract in enumerate(abstracts) if abstract]
            if places:
                yield places, [self._number_runs(f"{self._titles[one]} {abstracts[one - start]}") for one in places]

    def list_title_pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs with the same title of which one has no abstract, or one is a preprint and the other not."""
        titles = [_list_words(title) for title in self._titles]
        # Whether two titles are equal is looked at again: the numbers only bring them together.
        keys = np.fromiter((zlib.crc32(" ".join(title).encode("utf-8", "surrogatepass")) for title in titles), np.int64)
        for places in _list_groups(keys):
            if len(titles[places[0]]) >= _TITLE_WORDS:
                yield from (pair for pair in _pair(places.tolist()) if self._share_title(*pair))

    def compare(self, first: int, second: int) -> float:
        """Jaccard overlap of the word runs of two papers: of the titles where one has no abstract."""
        runs = [np.unique(self._number_runs(text)) for text in self._read_both(first, second)]
        n_shared = len(np.intersect1d(runs[0], runs[1], assume_unique=True))
        return n_shared / (len(runs[0]) + len(runs[1]) - n_shared)

    def relate(self, first: int, second: int, overlap: float, similarity: float) -> Relation | None:
        """What two papers are to each other; None when they are nothing."""
        kinds = {self._kinds[first], self._kinds[second]}
        if kinds == {"preprint", "published"} and (overlap >= similarity or self._share_title(first, second)):
            return "preprint and published"
        if not self._have_abstracts(first, second):
            return "same title" if overlap == 1 else None
        if overlap < similarity:
            return None
        words = [_list_words(text) for text in self._read_both(first, second)]
        return "same text" if words[0] == words[1] else "revised text"

    def _share_title(self, first: int, second: int) -> bool:
        """Whether two papers of one title may be one by their years and by what is known of them."""
        if _list_words(self._titles[first]) != _list_words(self._titles[second]):
            return False
        years = self._years[first], self._years[second]
        apart = 0 if years[0] is None or years[1] is None else abs(years[0] - years[1])
        if {self._kinds[first], self._kinds[second]} == {"preprint", "published"}:
            return apart <= 3
        return apart == 0 and not self._have_abstracts(first, second)

    def _have_abstracts(self, first: int, second: int) -> bool:
        return self._has_abstract[first] and self._has_abstract[second]

    def _read_both(self, first: int, second: int) -> list[str]:
        """What is compared: title and abstract, or the titles where one has no more."""
        if not self._have_abstracts(first, second):
            return [self._titles[first], self._titles[second]]
        return [f"{self._titles[one]} {self._abstracts.iloc[one]}" for one in (first, second)]

    def _number_runs(self, text: str) -> np.ndarray:
        words = np.fromiter(map(self._words.__getitem__, _list_words(text)), dtype=np.uint64)
        if len(words) < _RUN:
            # The few words that there are stand for one run.
            words = np.concatenate([words, np.zeros(_RUN - len(words), dtype=np.uint64)])
        n_runs = len(words) - _RUN + 1
        mixed = sum(
            (words[step : step + n_runs] * _FACTORS[step] for step in range(1, _RUN)), words[:n_runs] * _FACTORS[0]
        )
        return np.asarray(mixed ^ (mixed >> np.uint64(29)), dtype=np.uint64)


def _list_candidates(texts: _Texts, similarity: float) -> Iterator[tuple[int, int]]:
    """Pairs of papers that agree on a band of their signatures, and on about as much of the whole as `similarity`."""
    from rensa import RMinHash

    places: list[int] = []
    signatures = []
    for chunk, runs in texts.list_runs():
        ends = np.cumsum([0, *map(len, runs)], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(runs), ends, _N_BANDS * _BAND, _SEED)
        signatures.append(np.asarray(matrix.to_rows(), dtype=np.uint32))
        places += chunk
    if not signatures:
        return
    whole = np.concatenate(signatures)
    # The share of equal numbers strays from the similarity by .05 on average; five times that is never met.
    fewest = (similarity - _STRAY) * _N_BANDS * _BAND
    for band in range(_N_BANDS):
        keys = np.zeros(len(whole), dtype=np.uint64)
        for column in range(band * _BAND, (band + 1) * _BAND):
            keys = (keys ^ whole[:, column]) * _FACTORS[0]
        for members in _list_groups(keys):
            for first, second in _pair(members.tolist()):
                if np.count_nonzero(whole[first] == whole[second]) >= fewest:
                    yield places[first], places[second]


def _list_groups(keys: np.ndarray) -> Iterator[np.ndarray]:
    """Places that share a key, in order, for each key that more than one has."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[:1]])) if len(order) else order
    ends = np.append(starts[1:], len(order))
    for group in np.flatnonzero(ends - starts > 1):
        yield order[starts[group] : ends[group]]


def _pair(places: list[int]) -> Iterable[tuple[int, int]]:
    if len(places) > _CROWD:
        return ((places[0], other) for other in places[1:])
    return combinations(places, 2)


def _list_words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


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
