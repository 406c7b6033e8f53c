"""Engines opened for a while: this process, processes of this machine, or a running Dask scheduler."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from analysis.config import InputError
from analysis.study.scaling.engine import Engine, Show, connect_scheduler, start_workers
from analysis.study.scaling.processes import list_cores

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):\d{1,5}")


@contextmanager
def open_engine(scheduler: str = "none", *, n_workers: int | None = None, show: Show | None = None) -> Iterator[Engine]:
    """An engine for as long as the block lasts.

    Parameters
    ----------
    scheduler : str, default "none"
        "none" runs every task in this process. "local" starts one process of
        one thread for each processor that this process may use; they listen on
        127.0.0.1 only and end with the block. ``tcp://HOST:PORT`` (or ``tls://``)
        is a running Dask scheduler, which stays as it is.
    n_workers : int, optional
        Processes that "local" starts; default one for each processor that this process may use.
    show : callable, optional
        See `Engine`.

    Yields
    ------
    Engine

    Raises
    ------
    InputError
        If `scheduler` is none of these, or the scheduler does not answer.

    Notes
    -----
    Whoever reaches a Dask scheduler can run code with its rights: let it listen
    where you trust everybody, or use TLS.
    """
    if scheduler == "none":
        yield Engine(show=show)
        return
    if scheduler != "local" and not _ADDRESS.fullmatch(scheduler):
        raise InputError(
            f"--scheduler {scheduler}: not known. Give local, none, or the address of a Dask scheduler, "
            "such as tcp://10.0.0.5:8786."
        )
    with ExitStack() as stack:
        here = scheduler == "local"
        client = start_workers(stack, n_workers or len(list_cores())) if here else connect_scheduler(stack, scheduler)
        yield Engine(client, scheduler, show)
