"""Writes the pages that come from code and tables, into folders that hold nothing else."""

import re
import shutil
from pathlib import Path

import analysis as tl
from analysis.cli import _build_parser
from analysis.config import Config
from analysis.plots import READS
from analysis.reports.figures import alt_of, write_images
from analysis.results import describe_tables
from analysis.study import Study
from docs.generating.citing import describe_citing
from docs.generating.commands import describe_commands
from docs.generating.configuration import describe_settings, read_meanings
from docs.generating.example import draw_examples
from docs.generating.gallery import EXAMPLE, describe_figures
from docs.generating.library import describe_library

ROOT = Path(__file__).resolve().parents[2]


def write_pages(docs: Path, folder: Path) -> None:
    """Write ``reference/``, ``gallery/`` and ``measured/`` below the folder of the documentation.

    Parameters
    ----------
    docs : Path
        Folder of the site's sources.
    folder : Path
        Of a study that has been run: the gallery and the methods paragraph tell of it.
    """
    study = tl.load(folder)
    for name in ("reference", "gallery", "measured"):
        shutil.rmtree(docs / name, ignore_errors=True)
        (docs / name).mkdir()
    pages = {
        "reference/library.md": describe_library(),
        "reference/commands.md": describe_commands(_build_parser()),
        "reference/configuration.md": describe_settings(Config, read_meanings(docs / "meanings.toml")),
        "reference/tables.md": f"# The tables\n\n{_read_below(ROOT / 'data/README.md', '## Table dictionary')}"
        f"\n\n{describe_tables().replace('### ', '## ')}",
        "reference/citing.md": describe_citing(study, (ROOT / "CITATION.cff").read_text(encoding="utf-8")),
        "measured/changes.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
    }
    pages["gallery/index.md"] = _describe_gallery(study, docs / "gallery")
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8", newline="\n")
    _copy_measurements(docs / "measured")


def _describe_gallery(study: Study, folder: Path) -> str:
    """The page of the gallery, with its pictures beside it."""
    for picture in sorted([*study.place.figures.glob("*.png"), *(ROOT / "figures/gallery").glob("*.png")]):
        shutil.copyfile(picture, folder / picture.name)
    examples = draw_examples(study.themes)
    write_images({f"{EXAMPLE}{name}": one for name, one in examples.items()}, folder, formats=("png",))
    # The first table that a figure reads is the one that it draws.
    drawn = {name: reads[0].split("/")[1] for name, reads in READS.items()}
    without = {name for name, table in drawn.items() if name in examples and getattr(study, table).empty}
    return describe_figures(study.figures, examples, folder, without=without, alt_of=alt_of)


def _read_below(path: Path, head: str) -> str:
    """The paragraphs below a heading, up to the next one."""
    return re.split(r"\n#+ ", path.read_text(encoding="utf-8").split(f"{head}\n", 1)[1], maxsplit=1)[0].strip()


def _copy_measurements(folder: Path) -> None:
    source = ROOT / "figures/benchmarks"
    names = sorted(path.name for path in source.iterdir() if path.suffix in (".md", ".png", ".csv"))
    for name in names:
        shutil.copyfile(source / name, folder / name)
    pages = [name.removesuffix(".md") for name in names if name.endswith(".md")]
    listed = "\n".join([*pages, "changes"])
    (folder / "index.md").write_text(
        "# What was measured\n\nEvery number of the README stands in one of these pages, with the command that gives "
        f"it.\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n",
        encoding="utf-8",
        newline="\n",
    )
