"""What a study asks for by name, made ready once for a run and all its refits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.config import InputError, NamedTheme
from analysis.themes.decoys import Unrelated, measure_unrelated
from analysis.themes.wording import WordIndex, index_words

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Asked:
    """Named themes with their phrases as vectors and their examples as rows.

    Attributes
    ----------
    themes : tuple of n_themes NamedTheme
    phrases, unlike : tuple of float32 arrays (n_phrases, n_dimensions)
        One per theme; without rows where the theme has none.
    described : tuple of float32 arrays (n_dimensions,)
        The description, or all phrases in one.
    examples : tuple of int64 arrays
        Rows of the example papers of each theme.
    words : WordIndex
    unrelated : Unrelated
        Similarity of the papers to subjects that the corpus hardly holds.
    """

    themes: tuple[NamedTheme, ...]
    phrases: tuple[NDArray[np.float32], ...]
    unlike: tuple[NDArray[np.float32], ...]
    described: tuple[NDArray[np.float32], ...]
    examples: tuple[NDArray[np.int64], ...]
    words: WordIndex
    unrelated: Unrelated

    def take(self, rows: NDArray[np.int64]) -> Asked:
        """The same for some of the papers; an example that is not drawn is none there."""
        place = {int(row): new for new, row in enumerate(rows)}
        kept = tuple(
            np.array([place[int(row)] for row in some if int(row) in place], dtype=np.int64) for some in self.examples
        )
        return replace(self, examples=kept, words=self.words.take(rows))

    def without_phrase(self, theme: int, phrase: int) -> Asked:
        """One theme alone, as if one of its phrases had not been given; it needs another, or an example."""
        asked = self.themes[theme]
        left = tuple(text for place, text in enumerate(asked.phrases) if place != phrase)
        return replace(
            self,
            themes=(asked.model_copy(update={"phrases": left}),),
            phrases=(np.delete(self.phrases[theme], phrase, axis=0),),
            unlike=(self.unlike[theme],),
            described=(self.described[theme],),
            examples=(self.examples[theme],),
        )


def check_examples(
    themes: Sequence[NamedTheme], paper_ids: Sequence[str], set_aside: pd.DataFrame | None = None
) -> None:
    """See that every example is a paper of the corpus, before the first slow step.

    Parameters
    ----------
    themes : sequence of NamedTheme
    paper_ids : sequence of str
    set_aside : DataFrame, optional
        Records that were read and not kept: ``source``, ``reason``, ``raw``.

    Raises
    ------
    InputError
        If an example is unknown or was set aside; all are named at once.
    """
    known = {str(one) for one in paper_ids}
    lost = [
        f"{theme.name}: {example!r} ({_find_out(example, set_aside)})"
        for theme in themes
        for example in theme.examples
        if example not in known
    ]
    if lost:
        count = "1 example is" if len(lost) == 1 else f"{len(lost)} examples are"
        raise InputError(
            f"[themes.named]: {count} not among the papers: {'; '.join(lost)}. An example is the paper_id of a kept "
            "paper: `themeline ingest SOURCE --out corpus.parquet` writes them all, and `themeline search` shows them "
            "beside the titles. Correct the ids or take them out."
        )


def prepare_named(
    themes: Sequence[NamedTheme],
    paper_ids: Sequence[str],
    texts: Sequence[str],
    meaning: NDArray[np.float32],
    encode: Callable[[list[str]], NDArray[np.float32]],
) -> Asked:
    """Encode the phrases, find the examples and count the words.

    Parameters
    ----------
    themes : sequence of n_themes NamedTheme
        Their examples are among `paper_ids` (see `check_examples`).
    paper_ids, texts : sequences of n_papers str
    meaning : float32 array (n_papers, n_dimensions)
        Vectors of the space that `encode` gives.
    encode : callable
        Phrases to vectors.

    Returns
    -------
    Asked
    """
    place = {str(one): row for row, one in enumerate(paper_ids)}
    width = meaning.shape[1]

    # One call for all: each reads the cache of vectors anew.
    said = list(dict.fromkeys(text for theme in themes for text in (*theme.phrases, *theme.unlike, _describe(theme))))
    vector_of = dict(zip(said, encode(said), strict=True)) if said else {}

    def stack(phrases: Sequence[str]) -> NDArray[np.float32]:
        return np.array([vector_of[one] for one in phrases], dtype=np.float32).reshape(len(phrases), width)

    return Asked(
        themes=tuple(themes),
        phrases=tuple(stack(theme.phrases) for theme in themes),
        unlike=tuple(stack(theme.unlike) for theme in themes),
        described=tuple(vector_of[_describe(theme)] for theme in themes),
        examples=tuple(np.array([place[one] for one in theme.examples], dtype=np.int64) for theme in themes),
        words=index_words(texts if themes else [""] * len(texts)),
        unrelated=measure_unrelated(meaning, encode) if themes else Unrelated(0.0, 1.0),
    )


def _describe(theme: NamedTheme) -> str:
    # The phrases define a theme; its name is a word with other meanings too
    # (brain alignment, sequence alignment), so it counts only where it stands among them.
    return theme.description or ", ".join(theme.phrases)


def _find_out(example: str, set_aside: pd.DataFrame | None) -> str:
    if set_aside is not None and len(set_aside):
        whole = re.compile(rf"(?<![\w.-]){re.escape(example)}(?![\w-])")
        held = [bool(whole.search(str(raw))) for raw in set_aside["raw"]]
        for source, reason in zip(set_aside["source"][held], set_aside["reason"][held], strict=True):
            return f"set aside from {source}: {reason}"
    return "unknown"
