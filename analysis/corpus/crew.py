"""Pieces of records prepared by several processes at once: the same result in the same order, whatever their number.

The processes are our own interpreters that read Arrow tables from a pipe and
write Arrow tables to another: nothing of the caller's program is run again in
them, and they end when their pipe does. What one of them cannot do, for
whatever reason, is done here, so that a fault shows as what it is.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from analysis.corpus.preparing import Prepared, prepare_piece
from analysis.corpus.table import LABEL_PREFIX, PAPER_COLUMNS, PASSING, Values, arrow_type

_MOST_PROCESSES = 8
_MOST_PENDING = 8
_LENGTH_BYTES = 8
_ROOT = Path(__file__).resolve().parents[2]


def count_workers() -> int:
    """How many processes may help this one: one per further core that it may use, at most 7."""
    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST_PROCESSES, n_cores) - 1


class Crew:
    """Prepares pieces of records, in the order in which they come; this process does what no other is free for.

    Parameters
    ----------
    n_workers : int
        How many processes help; 0: everything is done in this one.
    with_signatures : bool
        As in `analysis.corpus.preparing.prepare_piece`.
    """

    def __init__(self, n_workers: int, *, with_signatures: bool) -> None:
        self.with_signatures = with_signatures
        self._workers: list[subprocess.Popen[bytes]] = []
        self._free: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        self._pending: deque[_Task] = deque()
        self._is_closed = False
        for _ in range(n_workers):
            with suppress(OSError):
                self._workers.append(_start_worker())
                self._free.put(self._workers[-1])
        self._threads = ThreadPoolExecutor(len(self._workers)) if self._workers else None

    def submit(self, values: Values) -> Iterator[Prepared]:
        """Hand in a piece, and take what is ready meanwhile."""
        n_waiting = sum(not task.future.done() for task in self._pending)
        if self._threads is None or n_waiting >= 2 * len(self._workers):
            self._pending.append(_Task(values, self._do(values)))
        else:
            self._pending.append(_Task(values, self._threads.submit(self._hand_on, values)))
        while self._pending and self._pending[0].future.done():
            yield self._pending.popleft().future.result()
        if len(self._pending) > _MOST_PENDING * (len(self._workers) + 1):
            # One piece holds up the others: they would only fill the memory.
            yield self._pending.popleft().future.result()

    def finish(self) -> Iterator[Prepared]:
        """What has been handed in and not taken yet."""
        for place in range(len(self._pending) - 1, -1, -1):
            task = self._pending[place]
            if task.future.cancel():
                self._pending[place] = _Task(task.values, self._do(task.values))
        while self._pending:
            yield self._pending.popleft().future.result()

    def close(self) -> None:
        """End all workers, whatever they are doing."""
        self._is_closed = True
        for worker in self._workers:
            worker.kill()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                # What a dead worker did not take is of no use.
                with suppress(OSError):
                    cast(BinaryIO, pipe).close()
        self._workers, self._pending = [], deque()

    def _do(self, values: Values) -> Future[Prepared]:
        done: Future[Prepared] = Future()
        done.set_result(prepare_piece(values, with_signatures=self.with_signatures))
        return done

    def _hand_on(self, values: Values) -> Prepared:
        """Have a worker prepare a piece; what it cannot do is done here, so that a fault shows as what it is."""
        prepared = None
        # A worker that ended, or answered with less than a whole table, is asked no more.
        with suppress(queue.Empty, OSError, ValueError, EOFError):
            # Half a character cannot be sent: before a worker is taken.
            asked = _pack(values, with_signatures=self.with_signatures)
            worker = self._free.get_nowait()
            prepared = _ask_worker(worker, asked)
            self._free.put(worker)
        if self._is_closed:
            raise CancelledError
        return prepared or prepare_piece(values, with_signatures=self.with_signatures)


class _Task(NamedTuple):
    values: Values
    future: Future[Prepared]


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    """Prepare the pieces that come through one pipe and send them through another, until the first one ends."""
    import pyarrow as pa

    while content := _receive(asked):
        table = pa.ipc.open_stream(content).read_all()
        values = {name: table.column(name).to_pylist() for name in table.column_names}
        with_signatures = table.schema.metadata[b"with_signatures"] == b"1"
        prepared = prepare_piece(values, with_signatures=with_signatures)
        empty = b",".join(b"%d" % row for row in prepared.empty)
        _send(answered, prepared.table.replace_schema_metadata({b"empty": empty}))


def _start_worker() -> subprocess.Popen[bytes]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "analysis.corpus.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        # Ctrl-C is for the process that the user runs; it ends the others.
        start_new_session=True,
    )


def _pack(values: Values, *, with_signatures: bool) -> Any:
    """Columns as a table that can be sent."""
    import pyarrow as pa

    columns = {name: pa.array(column, type=_find_type(name)) for name, column in values.items()}
    return pa.table(columns, metadata={b"with_signatures": b"1" if with_signatures else b"0"})


def _ask_worker(worker: subprocess.Popen[bytes], asked: Any) -> Prepared:
    import pyarrow as pa

    _send(cast(BinaryIO, worker.stdin), asked)
    answer = pa.ipc.open_stream(_receive(cast(BinaryIO, worker.stdout))).read_all()
    empty = answer.schema.metadata[b"empty"]
    return Prepared(answer.replace_schema_metadata(None), [int(row) for row in empty.split(b",") if row])


def _find_type(name: str) -> Any:
    kind = "text" if name.startswith(LABEL_PREFIX) else {**PAPER_COLUMNS, **PASSING}[name]
    return arrow_type(kind)


def _send(pipe: BinaryIO, table: Any) -> None:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content = sink.getvalue()
    pipe.write(len(content).to_bytes(_LENGTH_BYTES, "little"))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: BinaryIO) -> bytes:
    """The next message; nothing where the pipe has ended."""
    length = int.from_bytes(pipe.read(_LENGTH_BYTES), "little")
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError("the pipe ended inside a message")
    return content
