"""The notebooks as they are committed."""

import shutil
from pathlib import Path

import nbformat

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted(FOLDER.glob("*.ipynb"))}
NAMES = list(NOTEBOOKS)
PLOTLY = "application/vnd.plotly.v1+json"


def code_of(notebook):
    """Its code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def says(name, words):
    """Whether a notebook says that this was seen."""
    return words in NOTEBOOKS[name].cells[-1].source.split("## What this does not show")[0]


def copy_study(study, folder):
    """A study with the notebooks in it, free to be changed; without what was kept of its run, so that it runs anew."""
    shutil.copytree(study.root, folder, ignore=shutil.ignore_patterns("cache", ".themeline"))
    shutil.copytree(FOLDER, folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder / "notebooks"
