"""The explorer in JupyterLab: a theme renamed there bears its new name in the trend, the study and the kernel."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress

import pytest

from analysis.study import load
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.slow
CELLS = (
    "import analysis as tl",
    'study = tl.load("study")\nexplorer = study.explore()\nexplorer',
    'print("chosen", len(explorer.selected), explorer.study.themes["label"][0])',
)


def write_notebook(path):
    cells = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for i, source in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


@pytest.fixture
def lab(small_study, tmp_path):
    """JupyterLab on a free port, with a study and a notebook in its folder."""
    shutil.copytree(small_study.root, tmp_path / "study")
    write_notebook(tmp_path / "look.ipynb")
    token = secrets.token_hex(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    environment = {**os.environ, **own, "PYTHONPATH": str(REPOSITORY), "JUPYTER_TOKEN": token}
    settings = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--notebook-dir={tmp_path}",
    ]
    news = ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command = [sys.executable, "-m", "jupyterlab", *settings, *news]
    with (tmp_path / "lab.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/api?token={token}", server)
        yield f"{base}/lab/tree/look.ipynb?token={token}", tmp_path
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address, server):
    for _ in range(240):
        assert server.poll() is None, "JupyterLab has ended"
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.5)
    pytest.fail("JupyterLab did not answer within two minutes")


def test_a_theme_renamed_in_jupyterlab_bears_its_new_name_everywhere(browser, lab):
    address, folder = lab
    page = browser.new_context(viewport={"width": 1600, "height": 1100}).new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address, timeout=90_000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_selector(".tlx-themes li", timeout=120_000)
    first = load(folder / "study").themes["theme"][0]
    page.locator(".tlx-correcting summary").click()
    page.get_by_label("Theme to rename").select_option(first)
    page.get_by_label("New name").fill("Named in the notebook")
    page.get_by_role("button", name="Rename").click()
    page.wait_for_selector(".tlx-themes li >> text=Named in the notebook", timeout=60_000)
    page.locator(".tlx-numbers summary").click()
    page.wait_for_selector(".tlx-numbers thead >> text=Named in the notebook")
    assert load(folder / "study").themes.set_index("theme")["label"][first] == "Named in the notebook"
    # What is selected here is at hand in the next cell.
    page.locator(".tlx-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.wait_for_selector(".tlx-status >> text=1 paper selected")
    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".jp-OutputArea-output >> text=chosen 1 Named in the notebook", timeout=30_000)
    find_by_meaning(page)
    # A page that is loaded again asks the kernel for all of it.
    page.locator(".jp-Notebook .jp-CodeCell").last.locator(".cm-content").click()
    page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector(".tlx-themes li >> text=Named in the notebook", timeout=40_000)
    page.locator(".tlx-correcting summary").click()
    page.get_by_role("button", name="Undo the last").click()
    page.wait_for_selector(".tlx-journal li", state="detached", timeout=60_000)
    assert load(folder / "study").themes.set_index("theme")["label"][first] != "Named in the notebook"
    assert faults == []


def find_by_meaning(page):
    page.get_by_label("Search by").select_option("meaning")
    page.get_by_label("Search", exact=True).fill("robots that learn to grasp")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tlx-status >> text=Nearest in meaning to “robots that learn to grasp”", timeout=60_000)
