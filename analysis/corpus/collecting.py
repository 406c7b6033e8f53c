"""Records on their way into the table: cut into pieces, prepared, and those without any text set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from analysis.corpus.crew import Crew
from analysis.corpus.preparing import Prepared, prepare_piece
from analysis.corpus.records import RawRecord, SetAside, shorten_raw
from analysis.corpus.table import PIECE, join_pieces, list_values

_EMPTY = "neither title nor abstract"


class Aside(NamedTuple):
    """A record set aside, and which of all that were read it was."""

    number: int
    item: SetAside


class _Origin(NamedTuple):
    number: int
    source: str
    position: str
    raw: str


class Collector:
    """Takes records one by one and keeps them as prepared tables.

    Attributes
    ----------
    tables : list of pyarrow.Table
        What is ready, in the order of the records.
    aside : list of Aside
        What has no text, or was handed in as set aside; in no order.
    n_read : int
        How many of both there were.
    with_signatures : bool
        Whether near-duplicates will be looked for.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.with_signatures = crew.with_signatures
        self.tables: list[Any] = []
        self.aside: list[Aside] = []
        self.n_read = 0
        self._records: list[RawRecord] = []
        self._origins: list[_Origin] = []
        # Of the pieces that are not ready yet.
        self._waiting: list[list[_Origin]] = []

    def add(self, record: RawRecord, source: str) -> None:
        """Take a record of a source."""
        self._origins.append(_Origin(self.n_read, source, record.position, record.raw))
        self._records.append(record)
        self.n_read += 1
        if len(self._records) >= PIECE:
            self._hand_in()

    def begin(self) -> Collector:
        """A new collector with the same crew, once all that was taken here is ready."""
        self.finish()
        return Collector(self._crew)

    def add_table(self, table: Any, aside: Sequence[tuple[int, SetAside]], n_read: int) -> None:
        """Take records that are prepared already, and those among them that were set aside."""
        self.finish()
        if table.num_rows:
            self.tables.append(table)
        self.aside += [Aside(self.n_read + number, item) for number, item in aside]
        self.n_read += n_read

    def put_aside(self, item: SetAside) -> None:
        """Take a record that is none of the papers."""
        self.aside.append(Aside(self.n_read, item._replace(raw=shorten_raw(item.raw))))
        self.n_read += 1

    def finish(self) -> None:
        """Wait until all that was taken is ready."""
        if self._records:
            self._hand_in()
        for prepared in self._crew.finish():
            self.keep(prepared)

    def take_table(self) -> Any:
        """All that is ready as one table; the collector keeps nothing of it."""
        tables = self.tables or [prepare_piece(list_values([]), with_signatures=True).table]
        self.tables = []
        return join_pieces(tables)

    def list_aside(self) -> list[SetAside]:
        """What was set aside, in the order in which it was read."""
        return [aside.item for aside in sorted(self.aside, key=lambda aside: aside.number)]

    def _hand_in(self) -> None:
        self._waiting.append(self._origins)
        values = list_values(self._records)
        self._records, self._origins = [], []
        for prepared in self._crew.submit(values):
            self.keep(prepared)

    def keep(self, prepared: Prepared) -> None:
        """Take in one batch of prepared records; they come in the order in which they were given out."""
        origins = self._waiting.pop(0)
        if prepared.table.num_rows:
            self.tables.append(prepared.table)
        for row in prepared.empty:
            number, source, position, raw = origins[row]
            self.aside.append(Aside(number, SetAside(source, position, _EMPTY, shorten_raw(raw))))
