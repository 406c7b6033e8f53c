"""The explorer of a study as one page that works offline."""

from __future__ import annotations

from pathlib import Path

from analysis.config import InputError
from analysis.corpus.exporting.writing import replace_file
from analysis.study.run import load
from analysis.study.study import Study

PAGE = "explorer.html"


def write_explorer(study: str | Path | Study, *, out: str | Path | None = None) -> Path:
    """Write the explorer of a study as one HTML page that works offline from a file.

    Parameters
    ----------
    study : path or Study
        A ``study.toml``, its folder, or a study that is open.
    out : path, optional
        The page, by default ``explorer.html`` beside ``study.toml``; a folder
        gets it under that name. An old file is replaced as a last act.

    Returns
    -------
    Path
        The page. The same study gives the same bytes.

    Raises
    ------
    InputError
        If there is no such study, or `out` is one of its own files.

    Notes
    -----
    The page holds titles, abstracts, authors and addresses of all papers; who
    gets it has them all.
    """
    from analysis.reports.explorer import pack_blocks, render_explorer

    opened = study if isinstance(study, Study) else load(study)
    path = _find_page(opened, out)
    tables, config = opened.tables, opened.place.config
    page = render_explorer(pack_blocks(tables, config, vectors=opened.find_vectors()), tables=tables, config=config)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, lambda aside: aside.write_bytes(page.encode("utf-8")))
    return path


def _find_page(study: Study, out: str | Path | None) -> Path:
    path = study.root / PAGE if out is None else Path(out)
    if path.is_dir():
        path = path / PAGE
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path}: a page is written, so its name ends in .html. Give --out NAME.html or a folder.")
    if path.resolve().is_relative_to((study.root / "figures").resolve()):
        raise InputError(f"{path}: the figures folder is replaced at every run. Choose another place for the page.")
    return path
