"""The notebooks serve other studies than the bundled one, and their pages hold odd outputs."""

import ast

import nbformat
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis as tl
from docs.generating.notebooks import WIDGET, render_pages
from tests.conftest import make_papers, write_study
from tests.notebooks.books import NAMES, NOTEBOOKS, code_of, copy_study


def run_cells(name):
    """What the cells of a notebook leave behind, run in the folder of notebooks, and what each shows."""
    space, shown = {}, []
    with pd.option_context("display.max_colwidth", 50, "display.precision", 6):
        for source in code_of(NOTEBOOKS[name]):
            *above, last = ast.parse(source).body
            exec(compile(ast.Module(above, []), name, "exec"), space)
            if isinstance(last, ast.Expr):
                shown.append(eval(compile(ast.Expression(last.value), name, "eval"), space))
                assert repr(shown[-1])
            else:
                exec(compile(ast.Module([last], []), name, "exec"), space)
    return space, shown


# Three of them each time: the first, that of the trends and that of the corrections.
OFTEN = ("00_start", "05_trends", "08_correct")
SOMETIMES = [name if name in OFTEN else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]


@pytest.mark.parametrize("name", SOMETIMES)
def test_a_notebook_serves_another_study(name, small_study, tmp_path, monkeypatch):
    monkeypatch.chdir(copy_study(small_study, tmp_path / "study"))
    run_cells(name)


@pytest.mark.parametrize(
    "papers",
    [
        make_papers(1),
        pytest.param(make_papers(1, published=None), marks=pytest.mark.slow),
        pytest.param(make_papers(12, published=None), marks=pytest.mark.slow),
    ],
)
def test_trends_are_told_of_any_study(papers, tmp_path, monkeypatch):
    study = tl.run(write_study(tmp_path / "corpus", papers))
    monkeypatch.chdir(copy_study(study, tmp_path / "study"))
    space, _ = run_cells("05_trends")
    assert set(space["study"].trends["verdict"]) <= {"unclear"}


@pytest.mark.parametrize("counting", [pytest.param("full", marks=pytest.mark.slow), "fractional"])
def test_both_ways_of_counting_keep_the_calendar_of_the_study(counting, tmp_path, monkeypatch):
    settings = (
        f"[trends]\nperiod = 'year'\nstart = 2018-01-01\ncounting = '{counting}'\nfield_totals = 'field.csv'\n"
        "[[themes.named]]\nname = 'Robots'\nphrases = ['robot grasping', 'imitation learning']\n"
    )
    folder = write_study(tmp_path / "corpus", make_papers(12), settings=settings)
    (folder / "field.csv").write_text("period,total\n" + "".join(f"{year},500\n" for year in range(2018, 2025)))
    study = tl.run(folder, captured="2024-03-31")
    monkeypatch.chdir(copy_study(study, tmp_path / "study"))
    space, shown = run_cells("05_trends")
    counted = space["whole" if counting == "full" else "parts"]
    pd.testing.assert_frame_equal(counted, study.shares[counted.columns], check_dtype=False)
    # The rates are drawn here, and only here: the bundled study has no totals of a field.
    drawn = [one for one in shown if isinstance(one, go.Figure)]
    assert tl.plots.theme_rates(study.rates, study.themes, caution=study.caution) in drawn


def test_a_progress_bar_leaves_no_trace_in_a_published_page():
    bar = nbformat.v4.new_output("stream", name="stderr", text="\rread: 40 %")
    cells = [nbformat.v4.new_markdown_cell("# 9. T"), nbformat.v4.new_code_cell("1", outputs=[bar])]
    assert "40 %" not in render_pages({"09_t": nbformat.v4.new_notebook(cells=cells)})["09_t"]


def test_a_published_page_says_where_its_explorer_is_to_be_had():
    data = {WIDGET: {"model_id": "1"}, "text/plain": "<Explorer object at 0x7faf014ded10>"}
    output = nbformat.v4.new_output("display_data", data=data)
    cells = [nbformat.v4.new_markdown_cell("# 9. T"), nbformat.v4.new_code_cell("1", outputs=[output])]
    page = render_pages({"09_t": nbformat.v4.new_notebook(cells=cells)})["09_t"]
    assert "0x7faf014ded10" not in page
    assert "themeline open" in page


def test_a_notebook_without_results_says_what_to_do(tmp_path):
    (tmp_path / "study.toml").write_text('[corpus]\nsources = ["papers.csv"]\n', encoding="utf-8")
    with pytest.raises(tl.InputError, match="no results yet"):
        tl.load(tmp_path)
