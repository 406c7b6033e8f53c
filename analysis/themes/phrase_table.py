"""Which phrase brought which papers, and where named themes overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.config import NamedTheme
from analysis.themes.asked import Asked
from analysis.themes.evidence import take_examples, take_pairs
from analysis.themes.memory import Memory
from analysis.themes.named import BORDER, NamedScores, score_named
from analysis.themes.neighbours import NeighbourGraph
from analysis.themes.stability import jaccard

if TYPE_CHECKING:
    from numpy.typing import NDArray


def count_losses(
    asked: Asked,
    named: NamedScores,
    meaning: NDArray[np.float32],
    joined: NDArray[np.float32],
    graph: NeighbourGraph,
) -> list[list[int]]:
    """For every theme and phrase: papers that would leave if the phrase had not been given.

    Each phrase is taken out in turn and the theme scored anew. A theme whose
    only phrase is taken out loses all its papers.
    """
    losses = []
    for column, theme in enumerate(asked.themes):
        inside = named.fit[:, column] > BORDER
        if not inside.any():
            losses.append([0] * len(theme.phrases))
        elif len(theme.phrases) == 1 and not theme.examples:
            losses.append([int(inside.sum())])
        else:
            rest = [asked.without_phrase(column, place) for place in range(len(theme.phrases))]
            left = [score_named(one, meaning, joined, graph).fit[:, 0] > BORDER for one in rest]
            losses.append([int((inside & ~one).sum()) for one in left])
    return losses


def tabulate_phrases(
    themes: Sequence[NamedTheme],
    theme: NDArray[np.int64],
    losses: Sequence[Sequence[int]],
    closeness: Sequence[NDArray[np.float64]],
    *,
    slugs: Sequence[str],
    paper_ids: NDArray[np.object_],
    n_shown: int,
) -> pd.DataFrame:
    """One row per phrase and example of every named theme.

    Parameters
    ----------
    themes : sequence of n_themes NamedTheme
    theme : int64 array (n_papers,)
        Theme of each paper; the named ones come first.
    losses : sequence of sequences of int
        Of `count_losses`.
    closeness : sequence of n_themes float64 arrays (n_papers, n_sources)
        Of `compare_sources`.
    slugs : sequence of n_themes str
    paper_ids : array (n_papers,) of str
    n_shown : int
        Papers that a phrase shows.

    Returns
    -------
    DataFrame
        The columns of ``results/theme_phrases``. Each paper of a theme counts
        for one phrase, the one that it is closest to.
    """
    rows = []
    for column, (asks, close) in enumerate(zip(themes, closeness, strict=True)):
        members = np.flatnonzero(theme == column)
        best = close[members].argmax(axis=1) if len(members) else np.zeros(0, dtype=np.int64)
        sources = [("phrase", text) for text in asks.phrases] + [("example", one) for one in asks.examples]
        for place, (kind, text) in enumerate(sources):
            brought = members[best == place]
            order = np.argsort(-close[brought, place].round(6), kind="stable")
            rows.append(
                {
                    "theme": slugs[column],
                    "kind": kind,
                    "phrase": text,
                    "n_papers": len(brought),
                    "share": round(len(brought) / len(members), 6) if len(members) else None,
                    "n_lost": losses[column][place] if kind == "phrase" else None,
                    "paper_ids": [str(one) for one in paper_ids[brought[order][:n_shown]]],
                }
            )
    columns = ["theme", "kind", "phrase", "n_papers", "share", "n_lost", "paper_ids"]
    return pd.DataFrame(rows, columns=columns).astype({"n_papers": "int64", "share": "float64", "n_lost": "Int64"})


def tabulate_overlaps(fit: NDArray[np.float64], slugs: Sequence[str]) -> pd.DataFrame:
    """Every pair of named themes, and the papers that fit both.

    Parameters
    ----------
    fit : float64 array (n_papers, n_themes)
        Of `score_named`.
    slugs : sequence of n_themes str

    Returns
    -------
    DataFrame
        The columns of ``results/theme_overlaps``, the largest overlap first.
    """
    inside = {slug: own > BORDER for slug, own in zip(slugs, fit.T, strict=True)}
    rows = []
    for (first, here), (second, there) in combinations(inside.items(), 2):
        shared = jaccard(here, there)
        rows.append(
            {
                "theme": first,
                "other": second,
                "n_theme": int(here.sum()),
                "n_other": int(there.sum()),
                "n_both": int((here & there).sum()),
                "jaccard": None if np.isnan(shared) else round(shared, 6),
            }
        )
    columns = ["theme", "other", "n_theme", "n_other", "n_both", "jaccard"]
    counts = dict.fromkeys(("n_theme", "n_other", "n_both"), "int64")
    table = pd.DataFrame(rows, columns=columns).astype({**counts, "jaccard": "float64"})
    return table.sort_values(["jaccard", "n_both"], ascending=False, kind="stable", ignore_index=True)


def compare_sources(
    asked: Asked, column: int, meaning: NDArray[np.float32], *, memory: Memory | None = None
) -> NDArray[np.float64]:
    """Closeness of every paper to each phrase of a theme, then to each example, on scales that compare."""
    memory = memory or Memory()
    parts = []
    if len(asked.phrases[column]):
        # Longer phrases come closer to any paper; a paper that has a phrase's own words is brought by it.
        covered = asked.words.cover(asked.themes[column].phrases)
        parts.append(asked.unrelated.count_steps(meaning @ asked.phrases[column].T) * (1 + covered) / 2)
    examples = take_examples(asked, column, meaning, memory)
    if len(examples):
        parts.append(take_pairs(asked, column, meaning, memory).count_steps(meaning @ examples.T))
    return np.hstack(parts)
