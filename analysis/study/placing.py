"""Papers placed by a study that stays as it is: a stream of records in, a stream of rows out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.cache import Cache
from analysis.config import Config, InputError
from analysis.corpus.collecting import Collector
from analysis.corpus.crew import Crew, count_workers
from analysis.corpus.identity import identify_records
from analysis.corpus.preparing import Prepared
from analysis.corpus.progress import Meter, measure_sources
from analysis.corpus.reading import Reading
from analysis.corpus.records import ColumnMap, Context
from analysis.corpus.table import settle_papers
from analysis.curation import Route, find_labels, follow_routes, rename_in_reasons
from analysis.results import Tables
from analysis.study.adding import check_fit
from analysis.study.places import Place
from analysis.study.progress import show_progress
from analysis.study.row_files import COLUMNS, Write, open_rows
from analysis.study.run import load
from analysis.study.writing import Say
from analysis.themes import join_text
from analysis.themes.embedding import encode_cached, find_encoder
from analysis.themes.model import read_model
from analysis.themes.placing import Placer
from analysis.themes.shift import find_far

# Records that are read, embedded and placed at a time; nothing of them stays but the rows written.
_PIECE = 8_192
# Bytes of text from which on other processes clean the records; they take a second to start.
_WITH_WORKERS = 32 * 2**20


@dataclass(frozen=True)
class Summary:
    """What came of placing a source.

    Attributes
    ----------
    n_read, n_placed, n_set_aside : int
        Records; those without title and abstract, or at fault, are set aside.
    n_unassigned : int
        Placed papers that no theme claims.
    n_far : int
        Placed papers that lie farther from the fitted ones than 99 in 100 of those from each other.
    notes : tuple of str
        What was seen on the way.
    """

    n_read: int
    n_placed: int
    n_set_aside: int
    n_unassigned: int
    n_far: int
    notes: tuple[str, ...]


class StudyPlacer:
    """The fitted model of a study, ready to place records.

    Parameters
    ----------
    place : Place
    tables : Tables
        Of that study.

    Raises
    ------
    InputError
        If the study keeps no model, or its settings or encoder are no longer those of the fit.
    """

    def __init__(self, place: Place, tables: Tables) -> None:
        check_fit(place.config, tables)
        self._model = read_model(place.data / "model")
        config: Config = place.config
        self._encoder = find_encoder(config.embedding.encoder, fitted=self._model.encoder)
        if self._encoder.version != self._model.encoder["version"]:
            raise InputError(
                f"the study was fitted with encoder {self._model.encoder['name']}, but [embedding] now gives "
                f"{self._encoder.name}. Run the study again."
            )
        self._placer = Placer(self._model, config)
        # The model places papers in the themes that were found; corrections by hand may have made others of those.
        routes = (tables.run.get("corrections") or {}).get("routes", [])
        self._routes = [Route(one["theme"], tuple(one["topics"]), one["to"]) for one in routes]
        self._themes = dict(zip(tables.themes["theme"], tables.themes["label"], strict=True))
        self._topics = dict(zip(tables.topics["topic"], tables.topics["label"], strict=True))

    def place(self, table: Any) -> pd.DataFrame:
        """One row per record of an Arrow table of clean ones, in their order; see `place_source` for the columns."""
        papers = settle_papers(table).assign(paper_id=identify_records(table).paper_id)
        texts = [join_text(*pair) for pair in zip(papers["title"], papers["abstract"], strict=True)]
        placed = self._placer.place(papers, texts, encode_cached(texts, self._encoder)[0])
        told = papers[["paper_id", "title", "published", "source", "position"]]
        rows = pd.concat([told, placed.table.reset_index(drop=True)], axis=1)
        rows = self._correct(rows)
        rows = rows.assign(
            topic_label=rows["topic"].map(self._topics),
            label=rows["theme"].map({"unassigned": "Unassigned", **self._themes}),
            nearness=placed.nearness.astype(float).round(4),
        )
        return rows[list(COLUMNS)]

    def _correct(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The themes that the model knows, as corrections by hand left them."""
        found = dict(zip(self._model.theme_ids, self._model.labels, strict=True))
        now = find_labels(self._themes, self._routes)
        reasons = rename_in_reasons(rows["theme_reason"], rows["theme"].to_numpy(dtype=object), found, now)
        return follow_routes(rows.assign(theme_reason=reasons), self._routes)

    def count_far(self, rows: pd.DataFrame) -> int:
        """How many of these papers are far from the fitted ones."""
        return int(find_far(rows["nearness"].to_numpy(dtype=np.float32), self._model.nearness.round(4)).sum())


class _Passing(Collector):
    """Hands on the records that are ready, and keeps of the others a count."""

    def __init__(self, crew: Crew, take: Callable[[Any], object]) -> None:
        super().__init__(crew)
        self._take = take
        self.n_aside = 0
        self.first_reason = ""

    def keep(self, prepared: Prepared) -> None:
        super().keep(prepared)
        self.count_aside()
        if sum(table.num_rows for table in self.tables) >= _PIECE:
            self._take(self.take_table())

    def finish(self) -> None:
        super().finish()
        self.count_aside()
        if self.tables:
            self._take(self.take_table())

    def count_aside(self) -> None:
        if self.aside:
            self.first_reason = self.first_reason or self.aside[0].item.reason
            self.n_aside += len(self.aside)
            self.aside.clear()


class _Tally:
    """Places what is handed on, and counts."""

    def __init__(self, placer: StudyPlacer, write: Write, on_done: Callable[[int], object] | None) -> None:
        self._placer, self._write, self._on_done = placer, write, on_done
        self.n_placed = self.n_unassigned = self.n_far = 0

    def take(self, table: Any) -> None:
        rows = self._placer.place(table)
        self._write(rows)
        self.n_placed += len(rows)
        self.n_unassigned += int((rows["theme"] == "unassigned").sum())
        self.n_far += self._placer.count_far(rows)
        if self._on_done:
            self._on_done(len(rows))


def place_stream(
    placer: StudyPlacer,
    source: str | Path | pd.DataFrame,
    write: Write,
    *,
    columns: Mapping[str, str] | None = None,
    on_done: Callable[[int], object] | None = None,
) -> Summary:
    """Place every record of a source, some thousand at a time.

    Parameters
    ----------
    placer : StudyPlacer
    source : path or DataFrame
    write : callable
        Called with the rows of one piece after the other.
    columns : mapping, optional
        Our name to the table's own, where it is not found by itself.
    on_done : callable, optional
        Called with the number of papers placed since the last call.

    Raises
    ------
    InputError
        If the source is missing, damaged or of no known kind, or holds no paper; some pieces may be written by then.
    """
    mapping, tally, size = ColumnMap(columns or {}), _Tally(placer, write, on_done), measure_sources([source])
    n_workers = count_workers() if size.n_unpacked >= _WITH_WORKERS else 0
    with closing(Crew(n_workers, with_signatures=False)) as crew:
        collector = _Passing(crew, tally.take)
        reading = Reading(Context(None, mapping), collector, Meter(None, size.n_bytes), Cache(None))
        reading.read_all([source])
    absent = [f"{ours}={theirs}" for ours, theirs in mapping.items() if ours not in mapping.met]
    faults = reading.faults or ([f"--map {' '.join(absent)}: the source has no such column."] if absent else [])
    if faults:
        raise InputError("\n".join(faults))
    if not tally.n_placed:
        reason = f": {collector.first_reason}" if collector.first_reason else ""
        name = "DataFrame" if isinstance(source, pd.DataFrame) else source
        raise InputError(f"{name}: no paper could be read{reason}. Each paper needs a title or an abstract.")
    n_read = sum(facts.n_read for facts in reading.facts)
    return Summary(n_read, tally.n_placed, collector.n_aside, tally.n_unassigned, tally.n_far, tuple(reading.notes))


def place_source(
    study: str | Path,
    source: str | Path,
    *,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    say: Say | None = None,
) -> Summary:
    """Place the papers of a source in a study, which stays as it is.

    Parameters
    ----------
    study : path
        A ``study.toml`` or its folder.
    source : path
        Any supported source; it may be larger than memory. Records are not
        merged: a paper that stands there twice is placed twice.
    out : path, optional
        A file that ends in ``.parquet``, ``.csv`` or ``.jsonl``, or a new folder
        for Parquet files of some thousand rows each; default ``<stem>-placed.parquet``.
    columns : mapping, optional
        Our name to the table's own, where it is not found by itself.
    say : callable, optional
        Receives one line per step.

    Returns
    -------
    Summary

    Raises
    ------
    InputError
        If the study, its model or the source is at fault; nothing is written then.

    Notes
    -----
    The columns are those of ``results/papers`` from ``topic`` to ``map_y``,
    before them ``paper_id``, ``title`` and ``published``, after them ``source``
    and ``position``, and besides ``topic_label``, ``label`` (of the theme) and
    ``nearness`` (mean cosine to the five nearest fitted papers).
    """
    opened = load(study)
    target = Path(f"{Path(source).name.partition('.')[0]}-placed.parquet") if out is None else Path(out)
    if target.exists() and Path(source).exists() and target.samefile(source):
        raise InputError(f"--out {target}: this is the source. A source is never changed; give another name.")
    with open_rows(target) as write, show_progress("place", None) as on_done:
        placer = StudyPlacer(opened.place, opened.tables)
        found = place_stream(placer, source, write, columns=columns, on_done=on_done)
    for line in (*found.notes, describe_summary(found)):
        (say or (lambda _: None))(line)
    return found


def describe_summary(found: Summary) -> str:
    """What came of placing a source, as a sentence."""
    far = 100 * found.n_far / found.n_placed
    return (
        f"{found.n_read} records read, {found.n_placed} papers placed, {found.n_set_aside} records set aside; "
        f"{100 * found.n_unassigned / found.n_placed:.1f} % without a theme, "
        f"{far:.1f} % farther from the fitted papers than 99 in 100 of those from each other (1 % expected)."
    )
