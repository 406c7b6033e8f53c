"""Which paper uses which phrase, kept beside the model: what keyphrases are found from again after a correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.themes.archive import Archive
from analysis.themes.keyphrases import Encode
from analysis.themes.phrases import PhraseBook
from analysis.themes.spelling import Spellings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.themes.model import Model
    from analysis.themes.placements import Placements

ARCHIVE = Archive(
    "terms",
    version=1,
    content="the count of phrases",
    absent="this study was made before phrases were kept, so keyphrases cannot be found again. "
    "Run it once more with --refit, then correct it.",
    remedy="Run the study again.",
)
# Texts that are looked through at a time: what their words take stays small.
_CHUNK = 8_192
# Of so many papers that come at once phrases are counted, evenly drawn.
_MOST_COUNTED = 5_000
_BORDER = 0.5


@dataclass(frozen=True)
class TermCounts:
    """What was counted in the texts of a study.

    Attributes
    ----------
    paper_ids : object array (n_papers,) of str
    book : PhraseBook
        Phrases of the fitted papers; ``book.counts`` has a row for every paper of the study.
    named : tuple of n_named str
        Ids of the named themes.
    closest : int16 array (n_papers, n_named)
        Which of the phrases and examples of each named theme a paper is closest to, by their place.
    fits : bool array (n_papers, n_named)
        Whether the paper fits the theme by its phrases and examples.
    counted : bool array (n_papers,)
        Papers whose phrases are counted: the fitted ones, and of those that came later as many as are told by.
    """

    paper_ids: NDArray[np.object_]
    book: PhraseBook
    named: tuple[str, ...]
    closest: NDArray[np.int16]
    fits: NDArray[np.bool_]
    counted: NDArray[np.bool_]

    def align(self, paper_ids: Sequence[str]) -> TermCounts:
        """The same with its rows in the order of some papers; one that is not here is not counted."""
        wanted = np.array(paper_ids, dtype=object)
        if len(wanted) == len(self.paper_ids) and (wanted == self.paper_ids).all():
            return self
        import scipy.sparse as sp

        rows = pd.Index(self.paper_ids).get_indexer(pd.Index(wanted))
        # One row more, empty: where -1 leads to.
        counts = sp.vstack([self.book.counts, sp.csr_matrix((1, self.book.counts.shape[1]), dtype=np.int32)], "csr")
        none = np.zeros((1, len(self.named)), dtype=np.int16)
        closest, fits = np.vstack([self.closest, none]), np.vstack([self.fits, none.astype(bool)])
        counted = np.append(self.counted, False)
        book = replace(self.book, counts=counts[rows])
        return TermCounts(wanted, book, self.named, closest[rows], fits[rows], counted[rows])


@dataclass(frozen=True)
class Wording:
    """What words are found with: counts, and meanings of papers and phrases.

    Attributes
    ----------
    counts : TermCounts
    vectors : float32 array (n_papers, n_dimensions)
        Meaning of the papers, in the order of `counts`, rows of length 1.
    encode : callable
        Phrases to vectors of the same space.
    """

    counts: TermCounts
    vectors: NDArray[np.float32]
    encode: Encode


def collect_counts(
    book: PhraseBook, counted: Sequence[str], papers: pd.DataFrame, model: Model, placements: Placements
) -> TermCounts:
    """Gather what a fit counted, and count the phrases of papers that had no part in it.

    Parameters
    ----------
    book : PhraseBook
        With a row for each of `counted`.
    counted : sequence of str
        Papers whose phrases are counted already. Of many others only some are counted.
    papers : DataFrame of n_papers rows
        All papers of the study: columns ``paper_id``, ``title``, ``abstract``.
    model : Model
    placements : Placements
        Of the papers that `model` placed.
    """
    ids = papers["paper_id"].to_numpy(dtype=object)
    rows = pd.Index(list(counted)).get_indexer(pd.Index(ids))
    new = np.flatnonzero(rows < 0)
    # Of a fit on all papers nothing changes: its counts are taken as they are.
    if len(new) or len(rows) != len(counted) or (rows != np.arange(len(rows))).any():
        import scipy.sparse as sp

        new = new[:: -(-len(new) // _MOST_COUNTED)] if len(new) else new
        later = _count_uses(papers.iloc[new], book)
        rows[new] = book.counts.shape[0] + np.arange(len(new))
        none = sp.csr_matrix((1, book.counts.shape[1]), dtype=np.int32)
        book = replace(book, counts=sp.vstack([book.counts, later, none], "csr")[rows])
    named = model.theme_ids[: len(model.asked)]
    fitted, placed = (pd.Index(one).get_indexer(pd.Index(ids)) for one in (model.paper_ids, placements.paper_ids))
    closest, fits = np.zeros((len(ids), len(named)), np.int16), np.zeros((len(ids), len(named)), bool)
    for column, asked in enumerate(model.asked):
        for at, close, fit in (
            (placed, placements.closeness[column], placements.fit[:, column]),
            (fitted, asked.closeness, model.fit[:, column]),
        ):
            here = np.flatnonzero(at >= 0)
            closest[here, column] = close[at[here]].argmax(axis=1) if len(here) else 0
            fits[here, column] = fit[at[here]] > _BORDER
    return TermCounts(ids, book, tuple(named), closest, fits, rows >= 0)


def _count_uses(papers: pd.DataFrame, book: PhraseBook) -> Any:
    """How often papers use the phrases of a book, an acronym counting as what it stands for; CSR."""
    import scipy.sparse as sp

    from analysis.themes.build import join_text
    from analysis.themes.phrase_uses import PhraseLookup

    target = np.arange(len(book.keys))
    for short, long in book.acronyms.items():
        columns = book.find_column(short), book.find_column(long)
        if columns[0] is not None and columns[1] is not None:
            target[columns[0]] = columns[1]
    parts = [sp.csr_matrix((0, len(book.keys)), dtype=np.int32)]
    if papers.empty:
        return parts[0]
    lookup = PhraseLookup(book.keys.tolist())
    for start in range(0, len(papers), _CHUNK):
        some = papers.iloc[start : start + _CHUNK]
        texts = [join_text(*pair) for pair in zip(some["title"], some["abstract"], strict=True)]
        rows, keys = lookup.find(texts)
        uses = (np.ones(len(rows), dtype=np.int32), (rows, target[keys]))
        parts.append(sp.csr_matrix(uses, shape=(len(texts), len(book.keys))))
    return sp.vstack(parts, "csr")


def write_counts(counts: TermCounts, folder: Path) -> list[str]:
    """Write the counts of a study into a folder; return the names of the two files."""
    book = counts.book
    spellings = book.spellings
    arrays: dict[str, Any] = {
        "data": book.counts.data.astype(np.int32),
        "indices": book.counts.indices.astype(np.int32),
        "indptr": book.counts.indptr.astype(np.int64),
        "whole": book.whole,
        "subject": book.subject,
        "forms": spellings.words,
        "weights": spellings.weights,
        "ends": spellings.ends,
        "closest": counts.closest,
        "fits": counts.fits,
        "counted": counts.counted,
    }
    texts = {
        "paper_ids": counts.paper_ids.tolist(),
        "keys": book.keys.tolist(),
        "names": list(spellings.names),
        "acronyms": book.acronyms,
        "preferred": book.preferred,
        "common": sorted(book.common),
        "named": list(counts.named),
    }
    return ARCHIVE.write(folder, texts, arrays)


def read_counts(folder: Path) -> TermCounts:
    """Read what `write_counts` wrote.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another version.
    """
    return ARCHIVE.read(folder, _assemble)


def _assemble(texts: dict[str, Any], arrays: dict[str, Any]) -> TermCounts:
    import scipy.sparse as sp

    keys, ids = texts["keys"], texts["paper_ids"]
    counts = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=(len(ids), len(keys)))
    column = {key: place for place, key in enumerate(keys)}
    if len(arrays["whole"]) != len(keys) or len(arrays["ends"]) != len(keys) or len(arrays["fits"]) != len(ids):
        raise ValueError("its parts do not belong together")
    book = PhraseBook(
        keys=np.array(keys, dtype=object),
        counts=counts,
        whole=arrays["whole"],
        subject=arrays["subject"],
        spellings=Spellings(column, texts["names"], arrays["forms"], arrays["weights"], arrays["ends"]),
        acronyms=texts["acronyms"],
        preferred=texts["preferred"],
        common=frozenset(texts["common"]),
    )
    named = tuple(texts["named"])
    return TermCounts(np.array(ids, dtype=object), book, named, arrays["closest"], arrays["fits"], arrays["counted"])
