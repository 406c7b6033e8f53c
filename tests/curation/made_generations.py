"""Generations of themes with a planted truth."""

import numpy as np

from analysis.curation.matching import Generation


def make_generation(groups, *, labels=None, named=(), vectors=None):
    """Themes by their papers: ``{"robots": range(10)}``; `labels` where they are not the ids."""
    ids = [f"p{paper:03d}" for papers in groups.values() for paper in papers]
    themes = [theme for theme, papers in groups.items() for _ in papers]
    labels = {theme: (labels or {}).get(theme, theme) for theme in groups if theme != "unassigned"}
    return Generation(np.array(ids, dtype=object), np.array(themes, dtype=object), labels, frozenset(named), vectors)


def point_to(groups, directions):
    """Vectors of the papers of some groups: each group lies about its direction."""
    rng = np.random.default_rng(1)
    rows = [np.eye(8)[directions[theme]] + rng.normal(0, 0.05, 8) for theme, papers in groups.items() for _ in papers]
    vectors = np.array(rows)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
