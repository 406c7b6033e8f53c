"""Where tasks run: in this process, in processes of this machine, or on the workers of a Dask scheduler.

A task is a function of this package and a small argument, mostly paths; what
it makes lies in a folder that all workers share, and only a small answer comes
back. So it does not matter where a task runs, or whether it runs twice.
"""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

from analysis.cache import hash_code
from analysis.config import InputError
from analysis.study.scaling.processes import (
    describe_process,
    ignore_interrupts,
    keep_to_own_cores,
    shorten,
    tell_difference,
)

Show = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
Item = TypeVar("Item")
Answer = TypeVar("Answer")

_SECONDS_TO_CONNECT = 20
# How long a run waits while there is no worker at all: those of a cluster may be waiting for their jobs.
_PATIENCE, _PATIENCE_HERE, _SECONDS_BETWEEN = 1800.0, 20.0, 2.0
# Threads of a worker's libraries, besides those that Dask itself bounds.
_ONE_THREAD = ("NUMBA_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# A worker's answers are small; what Dask would lay on disk it would pickle.
_SETTINGS = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.scheduler.allowed-failures": 3,
    "distributed.admin.tick.limit": "1h",
}


class Engine:
    """Runs one function on many items.

    Parameters
    ----------
    client : distributed.Client, optional
        None: every task runs in this process, one after the other.
    name : str
        For messages.
    show : callable, optional
        Given the name of a step and its number of tasks, a context that gives
        what to call with each number of tasks done: a progress bar.

    Attributes
    ----------
    n_workers : int
        Tasks that run at once.
    """

    def __init__(self, client: Any = None, name: str = "none", show: Show | None = None) -> None:
        self._client = client
        self.name = name
        self._show = show or (lambda _step, _n_tasks: nullcontext(lambda _n_done: None))

    @property
    def n_workers(self) -> int:
        """How many tasks run at once, by the workers there are now."""
        return 1 if self._client is None else max(1, sum(self._client.nthreads().values()))

    def map(
        self,
        work: Callable[[Item], Answer],
        items: Sequence[Item],
        *,
        on_done: Callable[[int], object] | None = None,
    ) -> list[Answer]:
        """The answers, in the order of the items, whatever is finished first.

        Parameters
        ----------
        work : callable
            A function at the top of a module of this package. It may be run
            twice for one item (when a worker dies after the work and before
            the answer), also at once, and must then make the same.
        items : sequence
            Small: it travels to the worker.
        on_done : callable, optional
            Called with the number of items finished since the last call.

        Raises
        ------
        InputError
            The first that a task raised, or where a worker is not like this
            process, workers die on one task again and again, or the scheduler is lost.
        OSError, MemoryError
            As a task raised it.
        """
        with self._show(work.__name__.replace("_", " "), len(items)) as advance:

            def tell(n_done: int) -> None:
                advance(n_done)
                if on_done is not None:
                    on_done(n_done)

            return self._do_here(work, items, tell) if self._client is None else self._spread(work, items, tell)

    def check_workers(self, folder: Path) -> None:
        """See that every worker runs this very code and sees `folder`.

        Raises
        ------
        InputError
            If one does not, or if there is no worker; all that differ are named.
        """
        if self._client is None:
            return
        wanted = describe_process(str(folder))
        found = self._ask_workers(str(folder))
        wrong = [
            f"{address}: {what}"
            for address, told in sorted(found.items())
            if (what := tell_difference(told, wanted, folder))
        ]
        if wrong:
            raise InputError(
                f"--scheduler {self.name}: {len(wrong)} of {len(found)} workers cannot take part:\n"
                + "\n".join(wrong)
                + "\nInstall the same version of themeline and of its libraries (requirements.lock) for all, and give "
                "a folder on a disk that all of them share."
            )

    def _ask_workers(self, folder: str) -> dict[str, Any]:
        from distributed.comm.core import CommClosedError

        try:
            self._client.wait_for_workers(1, timeout=_SECONDS_TO_CONNECT)
            told: dict[str, Any] = self._client.run(_describe_worker, folder, on_error="return")
        except (TimeoutError, CommClosedError, OSError) as error:
            raise InputError(
                f"--scheduler {self.name}: no worker answers ({shorten(error)}). Start workers, or wait for their jobs."
            ) from None
        return told

    def _do_here(
        self, work: Callable[[Item], Answer], items: Sequence[Item], tell: Callable[[int], object]
    ) -> list[Answer]:
        answers = []
        for item in items:
            answers.append(work(item))
            tell(1)
        return answers

    def _spread(
        self, work: Callable[[Item], Answer], items: Sequence[Item], tell: Callable[[int], object]
    ) -> list[Answer]:
        from distributed import as_completed

        version, ranks = hash_code("."), self._rank_workers()
        futures = self._client.map(
            _do_checked, [work] * len(items), items, [version] * len(items), [ranks] * len(items), pure=False
        )
        places = {future.key: place for place, future in enumerate(futures)}
        answers: dict[int, Answer] = {}
        try:
            finished = as_completed(futures)
            while not finished.is_empty():
                self._await(finished)
                for future in finished.next_batch(block=False):
                    answers[places[future.key]] = self._take(future)
                    tell(1)
        finally:
            with suppress(Exception):
                self._client.cancel(futures, force=True)
        return [answers[place] for place in range(len(items))]

    def _await(self, finished: Any) -> None:
        """Return as soon as a task is finished; without any worker, only so long."""
        patience = _PATIENCE_HERE if self.name == "local" else _PATIENCE
        alive = asked = time.monotonic()
        while not finished.has_ready():
            time.sleep(0.01)
            now = time.monotonic()
            if now - asked > _SECONDS_BETWEEN:
                asked = now
                alive = now if self._client.nthreads() else alive
                if now - alive > patience:
                    raise self._tell_loss("no worker is left")

    def _rank_workers(self) -> dict[str, int]:
        """How many threads of other workers come before those of each on its machine, by the worker's name."""
        ranks: dict[str, int] = {}
        taken: dict[str, int] = {}
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        for _, worker in sorted(workers.items(), key=lambda one: str(one[1]["name"])):
            ranks[str(worker["name"])] = taken.get(worker["host"], 0)
            taken[worker["host"]] = ranks[str(worker["name"])] + worker["nthreads"]
        return ranks

    def _take(self, future: Any) -> Any:
        """The answer of one task; what it raised comes back as itself."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            return future.result()
        except KilledWorker as error:
            raise InputError(
                f"--scheduler {self.name}: a worker died on one task again and again ({shorten(error)}), "
                "most often for want of memory. Give the workers more, or cut the papers into smaller parts (--parts). "
                "Finished parts are kept: the same command goes on from them."
            ) from None
        except (CommClosedError, TimeoutError) as error:
            raise self._tell_loss(error) from None
        except Exception as error:
            if type(error).__name__.endswith("CancelledError"):
                raise self._tell_loss(error) from None
            raise

    def _tell_loss(self, error: BaseException | str) -> InputError:
        return InputError(
            f"--scheduler {self.name}: the scheduler or all of its workers were lost ({shorten(error)}). "
            "Finished parts are kept: the same command goes on from them."
        )


def start_workers(stack: ExitStack, n_workers: int) -> Any:
    """A client of processes of this machine, which end with the stack."""
    from dask import config
    from distributed import Client, LocalCluster

    stack.enter_context(config.set(_SETTINGS))
    cluster = LocalCluster(
        n_workers=n_workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=logging.CRITICAL,
        env=dict.fromkeys(_ONE_THREAD, "1"),
    )
    stack.callback(_close_quietly, cluster)
    client = Client(cluster)
    stack.callback(_close_quietly, client)
    client.run(ignore_interrupts)
    return client


def connect_scheduler(stack: ExitStack, address: str) -> Any:
    """A client of a running scheduler."""
    from distributed import Client
    from distributed.comm.core import CommClosedError

    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT)
    except (OSError, TimeoutError, CommClosedError, ValueError) as error:
        raise InputError(
            f"--scheduler {address}: no Dask scheduler answers there ({shorten(error)}). "
            "Start one with `dask scheduler`, or give local."
        ) from None
    stack.callback(_close_quietly, client)
    return client


def _close_quietly(one: Any) -> None:
    with suppress(Exception):
        one.close(timeout=10)


def _describe_worker(folder: str) -> dict[str, Any]:
    return describe_process(folder)


def _do_checked(work: Callable[[Item], Answer], item: Item, version: str, ranks: dict[str, int]) -> Answer:
    """One task, on a worker that may have joined since the others were asked."""
    from distributed import get_worker

    worker = get_worker()
    keep_to_own_cores(ranks.get(str(worker.name)), worker.state.nthreads)
    if hash_code(".") != version:
        raise InputError(
            f"{platform.node()}: this worker runs another version of themeline or of its libraries than the process "
            "that started the run. Install the same for all (requirements.lock)."
        )
    return work(item)
