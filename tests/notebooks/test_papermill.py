"""Papermill runs a notebook of other papers without an edit."""

import csv

import papermill
import pytest
from papermill.inspection import inspect_notebook
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

import analysis as tl
from tests.conftest import make_papers
from tests.notebooks.books import FOLDER, NAMES, PLOTLY, code_of


@pytest.mark.parametrize("name", NAMES)
def test_papermill_knows_the_parameters_and_puts_its_own_below_them(name):
    found = inspect_notebook(str(FOLDER / f"{name}.ipynb"))
    assert list(found) == (["source", "out", "columns"] if name == "00_start" else ["study_path"])
    first = next(iter(found))
    notebook = parameterize_notebook(load_notebook_node(str(FOLDER / f"{name}.ipynb")), {first: "elsewhere"})
    given, opening = code_of(notebook)[1:3]
    assert f'{first} = "elsewhere"' in given
    assert opening.startswith("import analysis as tl")


@pytest.mark.slow
def test_papermill_runs_the_start_on_a_file_of_ones_own(tmp_path, monkeypatch):
    # Pictures are tested elsewhere, and without a browser the figure is in the notebook all the same.
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-browser"))
    papers = make_papers(24)
    with (tmp_path / "mine.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, papers[0])
        writer.writeheader()
        writer.writerows(papers)
    executed = papermill.execute_notebook(
        str(FOLDER / "00_start.ipynb"),
        str(tmp_path / "executed.ipynb"),
        parameters={"source": "mine.csv", "out": "made"},
        cwd=str(tmp_path),
        progress_bar=False,
    )
    study = tl.load(tmp_path / "made")
    assert len(study.papers) == 24
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    (figure,) = [output.data[PLOTLY] for output in outputs if PLOTLY in output.get("data", {})]
    expected = tl.plots.theme_shares(study.shares, study.themes, caution=study.caution)
    assert figure["layout"]["meta"]["alt"] == expected.layout.meta["alt"]
    assert all(label in str(outputs) for label in study.themes["label"])
