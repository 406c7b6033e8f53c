"""How a generation of a study comes to its disk: held by one run, drawn beside it, then swapped in."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.config import Config
from analysis.results import Staging, Tables, hash_tables, lock_study
from analysis.study.places import Place
from analysis.study.progress import show_progress
from analysis.study.record import note_seconds
from analysis.study.references import REFERENCES
from analysis.study.templates import locate_templates

Say = Callable[[str], None]


@contextmanager
def hold_study(root: Path, *, wait: float = 0) -> Iterator[Staging]:
    """Lock a study, after some seconds at most; a folder that did not exist before a failed run does not after it."""
    absent = next((part for part in [*reversed(root.parents), root] if not part.exists()), None)
    with lock_study(root, wait=wait) as staging:
        try:
            yield staging
        except Exception:
            # Still under the lock: a folder that another run has just made is not ours to remove.
            if absent is not None and not (root / "study.toml").exists():
                shutil.rmtree(absent, ignore_errors=True)
            raise


def draw(tables: Tables, config: Config, staging: Staging, say: Say, *, started: float | None = None) -> bool:
    """Draw every figure and write every report beside the study; whether all formats asked for could be made.

    A run says when it `started` (`time.perf_counter`), and its record is completed.
    """
    from analysis.reports import count_pictures, write_manifest, write_outputs

    began = time.perf_counter()
    folder = staging.folder / "figures"
    located = locate_templates(config, staging.root)
    with show_progress("figures", count_pictures(tables, config), unit="pictures") as on_drawn:
        figures, notes = write_outputs(tables, folder, config=located, references=REFERENCES, on_drawn=on_drawn)
    for note in notes:
        say(f"figures  {note}")
    write_manifest(folder, hash_tables(staging.folder / "data"), figures=figures)
    say(f"figures  {len(figures)} figures and the report in {staging.root / 'figures'}")
    if started is not None:
        now = time.perf_counter()
        note_seconds(staging.folder / "data/results/run.json", {"figures": now - began, "total": now - started})
    return not notes


def write_settings(place: Place, staging: Staging) -> None:
    """Lay the study file and the corrections that are still to be written beside the study."""
    if place.toml is not None:
        (staging.folder / place.file).write_text(place.toml, encoding="utf-8", newline="")
    if place.curated is not None:
        (staging.folder / place.curation.name).write_text(place.curated, encoding="utf-8", newline="")


def copy_tables(place: Place, staging: Staging) -> None:
    """Lay a copy of the tables beside the new figures, so that their hashes are of one generation."""
    for part in ("results", "derived"):
        shutil.copytree(place.data / part, staging.folder / "data" / part)


def copy_figures(place: Place, folder: Path) -> None:
    """Lay a copy of the figures and reports beside the study."""
    for name in list_outputs(place):
        source = place.root / name
        if name.startswith("figures/") and source.exists():
            target = folder / Path(name).relative_to("figures")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def keep_specifications(place: Place, folder: Path) -> None:
    """Let the new manifest say of the figures what the old one said: a report draws none of them again."""
    old, new = (_read_manifest(path / "manifest.json") for path in (place.figures, folder))
    if isinstance(old.get("figures"), dict):
        text = json.dumps({**new, "figures": old["figures"]}, indent=2, sort_keys=True, ensure_ascii=False)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def list_outputs(place: Place) -> list[str]:
    """Files of the last generation of figures and reports, by their path in the study."""
    files = _read_manifest(place.figures / "manifest.json").get("files")
    names = [PurePosixPath(name) for name in files] if isinstance(files, dict) else []
    # A study may come from someone else: its list must not lead out of it.
    return [str(name) for name in names if name.parts[:1] == ("figures",) and ".." not in name.parts]
