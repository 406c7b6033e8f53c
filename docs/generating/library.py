"""The library's page: what `import analysis as tl` offers, by the step that it belongs to."""

import analysis
from analysis import plots

HEADS = {
    "analysis.study": "Studies and what is done with them",
    "analysis.corpus": "Papers",
    "analysis.trends": "Shares and trends",
    "analysis.config": "Settings and errors",
}


def list_library() -> dict[str, list[str]]:
    """Public names by the room that they come from; rooms that have no head of their own come last."""
    found: dict[str, list[str]] = {room: [] for room in HEADS}
    for name, home in analysis._HOMES.items():
        room = ".".join(home.split(".")[:2])
        found.setdefault(room, []).append(name)
    return {room: names for room, names in found.items() if names}


def list_plots() -> list[str]:
    """Names of the functions that draw a figure."""
    return [
        name
        for name in plots.__all__
        if getattr(getattr(plots, name), "__annotations__", {}).get("return") in ("go.Figure", plots.go.Figure)
    ]


def describe_library() -> str:
    """The page that lists every public function and class, with a page for each."""
    parts = [
        "# The library\n",
        "`import analysis as tl` gives all of these but the figures, which are `tl.plots`. Tables are pandas "
        "DataFrames; their columns stand in [the tables](tables.md). Corrections by hand are methods of "
        "{py:obj}`analysis.Study`.\n",
    ]
    for room, names in list_library().items():
        parts += [f"## {HEADS.get(room, room)}\n", _summarise("analysis", names)]
    parts += ["## Figures\n", "Each takes tables and returns a plotly Figure; none shows or writes.\n"]
    parts.append(_summarise("analysis.plots", list_plots()))
    return "\n".join(parts)


def _summarise(module: str, names: list[str]) -> str:
    lines = "\n".join(f"   {name}" for name in names)
    return (
        f"```{{eval-rst}}\n.. currentmodule:: {module}\n\n"
        f".. autosummary::\n   :toctree: api\n   :nosignatures:\n\n{lines}\n```\n"
    )
