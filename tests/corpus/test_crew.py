import os
import signal

import pandas as pd
import pytest

from analysis.corpus import crew as crew_module
from analysis.corpus import read, read_corpus
from analysis.corpus.collecting import Collector
from analysis.corpus.crew import Crew, count_workers
from analysis.corpus.records import RawRecord
from analysis.corpus.table import list_values

SUBJECTS = ["robots", "doors", "kettles", "floors", "lamps", "stairs", "gloves"]


def make_record(number):
    one, other = SUBJECTS[number % 7], SUBJECTS[(number * 3 + 1) % 5]
    return RawRecord(
        position=f"line {number}",
        title=f"How {one} learn from {other} &amp; others, part {number}" if number % 11 else "",
        abstract=f"We show that {one} of kind {number} fall\nwhen {other} do; $x_{number}$ tells."
        if number % 5
        else "",
        authors=("Ann Ng", f"Bé {number}"),
        labels={"area": one} if number % 3 else {},
    )


RECORDS = [make_record(number) for number in range(400)]


def prepare(n_workers, *, records=RECORDS, n_rows=50, spoil=None):
    crew = Crew(n_workers, with_signatures=True)
    collector = Collector(crew)
    try:
        for start in range(0, len(records), n_rows):
            if spoil:
                spoil(crew, start)
            for record in records[start : start + n_rows]:
                collector.add(record, "made.jsonl")
            collector._hand_in()
        collector.finish()
    finally:
        crew.close()
    return collector.take_table().to_pylist(), collector.list_aside()


@pytest.fixture(scope="module")
def alone():
    return prepare(0)


# Starting an interpreter with pandas and pyarrow takes a second.
def test_the_result_is_the_same_whatever_the_number_of_processes(alone):
    assert prepare(2) == alone
    assert len(alone[0]) == 400 - len(alone[1])
    assert [aside.reason for aside in alone[1]] == ["neither title nor abstract"] * 8
    assert [aside.position for aside in alone[1]] == [f"line {number}" for number in range(0, 400, 55)]


def test_a_worker_that_is_killed_costs_nothing_but_time(alone):
    def kill(crew, start):
        if start == 100:
            os.kill(crew._workers[0].pid, signal.SIGKILL)

    assert prepare(1, spoil=kill) == alone


def test_half_a_character_is_prepared_here_and_the_worker_stays():
    records = [RECORDS[1]._replace(title="Half \ud83d of it"), *RECORDS[2:5]]
    assert prepare(1, records=records, n_rows=1) == prepare(0, records=records, n_rows=1)


def test_a_fault_in_a_worker_comes_back_as_itself():
    # The worker has the real code and no such column; what fails there fails here as well, with its own name.
    values = list_values(RECORDS[:3])
    del values["abstract"]
    crew = Crew(1, with_signatures=False)
    try:
        with pytest.raises(KeyError, match="abstract"):
            _ = [*crew.submit(values), *crew.finish()]
    finally:
        crew.close()


def test_closing_ends_all_workers():
    crew = Crew(2, with_signatures=False)
    workers = list(crew._workers)
    assert [worker.poll() for worker in workers] == [None, None]
    crew.close()
    assert all(worker.returncode is not None for worker in workers)


def test_an_interruption_ends_the_workers(monkeypatch, lines):
    started = []
    start = crew_module._start_worker

    def note_worker():
        started.append(start())
        return started[-1]

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(crew_module, "_start_worker", note_worker)
    monkeypatch.setattr(read, "_ALONE", 0)
    monkeypatch.setattr(read, "count_workers", lambda: 1)
    path = lines(*({"title": f"How robots fall, part {number}"} for number in range(1_200)))
    with pytest.raises(KeyboardInterrupt):
        read_corpus(path, on_read=interrupt)
    assert len(started) == 1
    assert started[0].returncode is not None


def test_where_no_process_can_be_started_one_does_all(monkeypatch, alone):
    monkeypatch.setattr(crew_module.sys, "executable", "/no/such/python")
    assert prepare(2) == alone


def test_one_core_needs_no_help(monkeypatch):
    if not hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
    else:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert count_workers() == 0


def test_a_corpus_is_the_same_with_and_without_workers(monkeypatch, lines):
    path = lines(
        *({"title": one.title, "abstract": one.abstract, "authors": list(one.authors)} for one in RECORDS),
        {"title": "\ud83d", "abstract": ""},
    )
    corpora = []
    for n_workers in (0, 1):
        monkeypatch.setattr(read, "_ALONE", 0)
        monkeypatch.setattr(read, "count_workers", lambda n_workers=n_workers: n_workers)
        corpora.append(read_corpus(path))
    for name in ("papers", "set_aside", "near_duplicates", "flow"):
        pd.testing.assert_frame_equal(*(getattr(corpus, name) for corpus in corpora))
    assert corpora[0].notes == corpora[1].notes
