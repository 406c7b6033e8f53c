"""One palette: a colour, a marker and a dash for each theme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

UNASSIGNED = "#9a9a9a"
INK = "#1f2328"
MUTED = "#59636e"
RULE = "#d8dee4"
BACKDROP = "#d0d7de"

# Found by search: any two, and each against the grey, stay 11 apart in CIEDE2000, also as seen
# with protanopia, deuteranopia and tritanopia (Machado 2009), and 2.4 : 1 or more on white.
COLORS = (
    "#1b62c4",
    "#f08a24",
    "#1d8a3c",
    "#8c1d5a",
    "#19affe",
    "#e6300f",
    "#271bb4",
    "#bc9f7b",
    "#b04c7d",
    "#7984ab",
    "#4a3b13",
    "#496748",
)
# Seven markers and five dashes share no factor with twelve colours, so the 84 first
# pairs of colour and marker, and the 60 first of colour and dash, all differ.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "triangle-down", "cross")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


class Mark(NamedTuple):
    """How one theme is drawn."""

    color: str
    symbol: str
    dash: str


def colors_for(theme_ids: Iterable[str], *, keep: Mapping[str, str] | None = None) -> dict[str, str]:
    """Colour of each theme, by its id.

    The order of `theme_ids` does not matter, so a table of shares and a table
    of themes give the same colours.

    Parameters
    ----------
    theme_ids : iterable of str
        Theme ids; ``unassigned`` is always grey.
    keep : mapping of theme id to hex colour, optional
        Colours given before: they stay, and new themes take what is free.

    Returns
    -------
    dict of theme id to hex colour, in the order of `theme_ids`
        From the thirteenth theme on colours come round again; marker and dash tell these apart.

    Examples
    --------
    >>> colors_for(["robotics", "alignment", "unassigned"])
    {'robotics': '#f08a24', 'alignment': '#1b62c4', 'unassigned': '#9a9a9a'}
    >>> colors_for(["robotics", "agents"], keep={"robotics": "#f08a24"})["agents"]
    '#1b62c4'
    """
    wanted = list(dict.fromkeys(theme_ids))
    given = {theme: color for theme, color in (keep or {}).items() if theme in wanted and is_color(color)}
    given["unassigned"] = UNASSIGNED
    taken = {color.lower() for color in given.values()}
    fresh = sorted(theme for theme in wanted if theme not in given)
    free = [color for color in COLORS if color not in taken]
    ladder = free + list(COLORS) * (1 + len(fresh) // len(COLORS))
    given |= dict(zip(fresh, ladder, strict=False))
    return {theme: given[theme] for theme in wanted}


def marks_for(theme_ids: Iterable[str], *, keep: Mapping[str, str] | None = None) -> dict[str, Mark]:
    """Colour, marker and dash of each theme; no two of the first sixty look alike."""
    colors = colors_for(theme_ids, keep=keep)
    ranks = {theme: rank for rank, theme in enumerate(sorted(set(colors) - {"unassigned"}))}
    marks = {
        theme: Mark(colors[theme], SYMBOLS[rank % len(SYMBOLS)], DASHES[rank % len(DASHES)])
        for theme, rank in ranks.items()
    }
    marks["unassigned"] = Mark(UNASSIGNED, "circle-open", "dot")
    return {theme: marks[theme] for theme in colors}


def is_color(text: object) -> bool:
    """True for a colour written as ``#rrggbb``: nothing else from a table reaches a figure."""
    if not isinstance(text, str) or len(text) != 7 or not text.startswith("#"):
        return False
    return all(digit in "0123456789abcdefABCDEF" for digit in text[1:])


def translucent(color: str, opacity: float) -> str:
    """A hex colour through which what lies behind shows.

    Examples
    --------
    >>> translucent("#1b62c4", 0.5)
    'rgba(27,98,196,0.5)'
    """
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def pale(color: str, strength: float = 0.28) -> str:
    """A hex colour mixed with white.

    Examples
    --------
    >>> pale("#000000", 0.2)
    '#cccccc'
    """
    parts = [round(int(color[i : i + 2], 16) * strength + 255 * (1 - strength)) for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
