"""Source after source: opened, recognised, read; the records pass on and the account stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from analysis.cache import Cache
from analysis.config import InputError
from analysis.corpus.collecting import Collector
from analysis.corpus.formats import FORMATS
from analysis.corpus.formats.tables.frame import read_frame
from analysis.corpus.gathering import list_files, open_sources
from analysis.corpus.opening import Source
from analysis.corpus.progress import Meter
from analysis.corpus.recognising import recognise_source, refuse_binary
from analysis.corpus.records import (
    Captured,
    CapturedFrom,
    ColumnMap,
    Context,
    Found,
    Note,
    RawRecord,
    SetAside,
    SourceFacts,
)
from analysis.corpus.sidecar import Sidecar, check_hash, read_sidecar
from analysis.corpus.stored import FEWEST_BYTES, ReadFile, find_file, keep_file, make_file_key
from analysis.corpus.tidying import settle_record


class Reading:
    """Reads source after source and keeps the account; the records go to the collector.

    Parameters
    ----------
    context : Context
    collector : Collector
    meter : Meter
    cache : Cache, optional
        Where files are kept as they were read.
    """

    def __init__(self, context: Context, collector: Collector, meter: Meter, cache: Cache | None = None) -> None:
        self.context = context
        self.collector = collector
        self._cache = cache or Cache(None)
        self.facts: list[SourceFacts] = []
        self.notes: list[str] = []
        self.faults: list[str] = []
        self._meter = meter
        self._passed_over: set[Path] = set()
        # Whether some date was not taken that another day may allow.
        self._is_ahead = False

    def read_all(self, targets: Sequence[str | Path | pd.DataFrame]) -> None:
        """Hand every record to the collector."""
        taken: set[str] = set()
        seen: set[Path] = set()
        for number, target in enumerate(targets, 1):
            if isinstance(target, pd.DataFrame):
                name = "DataFrame" if number == 1 else f"DataFrame {number}"
                facts = SourceFacts(name, "", "DataFrame", "", 0)
                with self._guard():
                    self._take(read_frame(target, name, self.context.columns), facts, Sidecar())
                continue
            with self._guard():
                self._read_target(target, taken, seen)
        self.collector.finish()
        self._meter.finish()

    def _read_target(self, target: str | Path, taken: set[str], seen: set[Path]) -> None:
        for file in list_files([target]):
            whole = file.path.resolve()
            # Passed over in a folder, but then named: what is wrong with it is a fault after all.
            if whole in seen and not (file.is_named and whole in self._passed_over):
                self.notes.append(f"{file.path}: named twice, read once.")
                continue
            seen.add(whole)
            with self._guard():
                self._read_file(file.path, file.is_named, taken)

    def _read_file(self, path: Path, is_named: bool, taken: set[str]) -> None:
        sidecar = read_sidecar(path)
        members = open_sources(path)
        check_hash(sidecar.sha256, found=members[0].sha256, source=path)
        sources = []
        for source in members:
            # Two folders may hold files of one name.
            name = f"{path.parent.name}/{source.name}" if source.name in taken else source.name
            taken.add(name)
            sources.append(dataclasses.replace(source, name=name, notes=[]))
        if self._cache.folder is None or path.stat().st_size < FEWEST_BYTES:
            self._read_sources(sources, path, sidecar, is_alone=is_named and len(sources) == 1)
            return
        key = make_file_key(
            sources[0].sha256,
            str(path),
            [source.name for source in sources],
            self._tell(sidecar),
            is_named=is_named,
            with_signatures=self.collector.with_signatures,
        )
        found = find_file(self._cache, key, ColumnMap(self.context.columns))
        if found is None:
            found = self._read_apart(sources, path, sidecar, is_alone=is_named and len(sources) == 1)
            if found.facts:
                keep_file(self._cache, key, found)
        else:
            self._meter.pass_over(sources, found.n_read)
        self._add(found)

    def _read_apart(self, sources: list[Source], path: Path, sidecar: Sidecar, *, is_alone: bool) -> ReadFile:
        """What a file holds, apart from all others."""
        columns = ColumnMap(self.context.columns)
        collector = self.collector.begin()
        own = Reading(dataclasses.replace(self.context, columns=columns), collector, self._meter, self._cache)
        own._read_sources(sources, path, sidecar, is_alone=is_alone)
        collector.finish()
        self._passed_over |= own._passed_over
        return ReadFile(
            table=collector.take_table(),
            facts=own.facts,
            notes=own.notes,
            aside=[(aside.number, aside.item) for aside in sorted(collector.aside, key=lambda aside: aside.number)],
            n_read=collector.n_read,
            columns=columns,
            is_lasting=not own._is_ahead,
        )

    def _add(self, read: ReadFile) -> None:
        """Take what a file holds into the account."""
        self.facts += read.facts
        self.notes += read.notes
        self.collector.add_table(read.table, read.aside, read.n_read)
        if isinstance(self.context.columns, ColumnMap):
            self.context.columns.meet(read.columns.met, read.columns.seen)

    def _read_sources(self, sources: list[Source], path: Path, sidecar: Sidecar, *, is_alone: bool) -> None:
        """Read the members of an archive, or the one source that a file is."""
        for opened in sources:
            source = self._meter.watch(opened)
            refused = refuse_binary(source)
            form = None if refused else next((form for form in FORMATS if form.recognise(source)), None)
            if form is None:
                why = refused or recognise_source(source)
                if is_alone:
                    raise InputError(why)
                self.notes.append(f"Not read: {why.partition(' Supported:')[0]}")
                self._passed_over.add(path.resolve())
                continue
            facts = SourceFacts(source.name, str(path), form.name, source.sha256, 0, experimental=form.experimental)
            self._take(form.read(source, self._tell(sidecar)), facts, sidecar, source)

    def _tell(self, sidecar: Sidecar) -> Context:
        captured = self.context.captured or sidecar.captured
        return dataclasses.replace(self.context, captured=captured, is_fetched=sidecar.is_fetched)

    def _take(self, found: Iterator[Found], facts: SourceFacts, sidecar: Sidecar, source: Source | None = None) -> None:
        """Hand on the records of one source, and note the rest."""
        stated = self.context.captured or sidecar.captured
        stated_by: CapturedFrom | None = ("argument" if self.context.captured else "sidecar") if stated else None
        latest = stated or dt.date.today() + dt.timedelta(days=1)
        n_read = 0
        for item in found:
            if isinstance(item, RawRecord):
                n_read += 1
                settled = settle_record(item, facts.name, latest)
                self._is_ahead |= settled.span is None and (item.span is not None or settled.arxiv_id != "")
                self.collector.add(settled, facts.name)
                self._meter.count()
            elif isinstance(item, SetAside):
                n_read += 1
                self.collector.put_aside(item)
                self._meter.count()
            elif isinstance(item, Note):
                self.notes.append(item.text)
            elif isinstance(item, Captured) and stated is None:
                stated, stated_by, latest = item.day, item.stated_by, item.day
        self.notes += source.notes if source else []
        if facts.experimental:
            unproven = f"the reader of {facts.format} follows its specification and has met no real file yet"
            self.notes.append(f"{facts.name}: {unproven}; check what it made.")
        self.facts.append(
            dataclasses.replace(
                facts, n_read=n_read, captured=stated.isoformat() if stated else None, captured_from=stated_by
            )
        )

    @contextmanager
    def _guard(self) -> Iterator[None]:
        """Note a source at fault and go on, so that all are named at once."""
        try:
            yield
        except InputError as error:
            self.faults.append(str(error))
