"""The explorer in a notebook: what is selected there is at hand here, and corrections go into the study."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd
import traitlets

from analysis.config import InputError
from analysis.plots.text import clean
from analysis.reports.explorer import join_styles, join_widget, pack_blocks, pack_themes
from analysis.study.correcting import find_papers

if TYPE_CHECKING:
    from analysis.study.study import Study

_MOST_FOUND = 100


class Explorer(anywidget.AnyWidget):
    """A study to look around in and to correct.

    Parameters
    ----------
    study : Study

    Attributes
    ----------
    study : Study
        The study as it is now: every correction gives another one. Corrected
        in Python, it is given back: ``explorer.study = explorer.study.rename(...)``.
    rows : list of int
        Rows of the selected papers in ``study.papers``.

    Examples
    --------
    >>> explorer = study.explore()               # doctest: +SKIP
    >>> explorer.selected[["title", "theme"]]    # doctest: +SKIP
    """

    _esm = join_widget()
    _css = join_styles()
    blocks = traitlets.Dict().tag(sync=True)
    themes = traitlets.Bytes().tag(sync=True)
    corrections = traitlets.List(traitlets.Unicode()).tag(sync=True)
    n_taken = traitlets.Int().tag(sync=True)
    rows = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, study: Study) -> None:
        packed = pack_blocks(study.tables, study.place.config, vectors=study.find_vectors())
        blocks = {name: block for name, block in packed.by_name().items() if name != "themes"}
        self._study = study
        super().__init__(blocks=blocks, themes=packed.themes, corrections=_tell_corrections(study))
        self.on_msg(self._answer)

    @property
    def study(self) -> Study:
        """The study as it is now."""
        return self._study

    @study.setter
    def study(self, study: Study) -> None:
        """Show the same papers as another study has them.

        Raises
        ------
        InputError
            If it holds other papers.
        """
        if not study.papers["paper_id"].equals(self._study.papers["paper_id"]):
            raise InputError("explorer.study: these are other papers. Call explore() on the study that holds them.")
        # In one message: the page must not see new themes with the list of the old corrections.
        with self.hold_sync():
            self._study = study
            self.themes = pack_themes(study.tables)
            self.corrections = _tell_corrections(study)
            self.n_taken += 1

    @property
    def selected(self) -> pd.DataFrame:
        """The papers selected on the map; none selected: no rows."""
        return self.study.papers.iloc[list(self.rows)]

    def select(self, papers: Iterable[str]) -> None:
        """Select papers on the map.

        Parameters
        ----------
        papers : iterable of str
            Their ``paper_id``; none: nothing is selected any more.

        Raises
        ------
        InputError
            If the study does not have one of them.
        """
        asked = [str(one) for one in papers]
        self.rows = self._find_rows(find_papers(self.study.tables, asked)) if asked else []

    def _find_rows(self, paper_ids: Iterable[str]) -> list[int]:
        return [int(row) for row in pd.Index(self.study.papers["paper_id"]).get_indexer(list(paper_ids))]

    def _answer(self, _: Any, message: dict[str, Any], __: Any) -> None:
        number = message.get("number")
        try:
            self.send({"number": number, **self._do(message)})
        except (InputError, OSError) as error:
            self.send({"number": number, "error": str(error)})
        except Exception as error:
            # The form must not wait for ever; what went wrong stands in the log.
            self.send(
                {"number": number, "error": f"This failed ({type(error).__name__}); the log of the notebook tells."}
            )
            raise

    def _do(self, message: dict[str, Any]) -> dict[str, Any]:
        if message.get("do") == "search":
            found = self.study.search(str(message["words"]), top=_MOST_FOUND)
            return {"rows": self._find_rows(found["paper_id"])}
        act = _ACTS.get(str(message.get("do")))
        if act is None:
            raise InputError(f"{message.get('do')!r} is nothing that can be done. Choose of {', '.join(_ACTS)}.")
        self.study = act(self.study, message)
        return {"n_taken": self.n_taken}


def _tell_corrections(study: Study) -> list[str]:
    """What was corrected, in sentences, as far as it was not undone; the oldest first."""
    told = study.tables.run.get("corrections") or {}
    done = {int(one["number"]): one["what"] for one in told.get("applied", [])}
    failed = {int(one["number"]): f"Not done ({one['do']}): {one['what']}." for one in told.get("failed", [])}
    return [clean(what) for _, what in sorted((done | failed).items())]


_ACTS: dict[str, Callable[[Study, dict[str, Any]], Study]] = {
    "rename": lambda study, asked: study.rename(asked["theme"], asked["label"]),
    "merge": lambda study, asked: study.merge(asked["themes"], into=asked["into"]),
    "split": lambda study, asked: study.split(asked["theme"], papers=asked["papers"], label=asked["label"]),
    "move": lambda study, asked: study.move(asked["papers"], to=asked["to"]),
    "pin": lambda study, asked: study.pin(asked["papers"]),
    "ignore": lambda study, asked: study.ignore(asked["words"]),
    "undo": lambda study, _: study.undo(),
}
