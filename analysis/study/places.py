"""Where a study lies, and where its files go."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.config import Config, InputError, parse_config, read_config
from analysis.curation.corrections import CURATION, Correction, parse_corrections, read_corrections, read_text


@dataclass(frozen=True)
class Place:
    """A study on disk.

    Attributes
    ----------
    root : Path
        Folder that holds ``study.toml``, ``data/`` and ``figures/``.
    config : Config
    sources : tuple of Path
        The source files, absolute.
    toml : str or None
        Text of a study file that is still to be written there.
    file : str, default "study.toml"
        Name of that file.
    curated : str or None
        Text of corrections by hand that are still to be written there: of the study that this is a copy of.
    """

    root: Path
    config: Config
    sources: tuple[Path, ...]
    toml: str | None = None
    file: str = "study.toml"
    curated: str | None = None

    @property
    def data(self) -> Path:
        """Folder of the tables."""
        return self.root / "data"

    @property
    def figures(self) -> Path:
        """Folder of the figures and reports."""
        return self.root / "figures"

    @property
    def curation(self) -> Path:
        """The corrections by hand; there need not be any."""
        return self.root / CURATION

    @property
    def field_totals(self) -> Path | None:
        """The CSV with the totals of the field; None where the study names none."""
        name = self.config.trends.field_totals
        # Without "..": the root of a new study is no folder yet.
        return Path(os.path.normpath(self.root / name)) if name else None


def find_study(study: str | Path) -> Place:
    """The study in a folder, or of a ``study.toml``.

    Raises
    ------
    InputError
        If there is none, or its settings are at fault.
    """
    path = Path(study)
    if not path.exists():
        raise InputError(f"{path}: no such study. Give a study.toml or a folder that holds one.")
    file = path / "study.toml" if path.is_dir() else path
    if path.is_dir() and not file.exists():
        raise InputError(
            f"{path}: this folder holds no study.toml. Give a study, or the source files themselves: "
            "themeline run PAPERS.csv"
        )
    config = read_config(file)
    root = file.resolve().parent
    return Place(root, config, tuple((root / source).resolve() for source in config.corpus.sources))


def plan_study(
    targets: tuple[str | Path, ...],
    *,
    out: str | Path | None = None,
    captured: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Place:
    """The study that a run is about: one that exists, or a new one for source files.

    Parameters
    ----------
    targets : tuple of path
        One study (folder or ``.toml``), or one or more source files.
    out : path, optional
        Folder for the results; default the study's own, or ``./<stem>-themeline`` for sources.
    captured : str, optional
        Day on which the sources were captured, ISO.
    columns : mapping, optional
        Our name to the table's own, where it is not found by itself.
    """
    if not targets:
        targets = ("study.toml",)
        if not Path("study.toml").exists():
            raise InputError("No study here: this folder holds no study.toml. Give a study or source files.")
    is_study = len(targets) == 1 and _is_study(Path(targets[0]))
    if is_study:
        place = find_study(targets[0])
        if not place.sources:
            raise InputError(f'{targets[0]} [corpus]: sources is empty. Name source files: sources = ["papers.csv"]')
        settings = _settings(place.config, captured, columns)
        if out is None:
            kept = _keep_given(place.root / place.file, place.config, settings)
            return Place(place.root, parse_config(settings), place.sources, kept)
        settings = _move_paths(settings, place, Path(out).resolve())
        # A study that is there already has its own.
        is_there = (Path(out) / "study.toml").exists()
        copy = _new_place(Path(out).resolve(), settings, place.sources)
        return copy if is_there else replace(copy, curated=read_text(place.curation) or None)
    _refuse_mixture(targets)
    sources = tuple(Path(target).resolve() for target in targets)
    root = Path(out) if out else Path(f"{_stem(sources[0])}-themeline")
    return _new_place(root.resolve(), _settings(Config(), captured, columns), sources)


def _is_study(path: Path) -> bool:
    """A folder is a study when it holds one, or holds nothing else; otherwise its files are sources."""
    if path.is_dir():
        return (path / "study.toml").exists() or not any(path.iterdir())
    return path.suffix == ".toml"


def _refuse_mixture(targets: tuple[str | Path, ...]) -> None:
    studies = [str(target) for target in targets if Path(target).suffix == ".toml"]
    if studies:
        raise InputError(f"{', '.join(studies)}: give either one study or source files, not both.")


def _settings(config: Config, captured: str | None, columns: Mapping[str, str] | None = None) -> dict[str, Any]:
    settings = config.model_dump(mode="json", exclude_unset=True)
    if columns:
        settings["corpus"] = {**settings.get("corpus", {}), "columns": dict(columns)}
    if captured is not None:
        settings["corpus"] = {**settings.get("corpus", {}), "captured": captured}
        parse_config(settings, where="--captured:")
    return settings


def _move_paths(settings: dict[str, Any], place: Place, root: Path) -> dict[str, Any]:
    """The same settings for another folder, from where the totals of the field and the templates are still found."""
    for section, setting in (("trends", "field_totals"), ("report", "templates")):
        name = (settings.get(section) or {}).get(setting)
        if name:
            # Without "..": the root of a new study is no folder yet.
            path = os.path.normpath(place.root / name)
            moved = Path(os.path.relpath(path, root)).as_posix()
            settings = {**settings, section: {**settings[section], setting: moved}}
    return settings


def _new_place(root: Path, settings: dict[str, Any], sources: tuple[Path, ...]) -> Place:
    """A study in a folder of its own; never over another one."""
    relative = relate_sources(sources, root)
    _refuse_unwritable((settings.get("trends") or {}).get("field_totals") or "")
    _refuse_unwritable((settings.get("report") or {}).get("templates") or "")
    corpus = dict(settings.get("corpus") or {}, sources=relative)
    config = parse_config({**settings, "corpus": corpus})
    file = root / "study.toml"
    for part in (root, *root.parents):
        if part.is_file():
            raise InputError(f"{part}: this is a file. Give a folder with --out.")
    if file.exists():
        held = find_study(root)
        if set(held.sources) != set(sources):
            raise InputError(
                f"{root}: this folder already holds another study "
                f"(of {', '.join(source.name for source in held.sources) or 'no source'}). Choose another --out."
            )
        # A study that was edited after the first run keeps its settings.
        given = _settings(held.config, corpus.get("captured"), corpus.get("columns"))
        return Place(root, parse_config(given), held.sources, _keep_given(file, held.config, given))
    return Place(root, config, sources, _write_toml(config.model_dump(mode="json", exclude_unset=True)))


def find_corrections(place: Place) -> tuple[Correction, ...]:
    """The corrections by hand of a study, those that are still to be written there included.

    Raises
    ------
    InputError
        If they are at fault.
    """
    return read_corrections(place.curation) if place.curated is None else parse_corrections(place.curated)


def relate_sources(sources: Iterable[Path], root: Path) -> list[str]:
    """Paths of sources as a study in the folder `root` names them."""
    names = [Path(os.path.relpath(source, root)).as_posix() for source in sources]
    for name in names:
        _refuse_unwritable(name)
    return names


def _refuse_unwritable(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"{name!r}: a study cannot name this path, for it is not UTF-8 text. Rename it.") from None


def _keep_given(file: Path, held: Config, given: dict[str, Any]) -> str | None:
    """A study file that nobody has edited with what was given since; None where there is nothing to write."""
    written, new = (_write_toml(one.model_dump(mode="json", exclude_unset=True)) for one in (held, parse_config(given)))
    is_ours = file.is_file() and file.read_bytes() == written.encode()
    return new if is_ours and new != written else None


def _stem(source: Path) -> str:
    name = source.name
    for ending in (".gz", ".zip", ".zst"):
        name = name.removesuffix(ending)
    return Path(name).stem


def _write_toml(settings: dict[str, object]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items() if not isinstance(value, dict)]
    for section, values in settings.items():
        if isinstance(values, dict):
            named = values.get("named", [])
            plain = {key: value for key, value in values.items() if key != "named"}
            if plain:
                lines += ["", f"[{section}]", *(f"{key} = {_value(key, value)}" for key, value in plain.items())]
            for theme in named:
                lines += ["", f"[[{section}.named]]"]
                lines += [f"{key} = {_value(key, value)}" for key, value in theme.items()]
    return "\n".join(lines).strip() + "\n"


def _value(key: str, value: object) -> str:
    # Days are TOML dates, not strings; text and lists of text are alike in JSON and TOML.
    if key in ("captured", "start"):
        return str(value)
    # The one character that JSON leaves as it is and TOML refuses.
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value('', name)} = {_value('', part)}" for name, part in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
