"""From papers to tables: themes found in a fit or placed by one, then everything that is counted over them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.results import Tables
from analysis.study.counting import FieldTotals, count_moves, find_captured
from analysis.study.identity import inherit_from, read_last, say_identity
from analysis.study.places import Place
from analysis.study.progress import show_progress
from analysis.study.record import describe_run
from analysis.study.writing import Say
from analysis.themes import ThemeTables
from analysis.themes.extending import Extended


def fit_themes(place: Place, corpus: Corpus, say: Say, *, read: float, fresh: bool = False) -> Extended:
    """Find and name the themes of a corpus, each in its colour; of a large one those of a sample.

    Parameters
    ----------
    place : Place
        Themes that its last results know keep id, label and colour.
    corpus : Corpus
    say : callable
    read : float
        Seconds that reading took.
    fresh : bool, default False
        Name and colour all themes as if there were no results.

    Returns
    -------
    Extended
    """
    from analysis.plots import colors_for
    from analysis.plots.palette import COLORS
    from analysis.themes.sampling import fit_and_place

    last = None if fresh else read_last(place)
    fitted = fit_and_place(
        corpus.papers,
        place.config,
        set_aside=corpus.set_aside,
        cache=place.data / "cache",
        watch=show_progress,
        inherit=inherit_from(last, place.config) if last else None,
    )
    found = fitted.tables
    for rung in found.rungs:
        say(f"themes   {rung}")
    if last is not None:
        say(f"themes   {say_identity(last, found.identity, found.themes)}")
    # A colour that the palette no longer has would not be apart from those that it has.
    kept = {theme: color for theme, color in (last.colors if last else {}).items() if color in COLORS}
    by_hand = [theme for theme in kept if last and theme not in last.themes.labels]
    colors = colors_for([*found.themes["theme"], *by_hand], keep=kept)
    themes = found.themes.assign(color=found.themes["theme"].map(colors))
    seconds = {"read": round(read, 3), **found.seconds}
    return replace(fitted, tables=replace(found, themes=themes, seconds=seconds))


def count_tables(
    place: Place,
    corpus: Corpus,
    found: ThemeTables,
    *,
    is_placed: np.ndarray[Any, np.dtype[np.bool_]],
    field: FieldTotals | None,
    lineage: list[dict[str, Any]],
    placement: dict[str, Any] | None = None,
    say: Say,
) -> Tables:
    """Count and test everything below the waist, and write the record of the run.

    Parameters
    ----------
    place : Place
    corpus : Corpus
    found : ThemeTables
    is_placed : bool array (n_papers,)
        Papers that had no part in the fit.
    field : FieldTotals or None
    lineage : list of dict
        How the papers came in: ``how`` (fitted, placed), ``sources``, ``n_papers``.
    placement : dict or None
        What is known of the papers that were placed last.
    say : callable

    Returns
    -------
    Tables
    """
    started = time.perf_counter()
    columns = list(corpus.papers.columns)
    labels = [name for name in columns if name.startswith("label_")]
    plain = [name for name in columns if name not in labels]
    analysed = found.placed.assign(placed=is_placed)
    papers = pd.concat([corpus.papers[plain], analysed, corpus.papers[labels]], axis=1)
    moves = count_moves(
        papers,
        found.themes,
        found.topics,
        found.alternatives,
        place.config,
        captured=find_captured(corpus, place.config),
        field=field,
    )
    say(f"trends   {moves.facts['period']['reason']}")
    for fact in ("global_change", "field"):
        if moves.facts[fact]:
            say(f"         {moves.facts[fact]}")
    found = replace(found, seconds={**found.seconds, "count": round(time.perf_counter() - started, 3)})
    facts = {**moves.facts, "lineage": lineage, **({"placement": placement} if placement else {})}
    return Tables(
        papers=papers,
        topics=found.topics,
        themes=found.themes,
        theme_scores=found.theme_scores,
        theme_phrases=found.theme_phrases,
        theme_overlaps=found.theme_overlaps,
        alternatives=found.alternatives,
        set_aside=corpus.set_aside,
        merges=corpus.merges,
        near_duplicates=corpus.near_duplicates,
        date_audit=corpus.date_audit,
        date_conflicts=corpus.date_conflicts,
        ledger=corpus.flow,
        **moves.tables,
        run=describe_run(place.config, corpus, found, facts),
    )


@contextmanager
def limit_algebra() -> Iterator[None]:
    """Sums in one order: with more threads the last digits differ, and the map turns on them."""
    import scipy.linalg  # noqa: F401 -- brings its own BLAS; the limit reaches only what is loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield
