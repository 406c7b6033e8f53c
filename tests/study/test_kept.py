"""What a study keeps of finished steps can be seen and cleared."""

import json
import shutil

import pytest

from analysis.results import lock_study


@pytest.fixture
def folder(small_study, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(small_study.root, folder)
    answers = folder / "data" / "cache" / "labels"
    answers.mkdir()
    (answers / "one.json").write_text("{}")
    return folder


def list_kinds(themeline, folder):
    return {one["kind"]: one for one in json.loads(themeline("cache", folder, "--json").out)["kept"]}


def test_every_step_is_listed_with_its_size(folder, themeline):
    kinds = list_kinds(themeline, folder)
    cache = folder / "data" / "cache"
    assert len(kinds) > 1
    for kind, kept in kinds.items():
        files = [path for path in (cache / kind).rglob("*") if path.is_file()]
        assert (kept["n_files"], kept["n_bytes"]) == (len(files), sum(path.stat().st_size for path in files))
    assert all(kind in themeline("cache", folder).out for kind in kinds)


def test_clearing_spares_answers_that_cost(folder, themeline):
    kinds = list_kinds(themeline, folder)
    answer = themeline("cache", folder, "--clear", "--json")
    assert {one["kind"] for one in json.loads(answer.out)["cleared"]} == set(kinds) - {"labels"}
    assert set(list_kinds(themeline, folder)) == {"labels"}
    assert themeline("cache", folder, "--clear", "labels").code == 0
    assert themeline("cache", folder).out.strip() == "Nothing is kept."


def test_a_step_that_is_not_kept_is_named_and_nothing_goes(folder, themeline):
    before = list_kinds(themeline, folder)
    answer = themeline("cache", folder, "--clear", "labels", "graphs")
    assert answer.code == 2
    assert "nothing is kept of graphs. There is " in answer.message
    assert list_kinds(themeline, folder) == before


def test_nothing_is_cleared_under_a_run(folder, themeline):
    before = list_kinds(themeline, folder)
    with lock_study(folder):
        assert themeline("cache", folder, "--clear").code == 2
    assert list_kinds(themeline, folder) == before


def test_a_folder_without_a_study_is_refused(tmp_path, themeline):
    assert "holds no study.toml" in themeline("cache", tmp_path).message
