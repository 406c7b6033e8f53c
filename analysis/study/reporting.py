"""The report of a study again, in any format, on all themes or on some; and the check of all that was written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from analysis.config import Config, InputError, ReportFormat
from analysis.results import Tables, hash_tables, publish, read_settled, read_tables
from analysis.study.places import find_study
from analysis.study.references import REFERENCES
from analysis.study.run import load
from analysis.study.study import Study
from analysis.study.templates import locate_templates
from analysis.study.themes_asked import find_themes
from analysis.study.writing import Say, copy_figures, copy_tables, hold_study, keep_specifications

FORMATS: tuple[str, ...] = get_args(ReportFormat)


def make_report(
    study: str | Path,
    *,
    formats: Sequence[str] | None = None,
    themes: Sequence[str] | None = None,
    out: str | Path | None = None,
    say: Say | None = None,
) -> Study:
    """Write the reports again from the tables; no model is loaded.

    Parameters
    ----------
    study : path
        A ``study.toml`` or its folder.
    formats : sequence of {"html", "md", "pdf", "xlsx", "csv", "json", "bibtex", "ris"}, optional
        By default the study's own.
    themes : sequence of str, optional
        Ids or labels: a report on each of these alone, ``themes/robotics.html``
        and so on. By default one report on all.
    out : path, optional
        Folder for the files; those of the same names are replaced, others
        stay. By default ``figures/reports`` of the study, where `check` looks
        after them until the next run.
    say : callable, optional
        Receives one line per step.

    Raises
    ------
    InputError
        If a format, theme or template is at fault; nothing is written then.
    """
    from analysis.reports import write_manifest
    from analysis.reports.export import render_figures
    from analysis.reports.study_templates import check_templates

    say = say or (lambda _: None)
    chosen = _check_formats(formats)
    opened = load(study)
    config = locate_templates(opened.place.config, opened.root)
    check_templates(config.report.templates)
    asked = None if themes is None else find_themes(opened.themes, themes)
    chosen = chosen or config.report.formats
    if out is not None:
        return _write_elsewhere(opened, Path(out), chosen, asked, config, say)
    with hold_study(opened.root) as staging:
        # Again, for now no other run can replace them.
        opened = load(study)
        copy_tables(opened.place, staging)
        folder = staging.folder / "figures"
        copy_figures(opened.place, folder)
        notes = _write_reports(opened.tables, folder / "reports", chosen, asked, config)
        write_manifest(folder, hash_tables(opened.place.data), figures=render_figures(opened.tables, config))
        keep_specifications(opened.place, folder)
        _tell(say, notes, chosen, opened.place.figures / "reports" / ("" if asked is None else "themes"))
        publish(staging)
    return opened


def check(study: str | Path) -> list[str]:
    """What in the figures and reports is not what the tables give; empty when all is.

    Returns
    -------
    list of str
        ``"name: what is wrong"``.
    """
    from analysis.reports import check_outputs

    place = find_study(study)
    config = locate_templates(place.config, place.root)

    def compare() -> list[str]:
        tables = read_tables(place.data)
        return check_outputs(tables, place.figures, hash_tables(place.data), config, references=REFERENCES)

    return read_settled(place.root, compare)


def _check_formats(formats: Sequence[str] | None) -> tuple[str, ...]:
    if formats is None:
        return ()
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown or not formats:
        found = ", ".join(map(str, unknown)) or "nothing given"
        raise InputError(f"format: not known: {found}. Choose of {', '.join(FORMATS)}.")
    return tuple(dict.fromkeys(formats))


def _write_reports(
    tables: Tables, folder: Path, formats: Sequence[str], themes: list[str] | None, config: Config
) -> list[str]:
    """On all themes into `folder`, on some into ``themes`` in it; what was left out."""
    from analysis.reports import write_report

    if themes is None:
        return write_report(tables, folder, formats=formats, config=config, references=REFERENCES)
    notes: list[str] = []
    for theme in themes:
        notes += write_report(
            tables, folder / "themes", formats=formats, config=config, theme=theme, references=REFERENCES
        )
    return list(dict.fromkeys(notes))


def _write_elsewhere(
    opened: Study, out: Path, formats: Sequence[str], themes: list[str] | None, config: Config, say: Say
) -> Study:
    """Write aside and move into place, file by file, so that no reader meets half of one."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: this is a file. Give a folder with --out.")
    # There are no images beside these files for the Markdown to show.
    alone = config.model_copy(update={"figures": config.figures.model_copy(update={"formats": ()})})
    out.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".themeline-", dir=out))
    try:
        notes = _write_reports(opened.tables, aside, formats, themes, alone)
        written = aside if themes is None else aside / "themes"
        for path in sorted(path for path in written.rglob("*") if path.is_file()):
            final = out / path.relative_to(written)
            if final.is_dir():
                raise InputError(f"{final}: a folder stands where a file is needed. Move it away.")
            final.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, final)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _tell(say, notes, formats, out)
    return opened


def _tell(say: Say, notes: Sequence[str], formats: Sequence[str], folder: Path) -> None:
    for note in notes:
        say(f"report   {note}")
    say(f"report   {', '.join(formats)} in {folder}")
