"""One palette: a colour, a marker and a dash for each theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

UNASSIGNED = "#8b8b8b"
INK = "#1f2328"
MUTED = "#59636e"
RULE = "#d8dee4"
BACKDROP = "#d0d7de"

# Found by search (tests/benchmarks/colors): any two, and each against the grey, stay 12.4 apart in CIEDE2000,
# also as seen with protanopia, deuteranopia and tritanopia (Machado 2009), and 3 : 1 or more on white.
COLORS = (
    "#1e5ec5",
    "#dc7c00",
    "#007e41",
    "#760058",
    "#008fff",
    "#cf2501",
    "#271bb4",
    "#b28b71",
    "#91577c",
    "#7680ad",
    "#4e3516",
    "#245645",
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
    {'robotics': '#dc7c00', 'alignment': '#1e5ec5', 'unassigned': '#8b8b8b'}
    >>> colors_for(["robotics", "agents"], keep={"robotics": "#dc7c00"})["agents"]
    '#1e5ec5'
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
    """Colour, marker and dash of each theme; no two of the first sixty look alike.

    Marker and dash belong to the colour: a theme that keeps its colour keeps
    them, whatever themes come and go, up to the twelfth.
    """
    colors = colors_for(theme_ids, keep=keep)
    used: Counter[str] = Counter()
    marks = {"unassigned": Mark(UNASSIGNED, "circle-open", "dot")}
    for theme in sorted(set(colors) - {"unassigned"}):
        color = colors[theme]
        rank = _place_of(color) + len(COLORS) * used[color.lower()]
        used[color.lower()] += 1
        marks[theme] = Mark(color, SYMBOLS[rank % len(SYMBOLS)], DASHES[rank % len(DASHES)])
    return {theme: marks[theme] for theme in colors}


def _place_of(color: str) -> int:
    """Place of a colour in the palette; one that is not of it has a place made of its digits."""
    return COLORS.index(color.lower()) if color.lower() in COLORS else int(color[1:], 16)


def is_color(text: object) -> bool:
    """True for a colour written as ``#rrggbb``: nothing else from a table reaches a figure."""
    if not isinstance(text, str) or len(text) != 7 or not text.startswith("#"):
        return False
    return all(digit in "0123456789abcdefABCDEF" for digit in text[1:])


def translucent(color: str, opacity: float) -> str:
    """A hex colour through which what lies behind shows.

    Examples
    --------
    >>> translucent("#1e5ec5", 0.5)
    'rgba(30,94,197,0.5)'
    """
    red, green, blue = _digits(color)
    return f"rgba({red},{green},{blue},{opacity:g})"


def pale(color: str, strength: float = 0.28) -> str:
    """A hex colour mixed with white.

    Examples
    --------
    >>> pale("#000000", 0.2)
    '#cccccc'
    """
    return blend(color, "#ffffff", strength)


def blend(color: str, other: str, part: float) -> str:
    """So much of a hex colour, the rest of another one.

    Examples
    --------
    >>> blend("#000000", "#ff0000", 0.4)
    '#990000'
    """
    mixed = (round(one * part + two * (1 - part)) for one, two in zip(_digits(color), _digits(other), strict=True))
    return "#" + "".join(f"{one:02x}" for one in mixed)


def readable_on(color: str) -> str:
    """Black or white, whichever has more contrast to a hex colour: 4.5 : 1 at least (WCAG 2.2, relative luminance).

    Examples
    --------
    >>> readable_on("#cfe1f5"), readable_on("#0b3c73")
    ('#000000', '#ffffff')
    """
    linear = (one / 3294.6 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in _digits(color))
    luminance = sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def _digits(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
