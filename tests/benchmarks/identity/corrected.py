"""A handful of corrections by hand, and whether they hold after a re-fit."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from analysis.results import Tables
from analysis.study import Study

RENAMED, MERGED, SPLIT = "Renamed by hand", "Merged by hand", "Split off by hand"
N_PAPERS = 5


class Correction(NamedTuple):
    """One correction that was made.

    Attributes
    ----------
    do : str
    theme : str
        Id of the theme that it is about; of `ignore` the word.
    papers : tuple of str
        Those that it names.
    gone : str
        Id of the theme that a merger took away.
    """

    do: str
    theme: str
    papers: tuple[str, ...] = ()
    gone: str = ""


def correct(study: Study) -> tuple[Study, list[Correction]]:
    """Correct the six largest themes that were found, and the two smallest."""
    themes = study.themes[study.themes["kind"] == "discovered"].sort_values(
        ["size", "theme"], ascending=[False, True], ignore_index=True
    )
    ids = [str(one) for one in themes["theme"]]
    papers = study.papers
    own = papers[papers["theme"] == ids[1]]
    topic = int(own["topic"].value_counts().index[0])
    # Those that a new fit takes elsewhere most likely.
    doubtful = papers[papers["theme"] == ids[2]].nsmallest(N_PAPERS, "theme_margin")["paper_id"]
    moved = papers[papers["theme"] == ids[3]].nlargest(N_PAPERS, "theme_score")["paper_id"]
    word = str(themes["keyphrases"][4][0]["phrase"])
    done = [
        Correction("rename", ids[0]),
        Correction("merge", ids[-2], gone=ids[-1]),
        Correction("split", "", tuple(own.loc[own["topic"] == topic, "paper_id"])),
        Correction("move", ids[0], tuple(moved)),
        Correction("pin", ids[2], tuple(doubtful)),
        Correction("ignore", word),
    ]
    study = study.rename(ids[0], RENAMED)
    study = study.merge([ids[-2], ids[-1]], into=ids[-2], label=MERGED)
    study = study.split(ids[1], topics=[topic], label=SPLIT)
    study = study.move(done[3].papers, to=ids[0])
    study = study.pin(done[4].papers)
    return study.ignore(word), done


def judge(tables: Tables, done: list[Correction]) -> list[dict[str, Any]]:
    """What became of each: it holds, in whole or in part, it is reported, or it is lost without a word."""
    record = tables.run["corrections"]
    failed = {one["number"] for one in record["failed"]}
    in_part = {one["number"] for one in record["applied"] if one["missing"]}
    labels = dict(zip(tables.themes["theme"], tables.themes["label"], strict=True))
    borne = tables.papers.set_index("paper_id")["theme"]
    rows = []
    for number, one in enumerate(done, start=1):
        holds, share = _check(one, tables, labels, borne)
        held = "in part" if number in in_part else "holds"
        became = "reported" if number in failed else held if holds else "lost"
        rows.append({"do": one.do, "became": became, "share": share})
    return rows


def _check(one: Correction, tables: Tables, labels: dict[str, str], borne: pd.Series) -> tuple[bool, float | None]:
    if one.do == "rename":
        return labels.get(one.theme) == RENAMED, None
    if one.do == "merge":
        return labels.get(one.theme) == MERGED and one.gone not in labels, None
    if one.do == "ignore":
        texts = [*tables.themes["keyphrases"], *tables.topics["keyphrases"]]
        phrases = {str(phrase["phrase"]).casefold() for some in texts for phrase in some}
        return one.theme.casefold() not in phrases, None
    by_label = {label: theme for theme, label in labels.items()}
    theme = by_label.get(SPLIT, "") if one.do == "split" else one.theme
    share = float((borne.reindex(one.papers) == theme).mean())
    # What was split off follows its topic, which a new fit may draw otherwise.
    return share >= 0.5 if one.do == "split" else share == 1, share
