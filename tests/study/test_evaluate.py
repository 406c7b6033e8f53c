"""Measures of a study, from its tables alone."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

import analysis as tl
from analysis.config import InputError
from analysis.results import write_tables
from analysis.study.evaluate import evaluate_tables
from tests.conftest import make_papers, write_study
from tests.made_study import make_tables, with_hostile_text


def with_labels(tables, labels, name="label_area"):
    return dataclasses.replace(tables, papers=tables.papers.assign(**{name: pd.Series(labels, dtype="str")}))


def with_alternatives(tables, runs):
    parts = [pd.DataFrame({"paper_id": list(some), "run": run, "theme": list(some.values())}) for run, some in runs]
    return dataclasses.replace(tables, alternatives=pd.concat(parts))


@pytest.fixture
def study(tmp_path):
    """A study on disk whose label is its theme, but for five papers without one."""
    tables = make_tables()
    labels = tables.papers["theme"].where(tables.papers.index >= 5, None)
    folder = write_study(tmp_path / "study", make_papers(1))
    write_tables(with_labels(tables, labels), folder / "data")
    return folder


def test_sizes_and_the_unassigned_are_counted_from_the_papers():
    tables = make_tables()
    levels = evaluate_tables(tables).levels
    sizes = tables.papers.loc[tables.papers["theme"] != "unassigned", "theme"].value_counts()
    theme, topic = levels.loc["theme"], levels.loc["topic"]
    assert (theme["n_groups"], theme["largest"], theme["smallest"]) == (len(sizes), sizes.max(), sizes.min())
    assert theme["unassigned"] == pytest.approx(4 / 60)
    assert (topic["n_groups"], topic["unassigned"]) == (7, 0)
    assert topic["stability"] == 0.62
    assert topic["n_doubtful"] == 0
    assert -1 <= theme["coherence"] <= 1
    assert 0 < theme["diversity"] <= 1


def test_agreement_is_over_pairs_of_resamples_and_not_of_reseeded_runs():
    first = dict(zip("abcdef", "xxxyyy", strict=True))
    crossed = dict(zip("abcdef", "xyxyxy", strict=True))
    tables = with_alternatives(
        make_tables(), [("seed-1", crossed), ("resample-1", first), ("resample-2", {**first, "g": "x"})]
    )
    assert evaluate_tables(tables).levels.loc["theme", "agreement"] == 1
    tables = with_alternatives(make_tables(), [("resample-1", first), ("resample-2", crossed)])
    assert evaluate_tables(tables).levels.loc["theme", "agreement"] < 0.2
    tables = with_alternatives(make_tables(), [("seed-1", first), ("seed-2", first)])
    assert np.isnan(evaluate_tables(tables).levels.loc["theme", "agreement"])


def test_papers_without_a_label_are_left_out_and_counted():
    tables = make_tables()
    labels = tables.papers["theme"].tolist()
    labels[:3] = [None, "", "  "]
    found = evaluate_tables(with_labels(tables, labels), "area")
    assert (found.n_papers, found.n_without_gold) == (60, 3)
    assert found.levels.loc["theme", "n_papers"] == 57
    assert found.levels.loc["theme", "ari"] == pytest.approx(1)
    assert found.levels.loc["topic", "ari"] < 0.5
    assert found.cells["n_papers"].sum() == 57


def test_cells_say_how_themes_and_labels_fall_together():
    tables = make_tables()
    labels = ["robots" if theme == "robotics" else "other" for theme in tables.papers["theme"]]
    cells = evaluate_tables(with_labels(tables, labels), "label_area").cells
    assert cells["n_papers"].is_monotonic_decreasing
    robots = cells[cells["theme"] == "robotics"].iloc[0]
    assert (robots["theme_label"], robots["gold"]) == ("Robotics", "robots")
    assert (robots["share_of_theme"], robots["share_of_gold"]) == (1, 1)
    others = cells[cells["gold"] == "other"]
    assert others["share_of_gold"].sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("gold", ["area", "label_area", " area "])
def test_the_column_is_found_with_and_without_its_prefix(gold):
    assert evaluate_tables(with_labels(make_tables(), ["a", "b"] * 30), gold).gold == "label_area"


def test_an_unknown_column_is_refused_and_the_known_ones_are_named(study, themeline):
    answer = themeline("evaluate", study, "--gold", "theme")
    assert (answer.code, answer.out) == (2, "")
    assert answer.message == "--gold theme: no such label column. Known: label_area."


def test_columns_without_any_label_are_refused():
    with pytest.raises(InputError, match="no label columns"):
        evaluate_tables(make_tables(), "area")
    with pytest.raises(InputError, match="no paper of this study has a label"):
        evaluate_tables(with_labels(make_tables(), [None] * 60), "area")


def test_the_command_prints_a_table_and_the_same_as_json(study, themeline):
    answer = themeline("evaluate", study, "--gold", "area")
    assert answer.code == 0
    assert "Against label_area (55 papers; 5 without a label left out)" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 120
    found = json.loads(themeline("evaluate", study, "--gold", "area", "--json").out)
    assert found["levels"]["theme"]["ari"] == 1
    assert found["levels"]["topic"]["agreement"] is None
    assert (found["gold"], found["n_without_gold"]) == ("label_area", 5)
    assert found["cells"][0]["n_papers"] == max(cell["n_papers"] for cell in found["cells"])


def test_without_labels_the_command_says_what_the_tables_give(study, themeline):
    answer = themeline("evaluate", study)
    assert answer.code == 0
    assert "AMI" not in answer.out
    found = json.loads(themeline("evaluate", study, "--json").out)
    assert (found["gold"], found["n_without_gold"], found["cells"]) == (None, None, [])


def test_the_command_explains_itself(themeline):
    answer = themeline("evaluate", "--help")
    assert (answer.code, answer.err) == (0, "")
    assert "--gold COLUMN" in answer.out


def test_the_library_gives_the_same(study):
    found = tl.evaluate(study, gold="area")
    assert found.to_dict() == tl.load(study).evaluate(gold="area").to_dict()
    assert found.levels.loc["theme", "ari"] == pytest.approx(1)


@pytest.mark.parametrize("n_papers", [1, 2, 3, 12])
def test_small_studies_are_measured_too(n_papers):
    tables = make_tables(n_papers, n_years=1)
    found = evaluate_tables(with_labels(tables, ["a"] * n_papers), "area")
    assert found.levels.loc["topic", "n_papers"] == n_papers
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert found.describe()


def test_text_of_papers_does_not_steer_the_terminal(tmp_path, themeline):
    tables = with_hostile_text(make_tables())
    folder = write_study(tmp_path / "study", make_papers(1))
    write_tables(with_labels(tables, ["\x1b[31mred\u202e"] * 60), folder / "data")
    answer = themeline("evaluate", folder, "--gold", "area")
    assert answer.code == 0
    assert not {"\x1b", "\u202e"} & set(answer.out)


def test_a_study_without_results_is_refused(tmp_path, themeline):
    folder = write_study(tmp_path / "study", make_papers(1))
    answer = themeline("evaluate", folder)
    assert answer.code == 2
    assert "no results yet" in answer.message
