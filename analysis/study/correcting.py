"""Corrections by hand as a notebook gives them: each returns the study as it is then."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from analysis.config import InputError
from analysis.curation import Correction, make_correction
from analysis.curation.journal import JOURNAL, read_journal, tabulate_journal
from analysis.results import Tables

if TYPE_CHECKING:
    from analysis.study.places import Place

UNASSIGNED = "unassigned"
_MOST_LISTED = 12


class Correctable:
    """A study whose themes can be corrected by hand.

    Each method writes one correction at the end of ``curation.toml`` beside
    the study's settings, and one line into its journal; tables, shares and
    trends are made again and saved, and with ``draw=True`` figures and
    reports, too. Themes are given by id or label. What is touched has
    ``edited`` true and no stability: that was measured on what it was before.
    """

    place: Place
    tables: Tables

    def rename(self, theme: str, label: str, *, draw: bool = False) -> Self:
        """Give a theme another label; its id and colour stay.

        Parameters
        ----------
        theme : str
            Id or label.
        label : str
            At most 80 characters; no other theme bears it.
        draw : bool, default False
            Make figures and reports again.

        Raises
        ------
        InputError
            If there is no such theme, or another is called so; nothing is changed then.
        """
        return self._correct(lambda now: make_correction("rename", theme=find_theme(now, theme), label=label), draw)

    def merge(
        self, themes: Sequence[str], *, into: str | None = None, label: str | None = None, draw: bool = False
    ) -> Self:
        """Make several themes one.

        Parameters
        ----------
        themes : sequence of str
            Ids or labels, two or more.
        into : str, optional
            The theme that stays; the largest of them where it is not said.
        label : str, optional
            What it is called then.
        draw : bool, default False
        """

        def make(now: Tables) -> Correction:
            ids = [find_theme(now, one) for one in _list(themes)]
            kept = None if into is None else find_theme(now, into)
            return make_correction("merge", themes=ids, into=kept, label=label)

        return self._correct(make, draw)

    def split(
        self,
        theme: str,
        *,
        topics: Sequence[int | str] | None = None,
        papers: Iterable[str] | None = None,
        label: str,
        draw: bool = False,
    ) -> Self:
        """Take some papers of a theme, or whole topics of it, into a theme of their own.

        Parameters
        ----------
        theme : str
            Id or label.
        topics : sequence of int or str, optional
            Ids or labels of topics: papers that come later follow their topic.
        papers : iterable of str, optional
            Their ``paper_id``.
        label : str
            Of the new theme.
        draw : bool, default False
        """

        def make(now: Tables) -> Correction:
            parent = find_theme(now, theme)
            numbers = [find_topic(now, one) for one in _list(topics or [])]
            given = [] if papers is None else find_papers(now, papers)
            whole = now.papers.set_index("paper_id")
            outside = [one for one in given if whole["theme"][one] != parent]
            if outside:
                said = f"split: {_name(outside)} of another theme than “{_label(now, parent)}”"
                raise InputError(f"{said}. Move them first.")
            inside = now.papers[(now.papers["theme"] == parent) & now.papers["topic"].isin(numbers)]
            names = now.topics.set_index("topic")["label"]
            ids = dict.fromkeys([*given, *inside["paper_id"]])
            labels = [str(names[one]) for one in numbers]
            return make_correction("split", theme=parent, topics=labels, papers=list(ids), label=label)

        return self._correct(make, draw)

    def move(self, papers: Iterable[str], *, to: str, draw: bool = False) -> Self:
        """Put papers into another theme.

        Parameters
        ----------
        papers : iterable of str
            Their ``paper_id``.
        to : str
            Id or label of a theme.
        draw : bool, default False
        """
        return self._correct(
            lambda now: make_correction("move", papers=find_papers(now, papers), to=find_theme(now, to)), draw
        )

    def pin(self, papers: Iterable[str], *, draw: bool = False) -> Self:
        """Keep papers in the themes that they bear now, whatever a new fit says.

        Parameters
        ----------
        papers : iterable of str
            Their ``paper_id``.
        draw : bool, default False
        """

        def make(now: Tables) -> Correction:
            ids = find_papers(now, papers)
            borne = now.papers.set_index("paper_id")["theme"]
            themes = [str(borne[one]) for one in ids]
            lost = [one for one, theme in zip(ids, themes, strict=True) if theme == UNASSIGNED]
            if lost:
                raise InputError(f"pin: {_name(lost)} without a theme. Move them into one instead.")
            return make_correction("pin", papers=ids, to=themes[0] if len(set(themes)) == 1 else themes)

        return self._correct(make, draw)

    def ignore(self, words: str | Sequence[str], *, draw: bool = False) -> Self:
        """Keep words out of the labels and keyphrases of all themes and topics.

        Parameters
        ----------
        words : str or sequence of str
            Words or phrases, in the singular or the plural. Labels that a person gave, and names of themes that the
            study asks for, keep them.
        draw : bool, default False
        """
        return self._correct(lambda _: make_correction("ignore", words=_list(words)), draw)

    def undo(self, *, everything: bool = False, draw: bool = False) -> Self:
        """Take the last correction of ``curation.toml`` back; the last line of `journal` says what it was.

        Parameters
        ----------
        everything : bool, default False
            Take every correction back, the last one first.
        draw : bool, default False

        Raises
        ------
        InputError
            If there is none.
        """
        from analysis.study.curating import undo_study

        return self._renew(undo_study(self.place, everything=everything, draws=draw, say=_keep_quiet))

    def redo(self, *, draw: bool = False) -> Self:
        """Do again what was undone last.

        Raises
        ------
        InputError
            If nothing was undone since the last correction.
        """
        from analysis.study.curating import redo_study

        return self._renew(redo_study(self.place, draws=draw, say=_keep_quiet))

    @property
    def journal(self) -> pd.DataFrame:
        """What was corrected, undone and edited: ``day``, ``act``, ``do``, ``what``, ``n_papers``; the oldest first."""
        return tabulate_journal(read_journal(self.place.root / JOURNAL))

    def _correct(self, make: Callable[[Tables], Correction], draws: bool) -> Self:
        from analysis.study.curating import correct_study

        return self._renew(correct_study(self.place, make, draws=draws, say=_keep_quiet))

    def _renew(self, tables: Tables) -> Self:
        return type(self)(self.place, tables)  # type: ignore[call-arg]


def find_theme(tables: Tables, name: str) -> str:
    """The id of a theme by its id or its label.

    Raises
    ------
    InputError
        If there is no such theme; the nearest is named.
    """
    themes = tables.themes[tables.themes["kind"] != UNASSIGNED]
    ids = [str(one) for one in themes["theme"]]
    if name in ids:
        return name
    labels = {" ".join(str(label).split()).casefold(): one for label, one in zip(themes["label"], ids, strict=True)}
    found = labels.get(" ".join(str(name).split()).casefold())
    if found is None:
        raise InputError(f"there is no theme {name!r}. {_suggest(str(name), list(themes['label'].astype(str)), ids)}")
    return found


def find_topic(tables: Tables, name: int | str) -> int:
    """The id of a topic by its id or its label.

    Raises
    ------
    InputError
        If there is no such topic.
    """
    numbers = [int(one) for one in tables.topics["topic"]]
    if str(name).isdigit() and int(name) in numbers:
        return int(name)
    labels = {str(label).casefold(): one for label, one in zip(tables.topics["label"], numbers, strict=True)}
    found = labels.get(str(name).casefold())
    if found is None:
        raise InputError(f"there is no topic {name!r}. {_suggest(str(name), list(tables.topics['label'].astype(str)))}")
    return found


def find_papers(tables: Tables, papers: Iterable[str]) -> list[str]:
    """Ids of papers, each once.

    Raises
    ------
    InputError
        If none is given, or the study does not have one; all such are named.
    """
    ids = [str(one) for one in dict.fromkeys(_list(papers))]
    known = set(tables.papers["paper_id"])
    unknown = [one for one in ids if one not in known]
    if unknown or not ids:
        said = f"{_name(unknown)} not in the study" if unknown else "no paper was given"
        raise InputError(f"{said}. Give paper_ids as the table of papers has them.")
    return ids


def _list(values: Iterable[Any] | str) -> list[Any]:
    return [values] if isinstance(values, str) else list(values)


def _label(tables: Tables, theme: str) -> str:
    return str(tables.themes.set_index("theme")["label"][theme])


def _name(papers: Sequence[str]) -> str:
    shown = ", ".join(papers[:3]) + (", ..." if len(papers) > 3 else "")
    return f"the paper {shown} is" if len(papers) == 1 else f"{len(papers)} papers ({shown}) are"


def _suggest(name: str, known: Sequence[str], ids: Sequence[str] = ()) -> str:
    said = {one.casefold(): one for one in (*ids, *known)}
    near = difflib.get_close_matches(name.casefold(), said, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {said[near[0]]!r}?"
    # Quoted: a label may hold commas.
    more = f" and {len(known) - _MOST_LISTED} more" if len(known) > _MOST_LISTED else ""
    return f"There are {', '.join(map(repr, known[:_MOST_LISTED]))}{more}."


def _keep_quiet(_: str) -> None:
    """Steps are told in a terminal only."""
