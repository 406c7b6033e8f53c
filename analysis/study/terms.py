"""Counts of phrases beside the model: written at every fit and addition, for corrections that come later."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.curation import collect_counts, read_counts, write_counts
from analysis.study.places import Place
from analysis.themes.extending import Extended


def keep_counts(data: Path, fitted: Extended, counted: Sequence[str], papers: pd.DataFrame) -> None:
    """Write beside a model what keyphrases are found from again after a correction.

    Parameters
    ----------
    data : Path
        Folder of the study's data.
    fitted : Extended
    counted : sequence of str
        Papers whose phrases stand in the fit's book.
    papers : DataFrame
        All papers: columns ``paper_id``, ``title``, ``abstract``.
    """
    book = fitted.tables.book
    if book is not None:
        counts = collect_counts(book, counted, papers, fitted.tables.model, fitted.placements)
        write_counts(counts, data / "model")


def extend_counts(place: Place, data: Path, extended: Extended, papers: pd.DataFrame) -> None:
    """The same after papers were added: those that are new, or whose text is, are counted.

    Parameters
    ----------
    place : Place
    data : Path
        Folder that is written; the counts so far lie in that of the study.
    extended : Extended
    papers : DataFrame
        All papers.
    """
    try:
        known = read_counts(place.data / "model")
    except InputError:
        # Of a study from before phrases were kept nothing can be counted on; corrections say so when they need it.
        return
    stays = papers["paper_id"].to_numpy(dtype=object)[~extended.is_new]
    kept = known.align(stays.tolist())
    rows = kept.counted.nonzero()[0]
    book = dataclasses.replace(kept.book, counts=kept.book.counts[rows])
    tables = dataclasses.replace(extended.tables, book=book)
    keep_counts(data, dataclasses.replace(extended, tables=tables), stays[rows].tolist(), papers)
