"""Corrections of the small study of these tests, and what of its files is compared."""

import json

from tests.conftest import read_files

STARS, RECIPES = "galaxies-stars", "recipe"
CORRECTED_BY_HAND = """
[[corrections]]
do = "merge"
themes = ["galaxies-stars", "gone"]

[[corrections]]
do = "rename"
theme = "robotics"
label = "Robots at work"
"""


def tables_of(folder):
    """Its files without the figures: those are drawn when they are asked for."""
    return {name: data for name, data in read_files(folder).items() if not name.startswith("figures/")}


def record(folder):
    return json.loads((folder / "data/results/run.json").read_text(encoding="utf-8"))
