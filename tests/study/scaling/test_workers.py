"""Workers give what one process gives, also when one of them is killed."""

import os
from pathlib import Path

import pytest

from analysis.config import InputError
from analysis.study.scaling import Engine, ingest_parts, open_engine
from tests.conftest import read_files
from tests.study.scaling import made_tasks


def test_answers_come_in_the_order_of_the_items(cluster):
    done = []
    assert cluster.n_workers == 2
    assert cluster.map(made_tasks.tell_number, range(12), on_done=done.append) == list(range(12))
    assert sum(done) == 12


def test_a_refusal_comes_back_as_itself(cluster):
    with pytest.raises(InputError, match=r"three is not allowed\. Give another"):
        cluster.map(made_tasks.refuse_three, range(6))
    assert cluster.map(made_tasks.tell_number, [7]) == [7]


def test_a_full_disk_comes_back_as_itself(cluster):
    with pytest.raises(OSError, match="No space left") as caught:
        cluster.map(made_tasks.fill_disk, [1])
    assert caught.value.filename == "part-1"


@pytest.mark.slow
def test_the_work_of_a_killed_worker_is_done_by_another(cluster, tmp_path):
    places = [str(tmp_path / f"part-{number}") for number in range(2)]
    assert cluster.map(made_tasks.die_once, places) == [{"n": 1}] * 2
    # Each was killed once, and nothing of the first attempt is left.
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".died"] * 2 + [".json"] * 2 + [".txt"] * 2


@pytest.mark.slow
def test_a_task_that_kills_every_worker_ends_the_run(tmp_path):
    """With workers of its own, for they may all be lost: one that dies while it starts is not started again."""
    told = "died on one task again and again|no worker is left"
    with open_engine("local", n_workers=2) as engine, pytest.raises(InputError, match=told):
        engine.map(made_tasks.die_always, [str(tmp_path)])


@pytest.mark.parametrize(("part", "message"), [("code", "another version"), ("python", r"Python 3\.\d+\.\d+, here 2")])
def test_a_worker_of_another_version_is_refused(cluster, tmp_path, monkeypatch, part, message):
    told = {"code": "0" * 32} if part == "code" else {"python": "2.7.18"}
    describe = made_describe(told)
    monkeypatch.setattr("analysis.study.scaling.engine.describe_process", describe)
    # All of them; one that an earlier test killed may not have come back yet.
    with pytest.raises(InputError, match=rf"(?s)([12]) of \1 workers cannot take part.*{message}"):
        cluster.check_workers(tmp_path)


def made_describe(told):
    from analysis.study.scaling.processes import describe_process

    return lambda folder: {**describe_process(folder), **told}


def test_a_worker_that_does_not_see_the_folder_is_refused(cluster, tmp_path):
    with pytest.raises(InputError, match="does not see"):
        cluster.check_workers(tmp_path / "absent")


def test_a_worker_that_joins_late_is_asked_too(cluster, monkeypatch):
    monkeypatch.setattr("analysis.study.scaling.engine.hash_code", lambda _: "0" * 32)
    with pytest.raises(InputError, match="another version of themeline"):
        cluster.map(made_tasks.tell_number, [1])


def test_a_running_scheduler_is_used_and_left_as_it_is(cluster):
    address = cluster._client.scheduler.address
    with open_engine(address) as engine:
        assert engine.map(made_tasks.tell_number, [5]) == [5]
    assert cluster.map(made_tasks.tell_number, [6]) == [6]


def test_ingest_gives_the_same_bytes_with_workers_of_which_one_is_killed(cluster, sources, tmp_path):
    folders = tmp_path / "here", tmp_path / "there"
    ingest_parts(*sources, out=folders[0], engine=Engine(), n_rows=12)
    killer = KillingEngine(cluster, tmp_path, at="settle_part")
    ingest_parts(*sources, out=folders[1], engine=killer, n_rows=12)
    assert killer.n_killed == 1
    found = [read_files(folder) for folder in folders]
    assert found[0].keys() == found[1].keys()
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []


class KillingEngine:
    """The engine of a cluster of which one worker is killed at its first task of one step."""

    def __init__(self, engine, folder, *, at):
        self._engine, self._folder, self._at = engine, folder, at
        self.check_workers = engine.check_workers
        self.n_killed = 0

    def map(self, work, items, **options):
        if work.__name__ != self._at:
            return self._engine.map(work, items, **options)
        before = self._engine._client.run(os.getpid).values()
        tasks = [made_tasks.Deadly(work, item, str(self._folder / "first")) for item in items]
        answers = self._engine.map(made_tasks.do_deadly, tasks, **options)
        self.n_killed += sum(not Path(f"/proc/{pid}").exists() for pid in before)
        return answers
