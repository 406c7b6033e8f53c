"""Source after source: opened, recognised, read; the records pass on and the account stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis.config import InputError
from analysis.corpus.formats import FORMATS
from analysis.corpus.formats.tables.frame import read_frame
from analysis.corpus.gathering import list_files, open_sources
from analysis.corpus.opening import Source
from analysis.corpus.recognising import recognise_source, refuse_binary
from analysis.corpus.records import (
    Captured,
    CapturedFrom,
    Context,
    Found,
    Note,
    RawRecord,
    SetAside,
    SourceFacts,
    shorten_raw,
)
from analysis.corpus.sidecar import Sidecar, check_hash, read_sidecar
from analysis.corpus.tidying import tidy_record


class Reading:
    """Reads source after source and keeps the account; the records themselves only pass through."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.facts: list[SourceFacts] = []
        self.set_aside: list[SetAside] = []
        self.notes: list[str] = []
        self.faults: list[str] = []
        self._passed_over: set[Path] = set()

    def read_all(self, targets: Sequence[str | Path | pd.DataFrame]) -> Iterator[RawRecord]:
        """Every record with some text, clean."""
        taken: set[str] = set()
        seen: set[Path] = set()
        for number, target in enumerate(targets, 1):
            if isinstance(target, pd.DataFrame):
                name = "DataFrame" if number == 1 else f"DataFrame {number}"
                found = read_frame(target, name, self.context.columns)
                facts = SourceFacts(name, "", "DataFrame", "", 0)
                yield from self._guard(self._take(found, facts, Sidecar()))
                continue
            yield from self._guard(self._read_target(target, taken, seen))

    def _read_target(self, target: str | Path, taken: set[str], seen: set[Path]) -> Iterator[RawRecord]:
        for file in list_files([target]):
            whole = file.path.resolve()
            # Passed over in a folder, but then named: what is wrong with it is a fault after all.
            if whole in seen and not (file.is_named and whole in self._passed_over):
                self.notes.append(f"{file.path}: named twice, read once.")
                continue
            seen.add(whole)
            yield from self._guard(self._read_file(file.path, file.is_named, taken))

    def _read_file(self, path: Path, is_named: bool, taken: set[str]) -> Iterator[RawRecord]:
        sidecar = read_sidecar(path)
        members = open_sources(path)
        check_hash(sidecar.sha256, found=members[0].sha256, source=path)
        for source in members:
            # Two folders may hold files of one name.
            if source.name in taken:
                source = dataclasses.replace(source, name=f"{path.parent.name}/{source.name}", notes=[])
            taken.add(source.name)
            refused = refuse_binary(source)
            form = None if refused else next((form for form in FORMATS if form.recognise(source)), None)
            if form is None:
                why = refused or recognise_source(source)
                if is_named and len(members) == 1:
                    raise InputError(why)
                self.notes.append(f"Not read: {why.partition(' Supported:')[0]}")
                self._passed_over.add(path.resolve())
                continue
            facts = SourceFacts(source.name, str(path), form.name, source.sha256, 0, experimental=form.experimental)
            yield from self._take(form.read(source, self._tell(sidecar)), facts, sidecar, source)

    def _tell(self, sidecar: Sidecar) -> Context:
        captured = self.context.captured or sidecar.captured
        return dataclasses.replace(self.context, captured=captured, is_fetched=sidecar.is_fetched)

    def _take(
        self, found: Iterator[Found], facts: SourceFacts, sidecar: Sidecar, source: Source | None = None
    ) -> Iterator[RawRecord]:
        """Pass on the records of one source, and note the rest."""
        stated = self.context.captured or sidecar.captured
        stated_by: CapturedFrom | None = ("argument" if self.context.captured else "sidecar") if stated else None
        latest = stated or dt.date.today() + dt.timedelta(days=1)
        n_read = 0
        for item in found:
            if isinstance(item, RawRecord):
                n_read += 1
                tidy = tidy_record(item, facts.name, latest)
                if tidy.title or tidy.abstract:
                    yield tidy
                else:
                    self._put_aside(SetAside(facts.name, item.position, "neither title nor abstract", item.raw))
            elif isinstance(item, SetAside):
                n_read += 1
                self._put_aside(item)
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

    def _put_aside(self, item: SetAside) -> None:
        self.set_aside.append(item._replace(raw=shorten_raw(item.raw)))

    def _guard(self, records: Iterator[RawRecord]) -> Iterator[RawRecord]:
        """Note a source at fault and go on, so that all are named at once."""
        try:
            yield from records
        except InputError as error:
            self.faults.append(str(error))
