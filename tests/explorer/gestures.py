"""Where made-up papers lie, and lines around them."""

from __future__ import annotations

import numpy as np

from tests.made_study import copy_tables


def unit_vectors(n_papers, seed=3):
    vectors = np.random.default_rng(seed).normal(size=(n_papers, 24)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def surround(points, *, by=9):
    """A rectangle around some places."""
    xs, ys = zip(*points, strict=True)
    left, right, top, bottom = min(xs) - by, max(xs) + by, min(ys) - by, max(ys) + by
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def plant(tables):
    """Ten papers far from the rest, on the right."""
    tables = copy_tables(tables)
    rng = np.random.default_rng(1)
    tables.papers["map_x"] = np.r_[rng.uniform(18, 20, 10), rng.uniform(0, 8, len(tables.papers) - 10)]
    tables.papers["map_y"] = np.r_[rng.uniform(0, 2, 10), rng.uniform(0, 9, len(tables.papers) - 10)]
    return tables
