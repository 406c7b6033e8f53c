"""Each kind of correction, done to a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.curation.corrections import Correction, Ignore, Merge, Move, Pin, Rename, Split
from analysis.curation.draft import Draft, NotApplicable
from analysis.curation.following import Route

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Done(NamedTuple):
    """What a correction did.

    Attributes
    ----------
    what : str
        One sentence, with the labels as they were then.
    themes : tuple of str
        Ids of the themes that it is about.
    n_papers : int
        Papers that changed their theme.
    n_lost : int
        Papers that it names and that the study does not have.
    missing : str
        Which of the themes that it names there are no longer; empty where all are there.
    """

    what: str
    themes: tuple[str, ...]
    n_papers: int = 0
    n_lost: int = 0
    missing: str = ""


def do_correction(draft: Draft, correction: Correction) -> Done:
    """Do one correction.

    Raises
    ------
    NotApplicable
        If nothing can be done; the draft is then as it was.
    """
    if isinstance(correction, Rename):
        return _rename(draft, correction)
    if isinstance(correction, Merge):
        return _merge(draft, correction)
    if isinstance(correction, Split):
        return _split(draft, correction)
    if isinstance(correction, Move):
        return _move(draft, correction)
    if isinstance(correction, Pin):
        return _pin(draft, correction)
    return _ignore(draft, correction)


def _rename(draft: Draft, asked: Rename) -> Done:
    theme = draft.find_theme(asked.theme)
    before = draft.name_theme(theme)
    draft.check_label(asked.label, of=(theme,))
    draft.renamed.add(theme)
    if asked.label != before:
        draft.give_label(theme, asked.label)
    return Done(f"Renamed “{before}” to “{asked.label}”.", (theme,))


def _merge(draft: Draft, asked: Merge) -> Done:
    themes, missing = _find_all(draft, asked.themes)
    sizes = {one: int((draft.theme == one).sum()) for one in themes}
    # Of themes of one size the first in the table: the order of the file must not matter.
    order = {one: place for place, one in enumerate(draft.themes)}
    into = draft.find_theme(asked.into) if asked.into else min(themes, key=lambda one: (-sizes[one], order[one]))
    gone = [one for one in themes if one != into]
    label = asked.label or draft.name_theme(into)
    if not gone and label == draft.name_theme(into):
        raise NotApplicable(missing or "these themes are one already")
    draft.check_label(label, of=(into, *gone))
    names = "”, “".join(draft.name_theme(one) for one in gone)
    n_papers = 0
    for one in gone:
        n_papers += _fold(draft, one, into)
    draft.give_label(into, label)
    if asked.label:
        draft.renamed.add(into)
    what = f"Merged “{names}” into “{label}”." if names else f"Renamed to “{label}”."
    return Done(what, (into,), n_papers, missing=missing)


def _find_all(draft: Draft, names: tuple[str, ...]) -> tuple[list[str], str]:
    """Those of some themes that there are, and what is said of the others: a new fit may have dissolved one.

    Raises
    ------
    NotApplicable
        If there is none.
    """
    themes: dict[str, None] = {}
    missing: list[str] = []
    for name in names:
        try:
            themes[draft.find_theme(name)] = None
        except NotApplicable as reason:
            missing.append(str(reason))
    if not themes:
        raise NotApplicable("; ".join(missing))
    return list(themes), "; ".join(missing)


def _fold(draft: Draft, gone: str, into: str) -> int:
    """Let one theme go into another; how many papers it had."""
    rows = np.flatnonzero(draft.theme == gone)
    draft.reason[rows] = f"merged by hand: was in {draft.name_theme(gone)}"
    draft.theme[rows] = into
    draft.runner_up[draft.runner_up == gone] = into
    # A theme is no runner-up of itself, and how far the next one is nobody knows.
    same = (draft.theme == into) & (draft.runner_up == into)
    draft.runner_up[same], draft.margin[same] = None, np.nan
    draft.alternatives[draft.alternatives == gone] = into
    draft.alias[gone] = into
    draft.routes.append(Route(gone, (), into))
    column, parts = draft.scores.pop(gone, None), draft.standing.pop(gone, [])
    if into in draft.scores:
        draft.standing[into] += parts
        if column is not None:
            draft.scores[into] = np.maximum(draft.scores[into], column)
    else:
        # Under no phrases any more: what is discovered has none.
        draft.source[rows] = None
    del draft.themes[gone]
    draft.touched.discard(gone)
    draft.members.discard(gone)
    draft.members.add(into)
    return len(rows)


def _split(draft: Draft, asked: Split) -> Done:
    parent = draft.find_theme(asked.theme)
    draft.check_label(asked.label, of=())
    inside = draft.theme == parent
    given = draft.find_papers(asked.papers)
    chosen = np.zeros(len(inside), dtype=bool)
    chosen[given] = True
    topics = _follow_topics(draft, asked, inside, chosen)
    # Papers that were named without a topic go along wherever a new fit put them.
    wanted = inside & (chosen | np.isin(draft.topic, topics)) if asked.topics else chosen
    rows = np.flatnonzero(wanted)
    before = draft.name_theme(parent)
    if not (wanted & inside).any():
        raise NotApplicable(f"none of its papers is in “{before}”")
    if not (inside & ~wanted).any():
        raise NotApplicable(f"these are all papers of “{before}”: rename it instead")
    others = [one for one in draft.themes if one != parent and (draft.theme[rows] == one).any()]
    theme = draft.make_id(asked.label)
    row = dict.fromkeys(draft.themes[parent])
    row |= {"theme": theme, "kind": "discovered", "label": asked.label, "description": "", "keyphrases": []}
    draft.add_theme(theme, row)
    draft.take_papers(rows, theme)
    if topics:
        draft.routes.append(Route(parent, tuple(topics), theme))
    draft.renamed.add(theme)
    draft.reason[rows] = f"split by hand from {before}"
    draft.source[rows] = None
    in_refits = draft.rows_in_refits(np.flatnonzero(chosen | np.isin(draft.topic, topics)))
    draft.alternatives[in_refits & (draft.alternatives == parent) if asked.topics else in_refits] = theme
    what = f"Split “{asked.label}” from “{before}”."
    return Done(what, (parent, theme, *others), len(rows), len(asked.papers) - len(given))


def _follow_topics(draft: Draft, asked: Split, inside: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> list[int]:
    """Topics that go along: those that are named, and those most of whose papers in the theme are among those given."""
    if not asked.topics:
        return []
    topics = draft.tables.topics
    names = {str(one).casefold() for one in asked.topics if isinstance(one, str)}
    numbers = {one for one in asked.topics if isinstance(one, int)}
    found = []
    for topic, label in zip(topics["topic"].tolist(), topics["label"], strict=True):
        own = inside & (draft.topic == topic)
        is_named = topic in numbers or str(label).casefold() in names
        if own.any() and (is_named or (own & chosen).sum() * 2 > own.sum()):
            found.append(int(topic))
    return found


def _move(draft: Draft, asked: Move) -> Done:
    theme = draft.find_theme(asked.to)
    rows = draft.find_papers(asked.papers)
    if not len(rows):
        raise NotApplicable("none of its papers is in the study")
    n_moved, losers = _give(draft, rows, theme, "moved by hand")
    what = f"Moved {_count(len(rows))}{_from(draft, losers)} to “{draft.name_theme(theme)}”."
    return Done(what, (theme, *losers), n_moved, len(asked.papers) - len(rows))


def _pin(draft: Draft, asked: Pin) -> Done:
    wanted: dict[str, list[str]] = {}
    lost: set[str] = set()
    for paper, name in zip(asked.papers, asked.list_themes(), strict=True):
        try:
            wanted.setdefault(draft.find_theme(name), []).append(paper)
        except NotApplicable as reason:
            lost.add(str(reason))
    rows = {theme: draft.find_papers(tuple(papers)) for theme, papers in wanted.items()}
    n_pinned = sum(map(len, rows.values()))
    if not n_pinned:
        raise NotApplicable("; ".join(sorted(lost)) or "none of its papers is in the study")
    given = [_give(draft, own, theme, "pinned by hand") for theme, own in rows.items()]
    losers = [loser for _, own in given for loser in own]
    names = "”, “".join(draft.name_theme(theme) for theme in rows)
    n_moved = sum(number for number, _ in given)
    what = f"Pinned {_count(n_pinned)} in “{names}”."
    return Done(what, (*rows, *losers), n_moved, len(asked.papers) - n_pinned)


def _from(draft: Draft, losers: list[str]) -> str:
    """Where papers came from; of many themes how many."""
    names = [f"“{draft.themes[one]['label']}”" for one in losers]
    return f" from {names[0]}" if len(names) == 1 else f" from {len(names)} themes" if names else ""


def _give(draft: Draft, rows: NDArray[np.int64], theme: str, reason: str) -> tuple[int, list[str]]:
    """Papers to a theme, in every refit too: what a person says holds there as well.

    How many were not there yet, and the themes that lost them.
    """
    draft.alternatives[draft.rows_in_refits(rows)] = theme
    moved = rows[draft.theme[rows] != theme]
    if not len(moved):
        return 0, []
    losers = [one for one in draft.themes if (draft.theme[moved] == one).any()]
    known = draft.scores.get(theme)
    second = np.where(draft.runner_up[moved] == theme, draft.score[moved] - draft.margin[moved], np.nan)
    draft.score[moved] = second if known is None else known[moved]
    draft.margin[moved], draft.runner_up[moved] = np.nan, None
    draft.reason[moved] = reason
    draft.source[moved] = theme if theme in draft.standing else None
    draft.take_papers(moved, theme)
    return len(moved), losers


def _ignore(draft: Draft, asked: Ignore) -> Done:
    draft.ignored += [word for word in asked.words if word not in draft.ignored]
    return Done(f"Ignored {', '.join(f'“{word}”' for word in asked.words)} in labels and keyphrases.", ())


def _count(number: int) -> str:
    return "1 paper" if number == 1 else f"{number:,} papers"
