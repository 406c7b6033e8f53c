"""What is counted of phrases: in which papers and titles they stand, whether as a whole, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.themes.grammar import WordKinds
from analysis.themes.phrase_uses import LONGEST, KeyParts, Uses
from analysis.themes.spelling import CLOSED, RUNNING
from analysis.themes.tokens import Tokens

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray


def sort_keys(found: Sequence[Uses], parts: KeyParts) -> tuple[list[str], list[NDArray[np.int64]]]:
    """The keys that are used, sorted, and the place of each of them by its number; -1 where it is not used."""
    rank = np.empty(len(parts.names) + 1, dtype=np.int64)
    rank[sorted(range(len(parts.names)), key=parts.names.__getitem__)] = np.arange(len(parts.names))
    # Nothing comes before any word, as a blank comes before all that a word can hold.
    rank[-1] = -1
    used = [np.unique(uses.key[uses.form]) for uses in found]
    words = np.concatenate([_pad(uses.parts[some]) for uses, some in zip(found, used, strict=True)])
    order = np.lexsort(rank[words].T[::-1])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    columns = []
    for uses, some in zip(found, used, strict=True):
        own = np.full(len(uses.parts), -1)
        own[some], place = place[: len(some)], place[len(some) :]
        columns.append(own)
    names = [*parts.names, ""]
    return [" ".join(names[word] for word in key if word >= 0) for key in words[order].tolist()], columns


def _pad(words: NDArray[np.int32]) -> NDArray[np.integer]:
    """Rows of `LONGEST` words, with -1 where there is none."""
    return np.pad(words, ((0, 0), (0, LONGEST - words.shape[1])), constant_values=-1)


class Tally(NamedTuple):
    """What was counted of each phrase, by its place among the keys.

    Attributes
    ----------
    counts : CSR matrix (n_papers, n_keys) of int
        Uses in each paper.
    n_titles : int64 array (n_keys,)
        Papers that have it in their title.
    opened, closed : float64 array (n_keys,)
        Share of the uses at which the noun phrase begins and ends; elsewhere it is part of a longer one.
    spelled : int64 array (n_forms,)
        Key of each form, going up.
    forms : int array (n_forms, 3)
        Words as written, by number, -1 for none.
    weights : int64 array (n_forms,)
        See `analysis.themes.spelling`.
    """

    counts: sp.csr_matrix
    n_titles: NDArray[np.int64]
    opened: NDArray[np.float64]
    closed: NDArray[np.float64]
    spelled: NDArray[np.int64]
    forms: NDArray[np.integer]
    weights: NDArray[np.int64]


def tally_uses(
    tokens: Tokens, kinds: WordKinds, found: Sequence[Uses], columns: Sequence[NDArray[np.int64]], n_keys: int
) -> Tally:
    """Count the uses of phrases and their forms.

    Parameters
    ----------
    tokens : Tokens
    kinds : WordKinds
    found : sequence of Uses
        Of `find_uses`.
    columns : sequence of int64 arrays (n_keys,)
        Of `sort_keys`.
    n_keys : int
    """
    fits, rows = ~kinds.cuts[tokens.numbers], tokens.list_rows()
    in_title = np.arange(len(rows)) < _find_title_ends(tokens, kinds)[rows]
    before = np.r_[tokens.numbers[-1:], tokens.numbers[:-1]]
    # Forms from titles count for little: they are in capitals by custom; so do those that open a clause.
    plain = ~in_title & kinds.is_word[before] & ~kinds.is_capital[before]
    parts = []
    for n_words, (uses, column) in enumerate(zip(found, columns, strict=True), start=1):
        after = tokens.numbers[uses.at + n_words]
        opened = ~fits[uses.at - 1]
        closed = ~fits[uses.at + n_words] & (~kinds.is_word[after] | kinds.function[after])
        running = plain[uses.at] & ~kinds.opens_bracket[after]
        # The last word of a phrase is in the singular or plural that it has when nothing follows.
        weight = np.where(running, RUNNING, 1) * np.where(closed, CLOSED, 1)
        weights = np.bincount(uses.form, weights=weight, minlength=len(uses.key)).astype(np.int64)
        forms = np.flatnonzero(weights)
        of_use = rows[uses.at], column[uses.key[uses.form]], in_title[uses.at], opened, closed
        parts.append((*of_use, column[uses.key[forms]], _pad(uses.words[forms]), weights[forms]))
    row, column, titled, opened, closed, spelled, forms, weights = (
        np.concatenate(some) for some in zip(*parts, strict=True)
    )
    counts = _count_pairs(row, column, (len(tokens.ends), n_keys))
    n_uses = np.bincount(column, minlength=n_keys)
    order = np.argsort(spelled, kind="stable")
    return Tally(
        counts,
        np.bincount(_count_pairs(row[titled], column[titled], counts.shape).indices, minlength=n_keys),
        np.bincount(column[opened], minlength=n_keys) / n_uses,
        np.bincount(column[closed], minlength=n_keys) / n_uses,
        spelled[order],
        forms[order],
        weights[order],
    )


def _find_title_ends(tokens: Tokens, kinds: WordKinds) -> NDArray[np.int64]:
    """Token that ends the first sentence of each text."""
    ends = np.r_[np.flatnonzero(kinds.ends_sentence[tokens.numbers]), len(tokens.numbers)]
    first: NDArray[np.int64] = np.minimum(ends[np.searchsorted(ends, tokens.starts)], tokens.ends)
    return first


def _count_pairs(rows: NDArray[np.int32], columns: NDArray[np.int64], shape: tuple[int, int]) -> sp.csr_matrix:
    import scipy.sparse as sp

    counts = sp.csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    return counts
