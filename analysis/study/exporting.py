"""The papers of a study, whole and by theme, in the formats of reference managers and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.corpus.exporting import EXPORTS, write_papers
from analysis.study.run import load
from analysis.study.themes_asked import find_themes


def export_papers(
    study: str | Path,
    *,
    out: str | Path | None = None,
    formats: Sequence[str] = tuple(EXPORTS),
    themes: Sequence[str] | None = None,
) -> list[Path]:
    """Write the papers of a study for other programs: all in one file, and those of each theme in one of their own.

    Parameters
    ----------
    study : path
        A ``study.toml`` or its folder.
    out : path, optional
        Folder for the files, by default ``exports`` beside ``study.toml``:
        ``papers.bib``, ``themes/robotics.bib`` and so on. Files of the same
        names are replaced, one by one; others stay.
    formats : sequence of {"bibtex", "ris", "csl-json", "csv", "parquet"}
        By default all.
    themes : sequence of str, optional
        Ids or labels of themes; then only their files are written. By default
        all papers and every theme.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If a format or theme is not known, or the study has no results.
    """
    unknown = [name for name in formats if name not in EXPORTS]
    if unknown or not formats:
        found = ", ".join(unknown) or "nothing given"
        raise InputError(f"format: not known: {found}. Choose of {', '.join(EXPORTS)}.")
    opened = load(study)
    chosen = find_themes(opened.themes, themes) if themes is not None else list(opened.themes["theme"])
    folder = Path(out) if out is not None else opened.root / "exports"
    papers = opened.papers
    parts: dict[str, pd.DataFrame] = {} if themes is not None else {"papers": papers}
    # A theme's id is a slug, so it names a file as it stands.
    parts |= {f"themes/{theme}": papers[papers["theme"] == theme] for theme in chosen}
    return [
        write_papers(part, folder / f"{name}{EXPORTS[form].suffix}", format=form)
        for name, part in parts.items()
        if len(part)
        for form in formats
    ]
