"""The list of written files with what each was made from, and the check against it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import plotly.graph_objects as go

from analysis.config import Config
from analysis.plots import READS
from analysis.reports.expected import find_stale_files
from analysis.reports.export import render_figures
from analysis.reports.figures import spec_json
from analysis.reports.references import Writers
from analysis.results import Tables

MANIFEST = "manifest.json"


def write_manifest(figures_dir: Path, table_hashes: Mapping[str, str], *, figures: Mapping[str, go.Figure]) -> None:
    """Write ``manifest.json``: every file under `figures_dir`, every figure's specification, every table.

    Parameters
    ----------
    figures_dir : Path
        Holds what `write_figures` and `write_report` wrote.
    table_hashes : mapping of table name to SHA-256
        What `analysis.results.hash_tables` gives.
    figures : mapping of name to Figure
        What `render_figures` gave.

    Notes
    -----
    Holds no time, no date and no commit: the same tables give the same manifest.
    """
    files = {
        path.relative_to(figures_dir.parent).as_posix(): {
            "sha256": _hash(path.read_bytes()),
            "size": path.stat().st_size,
        }
        for path in sorted(figures_dir.rglob("*"))
        if path.is_file() and path != figures_dir / MANIFEST
    }
    manifest = {
        "files": files,
        "figures": {
            name: {"reads": list(READS[name]), "spec_sha256": _hash_spec(figure)} for name, figure in figures.items()
        },
        "tables": dict(table_hashes),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (figures_dir / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def check_outputs(
    tables: Tables,
    figures_dir: Path,
    table_hashes: Mapping[str, str],
    config: Config,
    *,
    references: Writers | None = None,
) -> list[str]:
    """Compare every figure and report with what the tables give; needs no browser.

    Files are compared with the manifest, figures by their specification, and
    pages and reports in every format with what is made from the tables now.

    Parameters
    ----------
    tables : Tables
    figures_dir : Path
    table_hashes : mapping of table name to SHA-256
        What `analysis.results.hash_tables` gives.
    config : Config
    references : mapping of format to callable, optional
        How BibTeX and RIS are written; else they are compared with the manifest alone.

    Returns
    -------
    list of str
        One line ``name: what is wrong`` per file or table; empty when all is well.
    """
    root, faults = figures_dir.parent, {}
    manifest = _read_manifest(figures_dir / MANIFEST)
    if manifest is None:
        return [f"{figures_dir.name}/{MANIFEST}: missing or damaged"]
    for name in sorted({*table_hashes, *manifest["tables"]}):
        if manifest["tables"].get(name) != table_hashes.get(name):
            faults[f"{name}.parquet"] = "not the table that the figures were made from"
    figures = render_figures(tables, config)
    for name in sorted({*figures, *manifest["figures"]}):
        listed = manifest["figures"].get(name, {}).get("spec_sha256")
        if name not in figures or listed != _hash_spec(figures[name]):
            faults[f"{figures_dir.name}/{name}"] = "not the figure that the tables give"
    within = f"{figures_dir.name}/"
    known = {name.removeprefix(within) for name in manifest["files"] if name.startswith(within)}
    stale = find_stale_files(tables, figures_dir, config, figures=figures, listed=known, references=references or {})
    faults |= {f"{within}{name}": fault for name, fault in stale.items()}
    for name, listed in sorted(manifest["files"].items()):
        path = root / name
        if not path.is_file():
            faults.setdefault(name, "missing")
        elif _hash(path.read_bytes()) != listed["sha256"]:
            faults.setdefault(name, "changed since it was written")
    return [f"{name}: {fault}" for name, fault in sorted(faults.items())]


def _read_manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if _is_whole(manifest) else None


def _is_whole(manifest: Any) -> bool:
    """Whether a manifest has the shape that `write_manifest` gives, and names no file outside the study."""
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(key), dict) for key in ("files", "figures", "tables")
    ):
        return False
    inside = all(".." not in PurePosixPath(name).parts and not name.startswith("/") for name in manifest["files"])
    entries = [(entry, "sha256") for entry in manifest["files"].values()]
    entries += [(entry, "spec_sha256") for entry in manifest["figures"].values()]
    return inside and all(isinstance(entry, dict) and key in entry for entry, key in entries)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_spec(figure: go.Figure) -> str:
    return _hash(spec_json(figure).encode("utf-8"))
