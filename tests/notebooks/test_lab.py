"""JupyterLab opens each notebook and runs all its cells without an error, in a real browser."""

import json
import os
import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.browser.watching import start_browser, watch_page
from tests.notebooks.books import NAMES, NOTEBOOKS, code_of, copy_study

pytestmark = pytest.mark.slow

TOKEN = "only-for-this-test"
SETTINGS = {
    # All cells are in the page, and not only those in sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # As `make lab` has it.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@pytest.fixture(scope="module")
def lab(bundled_study, tmp_path_factory):
    """Address of a JupyterLab over a copy of the bundled study, which ends with the tests."""
    folder = copy_study(bundled_study, tmp_path_factory.mktemp("lab") / "study").parent
    home = tmp_path_factory.mktemp("home")
    for name, setting in SETTINGS.items():
        place = home / f"lab/user-settings/@jupyterlab/{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(setting), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": home / "lab/user-settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "lab/spaces",
        "TMPDIR": home,
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}", "--allow-root",
    ]  # fmt: skip
    said = home / "said.txt"
    with said.open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **{name: str(place) for name, place in places.items()}}, stderr=log, stdout=log
        )
        try:
            yield wait_for_address(server, said)
        finally:
            server.terminate()
            server.wait(30)


def wait_for_address(server, said):
    """Where the server listens, as it says itself."""
    for _ in range(240):
        found = re.search(r"http://127\.0\.0\.1:\d+/", said.read_text(encoding="utf-8"))
        if found:
            return found[0]
        assert server.poll() is None, said.read_text(encoding="utf-8")
        time.sleep(0.25)
    raise AssertionError(said.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser():
    with start_browser() as started:
        yield started


def await_kernel(page, lab, name):
    """Until the notebook has its kernel: cells that are run before are dropped, or bring up a choice of kernels."""
    for _ in range(120):
        sessions = page.request.get(f"{lab}api/sessions?token={TOKEN}").json()
        kernels = [one["kernel"] for one in sessions if one["path"] == f"notebooks/{name}.ipynb"]
        if kernels and kernels[0]["execution_state"] == "idle" and kernels[0]["connections"]:
            break
        page.wait_for_timeout(500)
    else:
        raise AssertionError(f"no idle kernel within a minute: {sessions}")
    expect(page.locator(".jp-NotebookPanel:visible .jp-Toolbar-kernelName")).to_have_text("Python 3 (ipykernel)")
    page.locator('.jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()


def run_all_cells(page, code):
    """Ask until something runs: what is asked of a notebook that is still being attached goes unheard."""
    for _ in range(12):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        for _ in range(10):
            page.wait_for_timeout(500)
            if code.first.locator(".jp-InputPrompt").inner_text().strip() != "[ ]:":
                return
    raise AssertionError("no cell began to run within a minute")


def await_last_cell(page, code):
    """The numbers of all cells, once the last one has run; with what the page shows where it does not come to that."""
    for _ in range(180):
        prompts = code.locator(".jp-InputPrompt").all_text_contents()
        if re.fullmatch(r"\[\d+\]:", prompts[-1].strip()):
            return [prompt.strip() for prompt in prompts]
        page.wait_for_timeout(1000)
    shown = page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output, .jp-Dialog").all_text_contents()
    raise AssertionError(f"the last cell has not run: {prompts}, {shown}")


@pytest.mark.parametrize("name", NAMES)
def test_jupyterlab_opens_a_notebook_and_runs_all_cells_without_an_error(name, lab, browser):
    with watch_page(browser, local=True) as watched:
        page = watched.page
        page.set_default_timeout(60_000)
        page.goto(f"{lab}lab/tree/notebooks/{name}.ipynb?reset&token={TOKEN}")
        code = page.locator(".jp-NotebookPanel:visible .jp-CodeCell")
        # Cells come one after the other.
        expect(code).to_have_count(len(code_of(NOTEBOOKS[name])), timeout=60_000)
        await_kernel(page, lab, name)
        run_all_cells(page, code)
        # Numbered when it has run; it stays empty where a cell above fails.
        prompts = await_last_cell(page, code)
        assert prompts == [f"[{place}]:" for place in range(1, len(prompts) + 1)]
        errors = page.locator('.jp-NotebookPanel:visible [data-mime-type="application/vnd.jupyter.error"]')
        assert errors.all_text_contents() == []
        figures = sum("tl.plots." in source for source in code_of(NOTEBOOKS[name]))
        if figures:
            page.locator(".jp-NotebookPanel:visible .js-plotly-plot .main-svg").first.wait_for()
        assert watched.alerts == []
        # Nothing outside this machine was asked for.
        assert watched.asked == []
