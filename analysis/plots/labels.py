"""Places for labels on a map: beside their points, none over another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.plots.text import text_width

# Enough points to see where a crowd lies; more would only cost time.
_N_POINTS = 2000


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
    owner = np.repeat(np.arange(len(wanted)), [len(points) for _, _, points in wanted])
    every = np.concatenate([points for _, _, points in wanted]) if wanted else np.zeros((0, 2))
    stride = 1 + len(every) // _N_POINTS
    crowd, owner = every[::stride], owner[::stride]
    placed: list[Label] = []
    for i, (key, lines, points) in enumerate(wanted):
        if not lines:
            continue
        box = np.array([max(text_width(line, size) for line in lines) + 12, len(lines) * size * 1.3 + 6])
        middle = np.median(points, axis=0)
        places = _free_places(_spiral(middle, reach), box, np.array(frame), placed)
        if not len(places):
            continue
        tips = _tips(places, box, points[:: 1 + len(points) // _N_POINTS], middle)
        under = _under(places, box + 14, crowd)
        hidden, hidden_own = under.sum(axis=1), under[:, owner == i].sum(axis=1)
        # Of thousands of points some must hide, its own sooner than those of others.
        many = np.minimum(3.0 * stride * (2 * hidden - hidden_own), 260)
        cost = many if len(every) > 300 else 100.0 * hidden
        cost = cost + np.linalg.norm(tips - _edge(places, box, tips), axis=1)
        cost += 0.12 * np.linalg.norm(places - middle, axis=1) + 90 * _n_crossed(places, box, tips, placed)
        best = int(np.argmin(cost))
        placed.append(Label(key, lines, _pair(tips[best]), _pair(places[best]), float(box[0]), float(box[1])))
    return placed


def leader_of(label: Label) -> tuple[tuple[float, float], tuple[float, float]]:
    """The line from the edge of a label to the point that it speaks for."""
    tip = np.array([label.tip])
    return _pair(_edge(np.array([label.place]), _box(label), tip)[0]), label.tip


def _pair(place: np.ndarray) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _box(label: Label) -> np.ndarray:
    return np.array([label.width, label.height])


def _spiral(middle: np.ndarray, reach: float) -> np.ndarray:
    radius = np.repeat(np.arange(10.0, reach + 1, 10), 20)
    # A slant so that no direction is favoured from ring to ring.
    angle = math.tau * (np.tile(np.arange(20), len(radius) // 20) + 0.37 * radius) / 20
    rings = np.column_stack([1.5 * radius * np.cos(angle), radius * np.sin(angle)])
    return np.asarray(middle + np.concatenate([np.zeros((1, 2)), rings]))


def _free_places(places: np.ndarray, box: np.ndarray, frame: np.ndarray, placed: list[Label]) -> np.ndarray:
    free = ((places >= box / 2) & (places <= frame - box / 2)).all(axis=1)
    for label in placed:
        apart = np.abs(places - label.place) >= (box + _box(label)) / 2 + 6
        free &= apart.any(axis=1)
    return np.asarray(places[free])


def _under(places: np.ndarray, box: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points each box hides: one row per place."""
    over, beside = (np.abs(places[:, None, axis] - points[None, :, axis]) < box[axis] / 2 for axis in (0, 1))
    return np.asarray(over & beside)


def _edge(places: np.ndarray, box: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The nearest of each box to a point."""
    return np.asarray(np.clip(points, places - box / 2, places + box / 2))


def _tips(places: np.ndarray, box: np.ndarray, own: np.ndarray, middle: np.ndarray) -> np.ndarray:
    astray = np.linalg.norm(own - middle, axis=1)
    # Of the crowd: a stray paper says little about its theme.
    near = own[astray <= np.quantile(astray, 0.8)]
    away = np.maximum(np.abs(places[:, None, :] - near[None, :, :]) - box / 2, 0)
    return np.asarray(near[np.argmin((away**2).sum(axis=2), axis=1)])


def _n_crossed(places: np.ndarray, box: np.ndarray, tips: np.ndarray, placed: list[Label]) -> np.ndarray:
    """How often a line runs under another label, for each place."""
    crossed = np.zeros(len(places))
    steps = np.linspace(0, 1, 12)[None, :, None]
    starts = _edge(places, box, tips)
    lines = starts[:, None, :] + steps * (tips - starts)[:, None, :]
    for label in placed:
        crossed += (np.abs(lines - np.array(label.place)) < _box(label) / 2).all(axis=2).any(axis=1)
        start, end = (np.array(place) for place in leader_of(label))
        crossed += _under(places, box, start + steps[0] * (end - start)).any(axis=1)
    return crossed
