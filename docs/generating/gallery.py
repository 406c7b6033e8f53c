"""A gallery of every figure in the registry, with what it shows and what it reads."""

import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis import plots


def find_function(name: str) -> str:
    """Name of the function in `analysis.plots` that draws a figure of the registry."""
    used = plots.FIGURES[name].__code__.co_names
    return next(one for one in used if callable(getattr(plots, one, None)))


def describe_figures(figures: Mapping[str, Any], pictures: Path, *, alt_of: Callable[[Any], str]) -> str:
    """The page of the gallery.

    Parameters
    ----------
    figures : mapping of name to Figure
        What the bundled study gives.
    pictures : Path
        Folder of the PNG files; those that the page names.
    alt_of : callable
        Says what a figure shows to who does not see it.
    """
    parts = [
        "# Gallery\n",
        "Every figure that a run draws, here of the bundled study: 78 papers of a search page, so none of them shows "
        "a trend. Each is written as HTML, PNG and SVG into `figures/`, and `themeline figures STUDY` draws them again "
        "from the tables alone.\n",
    ]
    for name in plots.FIGURES:
        function = find_function(name)
        doc = inspect.cleandoc(getattr(plots, function).__doc__ or "").split("\n\n")
        words = [doc[0], *([doc[1]] if len(doc) > 1 and "\n---" not in doc[1] else [])]
        shown = "\n\n".join(re.sub(r" \[\d+\]_", "", part.replace("\n", " ")).replace("``", "`") for part in words)
        reads = ", ".join(f"`{table}`" for table in plots.READS[name])
        parts.append(f"## {name}\n\n{shown}\n")
        picture = pictures / f"{name}.png"
        if name in figures and picture.is_file():
            alt = " ".join(alt_of(figures[name]).split()).replace("[", "(").replace("]", ")")
            parts.append(f"![{alt}]({picture.name})\n")
        else:
            parts.append("Not drawn of the bundled study, whose table has no rows: see the function.\n")
        parts.append(f"{{py:obj}}`analysis.plots.{function}`, from {reads}.\n")
    return "\n".join(parts)
