"""Which records are the same paper, and the one name that each paper bears.

Ids that name a work (arXiv id, DOI, PMID, OpenReview id) come first, then what
the source calls the record, then its words. A shared id is believed only where
the titles do not speak against it; a shared title only where nothing else does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus.likeness import Facts, Verdict, agree, fold_text, make_facts

Rows = np.ndarray[Any, np.dtype[np.int64]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
_AT_ONCE = 20_000
_FACTS = ("title", "abstract", "authors", "published", "doi", "arxiv_id", "pmid", "source", "paper_id")


class Suspect(NamedTuple):
    """Two records that share an id or a title, but not enough else to be one paper."""

    row: int
    other: int
    relation: str


@dataclass(frozen=True)
class Identity:
    """What `identify_records` found.

    Attributes
    ----------
    leader : ndarray of int64, shape (n_records,)
        Row of the first record of the same paper; a paper's first record leads itself.
    rule : list of str
        By which rule each record joined its leader; empty for leaders.
    paper_id : ndarray of object, shape (n_records,)
        The paper's id, the same for all its records.
    renamed : list of (str, str)
        Ids that another paper bears already, and what they became.
    suspects : list of Suspect
    """

    leader: Rows
    rule: list[str]
    paper_id: np.ndarray[Any, np.dtype[np.object_]]
    renamed: list[tuple[str, str]]
    suspects: list[Suspect]


def identify_records(table: Any) -> Identity:
    """Find out which records are one paper, and name every paper.

    Parameters
    ----------
    table : pyarrow.Table of n_records rows
        From `analysis.corpus.table.collect_records`.
    """
    keys = RecordKeys.of(table)
    groups = _Groups(table)
    for rule, key in (
        ("same arXiv id", keys.arxiv_id),
        ("same DOI", keys.doi),
        ("same PMID", keys.pmid),
        ("same OpenReview id", keys.openreview_id),
        ("same id and title", keys.id_and_title),
        ("same title and abstract", keys.text),
        ("same title and year", keys.title),
    ):
        groups.join(rule, key)
    leader = groups.settle()
    paper_id, renamed = _name_papers(keys.wanted, leader, table)
    return Identity(leader, groups.rule, paper_id, renamed, groups.suspects)


def hash_words(*parts: str) -> str:
    """A short name for some text, blind to case, spacing and punctuation."""
    return "h" + hashlib.sha256("\n".join(fold_text(part) for part in parts).encode("utf-8")).hexdigest()[:12]


@dataclass(frozen=True)
class RecordKeys:
    """What records may share: one value per record and kind, null where it has none."""

    arxiv_id: pd.Series
    doi: pd.Series
    pmid: pd.Series
    openreview_id: pd.Series
    id_and_title: pd.Series
    text: pd.Series
    title: pd.Series
    wanted: pd.Series

    @classmethod
    def of(cls, table: Any) -> RecordKeys:
        """The keys of prepared records, an Arrow table."""
        known = {name: table.column(name).to_pandas() for name in ("arxiv_id", "doi", "pmid", "openreview_id")}
        own = table.column("paper_id").to_pandas()
        titles, texts = _find_folded(table)
        wanted = own.where(own != "", None)
        for name in ("doi", "arxiv_id", "pmid", "openreview_id"):
            wanted = wanted.fillna(known[name])
        without = np.flatnonzero(wanted.isna().to_numpy())
        # Hashes of eight bytes: two of ten million differing texts meet once in 400,000 corpora, and are compared then.
        title, text = pd.Series(titles), pd.Series(texts)
        if len(without):
            wanted = wanted.astype("object")
            spoken = (table.column(name).take(without).to_pylist() for name in ("title", "abstract"))
            wanted.iloc[without] = [hash_words(*pair) for pair in zip(*spoken, strict=True)]
        named = pd.util.hash_array(own.to_numpy(dtype=object)) ^ title.to_numpy()
        return cls(
            **known,
            id_and_title=pd.Series(named).where(own != ""),
            text=text.where(text != 0),
            title=title.where(title != 0),
            wanted=wanted,
        )


def fold_texts(titles: Sequence[str], abstracts: Sequence[str]) -> tuple[Hashes, Hashes]:
    """Hashes of each title, and of title and abstract together, as `fold_text` sees them; 0 where there is none."""
    folded = [fold_text(title) if title else "" for title in titles]
    texts = (
        _hash(f"{title}\n{fold_text(abstract)}") if abstract else 0
        for title, abstract in zip(folded, abstracts, strict=True)
    )
    hashes = (_hash(title) if title else 0 for title in folded)
    return np.fromiter(hashes, np.uint64, len(folded)), np.fromiter(texts, np.uint64, len(folded))


def _find_folded(table: Any) -> tuple[Hashes, Hashes]:
    """What `fold_texts` gives of all records: as it was prepared, else worked out now."""
    if "folded_title" in table.column_names:
        return table.column("folded_title").to_numpy(), table.column("folded_text").to_numpy()
    pieces = [
        fold_texts(*(column.to_pylist() for column in piece.columns))
        for piece in table.select(["title", "abstract"]).to_batches(max_chunksize=4096)
    ] or [fold_texts([], [])]
    titles, texts = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return titles, texts


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "little") or 1


@dataclass
class _Groups:
    """Records joined to papers, rule by rule; each paper is led by its first record."""

    table: Any
    rule: list[str] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)

    def __post_init__(self) -> None:
        n_records = self.table.num_rows
        self._leader: Rows = np.arange(n_records, dtype=np.int64)
        self.rule = [""] * n_records
        self._facts: dict[int, Facts] = {}
        # Leaders of more than one record: what their records say together is kept.
        self._joined: set[int] = set()

    def join(self, rule: str, key: pd.Series) -> None:
        """Join the records that share a key, where nothing speaks against it."""
        for groups in _gather_groups(list_groups(key)):
            self._learn(np.unique(np.concatenate(groups)))
            for rows in groups:
                # Papers under this key that were found not to be one; few, or a key that means nothing.
                heads: list[int] = []
                for row in rows:
                    self._place(rule, int(row), heads)
            # What is known of the others is read again when it is asked for.
            self._facts = {row: facts for row, facts in self._facts.items() if row in self._joined}

    def settle(self) -> Rows:
        """The leader of every record."""
        for row in range(len(self._leader)) if (self._leader != np.arange(len(self._leader))).any() else ():
            self._leader[row] = self._find(row)
        return self._leader

    def _place(self, rule: str, row: int, heads: list[int], *, most: int = 8) -> None:
        own = self._find(row)
        for head in heads[:most]:
            other = self._find(head)
            if other == own:
                return
            verdict = agree(rule, self._facts[other], self._facts[own])
            if verdict is Verdict.SAME:
                self._unite(rule, other, own)
                return
            if verdict is Verdict.SUSPECT:
                self.suspects.append(Suspect(other, own, f"{rule}, other text"))
        heads.append(own)

    def _unite(self, rule: str, one: int, other: int) -> None:
        first, second = sorted((one, other))
        self._leader[second] = first
        self.rule[second] = rule
        self._joined.discard(second)
        self._joined.add(first)
        self._facts[first] = self._facts[first].join(self._facts.pop(second))

    def _find(self, row: int) -> int:
        while (leader := int(self._leader[row])) != row:
            self._leader[row] = row = int(self._leader[leader])
        return row

    def _learn(self, rows: Rows) -> None:
        unknown = [row for row in map(int, rows) if row not in self._facts]
        leaders = [leader for leader in {self._find(row) for row in unknown} if leader not in self._facts]
        wanted = sorted({*unknown, *leaders})
        for start in range(0, len(wanted), 4096):
            piece = wanted[start : start + 4096]
            values = self.table.select(list(_FACTS)).take(piece).to_pylist()
            self._facts.update({row: make_facts(value) for row, value in zip(piece, values, strict=True)})


def _gather_groups(groups: Iterator[Rows]) -> Iterator[list[Rows]]:
    """Groups in batches, so that what is known of their records fits into memory."""
    batch: list[Rows] = []
    n_rows = 0
    for rows in groups:
        batch.append(rows)
        n_rows += len(rows)
        if n_rows >= _AT_ONCE:
            yield batch
            batch, n_rows = [], 0
    if batch:
        yield batch


def list_groups(key: pd.Series) -> Iterator[Rows]:
    """Rows of each value that occurs more than once, in the order of their first rows."""
    codes = pd.factorize(key)[0]
    known = codes >= 0
    counts = np.bincount(codes[known]) if known.any() else np.zeros(1, dtype=np.int64)
    rows = np.flatnonzero(known)[counts[codes[known]] > 1]
    if not len(rows):
        return
    order = np.argsort(codes[rows], kind="stable")
    rows, ends = rows[order], np.flatnonzero(np.diff(codes[rows[order]])) + 1
    yield from np.split(rows, ends)


def _name_papers(
    wanted: pd.Series, leader: Rows, table: Any
) -> tuple[np.ndarray[Any, np.dtype[np.object_]], list[tuple[str, str]]]:
    """Every paper's id: the one it wants, or one made from it where another bears that already."""
    names = wanted.to_numpy(dtype=object).copy()
    heads = np.flatnonzero(leader == np.arange(len(leader)))
    clashing = heads[pd.Series(names[heads]).duplicated(keep=False).to_numpy()]
    renamed: list[tuple[str, str]] = []
    if len(clashing):
        claim = _make_claim(set(names[heads]))
        sources = table.column("source").take(clashing).to_pylist()
        for row, source in zip(clashing, sources, strict=True):
            own, names[row] = names[row], claim(names[row], source)
            if own != names[row]:
                renamed.append((own, names[row]))
    return names[leader], renamed


def _make_claim(stated: set[str]) -> Callable[[str, str], str]:
    """Hands out ids, each once; one that some record states itself goes to no other."""
    given: dict[str, str] = {}
    numbers: dict[str, int] = {}

    def claim(own: str, source: str) -> str:
        if own not in given:
            given[own] = source
            return own
        base = own if given[own] == source else f"{_stem_of(source)}:{own}"
        free = base
        while free in given or free in stated:
            numbers[base] = numbers.get(base, 1) + 1
            free = f"{base}-{numbers[base]}"
        given[free] = source
        return free

    return claim


def _stem_of(source: str) -> str:
    return PurePath(source.removesuffix(".gz").removesuffix(".zst")).stem or "source"
