"""Places for labels on a map: beside their points, none over another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.plots.text import text_width

# Enough points to see where a crowd lies; more would only cost time.
_N_POINTS = 5000


@dataclass(frozen=True)
class Label:
    """A label, its box and the point that it speaks for, in pixels."""

    key: str
    lines: tuple[str, ...]
    tip: tuple[float, float]
    place: tuple[float, float]
    width: float
    height: float


def place_labels(
    wanted: list[tuple[str, tuple[str, ...], np.ndarray]],
    *,
    frame: tuple[float, float],
    size: float,
    reach: float = 420,
) -> list[Label]:
    """Put each label near its own points, over as few points as may be and over no earlier label.

    Parameters
    ----------
    wanted : list of (key, lines, points)
        Points, an array of shape (n_points, 2), in pixels within `frame`; the
        first label gets its place first. One without lines only holds points
        that the others should not hide.
    frame : (width, height)
        Labels stay inside, pixels.
    size : float
        Font size, pixels.
    reach : float
        A label that finds no room within this distance of the middle of its points is left out.

    Returns
    -------
    list of Label
        No two boxes overlap.
    """
    every = np.concatenate([points for _, _, points in wanted]) if wanted else np.zeros((0, 2))
    crowd = every[:: 1 + len(every) // _N_POINTS]
    placed: list[Label] = []
    for key, lines, points in wanted:
        if not lines:
            continue
        box = (max(text_width(line, size) for line in lines) + 12, len(lines) * size * 1.3 + 6)
        middle = (float(np.median(points[:, 0])), float(np.median(points[:, 1])))
        own = points[:: 1 + len(points) // _N_POINTS]
        free = [
            label
            for label in (Label(key, lines, _tip(place, box, own, middle), place, *box) for place in _spiral(*middle, reach))
            if _fits(label, frame) and not any(_overlap(label, other) for other in placed)
        ]
        if free:
            placed.append(min(free, key=lambda label: _cost(label, middle, own, crowd, placed)))
    return placed


def _cost(
    label: Label, middle: tuple[float, float], own: np.ndarray, crowd: np.ndarray, placed: list[Label]
) -> float:
    hidden, hidden_own = _n_under(label, crowd), _n_under(label, own)
    # Of thousands of points some must hide, its own sooner than those of others.
    cover = 100.0 * hidden if len(crowd) <= 300 else min(3.0 * (2 * hidden - min(hidden_own, hidden)), 260)
    gap = math.dist(label.tip, _nearest_of_box(label, label.tip))
    crossed = sum(_crosses(label, other) or _crosses(other, label) for other in placed)
    return cover + gap + 0.12 * math.dist(label.place, middle) + 90 * crossed


def _n_under(label: Label, points: np.ndarray) -> int:
    # Seven pixels: half a marker.
    over_x = np.abs(points[:, 0] - label.place[0]) < label.width / 2 + 7
    over_y = np.abs(points[:, 1] - label.place[1]) < label.height / 2 + 7
    return int(np.sum(over_x & over_y))


def _tip(
    place: tuple[float, float], box: tuple[float, float], own: np.ndarray, middle: tuple[float, float]
) -> tuple[float, float]:
    away_x = np.maximum(np.abs(own[:, 0] - place[0]) - box[0] / 2, 0)
    away_y = np.maximum(np.abs(own[:, 1] - place[1]) - box[1] / 2, 0)
    # Of its crowd: a stray paper says little about its theme.
    astray = np.hypot(own[:, 0] - middle[0], own[:, 1] - middle[1])
    away = np.where(astray <= np.quantile(astray, 0.8), np.hypot(away_x, away_y), np.inf)
    nearest = int(np.argmin(away))
    return float(own[nearest, 0]), float(own[nearest, 1])


def _nearest_of_box(label: Label, point: tuple[float, float]) -> tuple[float, float]:
    (x, y), half_width, half_height = label.place, label.width / 2, label.height / 2
    return min(max(point[0], x - half_width), x + half_width), min(max(point[1], y - half_height), y + half_height)


def leader_of(label: Label) -> tuple[tuple[float, float], tuple[float, float]]:
    """The line from the edge of a label to the point that it speaks for."""
    return _nearest_of_box(label, label.tip), label.tip


def _crosses(label: Label, other: Label) -> bool:
    """True where the line of `label` runs under the box of `other`."""
    (x0, y0), (x1, y1) = leader_of(label)
    steps = np.linspace(0, 1, 12)
    over_x = np.abs(x0 + (x1 - x0) * steps - other.place[0]) < other.width / 2
    over_y = np.abs(y0 + (y1 - y0) * steps - other.place[1]) < other.height / 2
    return bool(np.any(over_x & over_y))


def _spiral(x: float, y: float, reach: float) -> list[tuple[float, float]]:
    places = [(x, y)]
    radius = 10.0
    while radius <= reach:
        # A slant so that no direction is favoured from ring to ring.
        places += [
            (x + 1.5 * radius * math.cos(angle), y + radius * math.sin(angle))
            for angle in (math.tau * (step + 0.37 * radius) / 20 for step in range(20))
        ]
        radius += 10
    return places


def _fits(label: Label, frame: tuple[float, float]) -> bool:
    (x, y), half_width, half_height = label.place, label.width / 2, label.height / 2
    return half_width <= x <= frame[0] - half_width and half_height <= y <= frame[1] - half_height


def _overlap(one: Label, other: Label) -> bool:
    apart_x = abs(one.place[0] - other.place[0]) >= (one.width + other.width) / 2 + 6
    apart_y = abs(one.place[1] - other.place[1]) >= (one.height + other.height) / 2 + 6
    return not (apart_x or apart_y)
