"""The notebooks keep their form, run without error and show what the command line wrote."""

import ast
import asyncio
import builtins
import copy
import hashlib
import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from analysis.results import hash_tables
from docs.generating.notebooks import NO_PICTURE, render_pages
from tests.conftest import QUICK
from tests.notebooks.books import NAMES, NOTEBOOKS, PLOTLY, code_of, copy_study, says

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What a notebook leaves to the library.
LIBRARY_WORK = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.With,
    ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


async def execute_all(folder):
    """Every notebook of a folder with its outputs, by name.

    One kernel runs them all, emptied before each: to start seven takes longer than to run the notebooks.
    """
    kernel, channels, executed = AsyncKernelManager(kernel_name="python3"), None, {}
    try:
        for name in NAMES:
            notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
            resources = {"metadata": {"path": str(folder)}}
            client = NotebookClient(notebook, km=kernel, timeout=300, resources=resources)
            # The same to the end: what is closed while another one opens may be missed by either.
            client.kc = channels
            await client.async_execute()
            channels = client.kc
            del notebook.cells[0]
            notebook.metadata["themeline_folder"] = str(folder)
            executed[name] = notebook
    finally:
        if channels is not None:
            channels.stop_channels()
        await kernel.shutdown_kernel(now=True)
    return executed


@pytest.fixture(scope="session")
def executed(bundled_study, tmp_path_factory):
    """The notebooks, run in a copy of the bundled study."""
    folder = copy_study(bundled_study, tmp_path_factory.mktemp("notebooks") / "study")
    # Two notebooks draw all figures again; pictures are tested with the study itself.
    settings = folder.parent / "study.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{QUICK}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PLOTLY_RENDERER", raising=False)
        # One of them works on a copy in a temporary folder.
        patch.setenv("TMPDIR", str(folder.parent))
        return asyncio.run(execute_all(folder))


def outputs_of(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def figures_of(notebook):
    return [output.data[PLOTLY] for output in outputs_of(notebook) if PLOTLY in output.get("data", {})]


def text_of(notebook):
    """All that the cells print and show, as plain text."""
    outputs = outputs_of(notebook)
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def html_of(notebook):
    """All tables that the cells show."""
    return "\n".join(output.get("data", {}).get("text/html", "") for output in outputs_of(notebook))


def test_the_notebooks_are_numbered_from_the_start_on():
    assert NAMES[0] == "00_start"
    assert [name[:3] for name in NAMES] == [f"0{number}_" for number in range(len(NAMES))]


def test_five_cells_lead_from_zero_to_a_trend_figure():
    cells = code_of(NOTEBOOKS["00_start"])
    assert len(cells) == 5
    assert any("tl.plots.theme_shares(" in source for source in cells)


def test_the_start_leads_to_every_other_notebook():
    prose = "\n".join(cell.source for cell in NOTEBOOKS["00_start"].cells if cell.cell_type == "markdown")
    assert sorted(re.findall(r"\((0\d_\w+)\.ipynb\)", prose)) == NAMES[1:]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_with_title_question_sources_and_time(name):
    opening = NOTEBOOKS[name].cells[0].source
    assert opening.startswith(f"# {int(name[:2])}. ")
    for part in ("**Question.** ", "**Reads.** ", "**Takes.** "):
        assert part in opening


@pytest.mark.parametrize("name", NAMES)
def test_what_to_look_at_is_a_parameter(name):
    # The tag is what papermill looks for.
    parameters, opening = code_of(NOTEBOOKS[name])[:2]
    tagged = [cell.source for cell in NOTEBOOKS[name].cells if cell.metadata.get("tags") == ["parameters"]]
    assert tagged == [parameters]
    assert parameters == ('source = ".."\nout = None\ncolumns = None' if name == "00_start" else 'study_path = ".."')
    assert opening.startswith("import analysis as tl\n")
    last = (
        "study = tl.run(source, out=out, columns=columns, say=print)"
        if name == "00_start"
        else "study = tl.load(study_path)"
    )
    assert opening.endswith(last)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_ends_with_what_was_seen_and_what_that_does_not_show(name):
    ending = NOTEBOOKS[name].cells[-1].source
    assert re.match(r"## What was seen\n\n- .*\n\n## What this does not show\n\n- ", ending, re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_prose_and_short_cells_take_turns(name):
    cells = NOTEBOOKS[name].cells
    assert [cell.cell_type for cell in cells[:-1]] == ["markdown", "code"] * (len(cells) // 2)
    for source in code_of(NOTEBOOKS[name]):
        lines = [line for line in source.splitlines() if line.strip()]
        assert 1 <= len(lines) <= 4, source
        assert max(map(len, lines)) <= 120, source


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_leaves_functions_and_loops_to_the_library(name):
    for source in code_of(NOTEBOOKS[name]):
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, LIBRARY_WORK)], source


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_changes_from_run_to_run_is_committed(name):
    notebook = NOTEBOOKS[name]
    assert not outputs_of(notebook)
    assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    assert notebook.metadata == {"kernelspec": KERNEL}
    assert [cell.id for cell in notebook.cells] == [f"{name[3:]}-{i:02d}" for i in range(len(notebook.cells))]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_that_a_cell_uses_is_made_above_it(name):
    # A notebook that runs from top to bottom only because a cell was run twice is a trap.
    made = set(dir(builtins))
    for source in code_of(NOTEBOOKS[name]):
        for statement in ast.parse(source).body:
            nodes = list(ast.walk(statement))
            used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
            assert used <= made, f"{sorted(used - made)} in {source}"
            made |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            made |= {(node.asname or node.name).split(".")[0] for node in nodes if isinstance(node, ast.alias)}


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_without_error_or_warning(executed, name):
    outputs = outputs_of(executed[name])
    assert not [output for output in outputs if output.output_type == "error"]
    # choreographer, below kaleido, logs a message that it could not read and goes on.
    said = [output.text for output in outputs if output.get("name") == "stderr"]
    # Progress bars draw over themselves, and are gone at the end.
    assert not [text for text in said if "choreographer" not in text and "\r" not in text]
    shown = [cell for cell in executed[name].cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 0.6 * len(code_of(executed[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_in_a_kernel_of_its_own(name, bundled_study, tmp_path):
    folder = copy_study(bundled_study, tmp_path / "study")
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    # Raises where a cell does.
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    assert notebook.cells[1].execution_count == 1


def test_the_figures_are_those_that_the_command_line_wrote(executed, bundled_study):
    manifest = json.loads((bundled_study.root / "figures/manifest.json").read_text(encoding="utf-8"))
    written = {listed["spec_sha256"]: name for name, listed in manifest["figures"].items()}
    # Corrections make another study, with figures of its own.
    books = [notebook for name, notebook in executed.items() if name != "08_correct"]
    shown = [hash_figure(bundle) for notebook in books for bundle in figures_of(notebook)]
    assert {written[one] for one in shown} == set(manifest["figures"])


def hash_figure(bundle):
    spec = {"data": bundle["data"], "layout": bundle["layout"]}
    for trace in spec["data"]:
        trace.pop("uid", None)
    text = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_start_computes_the_tables_that_the_command_line_wrote(executed, bundled_study):
    # Nothing was kept of the first run: the notebook embedded, fitted and counted for itself.
    said = text_of(executed["00_start"])
    assert "nothing has changed" not in said
    assert "read     78 records, kept 78" in said
    computed = hash_tables(Path(executed["00_start"].metadata["themeline_folder"]).parent / "data")
    assert computed == hash_tables(bundled_study.root / "data")


def test_the_numbers_are_those_that_the_command_line_wrote(executed, bundled_study):
    shown = text_of(executed["07_report"])
    for name, table_hash in hash_tables(bundled_study.root / "data").items():
        assert re.search(rf"{name} +{table_hash}", shown)
    report = (bundled_study.root / "figures/reports/report.md").read_text(encoding="utf-8")
    for key in ("visible", "global_change", "bursts"):
        assert bundled_study.run[key] in text_of(executed["05_trends"])
        assert bundled_study.run[key] in report
    for reason in bundled_study.trends["reason"]:
        assert reason in text_of(executed["05_trends"])


def test_no_figure_offers_to_send_itself_away(executed):
    for notebook in executed.values():
        for bundle in figures_of(notebook):
            assert bundle.get("config", {}).get("showSendToCloud") is False
            assert bundle["config"]["plotlyServerURL"] == ""


def test_nothing_shown_comes_from_the_network(executed):
    for notebook in executed.values():
        for output in outputs_of(notebook):
            html = output.get("data", {}).get("text/html", "")
            assert not re.search(r"<(script|link|img|iframe)|https?://", html)


def test_corrections_on_a_copy_leave_the_study_as_it_is(executed, bundled_study):
    tables = " ".join(re.sub("<[^>]+>", " ", html_of(executed["08_correct"])).split())
    first, both = bundled_study.themes.iloc[0], bundled_study.themes["size"].iloc[:2].sum()
    assert f"{first['theme']} A name that a person gave {first['size']} NaN True" in tables
    assert f"Two themes in one {both} NaN True" in tables
    # The comparison, and whether undoing brings the themes back.
    assert says("08_correct", "the merger, and what it says of all other themes is that they are unchanged")
    assert (tables.count(" merged "), tables.count(" unchanged ")) == (2, len(bundled_study.themes) - 2)
    assert says("08_correct", "loses no paper; undoing it brings both back")
    assert "True\n" in text_of(executed["08_correct"])
    (folder,) = {notebook.metadata["themeline_folder"] for notebook in executed.values()}
    assert not (Path(folder).parent / "curation.toml").exists()


def test_published_pages_run_no_script_and_load_nothing(executed):
    pages = render_pages(copy.deepcopy(executed))
    assert list(pages) == ["index", *NAMES]
    for name, page in pages.items():
        assert not re.search(r"<script|<iframe|<object|<link|@import|<[^>]+ src=(?![\"']?data:)", page), name
        assert not re.search(r"url\((?![\"']?data:)", page), name
        assert "default-src 'none'; script-src 'none'" in page
    assert re.findall(r'<li><a href="(.*?).html">', pages["index"]) == NAMES
    assert 'href="02_map.html"' in pages["00_start"]
    assert ".ipynb" not in "".join(pages.values())


def test_the_picture_of_a_published_page_says_what_it_shows(executed):
    notebook = copy.deepcopy(executed["00_start"])
    (output,) = [one for one in outputs_of(notebook) if PLOTLY in one.get("data", {})]
    alt = output.data[PLOTLY]["layout"]["meta"]["alt"]
    output.data["image/png"] = "iVBORw0KGgo="
    assert alt in html.unescape(render_pages({"00_start": notebook})["00_start"])


def test_without_a_browser_a_published_page_says_what_a_figure_shows(executed):
    alt = figures_of(executed["00_start"])[0]["layout"]["meta"]["alt"]
    page = html.unescape(render_pages({"00_start": copy.deepcopy(executed["00_start"])})["00_start"])
    assert f"{alt} {NO_PICTURE}" in page
