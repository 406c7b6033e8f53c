"""Places for labels on a map, none over another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.plots.text import text_width, wrap_lines


@dataclass(frozen=True)
class Label:
    """A label and its box, in pixels."""

    key: str
    lines: tuple[str, ...]
    anchor: tuple[float, float]
    place: tuple[float, float]
    width: float
    height: float


def place_labels(
    wanted: list[tuple[str, str, float, float]],
    points: np.ndarray,
    *,
    frame: tuple[float, float],
    size: float,
    width: int = 24,
    reach: float = 220,
) -> list[Label]:
    """Put each label near its anchor, over as few points as may be and over no earlier label.

    Parameters
    ----------
    wanted : list of (key, text, x, y)
        Anchors in pixels within `frame`; the first gets its place first.
    points : ndarray of shape (n_points, 2)
        What labels should not hide, pixels.
    frame : (width, height)
        Labels stay inside, pixels.
    size : float
        Font size, pixels.
    width : int
        Characters per line.
    reach : float
        A label that finds no room within this distance, pixels, is left out.

    Returns
    -------
    list of Label
        No two boxes overlap.
    """
    placed: list[Label] = []
    for key, text, x, y in wanted:
        lines = tuple(wrap_lines(text, width, n_lines=2))
        box = (max(text_width(line, size) for line in lines) + 12, len(lines) * size * 1.3 + 8)
        free = [
            label
            for label in (Label(key, lines, (x, y), place, *box) for place in _spiral(x, y, reach))
            if _fits(label, frame) and not any(_overlap(label, other) for other in placed)
        ]
        if free:
            placed.append(min(free, key=lambda label: _cost(label, points)))
    return placed


def _cost(label: Label, points: np.ndarray) -> float:
    away = math.dist(label.place, label.anchor)
    over_x = np.abs(points[:, 0] - label.place[0]) < label.width / 2 + 7
    over_y = np.abs(points[:, 1] - label.place[1]) < label.height / 2 + 7
    hidden = int(np.sum(over_x & over_y))
    # A hidden point weighs as much as 25 pixels of distance; in a crowd of thousands some must hide.
    return away + 25 * min(hidden, 12)


def _spiral(x: float, y: float, reach: float) -> list[tuple[float, float]]:
    places = [(x, y)]
    radius = 10.0
    while radius <= reach:
        # A slant so that no direction is favoured from ring to ring.
        places += [
            (x + 1.5 * radius * math.cos(angle), y + radius * math.sin(angle))
            for angle in (math.tau * (step + 0.37 * radius) / 16 for step in range(16))
        ]
        radius += 10
    return places


def _fits(label: Label, frame: tuple[float, float]) -> bool:
    (x, y), half_width, half_height = label.place, label.width / 2, label.height / 2
    return half_width <= x <= frame[0] - half_width and half_height <= y <= frame[1] - half_height


def _overlap(one: Label, other: Label) -> bool:
    apart_x = abs(one.place[0] - other.place[0]) >= (one.width + other.width) / 2 + 4
    apart_y = abs(one.place[1] - other.place[1]) >= (one.height + other.height) / 2 + 4
    return not (apart_x or apart_y)
