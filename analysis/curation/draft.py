"""The working copy of the tables while corrections are done to them: whose paper is whose, and what each theme is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.curation.following import Route
from analysis.results import Tables
from analysis.themes.naming import make_slug

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNASSIGNED = "unassigned"
# From here on two names are taken to be meant as one.
_LIKE = 0.75


class NotApplicable(Exception):
    """A correction has nothing to be done to any more; the message says why."""


@dataclass
class Draft:
    """What corrections change, and the only thing here that changes.

    Attributes
    ----------
    tables : Tables
        As they were found; never changed.
    theme, reason, runner_up : object array (n_papers,)
    score, margin : float64 array (n_papers,)
    source : object array (n_papers,)
        Named theme under whose phrases a paper is counted; None where under none.
    themes : dict of theme id to its row
        In the order of the table; those that were merged away are gone.
    scores : dict of named theme id to float64 array (n_papers,)
    standing : dict of named theme id to the ids of the themes that went into it
    alternatives : object array (n_rows,)
        Theme in each row of the table of that name.
    alias : dict of a merged theme's id to where it went
    created : list of theme ids
        Of themes that were split off, those included that are gone.
    routes : list of Route
        Where papers that are placed later go on to.
    touched : set of theme ids
    renamed : set of theme ids
        Whose label a person gave.
    members : set of theme ids
        Whose papers changed.
    ignored : list of str
    """

    tables: Tables
    theme: NDArray[np.object_]
    reason: NDArray[np.object_]
    runner_up: NDArray[np.object_]
    score: NDArray[np.float64]
    margin: NDArray[np.float64]
    source: NDArray[np.object_]
    themes: dict[str, dict[str, Any]]
    scores: dict[str, NDArray[np.float64]]
    standing: dict[str, list[str]]
    alternatives: NDArray[np.object_]
    alias: dict[str, str] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    renamed: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        papers = self.tables.papers
        self.found = papers["theme"].to_numpy(dtype=object)
        self.topic = papers["topic"].to_numpy()
        self.former = {str(row["label"]).casefold(): theme for theme, row in self.themes.items()}
        self.paper_index = pd.Index(papers["paper_id"])
        self.alternative_rows = self.paper_index.get_indexer(pd.Index(self.tables.alternatives["paper_id"]))

    def find_theme(self, name: str) -> str:
        """The id of a theme by its id, its label, a label that it had, or the name of one that went into it.

        Raises
        ------
        NotApplicable
            If there is none; papers without a theme are none.
        """
        said = " ".join(name.split()).casefold()
        labels = {str(row["label"]).casefold(): theme for theme, row in self.themes.items()}
        found = name if name in self.themes or name in self.alias else labels.get(said) or self.former.get(said)
        found = None if found is None else self.follow(found)
        if found is None or found not in self.themes:
            raise NotApplicable(f"there is no theme “{name}”{self._suggest(said)}")
        if self.themes[found]["kind"] == UNASSIGNED:
            raise NotApplicable("the papers without a theme are no theme: papers can be taken from them only")
        return found

    def _suggest(self, name: str) -> str:
        """The label of the theme that is called most like a name; empty where none is called much like it."""
        known = [theme for theme, row in self.themes.items() if row["kind"] != UNASSIGNED]
        called = {str(self.themes[theme]["label"]).casefold(): theme for theme in known}
        near = difflib.get_close_matches(name, [*called, *known], n=1, cutoff=_LIKE)
        return f"; the nearest is “{self.name_theme(called.get(near[0], near[0]))}”" if near else ""

    def follow(self, theme: str) -> str:
        """The theme that another went into, by and by."""
        while theme in self.alias:
            theme = self.alias[theme]
        return theme

    def find_papers(self, paper_ids: tuple[str, ...]) -> NDArray[np.int64]:
        """Rows of papers; those that the study does not have are left out."""
        rows = self.paper_index.get_indexer(pd.Index(list(paper_ids), dtype=object))
        return np.asarray(rows[rows >= 0], dtype=np.int64)

    def check_label(self, label: str, *, of: tuple[str, ...]) -> None:
        """See that no theme but those of `of` bears a label.

        Raises
        ------
        NotApplicable
            If one does.
        """
        for theme, row in self.themes.items():
            if theme not in of and str(row["label"]).casefold() == label.casefold():
                raise NotApplicable(f"another theme is called “{row['label']}”")

    def name_theme(self, theme: str) -> str:
        """The label of a theme as it is now."""
        return str(self.themes[theme]["label"])

    def give_label(self, theme: str, label: str) -> None:
        """Call a theme otherwise; who asks for it by the label that it had still finds it."""
        self.former[self.name_theme(theme).casefold()] = theme
        self.themes[theme]["label"] = label
        self.touched.add(theme)

    def make_id(self, label: str) -> str:
        """A free id for a new theme."""
        taken = {*self.themes, *self.alias, UNASSIGNED, "paper-id"}
        slug = free = make_slug(label)
        number = 2
        while free in taken:
            free, number = f"{slug}-{number}", number + 1
        return free

    def add_theme(self, theme: str, row: dict[str, Any]) -> None:
        """Put a new theme behind the others, before the papers without a theme."""
        self.created.append(theme)
        last = self.themes.pop(UNASSIGNED, None)
        self.themes[theme] = row
        if last is not None:
            self.themes[UNASSIGNED] = last

    def take_papers(self, rows: NDArray[np.int64], theme: str) -> None:
        """Give papers to a theme, and mark it and those that lose them."""
        losers = {str(one) for one in self.theme[rows]}
        for one in (*losers, theme):
            self.touched.add(one)
            self.members.add(one)
        self.theme[rows] = theme

    def rows_in_refits(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which rows of the alternatives are of some papers."""
        chosen = np.zeros(len(self.theme) + 1, dtype=bool)
        chosen[rows] = True
        return np.asarray(chosen[self.alternative_rows])


def open_draft(tables: Tables) -> Draft:
    """A working copy of the tables as they were found."""
    papers, themes, scores = tables.papers, tables.themes, tables.theme_scores
    theme = papers["theme"].to_numpy(dtype=object).copy()
    named = dict.fromkeys(str(one) for one in themes.loc[themes["kind"] == "named", "theme"])
    runner_up = papers["theme_runner_up"].astype(object)
    rows = {str(row["theme"]): {str(key): value for key, value in row.items()} for row in themes.to_dict("records")}
    for row in rows.values():
        row["keyphrases"] = list(row["keyphrases"]) if row["keyphrases"] is not None else []
    return Draft(
        tables=tables,
        theme=theme,
        reason=papers["theme_reason"].to_numpy(dtype=object).copy(),
        runner_up=runner_up.where(runner_up.notna(), None).to_numpy(dtype=object).copy(),
        score=papers["theme_score"].to_numpy(dtype=float, na_value=np.nan).copy(),
        margin=papers["theme_margin"].to_numpy(dtype=float, na_value=np.nan).copy(),
        source=np.array([one if one in named else None for one in theme], dtype=object),
        themes=rows,
        scores={str(name): scores[name].to_numpy(dtype=float).copy() for name in scores.columns[1:]},
        standing={one: [one] for one in named},
        alternatives=tables.alternatives["theme"].to_numpy(dtype=object).copy(),
    )
