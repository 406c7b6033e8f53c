"""The tables of themes: what was found and named, laid out for the waist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.config import Config
from analysis.themes.assigning import LOWEST, Assignment
from analysis.themes.checking import Checks
from analysis.themes.clustering import Clustering
from analysis.themes.naming import Named
from analysis.themes.stability import Refit, measure_theme_stability, measure_topic_stability
from analysis.themes.topics import find_representatives

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNASSIGNED_ID = "unassigned"


@dataclass(frozen=True)
class Fitted:
    """What the steps of a study found, in corpus order."""

    papers: pd.DataFrame
    config: Config
    meaning: NDArray[np.float32]
    clustering: Clustering
    assignment: Assignment
    refits: list[Refit]

    @property
    def n_representatives(self) -> int:
        """How many representative papers a topic or theme shows."""
        return self.config.report.n_representatives


def place_papers(fitted: Fitted, places: NDArray[np.float64], names: Named, why_here: list[list[str]]) -> pd.DataFrame:
    """The columns of `papers` that say where each paper belongs, n_papers rows."""
    assignment, clustering = fitted.assignment, fitted.clustering
    margin, second = assignment.margin()
    theme = assignment.theme
    own = np.where(theme >= 0, assignment.scores[np.arange(len(theme)), theme], np.nan)
    ids = np.array([*names.ids, UNASSIGNED_ID], dtype=object)
    return pd.DataFrame(
        {
            "topic": clustering.topic,
            "topic_strength": clustering.strength.round(6),
            "theme": ids[theme],
            "theme_score": own.round(6),
            "theme_margin": np.where(theme >= 0, margin, np.nan).round(6),
            "theme_runner_up": [None if place < 0 else names.ids[place] for place in second],
            "theme_reason": _explain(fitted, names),
            "why_here": why_here,
            "map_x": places[:, 0].round(6),
            "map_y": places[:, 1].round(6),
        }
    )


def _explain(fitted: Fitted, names: Named) -> NDArray[np.object_]:
    """Why each paper bears its theme, or none; papers with the same reason share one string."""
    scores, theme = fitted.assignment.scores, fitted.assignment.theme
    if not scores.shape[1]:
        return np.full(len(theme), "the corpus gives no theme", dtype=object)
    best = scores.argmax(axis=1)
    highest = scores[np.arange(len(theme)), best]
    hundredths = _round_hundredths(highest)
    reasons: dict[tuple[int, int, int], str] = {}
    found = np.empty(len(theme), dtype=object)
    for row, key in enumerate(zip(theme.tolist(), best.tolist(), hundredths.tolist(), strict=True)):
        if key not in reasons:
            reasons[key] = _give_reason(fitted, names, *key)
        found[row] = reasons[key]
    return found


def _give_reason(fitted: Fitted, names: Named, theme: int, best: int, hundredths: int) -> str:
    score = f"{hundredths / 100:.2f}"
    if theme < 0:
        return f"no theme scores {LOWEST:g} or more; the nearest is {names.labels[best]} with {score}"
    if theme < fitted.assignment.n_named:
        return f"close to the phrases of {names.labels[theme]}, as its neighbours are ({score})"
    return f"lies among the papers of {names.labels[theme]} ({score})"


def _round_hundredths(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Scores in hundredths, rounded as they are written."""
    scaled = 100 * scores
    rounded = np.rint(scaled).astype(np.int64)
    # Halfway between two, the product may fall on the other side of the middle than the score itself.
    for row in np.flatnonzero(np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < 1e-6):
        rounded[row] = int(f"{scores[row]:.2f}".replace(".", ""))
    return rounded


def tabulate_topics(fitted: Fitted, topic_names: Named, names: Named, checks: Checks) -> pd.DataFrame:
    """One row per topic."""
    topic, theme = fitted.clustering.topic, fitted.assignment.theme
    n_topics = len(topic_names.labels)
    stability = measure_topic_stability(fitted.refits, topic, n_topics)
    ids = [*names.ids, UNASSIGNED_ID]
    rows = []
    for one in range(n_topics):
        inside = topic == one
        borne = np.bincount(theme[inside] % len(ids), minlength=len(ids))  # -1 counts as the last
        rows.append(
            {
                "topic": one,
                "label": topic_names.labels[one],
                "keyphrases": topic_names.keyphrases[one],
                "size": int(inside.sum()),
                "representatives": _ids(fitted, find_representatives(inside, fitted.meaning, fitted.n_representatives)),
                "parent": int(fitted.clustering.group[inside][0]) if fitted.clustering.group.max() else None,
                "theme": ids[int(borne.argmax())],
                "theme_purity": round(float(borne.max() / inside.sum()), 6),
                "stability": _round(stability[one]),
                "faithfulness": _round(checks.faithfulness[one]),
                "intrusion": _round(checks.intrusion[one]),
            }
        )
    return pd.DataFrame(rows).astype({"parent": "Int64"})


def tabulate_themes(fitted: Fitted, names: Named, checks: Checks) -> pd.DataFrame:
    """One row per theme; a last one for unassigned papers, if there are any."""
    theme, published = fitted.assignment.theme, pd.to_datetime(fitted.papers["published"])
    stability = measure_theme_stability(fitted.refits, theme, len(names.ids))
    rows = []
    for one, slug in enumerate(names.ids):
        inside = theme == one
        # Rounded, so that scores equal but for the last bits keep corpus order.
        order = np.argsort(-fitted.assignment.scores[inside, one].round(6), kind="stable")
        rows.append(
            {
                "theme": slug,
                "kind": "named" if one < fitted.assignment.n_named else "discovered",
                "label": names.labels[one],
                "color": None,
                "description": names.descriptions[one],
                "keyphrases": names.keyphrases[one],
                "size": int(inside.sum()),
                "representatives": _ids(fitted, np.flatnonzero(inside)[order][: fitted.n_representatives]),
                "stability": _round(stability[one]),
                "faithfulness": _round(checks.faithfulness[one]),
                "intrusion": _round(checks.intrusion[one]),
                "first_published": published[inside].min(),
                "last_published": published[inside].max(),
                "edited": False,
            }
        )
    left = theme < 0
    if left.any():
        rows.append(tabulate_unassigned(fitted.papers, left, fitted.n_representatives))
    return pd.DataFrame(rows)


def tabulate_unassigned(papers: pd.DataFrame, left: NDArray[np.bool_], n_representatives: int) -> dict[str, Any]:
    """The row of ``themes`` for the papers marked `left`, which no theme claims."""
    published = pd.to_datetime(papers["published"])[left]
    return {
        "theme": UNASSIGNED_ID,
        "kind": "unassigned",
        "label": "Unassigned",
        "color": None,
        "description": f"Papers that no theme claims: none scores {LOWEST:g} or more for them.",
        "keyphrases": [],
        "size": int(left.sum()),
        "representatives": [str(one) for one in papers["paper_id"].to_numpy()[left][:n_representatives]],
        "stability": np.nan,
        "faithfulness": np.nan,
        "intrusion": np.nan,
        "first_published": published.min(),
        "last_published": published.max(),
        "edited": False,
    }


def tabulate_scores(fitted: Fitted, names: Named) -> pd.DataFrame:
    """One row per paper, one column per named theme."""
    scores = fitted.assignment.scores[:, : fitted.assignment.n_named].round(6)
    columns = {slug: scores[:, place] for place, slug in enumerate(names.ids[: fitted.assignment.n_named])}
    return pd.DataFrame({"paper_id": fitted.papers["paper_id"].to_numpy(), **columns})


def tabulate_alternatives(fitted: Fitted, names: Named) -> pd.DataFrame:
    """One row per refit and paper that it drew."""
    ids = np.array([*names.ids, UNASSIGNED_ID], dtype=object)
    paper_ids = fitted.papers["paper_id"].to_numpy()
    parts = [
        pd.DataFrame({"paper_id": paper_ids[one.rows], "run": one.name, "theme": ids[one.theme]})
        for one in fitted.refits
    ]
    empty = pd.DataFrame({"paper_id": [], "run": [], "theme": []}, dtype=object)
    return pd.concat(parts, ignore_index=True) if parts else empty


def _ids(fitted: Fitted, rows: NDArray[np.int64]) -> list[str]:
    return [str(one) for one in fitted.papers["paper_id"].to_numpy()[rows]]


def _round(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
