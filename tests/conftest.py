"""Studies that several test folders share, and a way to make small ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent
SUBJECTS = (
    "robot grasping with imitation learning",
    "contrastive representation learning of images",
    "reward models from human feedback",
)
# No browser: pictures are tested once, with the bundled study.
QUICK = '[figures]\nformats = ["html"]\n'

# No test fails for the time that an example takes: machines differ.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class Answer(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The one message of a command that refused."""
        return self.err.split("themeline: ", 1)[1].strip()


def make_papers(n_papers: int, **changes: Any) -> list[dict[str, Any]]:
    """Records of papers on three subjects, two a year from 2018 on."""
    return [
        {
            "id": f"p{i}",
            "title": f"Paper {i} on {SUBJECTS[i % 3]}",
            "abstract": f"We study {SUBJECTS[i % 3]} in setting {i} and find new results.",
            "published": f"{2018 + i // 2}-0{1 + i % 9}-11",
            **changes,
        }
        for i in range(n_papers)
    ]


def write_jsonl(path: Path, records: list[dict[str, Any]]) -> Path:
    """A corpus as JSON lines; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def write_study(folder: Path, records: list[dict[str, Any]], *, settings: str = "", n_alternatives: int = 2) -> Path:
    """A folder with a corpus and a ``study.toml`` that needs no browser."""
    write_jsonl(folder / "papers.jsonl", records)
    toml = f'[corpus]\nsources = ["papers.jsonl"]\n{QUICK}[themes]\nn_alternatives = {n_alternatives}\n{settings}'
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return folder


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file of a study by its path; not the lock, not the cache, not the record of the run."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.relative_to(folder).is_relative_to(".themeline")
        and not path.relative_to(folder).is_relative_to("data/cache")
        and path.name != "run.json"
    }


def forget_run(folder: Path) -> None:
    """Let the next run compute again though nothing has changed."""
    (folder / ".themeline" / "made.json").unlink()


@pytest.fixture
def themeline(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command line, in this process."""
    from analysis.cli import main

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:  # argparse
            code = int(left.code or 0)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def bundled_study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The bundled study, run once into a folder of its own; read only."""
    from analysis.study import run

    return run(REPOSITORY / "study.toml", out=tmp_path_factory.mktemp("bundled") / "study")


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A study of twelve papers, run once; read only: copy its folder to change it."""
    from analysis.study import run

    return run(write_study(tmp_path_factory.mktemp("small") / "study", make_papers(12)))
