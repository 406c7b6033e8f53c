"""The tables of themes and topics after corrections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.curation.counts import Wording
from analysis.curation.draft import UNASSIGNED, Draft
from analysis.curation.words import Group, find_words, make_filter

# Measured on what a theme was before it was touched.
_MEASURED = ("stability", "faithfulness", "intrusion")


def rewrite_themes(draft: Draft, counts: Wording | None) -> pd.DataFrame:
    """The table ``themes`` of a draft.

    Parameters
    ----------
    draft : Draft
    counts : Wording or None
        With its rows in the order of the papers; None where only labels changed.
    """
    rows = {theme: dict(row) for theme, row in draft.themes.items()}
    published = pd.to_datetime(draft.tables.papers["published"])
    n_shown = _count_shown(draft)
    for theme in [one for one in rows if one in draft.members]:
        inside = np.flatnonzero(draft.theme == theme)
        rows[theme] |= {
            "size": len(inside),
            "representatives": _pick(draft, inside, n_shown, by_score=theme != UNASSIGNED),
            "first_published": published.iloc[inside].min(),
            "last_published": published.iloc[inside].max(),
        }
    if counts is not None:
        _reword(draft, rows, counts)
    for theme in [one for one in rows if one in draft.touched]:
        rows[theme] |= {"edited": True, **dict.fromkeys(_MEASURED, np.nan)}
    if UNASSIGNED in rows and not rows[UNASSIGNED]["size"]:
        del rows[UNASSIGNED]
    for theme, row in rows.items():
        # Reasons call themes by the labels that they bear in the end.
        draft.themes[theme]["label"] = row["label"]
    return pd.DataFrame(list(rows.values()), columns=draft.tables.themes.columns)


def _count_shown(draft: Draft) -> int:
    shown = [*draft.tables.themes["representatives"], *draft.tables.topics["representatives"]]
    return max((len(one) for one in shown if one is not None), default=0)


def _pick(draft: Draft, inside: Any, n_shown: int, *, by_score: bool) -> list[str]:
    ids = draft.tables.papers["paper_id"].to_numpy(dtype=object)
    order = np.argsort(-draft.score[inside].round(6), kind="stable") if by_score else np.arange(len(inside))
    return [str(one) for one in ids[inside[order][:n_shown]]]


def _reword(draft: Draft, rows: dict[str, dict[str, Any]], counts: Wording) -> None:
    """Words of the themes whose papers changed, and of those that an ignored word has to leave."""
    holds = make_filter(draft.ignored)
    known = [theme for theme in rows if theme != UNASSIGNED]
    wanted = [theme for theme in known if theme in draft.members or _is_held(rows[theme], holds)]
    groups = []
    for theme in wanted:
        others = tuple(str(rows[one]["label"]) for one in known if one != theme)
        is_given = theme in draft.renamed or rows[theme]["kind"] == "named"
        again = not is_given and holds(rows[theme]["label"])
        groups.append(Group(np.flatnonzero(draft.theme == theme), str(rows[theme]["label"]), again, others))
    if not groups:
        return
    titles = draft.tables.papers["title"].fillna("").tolist()
    for theme, words in zip(wanted, find_words(groups, counts, titles, ignored=draft.ignored), strict=True):
        rows[theme] |= {"keyphrases": words.keyphrases, "label": words.label}
        if rows[theme]["kind"] == "discovered":
            rows[theme]["description"] = words.description
        draft.touched.add(theme)


def _is_held(row: dict[str, Any], holds: Any) -> bool:
    return bool(holds(row["label"]) or any(holds(one["phrase"]) for one in row["keyphrases"]))


def rewrite_topics(draft: Draft, counts: Wording | None, order: list[str]) -> pd.DataFrame:
    """The table ``topics`` of a draft.

    Parameters
    ----------
    draft : Draft
    counts : Wording or None
    order : list of str
        Ids of the themes in the order of their table: of two themes with as many papers of a topic the first has it.
    """
    topics = draft.tables.topics
    rows: list[dict[Any, Any]] = topics.to_dict("records")
    changed = set(np.unique(draft.topic[draft.theme != draft.found]).tolist())
    for row in rows:
        if row["topic"] in changed:
            borne = pd.Series(draft.theme[draft.topic == row["topic"]]).value_counts()
            most = min(borne.index, key=lambda one: (-borne[one], order.index(one)))
            row |= {"theme": most, "theme_purity": round(float(borne[most] / borne.sum()), 6)}
    holds = make_filter(draft.ignored)
    held = [row for row in rows if _is_held(row, holds)] if draft.ignored else []
    if held and counts is not None:
        labels = [str(row["label"]) for row in rows]
        groups = [
            Group(
                np.flatnonzero(draft.topic == row["topic"]),
                str(row["label"]),
                holds(row["label"]),
                tuple(label for label in labels if label != row["label"]),
            )
            for row in held
        ]
        titles = draft.tables.papers["title"].fillna("").tolist()
        for row, words in zip(held, find_words(groups, counts, titles, ignored=draft.ignored), strict=True):
            row |= {"keyphrases": words.keyphrases, "label": words.label, "faithfulness": np.nan, "intrusion": np.nan}
    return pd.DataFrame(rows, columns=topics.columns).astype({"parent": topics["parent"].dtype})
