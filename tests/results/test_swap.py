"""A swap cut short at any step leaves one generation of files, whole."""

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.config import InputError
from analysis.results import Staging, lock_study, publish, read_settled, recover

NAMES = ("data/results/run.json", "data/results/papers.parquet", "figures/a.html", "figures/deep/b.md", "study.toml")
OLD = {name: f"old {name}" for name in NAMES[:4]}
NEW = {name: f"new {name}" for name in NAMES if name != "figures/a.html"}


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


class Steps:
    """Counts what changes the disk, and kills before step `last`."""

    def __init__(self, monkeypatch, last=None):
        self.taken, self.last = 0, last
        for home, name in [(os, "replace"), (os, "fsync"), (shutil, "rmtree"), (Path, "unlink"), (Path, "write_text")]:
            monkeypatch.setattr(home, name, self._count(getattr(home, name)))

    def _count(self, act):
        def step(*arguments, **options):
            if self.taken == self.last:
                raise Killed
            self.taken += 1
            return act(*arguments, **options)

        return step


def fill(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def held(root):
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and ".themeline" not in path.parts
    }


def staged(root, files):
    """A run that has written its files: as `lock_study` leaves it to a run that is then killed."""
    fill(root / ".themeline" / "new", files)
    return Staging(root)


def count_steps():
    """How many steps a swap of OLD for NEW takes."""
    import tempfile

    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        fill(root, OLD)
        staging = staged(root, NEW)
        steps = Steps(patch)
        publish(staging, replaces=OLD)
        return steps.taken


N_STEPS = count_steps()


def test_publishing_replaces_adds_and_removes(tmp_path):
    fill(tmp_path, {**OLD, "own/notes.txt": "mine"})
    with lock_study(tmp_path) as staging:
        fill(staging.folder, NEW)
        publish(staging, replaces=OLD)
    assert held(tmp_path) == {**NEW, "own/notes.txt": "mine"}
    assert sorted(path.name for path in (tmp_path / ".themeline").iterdir()) == [".gitignore", "lock"]


@pytest.mark.parametrize("last", range(N_STEPS))
def test_a_kill_before_any_step_leaves_one_generation(tmp_path, last):
    fill(tmp_path, OLD)
    staging = staged(tmp_path, NEW)
    with pytest.MonkeyPatch.context() as patch:
        Steps(patch, last)
        with pytest.raises(Killed):
            publish(staging, replaces=OLD)
    was_decided = (tmp_path / ".themeline" / "journal.json").exists()
    if not was_decided and "study.toml" not in held(tmp_path):
        assert held(tmp_path) == OLD
    assert recover(tmp_path) is was_decided
    assert held(tmp_path) in (OLD, NEW)
    assert not (tmp_path / ".themeline" / "new").exists()
    assert recover(tmp_path) is False


def test_both_ends_are_met_by_the_kills():
    assert 2 * len(NEW) < N_STEPS


@settings(max_examples=60)
@given(
    old=st.dictionaries(st.sampled_from(NAMES), st.text("ab", max_size=2)),
    new=st.dictionaries(st.sampled_from(NAMES), st.text("cd", max_size=2), min_size=1),
    lasts=st.lists(st.integers(0, 40), min_size=1, max_size=4),
)
def test_kills_in_a_row_leave_one_generation(tmp_path_factory, old, new, lasts):
    root = tmp_path_factory.mktemp("study")
    fill(root, old)
    staging = staged(root, new)
    for number, last in enumerate(lasts):
        with pytest.MonkeyPatch.context() as patch:
            Steps(patch, last)
            try:
                if number == 0:
                    publish(staging, replaces=old)
                else:
                    recover(root)
            except Killed:
                pass
    recover(root)
    assert held(root) in (old, new)


def test_an_interrupt_during_the_swap_finishes_it_first(tmp_path, monkeypatch):
    fill(tmp_path, OLD)
    moved = []
    replace = os.replace

    def interrupt(source, target):
        moved.append(target)
        if len(moved) == 3:
            raise KeyboardInterrupt
        replace(source, target)

    with lock_study(tmp_path) as staging:
        fill(staging.folder, NEW)
        monkeypatch.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(staging, replaces=OLD)
    assert held(tmp_path) == NEW


def test_a_run_that_fails_leaves_the_old_files_and_no_staging(tmp_path):
    fill(tmp_path, OLD)
    with pytest.raises(ZeroDivisionError), lock_study(tmp_path) as staging:
        fill(staging.folder, {**NEW, "data/sum": 1 / 0})
    assert held(tmp_path) == OLD
    assert not (tmp_path / ".themeline" / "new").exists()


def test_only_one_run_holds_a_study(tmp_path):
    with lock_study(tmp_path) as staging:
        fill(staging.folder, NEW)
        with pytest.raises(InputError, match="another run is writing this study"), lock_study(tmp_path):
            pass
        assert (staging.folder / "study.toml").exists()
    with lock_study(tmp_path) as staging:
        assert list(staging.folder.iterdir()) == []


def test_a_reader_leaves_the_files_of_a_run_alone(tmp_path):
    fill(tmp_path, OLD)
    with lock_study(tmp_path) as staging:
        fill(staging.folder, NEW)
        assert read_settled(tmp_path, lambda: held(tmp_path)) == OLD
        publish(staging, replaces=OLD)
    assert held(tmp_path) == NEW


def test_a_reader_finishes_a_swap_that_was_cut_short(tmp_path):
    fill(tmp_path, OLD)
    staging = staged(tmp_path, NEW)
    with pytest.MonkeyPatch.context() as patch:
        Steps(patch, N_STEPS - 4)
        with pytest.raises(Killed):
            publish(staging, replaces=OLD)
    assert (tmp_path / ".themeline" / "journal.json").exists()
    assert read_settled(tmp_path, lambda: held(tmp_path)) == NEW


def test_a_reader_that_a_swap_goes_by_reads_again(tmp_path):
    fill(tmp_path, OLD)
    read = []

    def look():
        first = (tmp_path / NAMES[1]).read_text()
        if not read:
            read.append(first)
            with lock_study(tmp_path) as staging:
                fill(staging.folder, NEW)
                publish(staging, replaces=OLD)
        return first, (tmp_path / NAMES[3]).read_text()

    assert read_settled(tmp_path, look) == (NEW[NAMES[1]], NEW[NAMES[3]])
    assert read == [OLD[NAMES[1]]]


def test_a_fault_met_while_a_swap_goes_by_is_looked_at_again(tmp_path):
    calls = []

    def look():
        calls.append(1)
        if len(calls) == 1:
            fill(tmp_path, OLD)
            raise InputError("no results yet")
        return "found"

    assert read_settled(tmp_path, look) == "found"
    with pytest.raises(InputError, match="always"):
        read_settled(tmp_path, lambda: (_ for _ in ()).throw(InputError("always")))


def test_a_place_without_a_study_needs_no_recovery(tmp_path):
    assert recover(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "journal",
    [
        "",
        "{}",
        "[]",
        '{"move": [3], "remove": []}',
        '{"move": ["a/../../own.txt"], "remove": []}',
        '{"move": [], "remove": ["../own.txt"]}',
        '{"move": [], "remove": ["/etc/own.txt"]}',
        '{"move": [".themeline/lock"], "remove": []}',
    ],
)
def test_a_journal_that_is_damaged_or_leads_out_is_not_followed(tmp_path, journal):
    own = tmp_path / "own.txt"
    own.write_text("mine")
    root = tmp_path / "study"
    fill(root, {**OLD, ".themeline/journal.json": journal})
    with pytest.raises(InputError, match=r"damaged\. Delete the folder"):
        recover(root)
    assert (own.read_text(), held(root)) == ("mine", OLD)


def test_files_named_outside_the_study_are_not_removed(tmp_path):
    own = tmp_path / "own.txt"
    own.write_text("mine")
    root = tmp_path / "study"
    fill(root, OLD)
    with lock_study(root) as staging:
        fill(staging.folder, NEW)
        publish(staging, replaces=["../own.txt", str(own), ".themeline/lock", "", "."])
    assert own.exists()
    assert held(root) == {**OLD, **NEW}


def test_the_journal_names_every_file_before_the_first_moves(tmp_path, monkeypatch):
    fill(tmp_path, OLD)
    seen = []
    replace = os.replace

    def look(source, target):
        journal = tmp_path / ".themeline" / "journal.json"
        if journal.exists():
            seen.append(json.loads(journal.read_text()))
        replace(source, target)

    with lock_study(tmp_path) as staging:
        fill(staging.folder, NEW)
        monkeypatch.setattr(os, "replace", look)
        publish(staging, replaces=OLD)
    assert seen
    assert all(journal == {"move": sorted(NEW), "remove": ["figures/a.html"]} for journal in seen)
