"""Tables as they were found, kept under data/found while a study is corrected by hand: what corrections start from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.results import schema
from analysis.results.columns import Column
from analysis.results.store import Tables, read_table, read_tables, write_table

# Of the papers only what corrections change; their texts stand in results/papers alone.
_OF_PAPERS = ("paper_id", "theme", "theme_score", "theme_margin", "theme_runner_up", "theme_reason", "why_here")
FOUND: dict[str, tuple[Column, ...]] = {
    "found/papers": tuple(column for column in schema.PAPERS if column.name in _OF_PAPERS),
    "found/topics": schema.TOPICS,
    "found/themes": schema.THEMES,
    "found/theme_scores": schema.THEME_SCORES,
    "found/theme_phrases": schema.THEME_PHRASES,
    "found/theme_overlaps": schema.THEME_OVERLAPS,
    "found/alternatives": schema.ALTERNATIVES,
}


def write_found(tables: Tables, data: Path) -> None:
    """Write what corrections will change of the tables under the folder `data`."""
    for name, columns in FOUND.items():
        path = data / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame: pd.DataFrame = getattr(tables, path.stem)
        write_table(frame[list(_OF_PAPERS)] if path.stem == "papers" else frame, columns, path)


def read_found(data: Path, *, tables: Tables | None = None) -> Tables:
    """The tables of a study before corrections by hand; of one that has none, its tables.

    The tables under ``derived`` are those of the corrected study.

    Parameters
    ----------
    data : Path
    tables : Tables, optional
        What `analysis.results.read_tables` read there, where it was read already.

    Raises
    ------
    InputError
        If a table is missing, damaged or of another schema version.
    """
    tables = read_tables(data) if tables is None else tables
    if not holds_found(data):
        return tables
    frames = {Path(name).name: read_table(data / f"{name}.parquet", columns) for name, columns in FOUND.items()}
    papers = frames.pop("papers")
    if list(papers["paper_id"]) != list(tables.papers["paper_id"]):
        raise InputError(f"{data / 'found'}: these tables are of other papers than data/results. Run the study again.")
    run = {name: value for name, value in tables.run.items() if name != "corrections"}
    whole = tables.papers.assign(**papers.drop(columns="paper_id"))
    return dataclasses.replace(tables, **frames, papers=whole, run=run)


def holds_found(data: Path) -> bool:
    """Whether tables before corrections by hand are kept under the folder `data`."""
    return any((data / f"{name}.parquet").exists() for name in FOUND)


def list_found() -> list[str]:
    """Where the tables before corrections lie, by their path in a study."""
    return [f"data/{name}.parquet" for name in FOUND]
