"""Two studies, or two generations of one, theme by theme."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.config import InputError
from analysis.corpus.exporting.writing import replace_file
from analysis.curation.comparing import CHANGES, Changes, compare_themes
from analysis.results import Tables, read_tables
from analysis.study.identity import make_generation, open_vectors
from analysis.study.run import load
from analysis.study.study import VECTORS, Study

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

# What the themes of a fit depend on.
_OF_THE_FIT = ("seed", "embedding", "fit", "neighbours", "map", "clustering", "themes", "labels")
FLOW = "theme-flow"


@dataclass(frozen=True)
class Comparison:
    """What became of each theme from one study to another.

    Attributes
    ----------
    changes : Changes
        See `analysis.curation.comparing.compare_themes` for what each change means.
    old, new : Tables
    notes : tuple of str
        What was compared, and what cannot be.
    """

    changes: Changes
    old: Tables
    new: Tables
    notes: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row per theme of either study, a pair in one row; see `analysis.curation.comparing.Changes`."""
        return self.changes.table

    @property
    def flows(self) -> pd.DataFrame:
        """Papers by their theme in each: ``old``, ``new``, ``n_papers``; null where a study does not hold them."""
        return self.changes.flows

    @property
    def counts(self) -> dict[str, int]:
        """Themes by what became of them; every kind is named."""
        found = self.table["change"].value_counts()
        return {change: int(found.get(change, 0)) for change in CHANGES}

    @cached_property
    def figure(self) -> Figure:
        """The papers on their way from the old themes to the new ones."""
        from analysis.plots.flow import theme_flow

        return theme_flow(self.flows, self.old.themes, self.new.themes, caution=" ".join(self.notes[:2]))

    def describe(self) -> str:
        """The comparison as plain text, one line per theme."""
        lines = list(self.notes)
        for row in self.table.to_dict("records"):
            label = row["new_label"] or row["old_label"]
            lines.append(f"{row['change']:10} {label}: {row['sentence']}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, for JSON."""
        return {
            "notes": list(self.notes),
            "counts": self.counts,
            "themes": json.loads(self.table.to_json(orient="records", force_ascii=False)),
            "flows": json.loads(self.flows.to_json(orient="records", force_ascii=False)),
        }

    def write(self, folder: str | Path) -> list[Path]:
        """Write the report (HTML, Markdown), the tables (CSV) and the figure (PNG, where a browser is found).

        Parameters
        ----------
        folder : path
            Made where it is missing; files of the same names are replaced, one by one.

        Returns
        -------
        list of Path
            The files written.
        """
        from analysis.reports.comparison import render_comparison
        from analysis.reports.figures import write_images

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as beside:
            write_images({FLOW: self.figure}, Path(beside), formats=("png",))
            has_image = any(Path(beside).iterdir())
            texts = render_comparison(self.changes, self.figure, notes=self.notes, has_image=has_image)
            for name, text in texts.items():
                (Path(beside) / name).write_text(text, encoding="utf-8", newline="\n")
            made = sorted(Path(beside).iterdir())
            for path in made:
                replace_file(folder / path.name, partial(shutil.copyfile, path))
        return [folder / path.name for path in made]


def compare(old: str | Path | Study, new: str | Path | Study) -> Comparison:
    """Tell what became of each theme: born, died, split, merged, grown, shrunk, renamed or unchanged.

    Themes are told by their names where the study gave them, else by
    the papers that both studies hold, else by meaning, where both have the same encoder.

    Parameters
    ----------
    old, new : path or Study
        A study (its folder or ``study.toml``), or the folder of its results
        alone: ``data``, or ``data/results``.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If there are no results, or none that this version reads.
    """
    (before, before_vectors), (after, after_vectors) = _open(old), _open(new)
    one, other = (tables.run["encoder"] for tables in (before, after))
    same = all(one.get(part) == other.get(part) for part in ("name", "version"))
    has_vectors = same and before_vectors is not None and after_vectors is not None
    changes = compare_themes(
        make_generation(before, before_vectors if has_vectors else None),
        make_generation(after, after_vectors if has_vectors else None),
    )
    return Comparison(changes, before, after, _note(changes, before, after, has_vectors=has_vectors))


def _open(study: str | Path | Study) -> tuple[Tables, NDArray[np.float32] | None]:
    if isinstance(study, Study):
        return study.tables, open_vectors(study.place.data / VECTORS, len(study.papers))
    path = Path(study)
    if path.suffix == ".toml" or (path / "study.toml").exists() or not path.exists():
        return _open(load(path))
    folders = (path, path / "data", *((path.parent,) if path.name == "results" else ()))
    for data in folders:
        if (data / "results/run.json").is_file():
            tables = read_tables(data)
            return tables, open_vectors(data / VECTORS, len(tables.papers))
    raise InputError(
        f"{path}: neither a study nor results. Give a folder with a study.toml, or one with results/run.json."
    )


def _note(changes: Changes, before: Tables, after: Tables, *, has_vectors: bool) -> tuple[str, ...]:
    notes = [
        f"Old: {before.run['title']}, {changes.n_old:,} papers; new: {after.run['title']}, {changes.n_new:,} papers; "
        f"{changes.n_shared:,} are in both."
    ]
    told = changes.table["told_by"].value_counts()
    parts = [f"{told[by]} by {by}" for by in ("name", "papers", "meaning") if told.get(by)]
    notes.append(f"Themes that are the same were told {', '.join(parts)}." if parts else "No theme is the same.")
    if not changes.n_shared:
        notes.append("No paper is in both, so no split and no merger can be seen.")
    names = sorted({str(tables.run["encoder"]["name"]) for tables in (before, after)})
    if not has_vectors and (len(names) > 1 or (changes.table["change"] == "unknown").any()):
        why = f"the encoders differ ({', '.join(names)})" if len(names) > 1 else "vectors are missing"
        notes.append(f"Meaning was not compared: {why}.")
    changed = [name for name in _OF_THE_FIT if before.run["config"].get(name) != after.run["config"].get(name)]
    if changed:
        notes.append(f"Settings that differ: {', '.join(name if name == 'seed' else f'[{name}]' for name in changed)}.")
    edited = [
        f"“{label}”" for tables in (before, after) for label in tables.themes.loc[tables.themes["edited"], "label"]
    ]
    if edited:
        notes.append(f"Corrected by hand: {', '.join(dict.fromkeys(edited))}.")
    return tuple(notes)
