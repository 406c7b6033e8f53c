"""Keyphrases, labels and sentences of corrected themes and topics, found again from what was counted at the fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.curation.counts import Wording
from analysis.themes.grammar import make_key
from analysis.themes.keyphrases import Candidates, Keyphrases, find_candidates, list_keyphrases
from analysis.themes.phrases import PhraseBook

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\s,;:()“”\"]+")


class Worded(NamedTuple):
    """What is to be read of one theme or topic.

    Attributes
    ----------
    keyphrases : list of {"phrase", "weight"}
    label : str
        The one that it had, unless another was asked for.
    description : str
    """

    keyphrases: Keyphrases
    label: str
    description: str


class Group(NamedTuple):
    """A theme or topic whose words are wanted.

    Attributes
    ----------
    rows : int array
        Its papers.
    label : str
    is_relabelled : bool
        Whether its label is to be made again from its phrases.
    taken : tuple of str
        Labels of the others.
    """

    rows: NDArray[np.int64]
    label: str
    is_relabelled: bool
    taken: tuple[str, ...]


def make_filter(words: Sequence[str]) -> Callable[[object], bool]:
    """What tells whether a phrase or a label holds one of some words, in the singular or the plural.

    Examples
    --------
    >>> holds = make_filter(["user", "large language model"])
    >>> holds("Users, intent"), holds("user-centred design"), holds("large language models"), holds("language models")
    (True, False, True, False)
    """
    wanted = [f" {_split(word)} " for word in words]

    def holds(text: object) -> bool:
        said = f" {_split(text)} "
        return any(word in said for word in wanted)

    return holds


def _split(text: object) -> str:
    return " ".join(make_key(word) for word in _WORD.findall(str(text)))


def find_words(
    groups: Sequence[Group], wording: Wording, titles: Sequence[str], *, ignored: Sequence[str] = ()
) -> list[Worded]:
    """Keyphrases, labels and sentences of some groups of papers, each against all other papers.

    Parameters
    ----------
    groups : sequence of n_groups Group
        No paper is in two of them.
    wording : Wording
    titles : sequence of n_papers str
        A group is described with its most central one.
    ignored : sequence of str
        Words that no phrase may hold.
    """
    from analysis.themes.describing import describe_found
    from analysis.themes.labelling import make_labels
    from analysis.themes.topics import find_representatives

    classes = np.full(len(titles), -1)
    for place, group in enumerate(groups):
        classes[group.rows] = place
    holds = make_filter(ignored)
    found = []
    book, candidates = _find_candidates(classes, wording, len(groups))
    given = list(dict.fromkeys(label for group in groups for label in group.taken))
    for place, (group, one) in enumerate(zip(groups, candidates, strict=True)):
        kept = _leave_out(one, [place for place, key in enumerate(one.keys) if holds(key) or holds(book.write(key))])
        keyphrases = list_keyphrases(kept, book)
        taken = [label for label in given if label != group.label] if group.is_relabelled else []
        label = make_labels([kept], book, wording.encode, taken=taken, reserved=["Unassigned"])[0]
        central = find_representatives(classes == place, wording.vectors, 1)
        sentence = describe_found(label, keyphrases, titles[central[0]] if len(central) else "")
        if group.is_relabelled:
            given = [label.text if text == group.label else text for text in given]
        found.append(Worded(keyphrases, label.text if group.is_relabelled else group.label, sentence))
    return found


def _find_candidates(
    classes: NDArray[np.int64], wording: Wording, n_classes: int
) -> tuple[PhraseBook, list[Candidates]]:
    """Phrases of each class, from the papers that are counted."""
    book, vectors, rows = wording.counts.book, wording.vectors, np.flatnonzero(wording.counts.counted)
    if len(rows) < len(classes):
        book, vectors, classes = replace(book, counts=book.counts[rows]), vectors[rows], classes[rows]
    return book, find_candidates(classes, book, vectors, wording.encode, n_classes=n_classes)


def _leave_out(one: Candidates, places: Sequence[int]) -> Candidates:
    """Candidates without some of them."""
    if not places:
        return one
    kept = np.setdiff1d(np.arange(len(one.keys)), places)
    return Candidates(
        tuple(one.keys[place] for place in kept),
        one.scores[kept],
        one.lift[kept],
        one.reach[:, kept],
        one.elsewhere[:, kept],
        one.meanings[kept],
    )


def find_ties(
    theme: NDArray[np.object_], rows: NDArray[np.int64], wording: Wording, papers: pd.DataFrame
) -> list[list[str]]:
    """The words that tie papers to the themes that they bear now.

    Parameters
    ----------
    theme : object array (n_papers,)
    rows : int array (n_rows,)
        The papers asked for.
    wording : Wording
    papers : DataFrame of n_papers rows
        Columns ``title``, ``abstract``.
    """
    from analysis.themes.build import join_text
    from analysis.themes.describing import find_why_here

    wanted = sorted({str(one) for one in theme[rows]})
    classes = pd.Index(wanted).get_indexer(pd.Index(theme))
    texts = [""] * len(theme)
    some = papers[["title", "abstract"]].iloc[rows].fillna("")
    for row, title, abstract in zip(rows.tolist(), some["title"], some["abstract"], strict=True):
        texts[row] = join_text(title, abstract)
    found = find_why_here(classes, wording.counts.book, texts)
    return [found[row] for row in rows.tolist()]
