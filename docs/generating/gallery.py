"""A gallery of every figure, with what it shows and what it reads."""

import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis import plots
from analysis.plots.flow import theme_flow

EXAMPLE = "example-"
EXPLORER = {
    "explorer-light": "The explorer in light: the map of papers, filters, a search and the shares over time.",
    "explorer-dark": "The explorer in dark: the same papers on a dark ground.",
    "explorer-lasso": "Papers inside a line drawn by hand, and the abstract of one of them.",
}
_HEAD = """# Gallery

Every figure that a run draws, here of the bundled study: 78 papers of a search page, so none of them shows a trend.
Where it has nothing to draw, [made-up papers](#where-something-moves) stand in. Each is written as HTML, PNG and SVG
into `figures/`, and `themeline figures STUDY` draws them again from the tables alone.
"""
_MOVES = """## Where something moves

What these figures look like when there is something to see: 2,160 made-up papers of three years, in which a rise, a
fall, a burst and a change of words were planted. The tests that call them are the same as of any study.
"""
_FLOW = """## theme-flow

{words}

`themeline compare OLD NEW --out DIR` draws it; here of made-up numbers.
"""
_EXPLORER = """## The explorer

Not a figure but the papers themselves, in JupyterLab (`study.explore()`) or as one page that works offline
(`themeline open STUDY`): [explore the papers](../howto/explore.md). In light and in dark, and with papers selected.
"""


def find_function(name: str) -> str:
    """Name of the function in `analysis.plots` that draws a figure of the registry."""
    used = plots.FIGURES[name].__code__.co_names
    return next(one for one in used if callable(getattr(plots, one, None)))


def describe_figures(
    figures: Mapping[str, Any],
    examples: Mapping[str, Any],
    pictures: Path,
    *,
    without: set[str],
    alt_of: Callable[[Any], str],
) -> str:
    """The page of the gallery.

    Parameters
    ----------
    figures : mapping of name to Figure
        What the bundled study gives.
    examples : mapping of name to Figure
        What made-up papers give; their pictures bear `EXAMPLE` before the name.
    pictures : Path
        Folder of the PNG files; those that the page names.
    without : set of str
        Figures for which the bundled study has no rows: an example stands in.
    alt_of : callable
        Says what a figure shows to who does not see it.
    """

    def show(name: str, *, made_up: bool) -> str:
        figure = (examples if made_up else figures).get(name)
        picture = pictures / f"{EXAMPLE if made_up else ''}{name}.png"
        # Without a browser there are no pictures.
        return _picture(picture, alt_of(figure)) if figure is not None and picture.is_file() else ""

    parts = [_HEAD]
    for name in plots.FIGURES:
        function = find_function(name)
        reads = ", ".join(f"`{table}`" for table in plots.READS[name])
        parts += [f"## {name}\n", _summarise(getattr(plots, function))]
        if name in without:
            parts.append("The bundled study has nothing to draw here; these papers are made up.\n")
        parts += [show(name, made_up=name in without), f"{{py:obj}}`analysis.plots.{function}`, from {reads}.\n"]
    parts += [_MOVES, *(show(name, made_up=True) for name in examples if name not in {*without, "theme-flow"})]
    parts += [_FLOW.format(words=_summarise(theme_flow).strip()), show("theme-flow", made_up=True), _EXPLORER]
    parts += [_picture(pictures / f"{name}.png", words) for name, words in EXPLORER.items()]
    return "\n".join(parts)


def _summarise(function: Callable[..., Any]) -> str:
    """The first paragraphs of a docstring, as Markdown."""
    doc = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    words = [doc[0], *([doc[1]] if len(doc) > 1 and "\n---" not in doc[1] else [])]
    return "\n\n".join(re.sub(r" \[\d+\]_", "", part.replace("\n", " ")).replace("``", "`") for part in words) + "\n"


def _picture(path: Path, alt: str) -> str:
    return f"![{' '.join(alt.split()).replace('[', '(').replace(']', ')')}]({path.name})\n"
