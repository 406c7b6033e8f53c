"""The tables of themes after papers were placed: what a theme is stays, what its papers tell is counted anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.themes.placing import Placed, vote
from analysis.themes.stability import DRAWN
from analysis.themes.tables import UNASSIGNED_ID, tabulate_unassigned
from analysis.themes.topics import find_representatives

if TYPE_CHECKING:
    from numpy.typing import NDArray


def update_topics(
    topics: pd.DataFrame, papers: pd.DataFrame, meaning: NDArray[np.float32], *, n_representatives: int
) -> pd.DataFrame:
    """Sizes, representatives and themes of the topics anew; ids, labels, keyphrases and measures stay.

    Parameters
    ----------
    topics : DataFrame
        As ``results/topics``, of the fit.
    papers : DataFrame of n_papers rows
        Columns ``paper_id``, ``topic``, ``theme``.
    meaning : float32 array (n_papers, n_dimensions)
    n_representatives : int
    """
    topic, ids = papers["topic"].to_numpy(), papers["paper_id"].to_numpy()
    rows = []
    for row in topics.to_dict("records"):
        inside = topic == row["topic"]
        row["size"] = int(inside.sum())
        row["representatives"] = [str(one) for one in ids[find_representatives(inside, meaning, n_representatives)]]
        if inside.any():
            borne = papers["theme"][inside].value_counts()
            # Of two themes with as many papers the one that was named stays.
            most = borne.index[0] if borne.iloc[0] > borne.get(row["theme"], 0) else row["theme"]
            row |= {"theme": most, "theme_purity": round(float(borne[most] / inside.sum()), 6)}
        rows.append(row)
    return pd.DataFrame(rows, columns=topics.columns).astype({"parent": "Int64"})


def update_themes(themes: pd.DataFrame, papers: pd.DataFrame, *, n_representatives: int) -> pd.DataFrame:
    """Sizes, representatives and dates of the themes anew; ids, labels, colours, keyphrases and measures stay.

    Parameters
    ----------
    themes : DataFrame
        As ``results/themes``, of the fit.
    papers : DataFrame of n_papers rows
        Columns ``paper_id``, ``published``, ``theme``, ``theme_score``.
    n_representatives : int
    """
    theme, ids = papers["theme"].to_numpy(), papers["paper_id"].to_numpy()
    scores, published = papers["theme_score"].to_numpy(dtype=float), pd.to_datetime(papers["published"])
    rows: list[dict[Any, Any]] = []
    for row in themes[themes["kind"] != UNASSIGNED_ID].to_dict("records"):
        inside = np.flatnonzero(theme == row["theme"])
        best = inside[np.argsort(-scores[inside].round(6), kind="stable")][:n_representatives]
        row |= {
            "size": len(inside),
            "representatives": [str(one) for one in ids[best]],
            "first_published": published.iloc[inside].min(),
            "last_published": published.iloc[inside].max(),
        }
        rows.append(row)
    left = theme == UNASSIGNED_ID
    if left.any():
        color = themes.loc[themes["kind"] == UNASSIGNED_ID, "color"]
        found = tabulate_unassigned(papers, left, n_representatives)
        rows.append(dict(found, color=color.iloc[0] if len(color) else None))
    return pd.DataFrame(rows, columns=themes.columns)


def place_alternatives(
    alternatives: pd.DataFrame,
    placed: Placed,
    new: NDArray[np.bool_],
    *,
    paper_ids: Sequence[str],
    fitted_ids: Sequence[str],
    main: NDArray[np.int64],
    theme_ids: Sequence[str],
) -> pd.DataFrame:
    """Themes of the new papers in every refit.

    Where a paper's neighbours bear, in a refit, another theme than in the main
    run, the paper does too; elsewhere its theme is the one it was given. A
    resampled refit draws four in five of the new papers, as it drew the others.

    Parameters
    ----------
    alternatives : DataFrame
        As ``results/alternatives``, of the papers that stay.
    placed : Placed
    new : bool array (n_placed,)
        Which of the placed papers have no rows yet.
    paper_ids : sequence of n_placed str
    fitted_ids : sequence of n_fitted str
    main : int64 array (n_fitted,)
        Themes of the fitted papers in the main run: columns of `theme_ids`; below 0 where unknown.
    theme_ids : sequence of n_themes str
        The last is that of unassigned papers.

    Returns
    -------
    DataFrame
        The rows of the new papers alone.
    """
    rows = np.flatnonzero(new)
    weights, names = placed.graph.weights[rows], np.array(theme_ids, dtype=object)
    given = placed.theme[rows] % len(names)  # -1 counts as the last
    ids = np.array(paper_ids, dtype=object)[rows]
    place = {one: row for row, one in enumerate(fitted_ids)}
    parts = [alternatives.iloc[:0]]
    for run, drawn in alternatives.groupby("run", sort=False):
        borne = np.full(len(place), -1, dtype=np.int64)
        known = drawn["paper_id"].map(place)
        code = pd.Index(names).get_indexer(pd.Index(drawn["theme"]))
        borne[known[known.notna()].astype(int)] = np.where(code < 0, len(names) - 1, code)[known.notna()]
        here = vote(weights, borne, len(names)).round(9).argmax(axis=1)
        there = vote(weights, np.where(borne >= 0, main, -1), len(names)).round(9).argmax(axis=1)
        theme = np.where(here == there, given, here)
        taken = np.array([not str(run).startswith("resample") or _is_drawn(str(run), one) for one in ids], dtype=bool)
        parts.append(pd.DataFrame({"paper_id": ids[taken], "run": run, "theme": names[theme[taken]]}))
    return pd.concat(parts, ignore_index=True)


def _is_drawn(run: str, paper_id: str) -> bool:
    # By the id alone: a paper is drawn or not whatever comes with it.
    digest = hashlib.sha256(f"{run}\n{paper_id}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < DRAWN
