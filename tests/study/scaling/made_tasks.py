"""Tasks that workers of tests run: they sleep, refuse, or end their own process."""

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from analysis.config import InputError
from analysis.study.scaling.parts import keep_part


def tell_number(number):
    """The number; the first ones take longest."""
    time.sleep(0.05 * (number < 2))
    return number


def refuse_three(number):
    """The number, but for three."""
    if number == 3:
        raise InputError("papers.csv: three is not allowed. Give another number.")
    return number


def fill_disk(number):
    """No room for what this would write."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"part-{number}")


def die_once(place):
    """Write a file, but end the process the first time."""
    first = Path(f"{place}.died")
    if not first.exists():
        first.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return keep_part(Path(place).parent, Path(place).name, "key", lambda beside: _write(beside, Path(place).name)).facts


def die_always(place):
    """End the process."""
    os.kill(os.getpid(), signal.SIGKILL)


def _write(beside, name):
    (beside / f"{name}.txt").write_text("made", encoding="utf-8")
    return {"n": 1}


class Deadly(NamedTuple):
    """A task whose first worker is killed in the middle of it."""

    work: Callable
    item: object
    mark: str


def do_deadly(task):
    """The task, its process killed while it writes if no other was before."""
    try:
        os.close(os.open(task.mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return task.work(task.item)
    # While the task is at work: half of its files are written by then.
    os.link = os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    return task.work(task.item)
