"""The tables of themes after papers were placed: what a theme is stays, what its papers tell is counted anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

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
